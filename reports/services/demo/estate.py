"""Communities, buildings and units, and the people who live in them."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

from owners.models import Building, Owner, Ownership, Unit
from owners.models.ownership import OwnershipRole
from owners.services.archive import describe
from reports.services.demo.company import CROWD_SEED, Blueprint, Estate
from reports.services.demo.people import Person, crowd
from tenancy.models import Community

SPARE = 2  # people per unit at most, on average


@dataclass
class Houses:
    """A company's estates as they were built."""

    communities: list[Community] = field(default_factory=list)
    buildings: list[Building] = field(default_factory=list)
    units: list[Unit] = field(default_factory=list)
    owners: list[Owner] = field(default_factory=list)
    ties: list[Ownership] = field(default_factory=list)
    # Who may speak for a unit today.
    tenants: list[tuple[Owner, Unit]] = field(default_factory=list)


def build(blueprint: Blueprint, today: date) -> Houses:
    """Build the estates and move people in; all of it is saved."""
    houses = Houses()
    for estate in blueprint.estates:
        _build_estate(estate, houses, blueprint)
    people = crowd(CROWD_SEED, len(houses.units) * SPARE, first=blueprint.people_from)
    _move_in(houses, iter(people), random.Random(CROWD_SEED), today)  # noqa: S311  always the same
    Community.objects.bulk_create(houses.communities)
    Building.objects.bulk_create(houses.buildings)
    Unit.objects.bulk_create(houses.units)
    Owner.objects.bulk_create(houses.owners)
    Ownership.objects.bulk_create(houses.ties, batch_size=1000)
    return houses


def _build_estate(estate: Estate, houses: Houses, blueprint: Blueprint) -> None:
    community = Community(name=estate.name, address=estate.address, hotline=blueprint.hotline)
    houses.communities.append(community)
    for position in range(1, estate.buildings + 1):
        building = Building(community=community, name=f"{position}栋", position=position)
        houses.buildings.append(building)
        houses.units += [
            Unit(
                building=building,
                community=community,
                number=number,
                floor=floor,
                area=78 + 7 * (door + position % 5),
                label=f"{building.name}{number}",
            )
            for number, floor, door in _doors(estate)
        ]


def _doors(estate: Estate) -> Iterator[tuple[str, int, int]]:
    for staircase in range(1, estate.staircases + 1):
        for floor in range(1, estate.floors + 1):
            for door in range(1, estate.doors + 1):
                yield f"{staircase}单元{floor}{door:02d}", floor, door


def _move_in(houses: Houses, people: Iterator[Person], rng: random.Random, today: date) -> None:
    """An owner for every unit; beside them spouses, parents, lessees, and former owners."""
    for unit in houses.units:
        since = today - timedelta(days=rng.randint(400, 4000))
        owner = houses.owners[-1] if houses.owners and rng.random() < 0.05 else None
        owner = owner or _take_in(next(people), houses)
        _tie(houses, owner, unit, OwnershipRole.OWNER, since)
        for role, share in (
            (OwnershipRole.CO_OWNER, 0.26),
            (OwnershipRole.FAMILY, 0.10),
            (OwnershipRole.LESSEE, 0.10),
        ):
            if rng.random() < share:
                moved_in = since + timedelta(days=rng.randint(0, 380))
                _tie(houses, _take_in(next(people), houses), unit, role, moved_in)
        if rng.random() < 0.05:
            gone = _take_in(next(people), houses)
            before = since - timedelta(days=rng.randint(300, 2000))
            _tie(houses, gone, unit, OwnershipRole.OWNER, before, until=since)


def _take_in(person: Person, houses: Houses) -> Owner:
    owner = describe(Owner(), name=person.name, phone=person.phone, id_number=person.id_number)
    houses.owners.append(owner)
    return owner


def _tie(
    houses: Houses,
    owner: Owner,
    unit: Unit,
    role: OwnershipRole,
    since: date,
    until: date | None = None,
) -> None:
    houses.ties.append(Ownership(owner=owner, unit=unit, role=role, since=since, until=until))
    if until is None:
        houses.tenants.append((owner, unit))
