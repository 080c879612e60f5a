"""A ticket's page for staff."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from complaints.models import Ticket
from complaints.services.calling import call_back
from complaints.services.handling import accept, close, pause, resolve, resume
from complaints.services.owner_voice import rate
from complaints.services.talking import comment, note
from tenancy.scope import company_scope
from tests.conftest import SignIn
from tests.factories.cast import TUESDAY, Cast, resident

LATER = TUESDAY + timedelta(hours=1)


def url(cast: Cast, ticket: Any, name: str = "ticket_detail") -> str:
    pk = getattr(ticket, "pk", ticket)
    return reverse(f"complaints:{name}", kwargs={"company": cast.company.slug, "pk": pk})


@pytest.fixture
def ticket(jinxiu: Cast) -> Ticket:
    return jinxiu.file()


@pytest.fixture
def desk(jinxiu: Cast, sign_in: SignIn) -> Client:
    return sign_in(jinxiu.desk)


@pytest.mark.parametrize("role", ["owner", "technician", "desk", "supervisor", "manager", "admin"])
def test_ticket_is_seen_by_its_owner_and_by_staff(
    jinxiu: Cast, ticket: Ticket, sign_in: SignIn, role: str
) -> None:
    assert sign_in(jinxiu.members[role]).get(url(jinxiu, ticket)).status_code == 200


def test_ticket_of_the_rival_is_as_absent_as_none(
    jinxiu: Cast, heyue: Cast, desk: Client, sign_in: SignIn
) -> None:
    theirs = heyue.file()
    answers = [
        desk.get(url(jinxiu, theirs)),
        desk.get(url(jinxiu, uuid4())),
        sign_in(heyue.desk).get(url(jinxiu, jinxiu.file())),
    ]
    assert [answer.status_code for answer in answers] == [404, 404, 404]


def test_ticket_of_another_owner_is_absent(jinxiu: Cast, sign_in: SignIn) -> None:
    with company_scope(jinxiu.company.pk):
        other = resident(jinxiu, "李娜")
    ticket = jinxiu.file(owner=other)
    assert sign_in(jinxiu.owner).get(url(jinxiu, ticket)).status_code == 404


@pytest.mark.parametrize(
    ("status", "role", "expected"),
    [
        (
            "new",
            "desk",
            ["accept", "assign", "attach", "call", "comment", "note", "resolve"],
        ),
        ("new", "technician", ["accept", "attach", "comment", "note", "resolve"]),
        (
            "accepted",
            "desk",
            ["assign", "attach", "call", "comment", "note", "pause", "resolve"],
        ),
        (
            "paused",
            "desk",
            ["assign", "attach", "call", "comment", "note", "resolve", "resume"],
        ),
        ("resolved", "desk", ["attach", "call", "close", "comment", "note", "reopen"]),
        ("closed", "desk", ["note", "reopen"]),
        ("closed", "technician", ["note"]),
    ],
)
def test_ticket_offers_only_what_can_be_done(
    jinxiu: Cast, ticket: Ticket, sign_in: SignIn, status: str, role: str, expected: list[str]
) -> None:
    bring_to(jinxiu, ticket, status)
    answer = sign_in(jinxiu.members[role]).get(url(jinxiu, ticket))
    assert sorted(answer.context["offers"]) == expected


def bring_to(cast: Cast, ticket: Ticket, status: str) -> None:
    by: dict[str, Any] = {"ticket": ticket, "by": cast.actor("desk"), "now": TUESDAY}
    with company_scope(cast.company.pk):
        if status in ("accepted", "paused"):
            accept(**by)
        if status == "paused":
            pause(reason="part", **by)
        if status in ("resolved", "closed"):
            resolve(solution="换了门机", **by)
        if status == "closed":
            call_back(outcome="reached_satisfied", **by)
            close(**by)


def test_ticket_without_an_owner_offers_no_call(jinxiu: Cast, desk: Client) -> None:
    ticket = jinxiu.file(owner=None)
    assert "call" not in desk.get(url(jinxiu, ticket)).context["offers"]


def test_ticket_tells_everything_that_happened(jinxiu: Cast, ticket: Ticket, desk: Client) -> None:
    by: dict[str, Any] = {"by": jinxiu.actor("desk")}
    with company_scope(jinxiu.company.pk):
        accept(ticket=ticket, now=TUESDAY, **by)
        pause(ticket=ticket, reason="part", note="门机", now=TUESDAY, **by)
        resume(ticket=ticket, now=LATER, **by)
        call_back(ticket=ticket, outcome="no_answer", now=LATER, **by)
        comment(ticket=ticket, text="明天上午来", now=LATER, **by)
        note(ticket=ticket, text="业主很生气", now=LATER, **by)
        resolve(ticket=ticket, solution="换了门机", now=LATER, **by)
        call_back(ticket=ticket, outcome="reached_satisfied", note="好了", now=LATER, **by)
        rate(ticket=ticket, score=1, fixed=False, by=jinxiu.actor("owner"), now=LATER)
    answer = desk.get(url(jinxiu, ticket), headers={"Accept-Language": "en"})
    told = [(entry.kind, entry.text) for entry in reversed(answer.context["timeline"])]
    assert told == [
        ("filed", ""),
        ("accepted", ""),
        ("paused", "门机"),
        ("resumed", ""),
        ("called_back", ""),
        ("commented", "明天上午来"),
        ("noted", "业主很生气"),
        ("resolved", "换了门机"),
        ("called_back", "好了"),
        ("rated", ""),
        ("reopened", "not fixed"),
        ("escalated", "not fixed"),
    ]
    resumed = answer.context["timeline"][-4]
    assert resumed.lines[0] == "Waited 1 hour; that does not count."


def test_ticket_shows_the_owner_nothing_internal(
    jinxiu: Cast, ticket: Ticket, sign_in: SignIn
) -> None:
    with company_scope(jinxiu.company.pk):
        note(ticket=ticket, text="业主很生气", by=jinxiu.actor("desk"), now=TUESDAY)
    assert "业主很生气" not in sign_in(jinxiu.owner).get(url(jinxiu, ticket)).content.decode()


def test_ticket_stands_beside_its_owners_history(jinxiu: Cast, desk: Client) -> None:
    before = jinxiu.file(title="上次", now=TUESDAY - timedelta(days=10))
    with company_scope(jinxiu.company.pk):
        other = resident(jinxiu, "李娜")
        resolve(ticket=before, solution="done", by=jinxiu.actor("technician"), now=TUESDAY)
        rate(ticket=before, score=5, by=jinxiu.actor("owner"), now=TUESDAY)
    jinxiu.file(title="邻居", owner=other)
    beside = desk.get(url(jinxiu, jinxiu.file())).context["beside"]
    assert [(each.title, each.score) for each in beside.tickets] == [("上次", 5)]
    assert [(each.title, each.owner) for each in beside.neighbours] == [("邻居", "李娜")]
    assert (beside.repeats, beside.phone) == (1, "138****0001")


def test_ticket_masks_the_phone(jinxiu: Cast, ticket: Ticket, desk: Client) -> None:
    page = desk.get(url(jinxiu, ticket)).content.decode()
    assert ("138****0001" in page, "13800000001" in page) == (True, False)


def test_technician_reads_no_archive(jinxiu: Cast, ticket: Ticket, sign_in: SignIn) -> None:
    assert sign_in(jinxiu.technician).get(url(jinxiu, ticket)).context["beside"].owner is None


@pytest.mark.parametrize("count", [1, 3])
def test_ticket_asks_the_same_number_of_queries(
    jinxiu: Cast, ticket: Ticket, desk: Client, count: int
) -> None:
    by: dict[str, Any] = {"by": jinxiu.actor("desk"), "now": TUESDAY}
    for number in range(count):
        earlier = jinxiu.file(title=f"{number}", now=TUESDAY - timedelta(days=1))
        with company_scope(jinxiu.company.pk):
            call_back(ticket=earlier, outcome="busy", **by)
            call_back(ticket=ticket, outcome="busy", **by)
            note(ticket=ticket, text=f"{number}", **by)
    desk.get(url(jinxiu, ticket))
    with CaptureQueriesContext(connection) as queries:
        desk.get(url(jinxiu, ticket))
    assert len(queries) == QUERIES, [each["sql"][:160] for each in queries]


# Session, user, company, membership and the company's mark; the ticket, its deadlines, events and
# files; the owner's homes, tickets, ratings and calls, the neighbours' likewise; handlers; bell.
QUERIES = 25


def test_ticket_of_a_public_area_has_no_neighbours(jinxiu: Cast, desk: Client) -> None:
    ticket = jinxiu.file(unit=None, community=jinxiu.community)
    assert desk.get(url(jinxiu, ticket)).context["beside"].neighbours == []


def test_history_of_a_person_is_a_page_and_a_part_of_one(
    jinxiu: Cast, heyue: Cast, desk: Client, sign_in: SignIn
) -> None:
    ticket = jinxiu.file()
    address = url(jinxiu, jinxiu.resident, "owner_history")
    whole, part = desk.get(address), desk.get(address, headers={"HX-Request": "true"})
    assert ["<html" in answer.content.decode() for answer in (whole, part)] == [True, False]
    assert [each.pk for each in part.context["beside"].tickets] == [ticket.pk]
    assert sign_in(jinxiu.technician).get(address).status_code == 403
    assert desk.get(url(jinxiu, heyue.resident, "owner_history")).status_code == 404


def test_staff_who_live_here_rate_their_own_ticket(jinxiu: Cast, sign_in: SignIn) -> None:
    with company_scope(jinxiu.company.pk):
        type(jinxiu.desk).objects.filter(pk=jinxiu.desk.pk).update(roles=["desk", "owner"])
        type(jinxiu.resident).objects.filter(pk=jinxiu.resident.pk).update(membership=jinxiu.desk)
    ticket, client = jinxiu.file(), sign_in(jinxiu.desk)
    bring_to(jinxiu, ticket, "resolved")
    assert f"{url(jinxiu, ticket)}?as=owner" in client.get(url(jinxiu, ticket)).content.decode()
    own = client.get(f"{url(jinxiu, ticket)}?as=owner")
    assert (own.templates[0].name, own.context["can_rate"]) == (
        "complaints/owner_ticket.html",
        True,
    )
    wrong = client.post(url(jinxiu, ticket, "ticket_rate"), {"score": "9"})
    assert (wrong.status_code, wrong.templates[0].name) == (422, "complaints/owner_ticket.html")
    sent = {"score": "5", "fixed": "yes"}
    assert client.post(url(jinxiu, ticket, "ticket_rate"), sent).status_code == 302
    other = sign_in(jinxiu.supervisor).get(f"{url(jinxiu, ticket)}?as=owner")
    assert other.templates[0].name == "complaints/ticket_detail.html"
