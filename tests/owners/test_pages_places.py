"""Communities, buildings and units on the admin's pages."""

from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from owners.models import Building, Unit
from tenancy.models import Community
from tenancy.scope import company_scope
from tests.conftest import SignIn
from tests.factories.cast import Cast

EN = {"Accept-Language": "en"}
RANGE = {
    "building_from": "1", "building_to": "12", "building_name": "#栋",
    "staircases": "3", "staircase_name": "#单元",
    "floor_from": "1", "floor_to": "18", "skipped_floors": "4，13、14",
    "doors": "4", "style": "101",
}  # fmt: skip


@pytest.fixture
def admin(jinxiu: Cast, sign_in: SignIn) -> Client:
    return sign_in(jinxiu.admin)


def url(cast: Cast, name: str, pk: Any = None) -> str:
    kwargs = {"company": cast.company.slug} | ({"pk": pk} if pk else {})
    return reverse(f"owners:{name}", kwargs=kwargs)


def queries_of(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


@pytest.mark.parametrize(("role", "status"), [("owner", 403), ("manager", 403), ("admin", 200)])
def test_places_are_for_the_admin(jinxiu: Cast, sign_in: SignIn, role: str, status: int) -> None:
    client = sign_in(jinxiu.members[role])
    rows = {"community": "community", "unit_range": "community", "unit_preview": "community",
            "building": "building", "unit": "unit"}  # fmt: skip
    for name, row in rows.items():
        assert client.get(url(jinxiu, name, getattr(jinxiu, row).pk)).status_code == status
    for name in ("community_list", "community_add"):
        assert client.get(url(jinxiu, name)).status_code == status


def test_a_community_leads_on_to_its_units(jinxiu: Cast, admin: Client) -> None:
    data = {"name": "月亮湾", "address": "滨江路 1 号"}
    answer = admin.post(url(jinxiu, "community_add") + "?guide", data)
    with company_scope(jinxiu.company.pk):
        row = Community.objects.get(name="月亮湾")
    assert answer["Location"] == url(jinxiu, "unit_range", row.pk) + "?guide"
    assert admin.post(url(jinxiu, "community_add"), data).status_code == 422
    page = admin.get(answer["Location"])
    assert (page.context["count"], page.context["first"][0]) == (864, "1栋1单元101")
    made = admin.post(answer["Location"], RANGE, follow=True, headers=EN)
    assert made.redirect_chain[0][0] == "/jinxiu/settings/"
    assert "2160 units in 12 new buildings are there now." in made.content.decode()
    again = admin.post(url(jinxiu, "unit_range", row.pk), RANGE, follow=True, headers=EN)
    assert "2160 of the range were there before" in again.content.decode()
    with company_scope(jinxiu.company.pk):
        assert not Unit.objects.filter(floor__in=(4, 13, 14)).exists()
        assert Unit.objects.filter(community=row).count() == 12 * 3 * 15 * 4


def test_a_range_is_shown_while_typing(jinxiu: Cast, admin: Client) -> None:
    address = url(jinxiu, "unit_preview", jinxiu.community.pk)
    asked: list[tuple[dict[str, str], str]] = [
        ({}, "2160 units"),
        ({"building_from": "3", "building_to": "3", "staircases": "0", "floor_from": "12",
          "floor_to": "12", "doors": "1"}, "1 of them is there already"),
        ({"building_to": "400", "doors": "60"}, "at most 20000 are made at once"),
        ({"floor_to": "x"}, "These fields do not fit together yet."),
        ({"building_name": "栋"}, "These fields do not fit together yet."),
        ({"skipped_floors": "vier"}, "These fields do not fit together yet."),
    ]  # fmt: skip
    for more, words in asked:
        text = admin.get(address, RANGE | more, headers=EN).content.decode()
        assert words in text, more
        assert "<html" not in text
    assert "These fields" in admin.get(address, headers=EN).content.decode()


@pytest.mark.parametrize(
    "more",
    [
        {"building_to": "0"},
        {"building_from": "5", "building_to": "4"},
        {"building_to": "600"},
        {"building_name": "栋"},
        {"building_name": "很" * 21},
        {"staircase_name": "单元"},
        {"floor_from": "9", "floor_to": "8"},
        {"floor_to": "99999999999"},
        {"doors": "0"},
        {"style": "nonsense"},
        {"skipped_floors": "4;x"},
        {"skipped_floors": "\x00"},
        {"building_to": "400", "doors": "60"},
        {"floor_from": "4", "floor_to": "4"},
    ],
)
def test_a_range_that_makes_no_sense_comes_back(
    jinxiu: Cast, admin: Client, more: dict[str, str]
) -> None:
    address = url(jinxiu, "unit_range", jinxiu.community.pk)
    assert admin.post(address, RANGE | more).status_code == 422
    with company_scope(jinxiu.company.pk):
        assert Unit.objects.count() == 1


def test_lists_of_places_ask_as_much_with_many(jinxiu: Cast, admin: Client) -> None:
    addresses = [
        url(jinxiu, "community_list"),
        url(jinxiu, "community", jinxiu.community.pk),
        url(jinxiu, "building", jinxiu.building.pk),
    ]
    first = [queries_of(admin, address) for address in addresses]
    with company_scope(jinxiu.company.pk):
        for number in range(2):
            community = Community.objects.create(name=f"小区{number}")
            Building.objects.create(community=jinxiu.community, name=f"{number}号")
            Building.objects.create(community=community, name="1栋")
            Unit.objects.create(
                building=jinxiu.building, community=jinxiu.community, number=str(number),
                label=str(number), floor=number,
            )  # fmt: skip
    assert [queries_of(admin, address) for address in addresses] == first


def test_places_are_renamed_and_laid_aside(jinxiu: Cast, admin: Client) -> None:
    building, unit = jinxiu.building.pk, jinxiu.unit.pk
    assert admin.post(url(jinxiu, "unit_add", building), {"number": "商1"}).status_code == 302
    bad = admin.post(url(jinxiu, "unit_add", building), {"number": ""}, follow=True)
    assert bad.context["messages"]
    data = {"name": "三号楼", "is_active": "on"}
    assert admin.post(url(jinxiu, "building", building), data).status_code == 302
    page = admin.get(url(jinxiu, "building", building))
    assert [unit.label for _floor, units in page.context["floors"] for unit in units] == [
        "三号楼1201", "三号楼商1"
    ]  # fmt: skip
    assert (
        admin.post(url(jinxiu, "unit", unit), {"number": "1202", "floor": "12"}).status_code == 302
    )
    assert admin.post(url(jinxiu, "unit", unit), {"number": "商1"}).status_code == 422
    data = {"name": "阳光花园一期"}
    assert admin.post(url(jinxiu, "community", jinxiu.community.pk), data).status_code == 302
    with company_scope(jinxiu.company.pk):
        assert Unit.objects.get(pk=unit).is_active is False
        assert Community.objects.get().is_active is False


def test_the_rivals_places_are_absent(jinxiu: Cast, heyue: Cast, admin: Client) -> None:
    for name, row in (("community", "community"), ("building", "building"), ("unit", "unit")):
        for pk in (getattr(heyue, row).pk, uuid4()):
            assert admin.get(url(jinxiu, name, pk)).status_code == 404
            assert admin.post(url(jinxiu, name, pk), {"name": "x"}).status_code == 404
