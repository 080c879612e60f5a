"""Absences: who is away, and who covers."""

from datetime import date
from typing import Any, ClassVar
from uuid import UUID

from drf_spectacular.utils import extend_schema_view
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from tenancy.models import Absence, Membership
from tenancy.permissions import Can
from tenancy.services.absences import end_absence, set_absence
from tenancy.viewsets import ListAndRead, Need, Order, idempotent, operation, text
from tenancy.viewsets.named import named


def day(value: Any) -> date:
    """A date out of a cursor."""
    return date.fromisoformat(text(value))


class NewAbsenceSerializer(serializers.Serializer[Any]):
    """Who will be away."""

    membership = serializers.UUIDField()
    starts_on = serializers.DateField()
    ends_on = serializers.DateField(help_text="The last day, itself included.")
    covered_by = serializers.UUIDField(required=False, allow_null=True)


class AbsenceSerializer(NewAbsenceSerializer):
    """Somebody who is, was or will be away (不在岗)."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    covered_by = serializers.UUIDField(allow_null=True)
    covered_by_name = serializers.CharField(allow_null=True)


@extend_schema_view(
    list=operation(
        "List absences",
        answers=AbsenceSerializer(many=True),
        more="The latest first. Why somebody is away is not kept.",
    ),
    retrieve=operation("Read an absence", answers=AbsenceSerializer),
)
class AbsenceViewSet(ListAndRead):
    """Days on which somebody does not work."""

    model = Absence
    needs: ClassVar[dict[str, Need]] = {
        "list": Can.READ_MEMBERS,
        "retrieve": Can.READ_MEMBERS,
        "create": Can.SET_ABSENCES,
        "destroy": Can.SET_ABSENCES,
    }
    fields: ClassVar[dict[str, Any]] = {
        "id": "id",
        "membership": "membership_id",
        "name": "membership__name",
        "starts_on": "starts_on",
        "ends_on": "ends_on",
        "covered_by": "covered_by_id",
        "covered_by_name": "covered_by__name",
    }
    orders: ClassVar[dict[str, Order]] = {"-ends_on": Order("ends_on", day, descending=True)}
    ordering = "-ends_on"

    @operation(
        "Write down an absence",
        sends=NewAbsenceSerializer,
        answers=AbsenceSerializer,
        status=201,
        refusals=("away_already", "wrong_days", "wrong_cover"),
        sent={
            "membership": "019a1b2c-0000-7000-8000-000000000003",
            "starts_on": "2026-11-24",
            "ends_on": "2026-11-27",
        },
    )
    @idempotent
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        asked = self.sent(NewAbsenceSerializer)
        staff = Membership.objects.visible_to(self.member).active()
        absence = set_absence(
            membership=named(staff, asked, "membership"),
            starts_on=asked["starts_on"],
            ends_on=asked["ends_on"],
            covered_by=named(staff, asked, "covered_by"),
            by=self.actor,
            now=self.now,
        )
        return Response(self.just(absence.pk), status=201)

    @operation("Take an absence out", answers=None, status=204)
    def destroy(self, request: Request, pk: UUID, *args: Any, **kwargs: Any) -> Response:
        end_absence(absence=self.one(self.rows(), pk), by=self.actor, now=self.now)
        return Response(status=204)
