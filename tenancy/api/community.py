"""Communities."""

from typing import Any, ClassVar
from uuid import UUID

from drf_spectacular.utils import extend_schema_view
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from tenancy.models import Community
from tenancy.permissions import Can
from tenancy.services.structure import add_community, change_community
from tenancy.viewsets import ListAndRead, Need, Order, idempotent, operation, text


class CommunitySerializer(serializers.Serializer[Any]):
    """A residential community (小区)."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    address = serializers.CharField()
    hotline = serializers.CharField()
    is_active = serializers.BooleanField()


class NewCommunitySerializer(serializers.Serializer[Any]):
    """A community that the company looks after from now on."""

    name = serializers.CharField(max_length=60)
    address = serializers.CharField(max_length=120, default="", allow_blank=True)
    hotline = serializers.CharField(
        max_length=30, default="", allow_blank=True, help_text="If it has one of its own."
    )


class CommunityChangeSerializer(serializers.Serializer[Any]):
    """What is to be changed; what is left out stays as it is."""

    name = serializers.CharField(max_length=60, required=False)
    address = serializers.CharField(max_length=120, required=False, allow_blank=True)
    hotline = serializers.CharField(max_length=30, required=False, allow_blank=True)
    is_active = serializers.BooleanField(
        required=False, help_text="False: the company looks after it no longer."
    )


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
        "create": Can.SET_STRUCTURE,
        "partial_update": Can.SET_STRUCTURE,
    }
    fields: ClassVar[dict[str, Any]] = {
        name: name for name in ("id", "name", "address", "hotline", "is_active")
    }
    orders: ClassVar[dict[str, Order]] = {"name": Order("name", text)}
    ordering = "name"

    @operation(
        "Add a community",
        sends=NewCommunitySerializer,
        answers=CommunitySerializer,
        status=201,
        refusals=("name_taken",),
        sent={"name": "阳光花园", "address": "阳光路1号"},
    )
    @idempotent
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        asked = self.sent(NewCommunitySerializer)
        row = add_community(**asked, by=self.actor, now=self.now)
        return Response(self.just(row.pk), status=201)

    @operation(
        "Change a community, or lay it aside",
        sends=CommunityChangeSerializer,
        answers=CommunitySerializer,
        more="What happened there stays.",
        refusals=("name_taken",),
    )
    def partial_update(self, request: Request, pk: UUID, *args: Any, **kwargs: Any) -> Response:
        row = self.one(self.rows(), pk)
        facts = self.sent(CommunityChangeSerializer)
        change_community(community=row, **facts, by=self.actor, now=self.now)
        return Response(self.just(row.pk))
