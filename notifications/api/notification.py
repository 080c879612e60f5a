"""The inbox of whoever is asking."""

from collections.abc import Sequence
from typing import Any, ClassVar
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema_view
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from notifications.filters.notification import NotificationFilter
from notifications.models import Kind, Notification
from notifications.services.inbox import mark_all_read, mark_read
from notifications.services.rendering import text_of
from tenancy.permissions import Can
from tenancy.viewsets import ListAndRead, Need, Order, operation


class NotificationSerializer(serializers.Serializer[Any]):
    """Something the member was told."""

    id = serializers.UUIDField()
    kind = serializers.ChoiceField(choices=Kind.choices)
    text = serializers.CharField(help_text="In the language asked for.")
    path = serializers.CharField(help_text="The page it leads to.")
    created_at = serializers.DateTimeField()
    read_at = serializers.DateTimeField(allow_null=True)


class ReadSerializer(serializers.Serializer[Any]):
    """How many were unread."""

    read = serializers.IntegerField()


@extend_schema_view(
    list=operation("List my notifications", answers=NotificationSerializer(many=True)),
    retrieve=operation("Read a notification", answers=NotificationSerializer),
)
class NotificationViewSet(ListAndRead):
    """What the member was told, newest first. Nobody else's inbox can be read."""

    model = Notification
    filterset_class = NotificationFilter
    needs: ClassVar[dict[str, Need]] = {
        "list": Can.READ_OWN_INBOX,
        "retrieve": Can.READ_OWN_INBOX,
        "read": Can.READ_OWN_INBOX,
        "read_all": Can.READ_OWN_INBOX,
    }
    orders: ClassVar[dict[str, Order]] = {"-created_at": Order("created_at", descending=True)}
    ordering = "-created_at"

    # Texts are translated when they are read, which the database cannot do.

    def listed(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        return rows

    def place(self, row: Notification) -> tuple[Any, Any]:
        return row.created_at, row.pk

    def presented(self, rows: Sequence[Any]) -> Sequence[Any]:
        return [self.present(row) for row in rows]

    def present(self, row: Notification) -> dict[str, Any]:
        zone = ZoneInfo(self.request.company.zone)  # type: ignore[attr-defined]
        return {
            "id": row.pk,
            "kind": row.kind,
            "text": text_of(row, zone=zone, now=self.now),
            "path": row.path,
            "created_at": row.created_at,
            "read_at": row.read_at,
        }

    def whole(self, pk: UUID) -> dict[str, Any]:
        return self.present(self.one(self.rows(), pk))

    @operation("Mark a notification as read", answers=NotificationSerializer)
    @action(detail=True, methods=["post"])
    def read(self, request: Request, pk: UUID, *args: Any, **kwargs: Any) -> Response:
        mark_read(notification=self.one(self.rows(), pk), now=self.now)
        return Response(self.whole(pk))

    @operation("Mark all my notifications as read", answers=ReadSerializer)
    @action(detail=False, methods=["post"], url_path="read", filter_backends=())
    def read_all(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return Response({"read": mark_all_read(membership=self.member, now=self.now)})
