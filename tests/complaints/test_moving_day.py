"""Another day for what the company set itself to do."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.utils.translation import override

from complaints.models import (
    Deadline,
    Escalation,
    EventKind,
    Promise,
    PromiseKind,
    ServicePolicy,
    Ticket,
)
from complaints.services import handling, lifecycle, moving_day
from complaints.services.enforcement import enforce
from complaints.views.ticket_timeline import Teller
from notifications.models import Notification
from notifications.services.rendering import text_of
from tenancy.scope import company_scope
from tenancy.services.refusal import Refused
from tests.api.conftest import ApiOf, api
from tests.complaints.test_own_work import (
    CLOSING,
    DUE,
    LATER,
    LINK,
    address,
    deadlines,
    set_task,
)
from tests.conftest import SignIn
from tests.factories.cast import SHANGHAI, TUESDAY, Cast

__all__ = ["api"]  # the fixture

NEXT_WEEK = date(2026, 12, 1)
THEN = CLOSING + timedelta(days=7)


def moment(told: str) -> datetime:
    return datetime.fromisoformat(told)


def move_day(cast: Cast, ticket: Ticket, **more: Any) -> Ticket:
    facts: dict[str, Any] = {"due_on": NEXT_WEEK, "reason": "配件下周才到", "now": LATER, **more}
    return moving_day.move_day(ticket=ticket, by=cast.actor("manager"), **facts)


def test_day_is_moved_with_the_reason_why(scoped: Cast) -> None:
    ticket = set_task(scoped)
    moved = move_day(scoped, ticket)
    row = Deadline.objects.get(ticket=ticket)
    assert (moved.next_due_at, row.due_at, row.starts_at) == (THEN, THEN, TUESDAY)
    assert (moment(row.explanation["due_at"]), row.explanation["named"]) == (THEN, True)
    warned = THEN - timedelta(minutes=ServicePolicy.objects.get().warn_before)
    assert (row.next_level, row.next_action_at) == (0, warned)
    event = ticket.events.get(kind=EventKind.DUE_CHANGED)
    said = {"promise": "resolution", "because": "moved", "reason": "配件下周才到"}
    days = [moment(event.data.pop(name)) for name in ("before", "due_at")]
    assert (event.by, event.data, days) == (scoped.manager, said, [CLOSING, THEN])
    (news,) = Notification.objects.filter(dedupe_key__contains="moved")
    assert news.recipient == scoped.supervisor
    with override("en"):
        told = text_of(news, zone=SHANGHAI, now=LATER)
    assert told == f"{ticket.number} is to be done by Tue 1 Dec, 18:00 now: 报修要更快"
    # Earlier again, by whoever is in charge: nobody need be told.
    mine = set_task(scoped, assignee=scoped.manager)
    move_day(scoped, mine, due_on=date(2026, 11, 20))
    assert Ticket.objects.get(pk=mine.pk).next_due_at == CLOSING - timedelta(days=4)
    assert Notification.objects.filter(recipient=scoped.manager).count() == 0


def test_day_is_not_moved_without_reason_or_to_nowhere(scoped: Cast) -> None:
    ticket = set_task(scoped)
    for more, refused in (
        ({"reason": " "}, "reason_missing"),
        ({"due_on": DUE}, "same_day"),
        ({"due_on": date(2026, 11, 9)}, "day_is_past"),
        ({"due_on": date.max}, "day_is_past"),
    ):
        with pytest.raises(Refused) as refusal:
            move_day(scoped, ticket, **more)
        assert refusal.value.code == refused
    with pytest.raises(lifecycle.NoDayNamed):
        move_day(scoped, scoped.file())
    by = scoped.actor("supervisor")
    done = handling.resolve(ticket=ticket, solution=LINK, by=by, now=LATER)
    with pytest.raises(lifecycle.WrongState):
        move_day(scoped, done)
    assert deadlines(ticket) == [(PromiseKind.RESOLUTION, CLOSING)]
    assert not ticket.events.filter(kind=EventKind.DUE_CHANGED).exists()


def test_missed_day_stays_missed_and_the_next_level_waits(jinxiu: Cast, heyue: Cast) -> None:
    with company_scope(jinxiu.company.pk):
        ticket = set_task(jinxiu)
    with company_scope(heyue.company.pk), pytest.raises(Ticket.DoesNotExist):
        move_day(heyue, ticket)
    morning = CLOSING + timedelta(minutes=1)
    enforce(now=morning)
    with company_scope(jinxiu.company.pk):
        move_day(jinxiu, ticket, now=morning)
        row = Deadline.objects.get(ticket=ticket)
        assert (row.breached_at(morning), row.next_level) == (None, 2)
        assert row.next_action_at is not None
        assert row.next_action_at > THEN  # the manager's turn
    enforce(now=THEN - timedelta(minutes=1))
    with company_scope(jinxiu.company.pk):
        levels = Escalation.objects.filter(ticket=ticket).order_by("level")
        assert list(levels.values_list("level", flat=True)) == [0, 1]
        late = ticket.events.get(kind=EventKind.BREACHED)
        assert moment(late.data["due_at"]) == CLOSING


def test_paused_or_opened_again_it_is_moved_as_well(scoped: Cast) -> None:
    by = scoped.actor("supervisor")
    ticket = handling.pause(ticket=set_task(scoped), reason="part", by=by, now=LATER)
    moved = move_day(scoped, ticket)
    row = Deadline.objects.get(ticket=ticket)
    assert (moved.next_due_at, row.due_at, row.next_action_at) == (None, THEN, None)
    handling.resume(ticket=ticket, by=by, now=LATER)
    assert Ticket.objects.get(pk=ticket.pk).next_due_at == THEN
    # Opened again it keeps the day that was named last, not the one furthest away.
    done = handling.resolve(ticket=ticket, solution=LINK, by=by, now=LATER)
    again = handling.reopen(ticket=done, reason="没有好", by=by, now=LATER)
    again = move_day(scoped, again, due_on=DUE)
    done = handling.resolve(ticket=again, solution=LINK, by=by, now=LATER)
    again = handling.reopen(ticket=done, reason="没有好", by=by, now=LATER)
    assert again.next_due_at == CLOSING
    # After its day it is counted as promised, until somebody names a day.
    done = handling.resolve(ticket=again, solution=LINK, by=by, now=CLOSING + timedelta(days=1))
    again = handling.reopen(ticket=done, reason="没有好", by=by, now=CLOSING + timedelta(days=1))
    assert Deadline.objects.get(ticket=ticket, cycle=4).measure == "working_days"
    move_day(scoped, again, now=CLOSING + timedelta(days=1))
    row = Deadline.objects.get(ticket=ticket, cycle=4)
    assert (row.measure, row.amount, row.due_at) == ("given_day", 0, THEN)


def test_day_is_named_where_nothing_was_due(scoped: Cast) -> None:
    Promise.objects.update(is_active=False)
    by = scoped.actor("supervisor")
    late = CLOSING + timedelta(days=1)
    done = handling.resolve(ticket=set_task(scoped), solution=LINK, by=by, now=late)
    again = handling.reopen(ticket=done, reason="没有好", by=by, now=late)
    assert again.next_due_at is None
    assert move_day(scoped, again, now=late).next_due_at == THEN
    assert deadlines(again)[-1] == (PromiseKind.RESOLUTION, THEN)
    event = again.events.get(kind=EventKind.DUE_CHANGED)
    with override("en"):
        (entry,) = Teller(SHANGHAI, late).entries([event])
    assert (entry.label, entry.lines, entry.text) == (
        "day moved", ["resolution: – → Tue 1 Dec, 18:00"], "配件下周才到",
    )  # fmt: skip


def test_page_moves_the_day_for_whoever_decides(jinxiu: Cast, heyue: Cast, sign_in: SignIn) -> None:
    with company_scope(jinxiu.company.pk):
        ticket, complaint = set_task(jinxiu), jinxiu.file()
    target = address(jinxiu, "ticket_move_day", ticket)
    sent = {"due_on": "2026-12-01", "reason": "配件下周才到"}
    desk = sign_in(jinxiu.desk)
    offered = desk.get(address(jinxiu, "ticket_detail", ticket)).context["offers"]
    assert ("move_day" in offered, desk.post(target, sent).status_code) == (False, 403)
    assert sign_in(heyue.supervisor).post(target, sent).status_code == 404
    client = sign_in(jinxiu.supervisor)
    page = address(jinxiu, "ticket_detail", complaint)
    assert "move_day" not in client.get(page).context["forms"]
    assert target in client.get(address(jinxiu, "ticket_detail", ticket)).content.decode()
    with time_machine.travel(LATER, tick=False):
        wrong = client.post(target, {"due_on": "soon", "reason": "配件"})
        early = client.post(target, {**sent, "due_on": "2026-11-01"})
        done = client.post(target, sent)
    assert (wrong.status_code, early.status_code, done.status_code) == (422, 409, 302)
    assert early.context["forms"]["move_day"]["reason"].value() == "配件下周才到"
    page = address(jinxiu, "ticket_detail", ticket)
    assert "配件下周才到" in client.get(page).content.decode()
    with company_scope(jinxiu.company.pk):
        assert Ticket.objects.get(pk=ticket.pk).next_due_at == THEN


def test_program_moves_the_day(jinxiu: Cast, heyue: Cast, api: ApiOf) -> None:
    with company_scope(jinxiu.company.pk):
        ticket, complaint = set_task(jinxiu), jinxiu.file()
    path, sent = f"tickets/{ticket.pk}/move_day/", {"due_on": "2026-12-01", "reason": "等配件"}
    with time_machine.travel(LATER, tick=False):
        theirs = api(heyue.supervisor).post(f"/jinxiu/api/v1/{path}", sent)
        assert theirs.status_code in (401, 403, 404)
        assert api(jinxiu.desk).post(path, sent).status_code == 403
        mine = api(jinxiu.supervisor)
        assert mine.post(path, {**sent, "reason": ""}).status_code == 400
        for other, body, code in (
            (path, {**sent, "due_on": "2026-11-24"}, "same_day"),
            (path, {**sent, "due_on": "2026-11-09"}, "day_is_past"),
            (f"tickets/{complaint.pk}/move_day/", sent, "no_day_named"),
        ):
            answer = mine.post(other, body)
            assert (answer.status_code, answer.json()["code"]) == (409, code)
        moved = mine.post(path, sent)
    assert (moved.status_code, moved.json()["next_due_at"]) == (200, "2026-12-01T10:00:00+00:00")
