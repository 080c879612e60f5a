"""What staff do to a ticket."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils.translation import override

from complaints.models import Deadline, EventKind, Pause, PauseReason, PromiseKind, Status, Ticket
from complaints.services import handing_over, handling
from complaints.services.calling import UnknownOutcome, call_back
from complaints.services.lifecycle import WrongState
from notifications.models import Kind, Notification
from notifications.services.rendering import text_of
from tenancy.models import Membership, MembershipCommunity
from tests.factories.cast import SHANGHAI, TUESDAY, Cast

LATER = TUESDAY + timedelta(minutes=30)


def deadline(ticket: Ticket, promise: str) -> Deadline:
    row: Deadline = Deadline.objects.get(ticket=ticket, promise=promise, cycle=ticket.cycle)
    return row


def kinds(ticket: Ticket) -> list[str]:
    return list(ticket.events.order_by("at", "id").values_list("kind", flat=True))


@pytest.fixture
def ticket(scoped: Cast) -> Ticket:
    return scoped.file()


@pytest.fixture
def accepted(scoped: Cast, ticket: Ticket) -> Ticket:
    return handling.accept(ticket=ticket, by=scoped.actor("desk"), now=LATER)


@pytest.fixture
def resolved(scoped: Cast, accepted: Ticket) -> Ticket:
    return handling.resolve(
        ticket=accepted, solution="换了门机", by=scoped.actor("technician"), now=LATER
    )


def test_accept_keeps_the_promise_and_names_the_handler(scoped: Cast, accepted: Ticket) -> None:
    assert (accepted.status, accepted.assignee) == (Status.ACCEPTED, scoped.desk)
    assert deadline(accepted, PromiseKind.ACCEPTANCE).met_at == LATER
    assert accepted.next_due_at == TUESDAY + timedelta(days=1)


def test_accept_twice_is_refused(scoped: Cast, accepted: Ticket) -> None:
    with pytest.raises(WrongState) as refusal:
        handling.accept(ticket=accepted, by=scoped.actor("desk"), now=LATER)

    assert refusal.value.code == "wrong_state"
    assert kinds(accepted) == [EventKind.FILED, EventKind.ACCEPTED]


def test_assign_to_a_person_takes_their_department(scoped: Cast, ticket: Ticket) -> None:
    ticket.department = scoped.desk_department
    ticket.save()

    row = handling.assign(
        ticket=ticket, assignee=scoped.technician, by=scoped.actor("desk"), now=LATER
    )

    assert (row.assignee, row.department) == (scoped.technician, scoped.engineering)
    assert Notification.objects.get(kind=Kind.ASSIGNED).recipient == scoped.technician


def test_assign_to_a_department_leaves_it_without_a_handler(scoped: Cast, accepted: Ticket) -> None:
    row = handling.assign(
        ticket=accepted, department=scoped.desk_department, by=scoped.actor("desk"), now=LATER
    )

    assert (row.assignee, row.department) == (None, scoped.desk_department)


def test_assign_to_nobody_is_refused(scoped: Cast, ticket: Ticket) -> None:
    with pytest.raises(handing_over.NobodyNamed):
        handling.assign(ticket=ticket, by=scoped.actor("desk"), now=LATER)


def test_assign_to_an_owner_is_refused(scoped: Cast, ticket: Ticket) -> None:
    with pytest.raises(handing_over.CannotHandle):
        handling.assign(ticket=ticket, assignee=scoped.owner, by=scoped.actor("desk"), now=LATER)


def test_assign_outside_their_communities_is_refused(scoped: Cast, ticket: Ticket) -> None:
    Membership.objects.filter(pk=scoped.manager.pk).update(all_communities=False)
    manager = Membership.objects.get(pk=scoped.manager.pk)
    with pytest.raises(handing_over.CannotHandle):
        handling.assign(ticket=ticket, assignee=manager, by=scoped.actor("desk"), now=LATER)

    MembershipCommunity.objects.create(membership=manager, community=scoped.community)
    manager = Membership.objects.get(pk=scoped.manager.pk)
    row = handling.assign(ticket=ticket, assignee=manager, by=scoped.actor("desk"), now=LATER)

    assert (row.assignee, row.department) == (manager, scoped.engineering)


def test_pause_stops_every_clock_but_the_callbacks(scoped: Cast, accepted: Ticket) -> None:
    row = handling.pause(
        ticket=accepted, reason=PauseReason.PART, note="等门机", by=scoped.actor("desk"), now=LATER
    )

    assert row.status == Status.PAUSED
    paused = deadline(row, PromiseKind.RESOLUTION)
    assert (paused.paused_at, paused.next_action_at) == (LATER, None)
    callback = deadline(row, PromiseKind.CALLBACK)
    assert callback.paused_at is None
    assert callback.next_action_at is not None
    assert row.next_due_at == callback.due_at


def test_pause_needs_a_known_reason(scoped: Cast, accepted: Ticket) -> None:
    with pytest.raises(handling.ReasonMissing):
        handling.pause(ticket=accepted, reason="tired", by=scoped.actor("desk"), now=LATER)

    assert Pause.objects.count() == 0


def test_resume_gives_back_exactly_the_opening_time_lost(scoped: Cast, accepted: Ticket) -> None:
    handling.pause(ticket=accepted, reason="owner", by=scoped.actor("desk"), now=LATER)
    # From 09:30 over night to 10:30: nine hours on the clock of the wall and more, one day and
    # one hour of opening time.
    again = LATER + timedelta(days=1, hours=1)

    row = handling.resume(ticket=accepted, by=scoped.actor("desk"), now=again)

    resumed = deadline(row, PromiseKind.RESOLUTION)
    assert row.status == Status.ACCEPTED
    assert resumed.due_at == TUESDAY + timedelta(days=6, hours=1)  # Friday 09:00 → Monday 10:00
    assert resumed.paused_time == timedelta(hours=9)
    assert resumed.paused_at is None
    assert resumed.next_action_at is not None
    assert [pause["reason"] for pause in resumed.explanation["pauses"]] == ["owner"]


def test_pausing_what_is_late_does_not_undo_it(scoped: Cast, accepted: Ticket) -> None:
    late = TUESDAY + timedelta(days=3, hours=1)
    handling.pause(ticket=accepted, reason="owner", by=scoped.actor("desk"), now=late)

    row = handling.resume(ticket=accepted, by=scoped.actor("desk"), now=late + timedelta(hours=1))

    assert deadline(row, PromiseKind.RESOLUTION).due_at == TUESDAY + timedelta(days=3)


def test_resolve_owes_a_follow_up_call(scoped: Cast, resolved: Ticket) -> None:
    assert (resolved.status, resolved.solution) == (Status.RESOLVED, "换了门机")
    assert deadline(resolved, PromiseKind.RESOLUTION).met_at == LATER
    assert deadline(resolved, PromiseKind.FOLLOW_UP).due_at == LATER + timedelta(days=1)


def test_resolve_straight_away_also_accepts(scoped: Cast, ticket: Ticket) -> None:
    row = handling.resolve(ticket=ticket, solution="已处理", by=scoped.actor("desk"), now=LATER)

    assert (row.accepted_at, row.assignee) == (LATER, scoped.desk)
    assert deadline(row, PromiseKind.ACCEPTANCE).met_at == LATER


def test_resolve_while_paused_ends_the_pause(scoped: Cast, accepted: Ticket) -> None:
    handling.pause(ticket=accepted, reason="part", by=scoped.actor("desk"), now=LATER)

    row = handling.resolve(ticket=accepted, solution="修好", by=scoped.actor("desk"), now=LATER)

    assert row.status == Status.RESOLVED
    assert Pause.objects.get().ended_at == LATER
    assert not Deadline.objects.exclude(paused_at=None).exists()


def test_resolve_without_words_is_refused(scoped: Cast, accepted: Ticket) -> None:
    with pytest.raises(handling.SolutionMissing):
        handling.resolve(ticket=accepted, solution="  ", by=scoped.actor("desk"), now=LATER)


def test_close_waits_for_the_calls_that_are_owed(scoped: Cast, resolved: Ticket) -> None:
    desk = scoped.actor("desk")
    with pytest.raises(handling.CallFirst):
        handling.close(ticket=resolved, by=desk, now=LATER)

    call_back(ticket=resolved, outcome="reached_satisfied", by=desk, now=LATER)
    row = handling.close(ticket=resolved, by=desk, now=LATER)

    assert (row.status, row.closed_at, row.next_due_at) == (Status.CLOSED, LATER, None)
    assert not Deadline.objects.unmet().exists()


def test_reopen_promises_a_callback_and_a_solution_anew(scoped: Cast, resolved: Ticket) -> None:
    row = handling.reopen(ticket=resolved, reason="又坏了", by=scoped.actor("desk"), now=LATER)

    assert (row.status, row.cycle, row.resolved_at) == (Status.ACCEPTED, 2, None)
    assert deadline(row, PromiseKind.CALLBACK).due_at == LATER + timedelta(days=1)
    assert deadline(row, PromiseKind.RESOLUTION).due_at == LATER + timedelta(days=3)
    first_round = Deadline.objects.unmet().filter(cycle=1)
    assert list(first_round) == []


def test_reopen_without_a_reason_is_refused(scoped: Cast, resolved: Ticket) -> None:
    with pytest.raises(handling.ReasonMissing):
        handling.reopen(ticket=resolved, reason=" ", by=scoped.actor("desk"), now=LATER)


@pytest.mark.parametrize("outcome", ["reached_satisfied", "reached_unsatisfied", "declined"])
def test_a_call_that_reaches_somebody_keeps_the_promise(
    scoped: Cast, ticket: Ticket, outcome: str
) -> None:
    call_back(ticket=ticket, outcome=outcome, by=scoped.actor("desk"), now=LATER)

    kept = deadline(ticket, PromiseKind.CALLBACK)
    assert (kept.met_at, kept.next_action_at, kept.retry_at) == (LATER, None, None)


@pytest.mark.parametrize("outcome", ["no_answer", "busy", "wrong_number"])
def test_a_call_that_reaches_nobody_comes_back(scoped: Cast, ticket: Ticket, outcome: str) -> None:
    half_past_eleven = TUESDAY + timedelta(hours=2, minutes=30)
    call_back(ticket=ticket, outcome=outcome, by=scoped.actor("desk"), now=half_past_eleven)

    owed = deadline(ticket, PromiseKind.CALLBACK)
    assert owed.met_at is None
    assert owed.next_action_at is not None
    # An hour of opening time: half of it before lunch, half after.
    assert owed.retry_at == datetime(2026, 11, 10, 14, 0, tzinfo=SHANGHAI)


def test_a_call_with_an_unknown_outcome_is_refused(scoped: Cast, ticket: Ticket) -> None:
    with pytest.raises(UnknownOutcome):
        call_back(ticket=ticket, outcome="shrug", by=scoped.actor("desk"), now=LATER)


def test_discontent_in_the_follow_up_call_reopens(scoped: Cast, resolved: Ticket) -> None:
    call_back(
        ticket=resolved,
        outcome="reached_unsatisfied",
        note="还在响",
        by=scoped.actor("desk"),
        now=LATER,
    )

    resolved.refresh_from_db()
    assert (resolved.status, resolved.cycle) == (Status.ACCEPTED, 2)
    assert resolved.assignee == scoped.supervisor
    assert Notification.objects.get(kind=Kind.RATING).recipient == scoped.supervisor


def test_discontent_without_words_is_told_in_the_readers_language(
    scoped: Cast, resolved: Ticket
) -> None:
    outcome, desk = "reached_unsatisfied", scoped.actor("desk")
    with override("zh-hans"):
        call_back(ticket=resolved, outcome=outcome, by=desk, now=LATER)

    news = Notification.objects.get(kind=Kind.RATING)
    assert news.params["reason_label"] == "reached, not content"
    with override("zh-hans"):
        told = text_of(news, zone=SHANGHAI, now=LATER)
    assert told == f"{resolved.number} 的业主不满意：已接通，不满意"


@pytest.mark.parametrize(
    ("act", "more"),
    [
        (handling.assign, {}),
        (handling.pause, {"reason": "part"}),
        (handling.resume, {}),
        (handling.resolve, {"solution": "x"}),
        (handling.close, {}),
    ],
)
def test_nothing_happens_to_a_closed_ticket(
    scoped: Cast, resolved: Ticket, act: Any, more: dict[str, Any]
) -> None:
    desk = scoped.actor("desk")
    call_back(ticket=resolved, outcome="declined", by=desk, now=LATER)
    handling.close(ticket=resolved, by=desk, now=LATER)
    before = kinds(resolved)

    with pytest.raises(WrongState):
        act(ticket=resolved, by=desk, now=LATER, **more)

    assert kinds(resolved) == before
