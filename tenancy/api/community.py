"""Communities."""

from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema_view
from rest_framework import serializers

from tenancy.models import Community
from tenancy.permissions import Can
from tenancy.viewsets import ListAndRead, Need, Order, operation, text


class CommunitySerializer(serializers.Serializer[Any]):
    """A residential community (小区)."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    address = serializers.CharField()
    hotline = serializers.CharField()
    is_active = serializers.BooleanField()


@extend_schema_view(
    list=operation("List communities", answers=CommunitySerializer(many=True)),
    retrieve=operation("Read a community", answers=CommunitySerializer),
)
class CommunityViewSet(ListAndRead):
    """The residential communities that the member may see."""

    model = Community
    needs: ClassVar[dict[str, Need]] = {
        "list": Can.READ_STRUCTURE,
        "retrieve": Can.READ_STRUCTURE,
    }
    fields: ClassVar[dict[str, Any]] = {
        name: name for name in ("id", "name", "address", "hotline", "is_active")
    }
    orders: ClassVar[dict[str, Order]] = {"name": Order("name", text)}
    ordering = "name"
