"""A technician's steps: what they change, who may take them, and when they are believed."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings, strategies

from complaints.models import EventKind, Payer, Status, Ticket, TicketEvent, WorkRecord
from complaints.services import handling, working
from complaints.services.lifecycle import WrongState
from complaints.services.working_moments import TOLERANCE, PhoneTime, happened
from notifications.models import Notification
from tenancy.services.actor import MACHINE, Actor, Via
from tests.factories.cast import TUESDAY, Cast

HOUR = timedelta(hours=1)


def technician(cast: Cast) -> Actor:
    return cast.actor("technician")


def job(cast: Cast) -> Ticket:
    """A ticket that the desk has handed to the technician."""
    ticket = cast.file()
    return handling.assign(
        ticket=ticket, assignee=cast.technician, by=cast.actor("desk"), now=TUESDAY
    )


def kinds(ticket: Ticket) -> list[str]:
    events = TicketEvent.objects.filter(ticket_id=ticket.pk).order_by("id")
    return [event.kind for event in events]


def record_of(ticket: Ticket) -> WorkRecord:
    record: WorkRecord = WorkRecord.objects.get(ticket_id=ticket.pk, cycle=ticket.cycle)
    return record


def told(cast: Cast) -> list[str]:
    lines = Notification.objects.filter(recipient=cast.owner).order_by("created_at", "id")
    return [line.message for line in lines]


def test_a_job_goes_from_accepted_to_done(scoped: Cast) -> None:
    ticket, by = job(scoped), technician(scoped)

    working.take(ticket=ticket, by=by, now=TUESDAY)
    working.set_off(ticket=ticket, by=by, now=TUESDAY + HOUR)
    working.arrive(ticket=ticket, by=by, now=TUESDAY + 2 * HOUR)
    ticket = working.finish(
        ticket=ticket,
        solution="换了门机皮带",
        minutes=40,
        labour_fee=Decimal("50.00"),
        payer=Payer.OWNER,
        by=by,
        now=TUESDAY + 3 * HOUR,
    )

    record = record_of(ticket)
    assert (ticket.status, ticket.solution) == (Status.RESOLVED, "换了门机皮带")
    assert [record.set_off_at, record.arrived_at, record.done_at] == [
        TUESDAY + HOUR,
        TUESDAY + 2 * HOUR,
        TUESDAY + 3 * HOUR,
    ]
    assert (record.minutes, record.labour_fee, record.payer) == (40, Decimal(50), "owner")
    assert record.is_time_corrected is False
    assert kinds(ticket) == [
        "filed", "assigned", "accepted", "set_off", "arrived", "worked", "resolved",
    ]  # fmt: skip


def test_the_owner_hears_of_each_step(scoped: Cast) -> None:
    ticket, by = job(scoped), technician(scoped)
    working.set_off(ticket=ticket, by=by, now=TUESDAY)
    working.arrive(ticket=ticket, by=by, now=TUESDAY)

    assert told(scoped)[-2:] == [
        "%(name)s is on the way for %(number)s.",
        "%(name)s has arrived for %(number)s.",
    ]


def test_old_steps_are_history_not_news(scoped: Cast) -> None:
    ticket, by = job(scoped), technician(scoped)
    before = told(scoped)
    phone = PhoneTime(TUESDAY + HOUR, TUESDAY + 5 * HOUR)
    working.take(ticket=ticket, by=by, now=TUESDAY)
    after_taking = told(scoped)
    working.set_off(ticket=ticket, by=by, now=TUESDAY + 5 * HOUR, phone=phone)

    assert len(after_taking) == len(before) + 1
    assert told(scoped) == after_taking
    assert record_of(ticket).set_off_at == TUESDAY + HOUR


def test_a_step_that_is_known_changes_nothing(scoped: Cast) -> None:
    ticket, by = job(scoped), technician(scoped)
    for later in range(2):
        working.set_off(ticket=ticket, by=by, now=TUESDAY + later * HOUR)
    for later in range(2, 4):
        working.arrive(ticket=ticket, by=by, now=TUESDAY + later * HOUR)
    working.set_off(ticket=ticket, by=by, now=TUESDAY + 4 * HOUR)

    record = record_of(ticket)
    assert (record.set_off_at, record.arrived_at) == (TUESDAY, TUESDAY + 2 * HOUR)
    assert kinds(ticket)[2:] == ["accepted", "set_off", "arrived"]


def test_whoever_is_next_door_arrives_without_setting_off(scoped: Cast) -> None:
    ticket = job(scoped)
    working.arrive(ticket=ticket, by=technician(scoped), now=TUESDAY)

    record = record_of(ticket)
    assert (record.set_off_at, record.arrived_at) == (None, TUESDAY)


def test_setting_off_ends_a_pause(scoped: Cast) -> None:
    ticket, by = job(scoped), technician(scoped)
    handling.accept(ticket=ticket, by=by, now=TUESDAY)
    handling.pause(ticket=ticket, reason="part", by=by, now=TUESDAY)

    ticket = working.set_off(ticket=ticket, by=by, now=TUESDAY + HOUR)

    assert ticket.status == Status.ACCEPTED
    assert kinds(ticket)[-2:] == ["resumed", "set_off"]


def test_a_free_job_of_the_department_can_be_taken(scoped: Cast) -> None:
    ticket = working.take(ticket=scoped.file(), by=technician(scoped), now=TUESDAY)

    assert (ticket.status, ticket.assignee) == (Status.ACCEPTED, scoped.technician)


def test_a_job_that_is_in_hand_but_nobodys_can_be_taken(scoped: Cast) -> None:
    ticket = scoped.file()
    handling.accept(ticket=ticket, by=scoped.actor("desk"), now=TUESDAY)
    handling.assign(
        ticket=ticket, department=scoped.engineering, by=scoped.actor("desk"), now=TUESDAY
    )

    ticket = working.take(ticket=ticket, by=technician(scoped), now=TUESDAY)
    again = working.take(ticket=ticket, by=technician(scoped), now=TUESDAY)

    assert (ticket.assignee, again.assignee) == (scoped.technician, scoped.technician)
    assert kinds(ticket)[-2:] == ["assigned", "assigned"]


@pytest.mark.parametrize("act", [working.take, working.set_off, working.arrive])
def test_somebody_elses_job_is_left_alone(scoped: Cast, act: Any) -> None:
    ticket = scoped.file()
    handling.accept(ticket=ticket, by=scoped.actor("supervisor"), now=TUESDAY)

    with pytest.raises(working.NotYourJob) as refusal:
        act(ticket=ticket, by=technician(scoped), now=TUESDAY)

    assert refusal.value.params == {"name": "supervisor"}
    assert WorkRecord.objects.count() == 0


def test_nobody_works_on_what_is_done(scoped: Cast) -> None:
    ticket, by = job(scoped), technician(scoped)
    working.finish(ticket=ticket, solution="好了", by=by, now=TUESDAY)

    with pytest.raises(WrongState):
        working.set_off(ticket=ticket, by=by, now=TUESDAY)


def test_the_machine_does_no_jobs(scoped: Cast) -> None:
    with pytest.raises(working.NobodyAtWork):
        working.take(ticket=scoped.file(), by=MACHINE, now=TUESDAY)


@pytest.mark.parametrize(
    ("facts", "refusal"),
    [
        ({"solution": " "}, handling.SolutionMissing),
        ({"minutes": -1}, working.TooLong),
        ({"minutes": working.LONGEST_MINUTES + 1}, working.TooLong),
    ],
)
def test_what_cannot_be_is_refused(scoped: Cast, facts: dict[str, Any], refusal: Any) -> None:
    ticket = job(scoped)
    with pytest.raises(refusal):
        working.finish(
            ticket=ticket, by=technician(scoped), now=TUESDAY, **{"solution": "好了", **facts}
        )
    assert kinds(ticket) == ["filed", "assigned"]


def test_a_reopened_job_has_a_record_of_its_own(scoped: Cast) -> None:
    ticket, by = job(scoped), technician(scoped)
    working.finish(ticket=ticket, solution="好了", by=by, now=TUESDAY)
    ticket = handling.reopen(
        ticket=ticket, reason="又坏了", by=scoped.actor("desk"), now=TUESDAY + HOUR
    )
    working.arrive(ticket=ticket, by=by, now=TUESDAY + 2 * HOUR)

    found = WorkRecord.objects.filter(ticket_id=ticket.pk).order_by("cycle")
    assert [(each.cycle, each.arrived_at) for each in found] == [(1, None), (2, TUESDAY + 2 * HOUR)]


# --- the telephone's clock ---

DAY = timedelta(days=1)


def test_a_clock_that_is_a_day_fast_is_set_right(scoped: Cast) -> None:
    ticket, by = job(scoped), technician(scoped)
    phone = PhoneTime(TUESDAY + HOUR + DAY, TUESDAY + 2 * HOUR + DAY)
    working.set_off(ticket=ticket, by=by, now=TUESDAY + 2 * HOUR, phone=phone)

    record = record_of(ticket)
    assert (record.set_off_at, record.is_time_corrected) == (TUESDAY + HOUR, True)
    event = TicketEvent.objects.get(ticket_id=ticket.pk, kind=EventKind.SET_OFF)
    assert event.at == TUESDAY + 2 * HOUR
    assert event.data == {
        "happened_at": (TUESDAY + HOUR).isoformat(),
        "is_corrected": True,
    }


def test_a_wrong_clock_moves_no_promise(scoped: Cast) -> None:
    """Lateness is the server's to say: a clock a week slow does not make a late job punctual."""
    ticket, by = job(scoped), technician(scoped)
    late = TUESDAY + timedelta(days=20)
    phone = PhoneTime(TUESDAY, TUESDAY + HOUR)
    working.take(ticket=ticket, by=by, now=TUESDAY)
    ticket = working.finish(ticket=ticket, solution="好了", by=by, now=late, phone=phone)

    assert ticket.resolved_at == late


@pytest.mark.parametrize(
    ("said", "sent", "expected", "corrected"),
    [
        (None, None, 0, False),
        (-30, 0, -30, False),
        (-30, 3, -30, False),  # three minutes off: nobody minds
        (3, 3, 0, False),
        (-30 - 1440, -1440, -30, True),
        (-30 + 1440, 1440, -30, True),
        (-30 + 1440, 0, 0, True),  # set right on the way
        (-6000, 0, -120, True),  # before the ticket began
        (-30, None, -30, False),
    ],
)
def test_moments_are_believed_as_far_as_they_can_be(
    said: int | None, sent: int | None, expected: int, corrected: bool
) -> None:
    def at(minutes: int | None) -> datetime | None:
        return None if minutes is None else TUESDAY + timedelta(minutes=minutes)

    found = happened(PhoneTime(at(said), at(sent)), now=TUESDAY, after=TUESDAY - 2 * HOUR)

    assert (found.at, found.is_corrected) == (at(expected), corrected)


def test_a_clock_in_the_year_one_is_no_error() -> None:
    first, last = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)
    found = happened(PhoneTime(first, last), now=TUESDAY, after=TUESDAY)

    assert (found.at, found.is_corrected) == (TUESDAY, True)


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(
    said=strategies.integers(-10_000, 10_000),
    sent=strategies.integers(-10_000, 10_000),
    age=strategies.integers(0, 5_000),
)
def test_no_step_is_before_the_last_or_after_now(said: int, sent: int, age: int) -> None:
    after = TUESDAY - timedelta(minutes=age)
    phone = PhoneTime(TUESDAY + timedelta(minutes=said), TUESDAY + timedelta(minutes=sent))
    found = happened(phone, now=TUESDAY, after=after)

    assert after <= found.at <= TUESDAY
    if not found.is_corrected:
        assert abs(found.at - (phone.said_at or found.at)) <= TOLERANCE


def test_two_technicians_cannot_take_one_job(scoped: Cast) -> None:
    ticket = working.take(ticket=scoped.file(), by=technician(scoped), now=TUESDAY)
    with pytest.raises(working.NotYourJob):
        working.take(ticket=ticket, by=Actor(scoped.supervisor, Via.PAGE), now=TUESDAY + HOUR)
