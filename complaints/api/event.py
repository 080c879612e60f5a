"""The timeline of a ticket."""

from datetime import datetime
from typing import Any, ClassVar

from django.db.models import Case, Func, JSONField, QuerySet, Value, When
from drf_spectacular.utils import extend_schema_view
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from complaints.api.parts import TicketPartViewSet
from complaints.models import EventKind, TicketEvent
from tenancy.permissions import Can
from tenancy.services.actor import Via
from tenancy.viewsets import Need, Order, operation


class Without(Func):
    """An event's data without what staff write for each other."""

    template = "(%(expressions)s::text[])"
    arg_joiner = " - "

    def __init__(self, *names: str) -> None:
        super().__init__("data", Value(list(names)), output_field=JSONField())


FOR_OWNERS = Case(
    # A pause's reason is a code that its owner may know; a reopening's is what somebody wrote.
    When(kind=EventKind.REOPENED, then=Without("reason")),
    default=Without("note", "told"),
)


class EventSerializer(serializers.Serializer[Any]):
    """Something that happened to a ticket."""

    id = serializers.UUIDField()
    kind = serializers.ChoiceField(choices=EventKind.choices)
    at = serializers.DateTimeField()
    by = serializers.UUIDField(allow_null=True, help_text="A member; null is the machine itself.")
    by_name = serializers.CharField(allow_null=True)
    via = serializers.ChoiceField(choices=[(each.value, each.value) for each in Via])
    data: Any = serializers.DictField(help_text="What it was about, by kind.")


@extend_schema_view(
    list=operation(
        "List what happened to a ticket",
        answers=EventSerializer(many=True),
        more="Oldest first. Owners do not see what staff write among themselves.",
    )
)
class EventViewSet(TicketPartViewSet):
    """What happened to a ticket, for ever."""

    model = TicketEvent
    needs: ClassVar[dict[str, Need]] = {"list": Can.READ_TICKETS}
    fields: ClassVar[dict[str, Any]] = {
        **{name: name for name in ("id", "kind", "at", "via", "data")},
        "by": "by_id",
        "by_name": "by__name",
    }
    orders: ClassVar[dict[str, Order]] = {
        "at": Order("at"),
        "-at": Order("at", descending=True),
    }
    ordering = "at"

    def variant(self) -> str:
        return "" if self.member.is_staff else "for owners"

    def shape(self, now: datetime, *, whole: bool) -> dict[str, Any]:
        return {**self.fields, "data": FOR_OWNERS} if self.variant() else self.fields

    def rows(self) -> QuerySet[Any]:
        rows: QuerySet[Any] = TicketEvent.objects.visible_to(self.member)
        return rows.filter(ticket_id=self.ticket.pk)

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return self.page(self.get_queryset())
