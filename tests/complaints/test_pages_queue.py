"""The desk's queue, as each role sees it."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from complaints.models import Kind, Ticket, Urgency
from complaints.services.handling import accept, resolve
from complaints.services.owner_voice import urge
from tenancy.scope import company_scope
from tests.conftest import SignIn
from tests.factories.cast import TUESDAY, Cast

HTMX = {"HX-Request": "true"}


def queue(cast: Cast) -> str:
    return reverse("complaints:queue", kwargs={"company": cast.company.slug})


def shown(client: Client, cast: Cast, query: str = "") -> list[str]:
    """The titles in the queue, in their order."""
    answer = client.get(f"{queue(cast)}?{query}")
    assert answer.status_code == 200
    return [row.title for row in answer.context["rows"]]


@pytest.mark.parametrize(
    ("role", "status"),
    [
        ("owner", 403),
        ("technician", 200),
        ("desk", 200),
        ("supervisor", 200),
        ("manager", 200),
        ("admin", 200),
    ],
)
def test_queue_is_for_staff(jinxiu: Cast, sign_in: SignIn, role: str, status: int) -> None:
    assert sign_in(jinxiu.members[role]).get(queue(jinxiu)).status_code == status


def test_queue_does_not_exist_for_strangers(jinxiu: Cast, heyue: Cast, sign_in: SignIn) -> None:
    assert sign_in(heyue.desk).get(queue(jinxiu)).status_code == 404


def test_queue_shows_the_ticket_and_not_the_rivals(
    jinxiu: Cast, heyue: Cast, sign_in: SignIn
) -> None:
    ticket, theirs = jinxiu.file(), heyue.file()
    page = sign_in(jinxiu.desk).get(queue(jinxiu)).content.decode()
    assert (str(ticket.pk) in page, str(theirs.pk) in page) == (True, False)


def test_queue_begins_with_what_is_due_next(jinxiu: Cast, sign_in: SignIn) -> None:
    jinxiu.file(title="later", now=TUESDAY + timedelta(hours=2))
    jinxiu.file(title="sooner", now=TUESDAY)
    jinxiu.file(title="trapped", category=jinxiu.trapped, now=TUESDAY + timedelta(minutes=5))
    assert shown(sign_in(jinxiu.desk), jinxiu) == ["trapped", "sooner", "later"]


def test_queue_names_the_promise_that_is_due_next(jinxiu: Cast, sign_in: SignIn) -> None:
    jinxiu.file()
    answer = sign_in(jinxiu.desk).get(queue(jinxiu), headers={"Accept-Language": "en"})
    (row,) = answer.context["rows"]
    assert (row.due.promise, row.due.state) == ("acceptance", "late")


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["solved", "new one", "mine"]),
        ("tab=mine", ["mine"]),
        ("tab=untaken", ["new one"]),
        ("tab=resolved", ["solved"]),
        ("tab=any", ["mine", "new one", "solved"]),
        ("tab=nonsense", ["solved", "new one", "mine"]),
        ("kind=repair", ["mine"]),
        ("kind=nonsense", ["solved", "new one", "mine"]),
        ("urgency=emergency", []),
        ("status=accepted", ["mine"]),
        ("assignee=me", ["mine"]),
        ("assignee=none", ["new one"]),
        ("assignee=nonsense", ["solved", "new one", "mine"]),
        ("category=nonsense", ["solved", "new one", "mine"]),
        ("late=true", ["solved", "new one", "mine"]),
        ("late=false", []),
        ("search=new", ["new one"]),
        ("search=%00", ["solved", "new one", "mine"]),
        ("search=" + "x" * 10_000, ["solved", "new one", "mine"]),
        ("search=%F0%9F%98%80%E2%80%AE", []),
        ("page=9999999999", ["solved", "new one", "mine"]),
        ("page=-1", ["solved", "new one", "mine"]),
    ],
)
def test_queue_is_narrowed_by_tabs_and_filters(
    jinxiu: Cast, sign_in: SignIn, query: str, expected: list[str]
) -> None:
    solved = jinxiu.file(title="solved", now=TUESDAY - timedelta(days=1))
    jinxiu.file(title="new one", now=TUESDAY)
    mine = jinxiu.file(
        title="mine", kind=Kind.REPAIR, category=jinxiu.tap, now=TUESDAY + timedelta(minutes=1)
    )
    with company_scope(jinxiu.company.pk):
        accept(ticket=mine, by=jinxiu.actor("desk"), now=TUESDAY)
        resolve(ticket=solved, solution="done", by=jinxiu.actor("technician"), now=TUESDAY)
    assert shown(sign_in(jinxiu.desk), jinxiu, query) == expected


def test_queue_offers_a_way_back_when_nothing_matches(jinxiu: Cast, sign_in: SignIn) -> None:
    answer = sign_in(jinxiu.desk).get(f"{queue(jinxiu)}?search=nothing")
    assert f'href="{queue(jinxiu)}"' in answer.content.decode()


def test_queue_marks_what_was_urged(jinxiu: Cast, sign_in: SignIn) -> None:
    ticket = jinxiu.file()
    with company_scope(jinxiu.company.pk):
        urge(ticket=ticket, by=jinxiu.actor("owner"), now=TUESDAY)
    (row,) = sign_in(jinxiu.desk).get(queue(jinxiu)).context["rows"]
    assert row.was_urged is True


def test_queue_of_a_technician_is_their_own_work(jinxiu: Cast, sign_in: SignIn) -> None:
    jinxiu.file(title="lift")
    other = jinxiu.file(title="other")
    with company_scope(jinxiu.company.pk):
        Ticket.objects.filter(pk=other.pk).update(department=jinxiu.desk_department)
    assert shown(sign_in(jinxiu.technician), jinxiu) == ["lift"]


def test_queue_swaps_only_its_rows_for_htmx(jinxiu: Cast, sign_in: SignIn) -> None:
    jinxiu.file()
    page = sign_in(jinxiu.desk).get(queue(jinxiu), headers=HTMX).content.decode()
    assert ("<html" in page, 'id="queue"' in page) == (False, True)


def test_queue_and_its_rows_are_kept_apart_by_the_browser(jinxiu: Cast, sign_in: SignIn) -> None:
    answer = sign_in(jinxiu.desk).get(queue(jinxiu), headers=HTMX)
    assert "HX-Request" in answer.headers["Vary"]


def test_queue_leafs_without_counting(jinxiu: Cast, sign_in: SignIn, settings: object) -> None:
    for number in range(52):
        jinxiu.file(title=f"{number:02}", now=TUESDAY + timedelta(minutes=number))
    client = sign_in(jinxiu.desk)
    first, second = shown(client, jinxiu), shown(client, jinxiu, "page=2")
    assert (len(first), second) == (50, ["50", "51"])
    found = "tab=any&search=电梯"  # the newest first
    assert shown(client, jinxiu, found) == sorted(first + second)[:1:-1]
    assert shown(client, jinxiu, f"{found}&page=2") == ["01", "00"]


@pytest.mark.parametrize("count", [1, 3])
def test_queue_asks_the_same_number_of_queries(jinxiu: Cast, sign_in: SignIn, count: int) -> None:
    for number in range(count):
        jinxiu.file(title=f"{number}", urgency=Urgency.URGENT)
    client = sign_in(jinxiu.desk)
    client.get(queue(jinxiu))
    with CaptureQueriesContext(connection) as queries:
        client.get(queue(jinxiu))
    assert len(queries) == QUERIES, [each["sql"][:200] for each in queries]


# Session, user, company, the company's mark in the transaction, membership; tickets, their
# promises; what can be filtered by; kept views; the number on the bell.
QUERIES = 15


def test_words_are_looked_for_in_what_is_open_and_in_the_newest(
    jinxiu: Cast, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("complaints.filters.ticket.SEARCHED", 1)
    titles = ["old and closed", "old and open", "newest but one", "newest"]
    tickets = [
        jinxiu.file(title=title, now=TUESDAY + timedelta(minutes=number))
        for number, title in enumerate(titles)
    ]
    with company_scope(jinxiu.company.pk):
        Ticket.objects.filter(pk=tickets[0].pk).update(
            status="closed", closed_at=TUESDAY, next_due_at=None
        )
    client = sign_in(jinxiu.desk)
    assert shown(client, jinxiu, "tab=any&search=old") == ["old and open"]
    assert shown(client, jinxiu, "tab=any&search=new") == ["newest", "newest but one"]
    assert shown(client, jinxiu, f"tab=any&search={tickets[0].number}") == ["old and closed"]
