"""Handing many tickets over with one request."""

from typing import Any, ClassVar

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from complaints.api.ticket_fields import AssignSerializer
from complaints.services.reassigning import MOST_AT_ONCE, HandedOver, reassign_many
from tenancy.models import Department, Membership
from tenancy.permissions import Can
from tenancy.services.refusal import Refused
from tenancy.viewsets import CompanyViewSet, Need, idempotent, operation
from tenancy.viewsets.named import named

OUTCOMES = ("moved", "unchanged", "refused", "not_found")


class ReassignSerializer(AssignSerializer):
    """Which tickets go, and to whom."""

    tickets = serializers.ListField(
        child=serializers.UUIDField(), allow_empty=False, max_length=MOST_AT_ONCE
    )
    note = serializers.CharField(
        max_length=500, allow_blank=True, default="", help_text="Among staff, on each ticket."
    )


class ReassignedSerializer(serializers.Serializer[Any]):
    """What became of one ticket."""

    ticket = serializers.UUIDField()
    outcome = serializers.ChoiceField(choices=[(each, each) for each in OUTCOMES])
    code = serializers.CharField(help_text="Why it was refused, for programs.", allow_blank=True)
    detail = serializers.CharField(help_text="The same for people.", allow_blank=True)


class ReassignmentSerializer(serializers.Serializer[Any]):
    """What became of all of them."""

    moved = serializers.IntegerField()
    results = ReassignedSerializer(many=True)


class ReassignmentViewSet(CompanyViewSet):
    """Many tickets, one hand-over."""

    needs: ClassVar[dict[str, Need]] = {"create": Can.ASSIGN}

    @operation(
        "Hand many tickets over",
        sends=ReassignSerializer,
        answers=ReassignmentSerializer,
        more="Each ticket goes on its own terms: what cannot is named with its reason, the others "
        "go. Sent twice it happens once. Whoever gets them is told once. Somebody who is away "
        "gets tickets only with `insist`.",
        refusals=("nobody_named", "is_away"),
        sent={
            "tickets": ["019a1b2c-0000-7000-8000-000000000001"],
            "assignee": "019a1b2c-0000-7000-8000-000000000003",
            "note": "王工休假，请接手",
        },
    )
    @idempotent
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        asked = self.sent(ReassignSerializer)
        outcome = reassign_many(
            tickets=asked["tickets"],
            department=named(Department.objects.visible_to(self.member), asked, "department"),
            assignee=named(Membership.objects.active().staff(), asked, "assignee"),
            note=asked["note"],
            insist=asked["insist"],
            by=self.actor,
            now=self.now,
        )
        return Response({"moved": len(outcome.moved), "results": told(outcome)})


def told(outcome: HandedOver) -> list[dict[str, Any]]:
    """One line for each ticket."""
    return [
        *(line(ticket.pk, "moved") for ticket in outcome.moved),
        *(line(ticket.pk, "unchanged") for ticket in outcome.unchanged),
        *(line(ticket.pk, "refused", refusal) for ticket, refusal in outcome.refused),
        *(line(pk, "not_found") for pk in outcome.missing),
    ]


def line(pk: object, outcome: str, refusal: Refused | None = None) -> dict[str, Any]:
    return {
        "ticket": pk,
        "outcome": outcome,
        "code": refusal.code if refusal else "",
        "detail": str(refusal) if refusal else "",
    }
