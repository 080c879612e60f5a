"""What pages that stay open may hear, and who has a ticket open."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from redis import Redis

from complaints.services import handling, presence
from complaints.services.changes import (
    changes_after,
    floor_of,
    moment_of,
    visible_tickets,
)
from complaints.services.presence import WRITES, forget_presence, note_presence, present
from complaints.views.live import OFFER, Grant
from tenancy.models import uuid7
from tests.conftest import SignIn
from tests.factories.cast import TUESDAY, Cast


def news(client: Client, since: str = "") -> dict[str, Any]:
    answer = client.get(reverse("complaints:queue_news", args=["jinxiu"]), {"since": since})
    assert answer.status_code == 200
    body: dict[str, Any] = answer.json()
    return body


def live(client: Client, ticket: object = "", **more: Any) -> Any:
    address = reverse("complaints:live", args=["jinxiu"])
    return client.get(address, {"ticket": str(ticket)} if ticket else {}, **more)


# --- changes ---


def test_changes_are_told_in_the_order_in_which_they_were_written(scoped: Cast) -> None:
    before = floor_of(timezone.now() - timedelta(seconds=1))
    ticket = scoped.file()
    handling.accept(ticket=ticket, by=scoped.actor("desk"), now=TUESDAY)
    found = changes_after(before)
    assert [(each.kind, each.ticket, each.name) for each in found] == [
        ("filed", ticket.pk, "owner"),
        ("accepted", ticket.pk, "desk"),
    ]
    assert changes_after(found[0].event) == found[1:]


def test_a_place_in_the_timeline_is_a_moment() -> None:
    now = timezone.now()
    assert abs(moment_of(uuid7(), now) - now) < timedelta(seconds=1)
    assert floor_of(now) < uuid7()
    assert moment_of(UUID(int=2**128 - 1), now).year == 9999


def test_members_of_whom_the_same_is_asked_share_one_query(scoped: Cast) -> None:
    ticket = scoped.file()
    members = [scoped.members[name] for name in ("desk", "supervisor", "manager", "admin")]
    with CaptureQueriesContext(connection) as queries:
        found = visible_tickets(members, [ticket.pk])
    assert found == {each.pk: frozenset([ticket.pk]) for each in members}
    assert len(queries) == 1


def test_members_hear_only_of_what_they_may_see(scoped: Cast) -> None:
    ticket = scoped.file()
    type(ticket).objects.filter(pk=ticket.pk).update(department=None)
    found = visible_tickets([scoped.technician, scoped.desk], [ticket.pk])
    assert found == {
        scoped.technician.pk: frozenset(),
        scoped.desk.pk: frozenset([ticket.pk]),
    }


# --- the page that is asked ---


def test_news_tell_what_others_did(jinxiu: Cast, heyue: Cast, sign_in: SignIn) -> None:
    desk = sign_in(jinxiu.desk)
    since = news(desk)["after"]
    heyue.file()
    ticket = jinxiu.file()
    found = news(desk, since)
    assert [(each["ticket"], each["kind"], each["by"]) for each in found["changes"]] == [
        (str(ticket.pk), "filed", "owner")
    ]
    assert (found["many"], found["changes"][0]["mine"]) == (False, False)


def test_news_of_ones_own_are_marked(jinxiu: Cast, sign_in: SignIn) -> None:
    jinxiu.file(by="desk")
    assert [each["mine"] for each in news(sign_in(jinxiu.desk))["changes"]] == [True]


@pytest.mark.parametrize(
    ("since", "many"),
    [
        ("", False),
        ("nonsense", False),
        (str(UUID(int=0)), True),
        (str(UUID(int=2**128 - 1)), False),
        ("1", True),
        ("99999999999", False),
        ("9" * 30, False),
        ("٣", False),
    ],
)
def test_news_go_on_from_anywhere(jinxiu: Cast, sign_in: SignIn, since: str, many: bool) -> None:
    assert news(sign_in(jinxiu.desk), since)["many"] is many


@pytest.mark.parametrize(
    ("role", "status"), [("owner", 403), ("technician", 200), ("desk", 200), ("admin", 200)]
)
def test_news_are_for_those_who_work_in_the_queue(
    jinxiu: Cast, sign_in: SignIn, role: str, status: int
) -> None:
    client = sign_in(jinxiu.members[role])
    assert client.get(reverse("complaints:queue_news", args=["jinxiu"])).status_code == status


@pytest.mark.parametrize("count", [1, 3])
def test_news_ask_the_same_number_of_queries(jinxiu: Cast, sign_in: SignIn, count: int) -> None:
    desk = sign_in(jinxiu.desk)
    news(desk)
    for _number in range(count):
        jinxiu.file()
    with CaptureQueriesContext(connection) as queries:
        assert len(news(desk)["changes"]) == count
    assert len(queries) == QUERIES, [each["sql"][:160] for each in queries]


# Session, user, company, savepoint and the company's marks, membership; events and tickets.
QUERIES = 10


# --- whether somebody may listen ---


def test_where_nobody_streams_the_page_is_told_to_ask(jinxiu: Cast, sign_in: SignIn) -> None:
    assert live(sign_in(jinxiu.desk)).status_code == 204


def test_a_member_may_listen(jinxiu: Cast, sign_in: SignIn) -> None:
    ticket, offered = jinxiu.file(), list[Grant]()
    answer = live(sign_in(jinxiu.desk), ticket.pk, **{OFFER: offered})
    assert (answer.status_code, len(offered)) == (200, 1)
    grant = offered[0]
    assert (grant.company, grant.member, grant.ticket) == (
        jinxiu.company.pk,
        jinxiu.desk,
        ticket.pk,
    )


def test_nobody_listens_to_a_ticket_they_may_not_see(
    jinxiu: Cast, heyue: Cast, sign_in: SignIn
) -> None:
    client, offered = sign_in(jinxiu.desk), list[Grant]()
    for ticket in (heyue.file().pk, uuid4(), "nonsense"):
        assert live(client, ticket, **{OFFER: offered}).status_code == 404
    assert offered == []


def test_no_header_can_offer_anything(jinxiu: Cast, sign_in: SignIn) -> None:
    assert live(sign_in(jinxiu.desk), headers={OFFER: "x"}).status_code == 204


# --- presence ---


@pytest.fixture
def someone(scoped: Cast) -> dict[str, Any]:
    """A company and a ticket that somebody has open."""
    return {"company": scoped.company.pk, "ticket": scoped.file().pk}


def there(where: dict[str, Any]) -> list[tuple[str, bool]]:
    found = present(company=where["company"], tickets=[where["ticket"]])
    return [(each.name, each.writes) for each in found.get(where["ticket"], [])]


def test_who_has_a_ticket_open_is_named_once(scoped: Cast, someone: dict[str, Any]) -> None:
    for member, window in ((scoped.desk, "a"), (scoped.desk, "b"), (scoped.admin, "c")):
        note_presence(**someone, member=member, window=window)
    note_presence(**someone, member=scoped.admin, window="c", state=WRITES)
    assert there(someone) == [("admin", True), ("desk", False)]


def test_one_of_two_windows_may_be_closed(scoped: Cast, someone: dict[str, Any]) -> None:
    for window in ("a", "b"):
        note_presence(**someone, member=scoped.desk, window=window)
    forget_presence(**someone, member=scoped.desk.pk, window="a")
    assert there(someone) == [("desk", False)]
    forget_presence(**someone, member=scoped.desk.pk, window="b")
    assert there(someone) == []


def test_whoever_is_silent_is_gone(
    scoped: Cast, someone: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    note_presence(**someone, member=scoped.desk, window="a")
    note_presence(**someone, member=scoped.admin, window="b", state=WRITES)
    monkeypatch.setattr(presence, "WRITING", -1)
    assert there(someone) == [("desk", False)]
    monkeypatch.setattr(presence, "SILENCE", -1)
    assert there(someone) == []


def test_without_redis_nobody_is_shown_and_nothing_breaks(
    scoped: Cast, someone: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    nowhere = Redis.from_url("unix:///nowhere/redis.sock")
    monkeypatch.setattr(presence, "_redis", lambda: nowhere)
    monkeypatch.setattr(presence._Breaker, "down_until", 0.0)
    for _twice in range(2):
        note_presence(**someone, member=scoped.desk, window="a")
        assert there(someone) == []
        forget_presence(**someone, member=scoped.desk.pk, window="a")
    monkeypatch.setattr(presence._Breaker, "down_until", 0.0)
    assert there(someone) == []
    monkeypatch.setattr(presence._Breaker, "down_until", 0.0)
    forget_presence(**someone, member=scoped.desk.pk, window="a")


def test_somebody_who_writes_says_so(jinxiu: Cast, heyue: Cast, sign_in: SignIn) -> None:
    ticket, theirs = jinxiu.file(), heyue.file()
    desk = sign_in(jinxiu.desk)
    for row, status in ((ticket, 204), (theirs, 404)):
        address = reverse("complaints:ticket_writing", args=["jinxiu", row.pk])
        assert desk.post(address, {"window": "a" * 500}).status_code == status
    assert there({"company": jinxiu.company.pk, "ticket": ticket.pk}) == [("desk", True)]
