"""Units."""

from datetime import datetime
from typing import Any, ClassVar

from django.db.models import OuterRef
from drf_spectacular.utils import extend_schema_view
from rest_framework import serializers

from owners.filters.unit import UnitFilter
from owners.models import Ownership, OwnershipRole, Unit
from tenancy.permissions import Can
from tenancy.viewsets import ListAndRead, Need, Order, nested, operation, text


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
    needs: ClassVar[dict[str, Need]] = {"list": Can.READ_UNITS, "retrieve": Can.READ_UNITS}
    fields: ClassVar[dict[str, Any]] = {
        **{name: name for name in ("id", "label", "number", "floor", "area")},
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
