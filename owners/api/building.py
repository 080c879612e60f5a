"""Buildings, and many units of them at once."""

from typing import Any, ClassVar
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_view
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from owners.filters.building import BuildingFilter
from owners.forms.place import HIGHEST, LOWEST, MOST_BUILDINGS, MOST_DOORS, MOST_STAIRCASES
from owners.models import Building
from owners.services.place import add_units, change_building
from owners.services.unit_range import STYLES, UnitRange
from tenancy.models import Community
from tenancy.permissions import Can
from tenancy.viewsets import CompanyViewSet, ListAndRead, Need, Order, idempotent, operation, text


class BuildingSerializer(serializers.Serializer[Any]):
    """A building (楼栋)."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    community = serializers.UUIDField()
    position = serializers.IntegerField()
    is_active = serializers.BooleanField()


class BuildingChangeSerializer(serializers.Serializer[Any]):
    """What is to be changed; what is left out stays as it is."""

    name = serializers.CharField(max_length=30, required=False)
    is_active = serializers.BooleanField(required=False)


@extend_schema_view(
    list=operation("List buildings", answers=BuildingSerializer(many=True)),
    retrieve=operation("Read a building", answers=BuildingSerializer),
)
class BuildingViewSet(ListAndRead):
    """The buildings of the communities that the member looks after."""

    model = Building
    filterset_class = BuildingFilter
    needs: ClassVar[dict[str, Need]] = {
        "list": Can.SET_STRUCTURE,
        "retrieve": Can.SET_STRUCTURE,
        "partial_update": Can.SET_STRUCTURE,
    }
    fields: ClassVar[dict[str, Any]] = {
        **{name: name for name in ("id", "name", "position", "is_active")},
        "community": "community_id",
    }
    orders: ClassVar[dict[str, Order]] = {"name": Order("name", text)}
    ordering = "name"

    @operation(
        "Rename a building, or lay it aside",
        sends=BuildingChangeSerializer,
        answers=BuildingSerializer,
        more="The addresses of its units change with its name. Nothing is filed for the homes of "
        "a building that is laid aside.",
        refusals=("name_taken",),
    )
    def partial_update(self, request: Request, pk: UUID, *args: Any, **kwargs: Any) -> Response:
        row = self.one(self.rows(), pk)
        facts = self.sent(BuildingChangeSerializer)
        change_building(building=row, **facts, by=self.actor, now=self.now)
        return Response(self.just(row.pk))


class UnitRangeSerializer(serializers.Serializer[Any]):
    """Thousands of units in ten values. In names, `#` stands for the number."""

    building_from = serializers.IntegerField(min_value=1, max_value=9999)
    building_to = serializers.IntegerField(min_value=1, max_value=9999)
    building_name = serializers.CharField(max_length=20, default="#栋")
    staircases = serializers.IntegerField(
        min_value=0, max_value=MOST_STAIRCASES, default=0, help_text="0 where addresses name none."
    )
    staircase_name = serializers.CharField(max_length=20, default="#单元")
    floor_from = serializers.IntegerField(min_value=LOWEST, max_value=HIGHEST, default=1)
    floor_to = serializers.IntegerField(min_value=LOWEST, max_value=HIGHEST)
    skipped_floors = serializers.ListField(
        child=serializers.IntegerField(min_value=LOWEST, max_value=HIGHEST),
        default=list,
        max_length=HIGHEST,
        help_text="Floors that do not exist.",
    )
    doors = serializers.IntegerField(
        min_value=1, max_value=MOST_DOORS, help_text="Units on each floor."
    )
    style: Any = serializers.ChoiceField(
        choices=list(STYLES), default="101", help_text="How they are numbered."
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """The same as the page checks, each fault at its value."""
        many = attrs["building_to"] - attrs["building_from"]
        faults = {}
        if many < 0:
            faults["building_to"] = _("The last one comes before the first.")
        elif many >= MOST_BUILDINGS:
            faults["building_to"] = _("At most 500 buildings at once.")
        if attrs["floor_to"] < attrs["floor_from"]:
            faults["floor_to"] = _("The last one comes before the first.")
        if many > 0 and "#" not in attrs["building_name"]:
            faults["building_name"] = _("Write # where the number belongs.")
        if attrs["staircases"] > 1 and "#" not in attrs["staircase_name"]:
            faults["staircase_name"] = _("Write # where the number belongs.")
        if faults:
            raise serializers.ValidationError(faults, code="invalid")
        return {**attrs, "skipped_floors": frozenset(attrs["skipped_floors"])}


class MadeSerializer(serializers.Serializer[Any]):
    """What came of a range."""

    buildings = serializers.IntegerField(help_text="New ones.")
    units = serializers.IntegerField(help_text="New ones.")
    known = serializers.IntegerField(help_text="Units that were there before, left as they are.")


class UnitRangeViewSet(CompanyViewSet):
    """Many units of one community at once."""

    model = Community
    needs: ClassVar[dict[str, Need]] = {"create": Can.SET_STRUCTURE}

    @operation(
        "Add units by range",
        sends=UnitRangeSerializer,
        answers=MadeSerializer,
        status=201,
        more="All of them or none. What is there already stays as it is, so that a range may be "
        "sent again, or be widened.",
        refusals=("too_many_units", "no_units", "name_too_long"),
        sent={
            "building_from": 1, "building_to": 6, "building_name": "#栋", "staircases": 2,
            "staircase_name": "#单元", "floor_to": 18, "doors": 4, "skipped_floors": [4, 13, 14],
        },
    )  # fmt: skip
    @idempotent
    def create(self, request: Request, pk: UUID, *args: Any, **kwargs: Any) -> Response:
        community = self.one(self.rows(), pk)
        asked = UnitRange(**self.sent(UnitRangeSerializer))
        made = add_units(community=community, units=asked, by=self.actor, now=self.now)
        answer = {"buildings": made.buildings, "units": made.units, "known": made.known}
        return Response(answer, status=201)
