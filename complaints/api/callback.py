"""Callbacks: attempts to call an owner about a ticket."""

from datetime import datetime
from typing import Any, ClassVar

from django.db.models import OuterRef, Subquery, Value
from drf_spectacular.utils import extend_schema_view
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from complaints.api.parts import TicketPartViewSet
from complaints.api.ticket_fields import LONGEST_TEXT
from complaints.models import Callback, CallbackOutcome, CallbackRating
from complaints.services.calling import call_back
from tenancy.permissions import Can
from tenancy.viewsets import Need, Order, idempotent, operation


class NewCallbackSerializer(serializers.Serializer[Any]):
    """How a call went."""

    outcome = serializers.ChoiceField(choices=CallbackOutcome.choices)
    note = serializers.CharField(max_length=LONGEST_TEXT, allow_blank=True, default="")


class CallbackSerializer(serializers.Serializer[Any]):
    """One attempt to call (回访)."""

    id = serializers.UUIDField()
    outcome = serializers.ChoiceField(choices=CallbackOutcome.choices)
    note = serializers.CharField(help_text="Empty for owners: staff write it for each other.")
    by = serializers.UUIDField()
    by_name = serializers.CharField()
    at = serializers.DateTimeField()
    score = serializers.IntegerField(
        allow_null=True, min_value=1, max_value=5, help_text="Stars that the owner gives the call."
    )


@extend_schema_view(
    list=operation("List the callbacks of a ticket", answers=CallbackSerializer(many=True))
)
class CallbackViewSet(TicketPartViewSet):
    """The attempts to call about one ticket."""

    model = Callback
    needs: ClassVar[dict[str, Need]] = {"list": Can.READ_TICKETS, "create": Can.CALL_BACK}
    fields: ClassVar[dict[str, Any]] = {
        **{name: name for name in ("id", "outcome", "note", "at")},
        "by": "by_id",
        "by_name": "by__name",
    }
    orders: ClassVar[dict[str, Order]] = {"at": Order("at")}
    ordering = "at"

    def variant(self) -> str:
        return "" if self.member.is_staff else "for owners"

    def shape(self, now: datetime, *, whole: bool) -> dict[str, Any]:
        said = CallbackRating.objects.filter(callback_id=OuterRef("id")).values("score")[:1]
        fields = {**self.fields, "score": Subquery(said)}
        return {**fields, "note": Value("")} if self.variant() else fields

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return self.page(self.get_queryset())

    @operation(
        "Log a callback",
        sends=NewCallbackSerializer,
        answers=CallbackSerializer,
        status=201,
        more="Reached or declined keeps the promise to call. Anything else comes back to the "
        "call list. Reached but not content, after the solution, reopens the ticket.",
        refusals=("wrong_state",),
        sent={"outcome": "reached_satisfied", "note": "已说明维修安排"},
    )
    @idempotent
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        asked = self.sent(NewCallbackSerializer)
        callback = call_back(ticket=self.ticket, by=self.actor, now=self.now, **asked)
        return Response(self.just(callback.pk), status=201)
