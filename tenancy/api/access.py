"""Visits of the platform's operators."""

from typing import Any, ClassVar
from uuid import UUID

from drf_spectacular.utils import extend_schema_view
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from tenancy.models import PlatformAccess
from tenancy.permissions import Can
from tenancy.services.access import end_access
from tenancy.viewsets import ListAndRead, Need, Order, operation


class PlatformAccessSerializer(serializers.Serializer[Any]):
    """The time for which an operator of the platform may look into the company, and why."""

    id = serializers.UUIDField()
    operator = serializers.CharField()
    reason = serializers.CharField()
    began_at = serializers.DateTimeField()
    until = serializers.DateTimeField()
    ended_at = serializers.DateTimeField(allow_null=True)


@extend_schema_view(
    list=operation("List visits of the platform", answers=PlatformAccessSerializer(many=True)),
    retrieve=operation("Read a visit of the platform", answers=PlatformAccessSerializer),
)
class PlatformAccessViewSet(ListAndRead):
    """Operators of the platform who may look, or could. What they open is in the audit log."""

    model = PlatformAccess
    needs: ClassVar[dict[str, Need]] = {
        "list": Can.READ_PLATFORM_ACCESS,
        "retrieve": Can.READ_PLATFORM_ACCESS,
        "end": Can.END_PLATFORM_ACCESS,
    }
    fields: ClassVar[dict[str, Any]] = {
        "id": "id",
        "operator": "membership__name",
        **{name: name for name in ("reason", "began_at", "until", "ended_at")},
    }
    orders: ClassVar[dict[str, Order]] = {"-began_at": Order("began_at", descending=True)}
    ordering = "-began_at"

    @operation(
        "End a visit of the platform",
        answers=PlatformAccessSerializer,
        more="At once: the operator's next page says that nothing is there.",
        refusals=("access_ended",),
    )
    @action(detail=True, methods=["post"], pagination_class=None, filter_backends=())
    def end(self, request: Request, pk: UUID, *args: Any, **kwargs: Any) -> Response:
        end_access(access=self.one(self.rows(), pk), by=self.actor, now=self.now)
        return Response(self.whole(pk))
