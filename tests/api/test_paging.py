"""Pages by keyset: complete, stable, the same both ways, and cheap however far."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from complaints.models import Ticket
from tenancy.models import Membership
from tenancy.models.base import uuid7
from tenancy.scope import company_scope
from tests.api.conftest import Api, ApiOf
from tests.factories.cast import TUESDAY, Cast

ORDERS = ["next_due_at", "-next_due_at", "created_at", "-created_at"]


def fill(cast: Cast, count: int) -> list[Ticket]:
    """Tickets, some due at one moment and some never, some filed at one moment."""
    with company_scope(cast.company.pk):
        rows = [
            Ticket(
                id=uuid7(),
                number=f"t-{number}",
                kind="complaint",
                category=cast.lift,
                urgency="normal",
                source="phone",
                title=f"电梯又停了 {number}",
                community=cast.community,
                unit=cast.unit,
                owner=cast.resident,
                department=cast.engineering,
                created_at=TUESDAY + timedelta(minutes=number // 3),
                next_due_at=None if number % 4 == 0 else TUESDAY + timedelta(hours=number % 5),
            )
            for number in range(count)
        ]
        Ticket.objects.bulk_create(rows)
    return rows


def walk(client: Api, address: str, way: str) -> tuple[list[list[str]], str]:
    """Follow `next` or `previous` to the end: the numbers on each page, and the last address."""
    pages, last = [], address
    while address:
        body = client.get(address).json()
        pages.append([ticket["number"] for ticket in body["results"]])
        last, address = address, body[way]
        assert len(pages) < 50
    return pages, last


@pytest.mark.parametrize("ordering", ORDERS)
def test_pages_are_the_list(jinxiu: Cast, heyue: Cast, api: ApiOf, ordering: str) -> None:
    fill(jinxiu, 23)
    fill(heyue, 23)
    desk = api(jinxiu.desk)
    whole = [t["number"] for t in desk.results(f"tickets/?ordering={ordering}&page_size=200")]

    pages, last = walk(desk, f"tickets/?ordering={ordering}&page_size=4&status=open", "next")
    assert [len(page) for page in pages] == [4, 4, 4, 4, 4, 3]
    assert [number for page in pages for number in page] == whole
    assert len(set(whole)) == 23
    back, _first = walk(desk, last, "previous")
    assert back == pages[::-1]


def test_orders_are_each_others_reverse(jinxiu: Cast, api: ApiOf) -> None:
    fill(jinxiu, 12)
    desk = api(jinxiu.desk)

    def numbers(ordering: str) -> list[str]:
        return [t["number"] for t in desk.results(f"tickets/?ordering={ordering}")]

    assert numbers("-next_due_at") == numbers("next_due_at")[::-1]
    assert numbers("-created_at") == numbers("created_at")[::-1]
    assert numbers("next_due_at")[-3:] == ["t-0", "t-4", "t-8"]


def test_a_row_added_meanwhile_moves_nothing(jinxiu: Cast, api: ApiOf) -> None:
    fill(jinxiu, 6)
    desk = api(jinxiu.desk)
    first = desk.get("tickets/?page_size=3").json()
    jinxiu.file(now=TUESDAY + timedelta(days=1))
    second = desk.get(first["next"]).json()

    numbers = [t["number"] for page in (first, second) for t in page["results"]]
    assert sorted(numbers) == [f"t-{number}" for number in range(6)]
    newer = desk.get(second["previous"]).json()
    assert [t["number"] for t in newer["results"]] == [t["number"] for t in first["results"]]
    assert newer["previous"] is not None


def test_a_list_that_fits_has_no_neighbours(jinxiu: Cast, api: ApiOf) -> None:
    fill(jinxiu, 3)
    desk = api(jinxiu.desk)
    exact = desk.get("tickets/?page_size=3").json()
    assert (exact["next"], exact["previous"]) == (None, None)
    empty = desk.get("tickets/?status=closed").json()
    assert empty == {"next": None, "previous": None, "results": []}


def test_links_keep_what_was_asked(jinxiu: Cast, api: ApiOf) -> None:
    fill(jinxiu, 3)
    link = api(jinxiu.desk).get("tickets/?status=open&page_size=1&ordering=next_due_at").json()
    assert link["next"].startswith("http://testserver/jinxiu/api/v1/tickets/?")
    for part in ("status=open", "page_size=1", "ordering=next_due_at", "cursor="):
        assert part in link["next"]


def test_a_cursor_of_another_order_is_refused(jinxiu: Cast, api: ApiOf) -> None:
    fill(jinxiu, 3)
    desk = api(jinxiu.desk)
    cursor = desk.get("tickets/?page_size=1").json()["next"].partition("cursor=")[2].split("&")[0]
    answer = desk.get(f"tickets/?ordering=next_due_at&cursor={cursor}")
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (400, "?cursor")


@pytest.mark.parametrize("ordering", ORDERS)
def test_pages_are_read_from_the_index(
    jinxiu: Cast, heyue: Cast, api: ApiOf, ordering: str
) -> None:
    """An index gives the order, and a page does not read those before it."""
    for cast in (jinxiu, heyue):
        fill(cast, 3000)
    desk = api(jinxiu.desk)
    body = desk.get(f"tickets/?ordering={ordering}&page_size=20&status=open").json()
    for _ in range(3):
        with CaptureQueriesContext(connection) as queries:
            body = desk.get(body["next"]).json()
    pages = [each["sql"] for each in queries if "LIMIT 21" in each["sql"]]
    with company_scope(jinxiu.company.pk), connection.cursor() as cursor:
        # These tables have no statistics, so that sorting looks cheap. Without it, is there a way?
        cursor.execute("SET LOCAL enable_sort = off")
        for sql in pages:
            cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON, COSTS OFF, TIMING OFF) {sql}")
            ((plan,),) = cursor.fetchall()
            nodes = list(walk_plan(plan[0]["Plan"]))
            assert {each["Node Type"] for each in nodes}.isdisjoint({"Sort", "Seq Scan"}), nodes
            scan = next(each for each in nodes if "Index Name" in each)
            assert scan["Index Name"] in ("ticket_queue", "ticket_newest", "ticket_by_due")
            assert scan.get("Rows Removed by Filter", 0) <= 1000, scan


def walk_plan(node: dict[str, Any]) -> Any:
    yield node
    for child in node.get("Plans", []):
        yield from walk_plan(child)


@pytest.mark.parametrize("noun", ["members", "communities", "departments", "categories", "units"])
def test_every_list_has_pages(jinxiu: Cast, api: ApiOf, noun: str) -> None:
    desk = api(jinxiu.desk)
    whole = [row["id"] for row in desk.results(f"{noun}/")]
    pages, address = [], f"{noun}/?page_size=1"
    while address:
        body = desk.get(address).json()
        pages += [row["id"] for row in body["results"]]
        address = body["next"]
    assert pages == whole
    with company_scope(jinxiu.company.pk):
        assert Membership.objects.count() == 7
