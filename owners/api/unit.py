"""Units."""

from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from django.db.models import OuterRef
from drf_spectacular.utils import extend_schema_view
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from owners.filters.unit import UnitFilter
from owners.forms.place import HIGHEST, LOWEST
from owners.models import Building, Ownership, OwnershipRole, Unit
from owners.services.place import add_unit, change_unit
from tenancy.permissions import Can
from tenancy.viewsets import ListAndRead, Need, Order, idempotent, nested, operation, text
from tenancy.viewsets.named import named


class UnitSerializer(serializers.Serializer[Any]):
    """A unit (房屋), as a list shows it."""

    id = serializers.UUIDField()
    label: Any = serializers.CharField(help_text="Its full address in the community.")
    number = serializers.CharField()
    floor = serializers.IntegerField(allow_null=True)
    area = serializers.FloatField(allow_null=True, help_text="Square metres.")
    building = serializers.UUIDField()
    building_name = serializers.CharField()
    community = serializers.UUIDField()
    community_name = serializers.CharField()
    is_active = serializers.BooleanField(help_text="Not laid aside.")


class NewUnitSerializer(serializers.Serializer[Any]):
    """A unit more in a building."""

    building = serializers.UUIDField()
    number = serializers.CharField(max_length=30)
    floor = serializers.IntegerField(
        min_value=LOWEST, max_value=HIGHEST, required=False, allow_null=True
    )


class UnitChangeSerializer(serializers.Serializer[Any]):
    """What is to be changed; what is left out stays as it is."""

    number = serializers.CharField(max_length=30, required=False)
    floor = serializers.IntegerField(
        min_value=LOWEST, max_value=HIGHEST, required=False, allow_null=True
    )
    is_active = serializers.BooleanField(required=False)


class ResidentSerializer(serializers.Serializer[Any]):
    """Somebody's tie to a unit that is in force."""

    id = serializers.UUIDField(help_text="The owner.")
    name = serializers.CharField()
    role = serializers.ChoiceField(choices=OwnershipRole.choices)
    since = serializers.DateField(allow_null=True)


class UnitWithOwnersSerializer(UnitSerializer):
    """A unit and who belongs to it."""

    owners = ResidentSerializer(
        many=True, required=False, help_text="Only for those who may read the owner archive."
    )


@extend_schema_view(
    list=operation("List units", answers=UnitSerializer(many=True)),
    retrieve=operation("Read a unit", answers=UnitWithOwnersSerializer),
)
class UnitViewSet(ListAndRead):
    """The units that the member may see: staff their communities', owners their own."""

    model = Unit
    filterset_class = UnitFilter
    needs: ClassVar[dict[str, Need]] = {
        "list": Can.READ_UNITS,
        "retrieve": Can.READ_UNITS,
        "create": Can.SET_STRUCTURE,
        "partial_update": Can.SET_STRUCTURE,
    }
    fields: ClassVar[dict[str, Any]] = {
        **{name: name for name in ("id", "label", "number", "floor", "area", "is_active")},
        "building": "building_id",
        "building_name": "building__name",
        "community": "community_id",
        "community_name": "community__name",
    }
    orders: ClassVar[dict[str, Order]] = {"label": Order("label", text)}
    ordering = "label"

    def variant(self) -> str:
        return "with owners" if self.member.can(Can.READ_OWNERS) else ""

    def shape(self, now: datetime, *, whole: bool) -> dict[str, Any]:
        if not whole or not self.variant():
            return self.fields
        ties = Ownership.objects.current().filter(unit_id=OuterRef("id"))
        residents = nested(
            ties.order_by("owner__sort_key", "id"),
            {"id": "owner_id", "name": "owner__name", "role": "role", "since": "since"},
        )
        return {**self.fields, "owners": residents}

    @operation(
        "Add a unit",
        sends=NewUnitSerializer,
        answers=UnitWithOwnersSerializer,
        status=201,
        more="Many at once: `POST communities/{id}/units/`.",
        refusals=("name_taken",),
    )
    @idempotent
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        asked = self.sent(NewUnitSerializer)
        building = named(Building.objects.visible_to(self.member), asked, "building")
        row = add_unit(
            building=building,
            number=asked["number"],
            floor=asked.get("floor"),
            by=self.actor,
            now=self.now,
        )
        return Response(self.just(row.pk), status=201)

    @operation(
        "Correct a unit, or lay it aside",
        sends=UnitChangeSerializer,
        answers=UnitWithOwnersSerializer,
        more="Nothing new is filed for a unit that is laid aside; what was filed stays.",
        refusals=("name_taken",),
    )
    def partial_update(self, request: Request, pk: UUID, *args: Any, **kwargs: Any) -> Response:
        row = self.one(self.rows(), pk)
        facts = self.sent(UnitChangeSerializer)
        change_unit(unit=row, **facts, by=self.actor, now=self.now)
        return Response(self.just(row.pk))
