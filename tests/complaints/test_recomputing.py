"""Changing a promise or a calendar moves what is open, and says so."""

from datetime import date, datetime, timedelta

import pytest

from complaints.models import Deadline, EventKind, Promise, PromiseKind, ServicePolicy, Ticket
from complaints.services import handling
from complaints.services.recomputing import recompute
from tenancy.models import CalendarDay, Community
from tenancy.scope import company_scope
from tests.factories.cast import TUESDAY, Cast

LATER = TUESDAY + timedelta(minutes=10)


def due(ticket: Ticket, promise: str) -> datetime:
    moment: datetime = Deadline.objects.get(ticket=ticket, promise=promise).due_at
    return moment


def test_a_day_off_moves_what_is_open_and_says_so(scoped: Cast) -> None:
    ticket = scoped.file()
    CalendarDay.objects.create(on=date(2026, 11, 11), note="停电检修")

    moved = recompute(by=scoped.actor("admin"), now=LATER, because="calendar")

    assert moved == 2  # acceptance is due before
    assert due(ticket, PromiseKind.CALLBACK) == TUESDAY + timedelta(days=2)
    events = ticket.events.filter(kind=EventKind.DUE_CHANGED).order_by("data__promise")
    assert [(event.data["promise"], event.data["because"]) for event in events] == [
        ("callback", "calendar"),
        ("resolution", "calendar"),
    ]
    assert datetime.fromisoformat(events[0].data["before"]) == TUESDAY + timedelta(days=1)


def test_a_day_off_of_another_community_moves_nothing(scoped: Cast) -> None:
    scoped.file()
    other = Community.objects.create(name="月亮湾")
    CalendarDay.objects.create(on=date(2026, 11, 11), community=other)

    assert recompute(by=scoped.actor("admin"), now=LATER, because="calendar") == 0


def test_a_changed_promise_moves_open_tickets_and_the_queue(scoped: Cast) -> None:
    ticket = handling.accept(ticket=scoped.file(), by=scoped.actor("desk"), now=LATER)
    Promise.objects.filter(promise=PromiseKind.CALLBACK).update(
        amount=120, measure="working_minutes"
    )

    moved = recompute(by=scoped.actor("admin"), now=LATER, because="promise")

    ticket.refresh_from_db()
    assert moved == 1
    assert ticket.next_due_at == due(ticket, PromiseKind.CALLBACK) == TUESDAY + timedelta(hours=2)


def test_recomputing_keeps_the_pauses(scoped: Cast) -> None:
    desk = scoped.actor("desk")
    ticket = handling.accept(ticket=scoped.file(), by=desk, now=LATER)
    handling.pause(ticket=ticket, reason="part", by=desk, now=LATER)
    handling.resume(ticket=ticket, by=desk, now=LATER + timedelta(hours=1))
    before = due(ticket, PromiseKind.RESOLUTION)

    assert recompute(by=desk, now=LATER, because="calendar") == 0
    assert due(ticket, PromiseKind.RESOLUTION) == before == TUESDAY + timedelta(days=3, hours=1)


def test_recomputing_leaves_kept_promises_and_the_rival_alone(jinxiu: Cast, heyue: Cast) -> None:
    theirs = heyue.file()
    with company_scope(jinxiu.company.pk):
        ticket = jinxiu.file()
        handling.accept(ticket=ticket, by=jinxiu.actor("desk"), now=LATER)
        kept = Deadline.objects.get(ticket=ticket, promise=PromiseKind.ACCEPTANCE)
        Promise.objects.update(amount=30, measure="working_minutes")

        recompute(by=jinxiu.actor("admin"), now=LATER, because="promise")

        again = Deadline.objects.get(pk=kept.pk)
        assert (again.due_at, again.met_at) == (kept.due_at, LATER)
    with company_scope(heyue.company.pk):
        assert due(theirs, PromiseKind.CALLBACK) == TUESDAY + timedelta(days=1)


def test_an_earlier_warning_takes_effect_without_moving_what_is_due(scoped: Cast) -> None:
    ticket = scoped.file()
    ServicePolicy.objects.update(warn_before=240)

    assert recompute(by=scoped.actor("admin"), now=LATER, because="policy") == 0

    callback = Deadline.objects.get(ticket=ticket, promise=PromiseKind.CALLBACK)
    # A working day is eight hours: the warning comes four before its end.
    assert callback.next_action_at == TUESDAY + timedelta(hours=5, minutes=30)
    assert not ticket.events.filter(kind=EventKind.DUE_CHANGED).exists()


@pytest.mark.parametrize("tickets", [1, 3])
def test_recomputing_asks_the_same_number_of_questions(
    scoped: Cast, tickets: int, django_assert_num_queries: object
) -> None:
    for _ in range(tickets):
        scoped.file()
    CalendarDay.objects.create(on=date(2026, 11, 11))

    with django_assert_num_queries(16):  # type: ignore[operator]
        recompute(by=scoped.actor("admin"), now=LATER, because="calendar")
