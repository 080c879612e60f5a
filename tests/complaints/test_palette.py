"""One field for everything, as far as one may see it."""

from uuid import UUID

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from owners.models import Ownership
from owners.services.archive import create_owner
from tenancy.scope import company_scope
from tests.conftest import SignIn
from tests.factories.cast import TUESDAY, Cast


def ask(client: Client, **query: str) -> dict[str, list[str]]:
    address = reverse("complaints:palette", args=["jinxiu"])
    answer = client.get(address, query, headers={"Accept-Language": "zh-hans"})
    return {group.name: [each.label for each in group.found] for group in answer.context["groups"]}


@pytest.fixture
def desk(jinxiu: Cast, sign_in: SignIn) -> Client:
    return sign_in(jinxiu.desk)


@pytest.fixture
def lina(jinxiu: Cast) -> UUID:
    with company_scope(jinxiu.company.pk):
        owner = create_owner(name="李娜", phone="13900000002", by=jinxiu.actor("desk"), now=TUESDAY)
        Ownership.objects.create(owner=owner, unit=jinxiu.unit)
    return owner.pk


@pytest.mark.parametrize(
    ("role", "status"), [("owner", 403), ("technician", 200), ("desk", 200), ("admin", 200)]
)
def test_palette_is_for_those_who_work_in_the_queue(
    jinxiu: Cast, sign_in: SignIn, role: str, status: int
) -> None:
    client = sign_in(jinxiu.members[role])
    assert client.get(reverse("complaints:palette", args=["jinxiu"])).status_code == status


def test_palette_finds_tickets_by_number_and_words(jinxiu: Cast, heyue: Cast, desk: Client) -> None:
    heyue.file(title="电梯漏水")
    ticket = jinxiu.file(title="电梯漏水")
    jinxiu.file(title="门禁")
    for query in (ticket.number, ticket.number[-4:], "漏水", "漏水 "):
        assert ask(desk, q=query)["tickets"] == ["电梯漏水"]


@pytest.mark.parametrize("query", ["李娜", "ln", "lina", "13900000002", "0002"])
def test_palette_finds_people(jinxiu: Cast, desk: Client, lina: UUID, query: str) -> None:
    assert ask(desk, q=query)["owners"] == ["李娜"]


def test_palette_finds_who_lives_in_a_unit(jinxiu: Cast, desk: Client, lina: UUID) -> None:
    assert ask(desk, q="3-1201")["owners"] == ["李娜", "张伟"]


def test_palette_hides_people_from_those_who_may_not_know_them(
    jinxiu: Cast, sign_in: SignIn, lina: UUID
) -> None:
    technician = sign_in(jinxiu.technician)
    assert "owners" not in ask(technician, q="李娜")
    assert "recent" not in ask(technician, recent=f"o:{lina}")


def test_palette_hides_tickets_that_one_may_not_see(jinxiu: Cast, sign_in: SignIn) -> None:
    ticket = jinxiu.file(title="漏水", category=jinxiu.lift)
    with company_scope(jinxiu.company.pk):
        type(ticket).objects.filter(pk=ticket.pk).update(department=None)
    technician = sign_in(jinxiu.technician)
    assert "tickets" not in ask(technician, q=ticket.number)
    assert "recent" not in ask(technician, recent=f"t:{ticket.pk}")


@pytest.mark.parametrize(
    ("query", "places"),
    [
        ("hf", ["回访清单", "电话访问与纸质录入"]),
        ("huifang", ["回访清单"]),
        ("回访", ["回访清单"]),
    ],
)
def test_palette_knows_the_way(jinxiu: Cast, desk: Client, query: str, places: list[str]) -> None:
    assert ask(desk, q=query)["places"] == places


def test_palette_begins_with_where_one_was(
    jinxiu: Cast, heyue: Cast, desk: Client, lina: UUID
) -> None:
    mine, theirs = jinxiu.file(title="mine"), heyue.file(title="theirs")
    recent = f"o:{lina},t:{theirs.pk},t:{mine.pk},t:nonsense,x:{mine.pk},,"
    found = ask(desk, recent=recent)
    assert found["recent"] == ["李娜", "mine"]
    shouted = f"t:{str(mine.pk).upper()},o:{lina.hex},t:{mine.pk}"
    assert ask(desk, recent=shouted)["recent"] == ["mine", "李娜"]
    assert len(found["places"]) > 3


@pytest.mark.parametrize("query", ["nobody at all", "\x00", "x" * 5_000, "😀", "%", "_"])
def test_palette_takes_whatever_is_typed(jinxiu: Cast, desk: Client, query: str) -> None:
    answer = desk.get(reverse("complaints:palette", args=["jinxiu"]), {"q": query})
    assert answer.status_code == 200


@pytest.mark.parametrize("count", [1, 3])
def test_palette_asks_the_same_number_of_queries(jinxiu: Cast, desk: Client, count: int) -> None:
    with company_scope(jinxiu.company.pk):
        for number in range(count):
            create_owner(name=f"漏{number}", by=jinxiu.actor("desk"), now=TUESDAY)
    for number in range(count):
        jinxiu.file(title=f"漏水 {number}")
    ask(desk, q="漏")
    with CaptureQueriesContext(connection) as queries:
        ask(desk, q="漏")
    assert len(queries) == QUERIES, [each["sql"][:160] for each in queries]


# Session, user, company, savepoint and the company's mark, membership; tickets, people, homes.
QUERIES = 11
