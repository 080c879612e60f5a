"""Buildings and units: set up, renamed, laid aside. Nothing that has a history is deleted."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Count
from django.utils.translation import gettext_lazy as _

from owners.models import Building, Unit
from owners.services.unit_range import MOST_UNITS, Spot, UnitRange
from tenancy.models import Community
from tenancy.services.actor import Actor
from tenancy.services.audit import record
from tenancy.services.refusal import Refused
from tenancy.services.structure import change, save_new, tidied, tidy

BATCH = 2000
NAME_LENGTH = 30


class TooManyUnits(Refused):
    """More than one request should make."""

    code = "too_many_units"
    sentence = _("These would be %(count)s units; at most %(most)s are made at once.")


class NoUnits(Refused):
    """A range with nothing in it."""

    code = "no_units"
    sentence = _("There is no unit in this range.")


class NameTooLong(Refused):
    """A pattern that makes names nobody could keep."""

    code = "name_too_long"
    sentence = _("“%(name)s” is longer than %(most)s characters.")


@dataclass(frozen=True, slots=True)
class Made:
    """What came of a range."""

    buildings: int
    units: int
    # Units of the range that were there before, and were left as they are.
    known: int


@transaction.atomic
def add_units(*, community: Community, units: UnitRange, by: Actor, now: datetime) -> Made:
    """Make every unit of a range that is not there yet; all of them or none."""
    refuse_range(units)
    # One at a time: two people who say the same range at once make it once.
    Community.objects.select_for_update(of=("self",)).get(pk=community.pk)
    known = Building.objects.filter(community=community)
    buildings = {row.name: row for row in known}
    new = [row for row in wanted_buildings(community, units) if row.name not in buildings]
    Building.objects.bulk_create(new)
    buildings |= {row.name: row for row in new}
    there = numbers_of(community)
    # Two doors can come to one number: staircase 1, floor 11 and staircase 11, floor 1.
    spots = {(spot.building, spot.number): spot for spot in units.spots()}
    missing = [spot for place, spot in spots.items() if place not in there]
    rows = [unit_at(spot, buildings[spot.building]) for spot in missing]
    Unit.objects.bulk_create(rows, batch_size=BATCH)
    made = Made(len(new), len(missing), units.count - len(missing))
    if new or missing:
        record(
            action="add_units", subject=community, by=by, now=now,
            name=community.name, buildings=made.buildings, units=made.units,
        )  # fmt: skip
    return made


def refuse_range(units: UnitRange) -> None:
    """Raise the refusal that applies, if any; costs nothing, however large the range."""
    if units.count > MOST_UNITS:
        raise TooManyUnits(count=units.count, most=MOST_UNITS)
    if units.count < 1:
        raise NoUnits
    _first, last = units.examples(1)
    building = units.building_name.replace("#", str(units.building_to))
    for name in (building, last.removeprefix(building)):
        if len(name) > NAME_LENGTH:
            raise NameTooLong(name=name, most=NAME_LENGTH)


def wanted_buildings(community: Community, units: UnitRange) -> Iterable[Building]:
    """The buildings of a range, once each, not saved."""
    names = {spot.building: spot.position for spot in units.spots()}
    return [
        Building(community=community, name=name, position=position)
        for name, position in names.items()
    ]


def numbers_of(community: Community) -> set[tuple[str, str]]:
    """The units of a community: name of the building, number."""
    rows = Unit.objects.filter(community=community)
    return set(rows.values_list("building__name", "number"))


def known_among(community: Community, units: UnitRange) -> int:
    """How many units of a range are there already."""
    there = numbers_of(community)
    return sum((spot.building, spot.number) in there for spot in units.spots()) if there else 0


def unit_at(spot: Spot, building: Building) -> Unit:
    """A unit, not saved."""
    return Unit(
        building=building,
        community_id=building.community_id,
        number=spot.number,
        floor=spot.floor,
        label=spot.label,
    )


@transaction.atomic
def change_building(*, building: Building, by: Actor, now: datetime, **facts: Any) -> Building:
    """Rename a building, and with it the addresses of its units; or lay it aside."""
    # First the community, as whoever adds many units does.
    Community.objects.select_for_update(of=("self",), no_key=True).get(pk=building.community_id)
    row = claimed(building.pk)
    change(row, tidied(facts), by, now)
    moved = []
    for unit in Unit.objects.filter(building=row):
        label = f"{row.name}{unit.number}"
        if unit.label != label:
            unit.label = label
            moved.append(unit)
    Unit.objects.bulk_update(moved, ["label"], batch_size=BATCH)
    return row


@transaction.atomic
def add_unit(
    *, building: Building, number: str, floor: int | None, by: Actor, now: datetime
) -> Unit:
    """One unit more, e.g. a shop between two staircases."""
    building = claimed(building.pk)
    row = Unit(
        building=building,
        community_id=building.community_id,
        number=tidy(number),
        floor=floor,
        label=f"{building.name}{tidy(number)}",
    )
    save_new(row)
    record(action="add_unit", subject=row, by=by, now=now, name=row.label)
    return row


@transaction.atomic
def change_unit(*, unit: Unit, by: Actor, now: datetime, **facts: Any) -> Unit:
    """Correct a unit, or lay it aside."""
    building = claimed(unit.building_id)
    row: Unit = Unit.objects.select_for_update(of=("self",)).get(pk=unit.pk)
    number = tidy(facts.get("number", row.number))
    change(row, {**facts, "number": number, "label": f"{building.name}{number}"}, by, now)
    return row


def claimed(building: UUID) -> Building:
    """The building, locked before its units: it keeps its name until their addresses are
    written."""
    row: Building = Building.objects.select_for_update(of=("self",), no_key=True).get(pk=building)
    return row


def how_many(communities: Iterable[UUID]) -> dict[UUID, tuple[int, int]]:
    """Buildings and units in use of each community: two questions, however many there are."""
    ids = list(communities)
    buildings, units = _counted(Building, ids), _counted(Unit, ids)
    return {pk: (buildings.get(pk, 0), units.get(pk, 0)) for pk in ids}


def _counted(model: type[Building] | type[Unit], ids: list[UUID]) -> dict[UUID, int]:
    rows = model.objects.filter(community_id__in=ids, is_active=True)
    return dict(rows.values_list("community_id").annotate(n=Count("id")).order_by())
