"""Buildings and units by the range: as said, once, never by halves, and quickly refused."""

import threading
from typing import Any

import pytest
from django.db import connection
from hypothesis import given, settings, strategies as st

from owners.models import Building, Unit
from owners.services.place import (
    NameTooLong,
    NoUnits,
    TooManyUnits,
    add_unit,
    add_units,
    change_building,
    change_unit,
    how_many,
    known_among,
)
from owners.services.unit_range import STYLES, UnitRange, numbered
from tenancy.models import AuditEntry, Community
from tenancy.scope import company_scope
from tenancy.services.structure import (
    DepartmentInUse,
    NameTaken,
    add_community,
    add_department,
    change_community,
    change_department,
)
from tests.factories.cast import TUESDAY, Cast
from tests.tenancy.test_staffing import wait_for_waiting


def said(**more: Any) -> UnitRange:
    facts: dict[str, Any] = {
        "building_from": 1, "building_to": 2, "building_name": "#栋",
        "staircases": 2, "staircase_name": "#单元",
        "floor_from": 1, "floor_to": 3, "doors": 2,
        **more,
    }  # fmt: skip
    return UnitRange(**facts)


def new_community(cast: Cast, name: str = "月亮湾") -> Community:
    return add_community(name=name, address="", hotline="", by=cast.actor("admin"), now=TUESDAY)


def add(cast: Cast, community: Community, units: UnitRange) -> Any:
    return add_units(community=community, units=units, by=cast.actor("admin"), now=TUESDAY)


@given(
    buildings=st.integers(1, 4),
    staircases=st.integers(0, 3),
    floors=st.tuples(st.integers(-3, 3), st.integers(0, 14)),
    doors=st.integers(1, 30),
    style=st.sampled_from(sorted(STYLES)),
    skipped=st.frozensets(st.integers(-3, 20)),
)
@settings(max_examples=80)
def test_a_range_is_what_it_says(
    buildings: int,
    staircases: int,
    floors: tuple[int, int],
    doors: int,
    style: str,
    skipped: frozenset[int],
) -> None:
    units = said(
        building_to=buildings, staircases=staircases, doors=doors, style=style,
        floor_from=floors[0], floor_to=floors[0] + floors[1], skipped_floors=skipped,
    )  # fmt: skip
    spots = list(units.spots())
    assert len(spots) == len({(spot.building, spot.number) for spot in spots}) == units.count
    assert not {spot.floor for spot in spots} & (skipped | {0})
    if spots:
        first, last = units.examples(3)
        assert first == [spot.label for spot in spots[:3]]
        assert last == spots[-1].label


@pytest.mark.parametrize(
    ("style", "floor", "door", "number"),
    [
        ("101", 1, 1, "101"),
        ("101", 18, 4, "1804"),
        ("0101", 3, 2, "0302"),
        ("1-1", 12, 3, "12-3"),
        ("1A", 5, 2, "5B"),
        ("1A", 5, 28, "5BB"),
        ("101", -1, 3, "B103"),
    ],
)
def test_units_are_numbered_like_people_do(style: str, floor: int, door: int, number: str) -> None:
    assert numbered(style, floor, door) == number


def test_a_range_is_made_once(scoped: Cast) -> None:
    community = new_community(scoped)
    assert known_among(community, said()) == 0
    made = add(scoped, community, said())
    assert (made.buildings, made.units, made.known) == (2, 24, 0)
    assert known_among(community, said(building_to=3)) == 24
    again = add(scoped, community, said(building_to=3))
    assert (again.buildings, again.units, again.known) == (1, 12, 24)
    nothing = add(scoped, community, said())
    assert (nothing.buildings, nothing.units, nothing.known) == (0, 0, 24)
    assert Building.objects.filter(community=community).count() == 3
    labels = Unit.objects.filter(community=community).order_by("id").values_list("label", flat=True)
    assert (labels[0], labels[23]) == ("1栋1单元101", "2栋2单元302")
    recorded = AuditEntry.objects.filter(action="add_units").order_by("at", "id")
    assert [entry.detail["units"] for entry in recorded] == [24, 12]


def test_ranges_of_two_companies_do_not_meet(jinxiu: Cast, heyue: Cast) -> None:
    for cast in (jinxiu, heyue):
        with company_scope(cast.company.pk):
            assert add(cast, new_community(cast), said()).units == 24
            assert Unit.objects.count() == 25


@pytest.mark.parametrize(
    ("units", "refusal"),
    [
        (said(building_to=9999, floor_to=120, doors=60), TooManyUnits),
        (said(building_from=3), NoUnits),
        (said(floor_from=4, floor_to=4, skipped_floors=frozenset({4})), NoUnits),
        (said(building_name="很长" * 20), NameTooLong),
        (said(staircase_name="很长" * 20), NameTooLong),
    ],
)
def test_a_range_that_makes_no_sense_makes_nothing(
    scoped: Cast, units: UnitRange, refusal: Any
) -> None:
    community = new_community(scoped)
    with pytest.raises(refusal):
        add(scoped, community, units)
    assert Building.objects.filter(community=community).count() == 0


def test_two_doors_of_one_number_are_one_unit(scoped: Cast) -> None:
    community = new_community(scoped)
    units = said(building_to=1, staircases=11, staircase_name="#", floor_to=11, doors=1)
    made = add(scoped, community, units)
    rows = Unit.objects.filter(community=community).values_list("label", flat=True)
    assert "1栋11101" in rows
    assert len(rows) == len(set(rows)) == made.units == units.count - made.known
    assert made.known == 1


def test_twenty_thousand_units_are_made_at_once(scoped: Cast) -> None:
    units = said(building_to=100, staircases=2, floor_to=25, doors=4)
    assert add(scoped, new_community(scoped), units).units == 20_000


def test_places_are_counted_while_in_use(scoped: Cast) -> None:
    community = new_community(scoped)
    add(scoped, community, said())
    Unit.objects.filter(community=community, building__name="2栋").update(is_active=False)
    assert how_many([community.pk, scoped.community.pk]) == {
        community.pk: (2, 12),
        scoped.community.pk: (1, 1),
    }


def test_a_renamed_building_renames_its_addresses(scoped: Cast) -> None:
    by = scoped.actor("admin")
    shop = add_unit(building=scoped.building, number=" 商 1 ", floor=None, by=by, now=TUESDAY)
    assert shop.label == "3栋商 1"
    for _twice in range(2):
        change_building(building=scoped.building, name="三号楼", is_active=True, by=by, now=TUESDAY)
    labels = Unit.objects.order_by("label").values_list("label", flat=True)
    assert list(labels) == ["三号楼1201", "三号楼商 1"]
    assert AuditEntry.objects.filter(action="change_building").count() == 1
    with pytest.raises(NameTaken):
        add_unit(building=scoped.building, number="1201", floor=12, by=by, now=TUESDAY)
    row = change_unit(
        unit=scoped.unit, number="1202", floor=12, is_active=False, by=by, now=TUESDAY
    )
    assert (row.label, row.is_active) == ("三号楼1202", False)
    with pytest.raises(NameTaken):
        change_unit(unit=shop, number="1202", floor=1, is_active=True, by=by, now=TUESDAY)


def test_communities_have_names_of_their_own(scoped: Cast) -> None:
    by = scoped.actor("admin")
    with pytest.raises(NameTaken):
        new_community(scoped, "阳光花园")
    row = change_community(
        community=new_community(scoped), name="月亮湾二期", address="滨江路 1 号", hotline="",
        is_active=False, by=by, now=TUESDAY,
    )  # fmt: skip
    assert (row.name, row.is_active) == ("月亮湾二期", False)
    entry = AuditEntry.objects.get(action="change_community")
    assert entry.detail["before"] == {"name": "月亮湾", "address": "", "is_active": True}


def test_departments_close_when_nobody_is_in_them(scoped: Cast) -> None:
    by = scoped.actor("admin")
    row = add_department(name=" 绿化 部 ", by=by, now=TUESDAY)
    assert (row.name, row.position) == ("绿化 部", 2)
    facts: dict[str, Any] = {"position": 5, "is_active": False, "by": by, "now": TUESDAY}
    assert change_department(department=row, name="绿化部", **facts).is_active is False
    with pytest.raises(DepartmentInUse):
        change_department(department=scoped.engineering, name="工程部", **facts)
    with pytest.raises(NameTaken):
        change_department(department=row, name="工程部", **facts)


@pytest.mark.django_db(transaction=True)
def test_a_new_unit_has_the_name_that_its_building_is_getting(jinxiu: Cast) -> None:
    by: dict[str, Any] = {"by": jinxiu.actor("admin"), "now": TUESDAY}

    def add_and_correct() -> None:
        with company_scope(jinxiu.company.pk):
            add_unit(building=jinxiu.building, number="1203", floor=12, **by)
        with company_scope(jinxiu.company.pk):
            change_unit(unit=jinxiu.unit, number="1202", **by)
        connection.close()

    other = threading.Thread(target=add_and_correct)
    with company_scope(jinxiu.company.pk):
        change_building(building=jinxiu.building, name="三号楼", **by)
        other.start()
        wait_for_waiting(1)
    other.join(20)
    with company_scope(jinxiu.company.pk):
        labels = sorted(Unit.objects.values_list("label", flat=True))
    assert labels == ["三号楼1202", "三号楼1203"]
