"""From a company's promises to the deadlines of one ticket, and what becomes of them."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from functools import cached_property
from uuid import UUID

from complaints.models import Deadline, Pause, Promise, PromiseKind, ServicePolicy, Ticket
from complaints.models.deadline import GIVEN_DAY
from complaints.models.kinds import OWN
from complaints.services.figures_days import ONE_DAY, start_of
from complaints.services.steps import upcoming
from tenancy.calendar import (
    Explanation,
    Measure,
    Span,
    Step,
    StepKind,
    WorkingCalendar,
    add,
    between,
    explain,
)
from tenancy.services.working_time import WorkingTimes

AT_FILING = (PromiseKind.ACCEPTANCE, PromiseKind.CALLBACK, PromiseKind.RESOLUTION)
AT_REOPENING = (PromiseKind.CALLBACK, PromiseKind.RESOLUTION)
CALLS = frozenset({PromiseKind.CALLBACK, PromiseKind.FOLLOW_UP})
NOTHING = timedelta(0)


class Clockwork:
    """What a company counts by: its promises, its intervals, its calendars.

    Each part is read once, when it is first needed. Make one per request or pass.
    """

    @cached_property
    def promises(self) -> list[Promise]:
        return list(Promise.objects.filter(is_active=True))

    @cached_property
    def policy(self) -> ServicePolicy:
        policy: ServicePolicy = ServicePolicy.objects.get()
        return policy

    @cached_property
    def times(self) -> WorkingTimes:
        return WorkingTimes()

    def calendar(self, measure: str, community_id: UUID | None) -> WorkingCalendar:
        """The calendar on which an amount of this measure is counted."""
        if measure == Measure.clock_minutes:
            return self.times.around_the_clock()
        return self.times.of(community_id)

    def span(self, promise: str, ticket: Ticket) -> Span | None:
        """How long this promise gives for this ticket; None when nothing is promised.

        The most specific row counts: category before urgency before kind.
        """
        fitting = [row for row in self.promises if row.promise == promise and fits(row, ticket)]
        if not fitting:
            return None
        row = max(fitting, key=specificity)
        return Span(row.amount, Measure(row.measure))


def fits(row: Promise, ticket: Ticket) -> bool:
    """Whether a promise was made for tickets like this one."""
    return (
        row.kind in ("", ticket.kind)
        and row.urgency in ("", ticket.urgency)
        and row.category_id in (None, ticket.category_id)
    )


def specificity(row: Promise) -> tuple[bool, bool, bool]:
    return (row.category_id is not None, bool(row.urgency), bool(row.kind))


def plan(
    *, ticket: Ticket, promises: Iterable[PromiseKind], starts_at: datetime, clockwork: Clockwork
) -> list[Deadline]:
    """The deadlines that a ticket gets for these promises, not saved yet.

    Calls are promised only where there is somebody to call. A day that was named stays as long
    as it lies ahead, whatever round the ticket is in.
    """
    planned = []
    for promise in promises:
        named = ticket.kind in OWN and _named_before(ticket, promise, starts_at)
        if named:
            again = by_day(ticket=ticket, due_at=named, starts_at=starts_at, clockwork=clockwork)
            planned.append(again)
            continue
        span = clockwork.span(promise, ticket)
        if span is None or (promise in CALLS and ticket.owner_id is None):
            continue
        deadline = Deadline(
            ticket=ticket,
            promise=promise,
            cycle=ticket.cycle,
            amount=span.amount,
            measure=span.measure,
            starts_at=starts_at,
        )
        count(deadline, ticket.community_id, clockwork)
        planned.append(deadline)
    return planned


def _named_before(ticket: Ticket, promise: str, now: datetime) -> datetime | None:
    """When the ticket falls due by the day that was named last, if that is still to come."""
    earlier = Deadline.objects.filter(ticket_id=ticket.pk, promise=promise, measure=GIVEN_DAY)
    last: datetime | None = earlier.order_by("-cycle").values_list("due_at", flat=True).first()
    return last if last is not None and last > now else None


def by_day(
    *, ticket: Ticket, due_at: datetime, starts_at: datetime, clockwork: Clockwork
) -> Deadline:
    """The deadline of a ticket that is to be done by a day somebody named, not saved yet."""
    deadline = Deadline(
        ticket=ticket,
        promise=PromiseKind.RESOLUTION,
        cycle=ticket.cycle,
        starts_at=starts_at,
    )
    name_day(deadline, due_at=due_at, ticket=ticket, clockwork=clockwork)
    return deadline


def name_day(deadline: Deadline, *, due_at: datetime, ticket: Ticket, clockwork: Clockwork) -> None:
    """Let a deadline fall due by a day that somebody named, whatever it was counted by before.

    Levels already taken stay taken, as in `recount`.
    """
    deadline.amount, deadline.measure, deadline.due_at = 0, GIVEN_DAY, due_at
    calendar = clockwork.calendar(GIVEN_DAY, ticket.community_id)
    moments = ((StepKind.received, deadline.starts_at), (StepKind.due, due_at))
    steps = [Step(kind, at, at) for kind, at in moments]
    told = Explanation(due_at, tuple(steps), False).as_dict()
    deadline.explanation = {**told, "named": True, "pauses": []}
    wind(deadline, calendar, clockwork.policy)


def end_of(day: date, calendar: WorkingCalendar) -> datetime:
    """Until when something can be done on a day: until the office closes, or midnight."""
    windows = calendar.day(day).windows
    return windows[-1][1] if windows else start_of(day + ONE_DAY, calendar.tz)


def count(
    deadline: Deadline,
    community_id: UUID | None,
    clockwork: Clockwork,
    pauses: Iterable[Pause] = (),
) -> None:
    """Set when a deadline is due, why, and when the machine must look at it next."""
    calendar = clockwork.calendar(deadline.measure, community_id)
    if deadline.is_given:
        wind(deadline, calendar, clockwork.policy)
        return
    span = Span(deadline.amount, Measure(deadline.measure))
    explanation = explain(calendar, deadline.starts_at, span)
    due_at, counted = after_pauses(calendar, deadline, explanation.due_at, pauses)
    deadline.due_at = due_at
    deadline.explanation = {
        **explanation.as_dict(),
        "due_at": due_at.isoformat(),
        "pauses": counted,
    }
    wind(deadline, calendar, clockwork.policy)


def after_pauses(
    calendar: WorkingCalendar, deadline: Deadline, due_at: datetime, pauses: Iterable[Pause]
) -> tuple[datetime, list[dict[str, str]]]:
    """Move a due time behind the pauses: what was left when one began counts on when it ended."""
    counted = []
    for pause in sorted(pauses, key=lambda pause: pause.started_at):
        if pause.ended_at is None or pause.ended_at <= deadline.starts_at:
            continue
        since = max(pause.started_at, deadline.starts_at)
        if since >= due_at:
            break  # it was late already: a pause does not undo that
        due_at = add(calendar, pause.ended_at, between(calendar, since, due_at))
        counted.append(
            {
                "from": since.isoformat(),
                "until": pause.ended_at.isoformat(),
                "reason": pause.reason,
            }
        )
    return due_at, counted


def wind(deadline: Deadline, calendar: WorkingCalendar, policy: ServicePolicy) -> None:
    """Set the machine's next look at a deadline, from the level it has reached."""
    step = None
    if deadline.is_open and deadline.paused_at is None:
        step = upcoming(
            level=deadline.next_level,
            starts_at=deadline.starts_at,
            due_at=deadline.due_at,
            policy=policy,
            calendar=calendar,
        )
    deadline.next_level, deadline.next_action_at = step or (deadline.next_level, None)


def promise(
    *, ticket: Ticket, promises: Iterable[PromiseKind], starts_at: datetime, clockwork: Clockwork
) -> list[Deadline]:
    """Give a ticket its deadlines for these promises."""
    planned = plan(ticket=ticket, promises=promises, starts_at=starts_at, clockwork=clockwork)
    Deadline.objects.bulk_create(planned)
    return planned


def running(ticket: Ticket) -> list[Deadline]:
    """The ticket's promises that still have to be kept, locked against the machine."""
    return list(
        Deadline.objects.unmet()
        .filter(ticket_id=ticket.pk)
        .order_by("id")
        .select_for_update(of=("self",))
    )


SETTLED = ["met_at", "dropped_at", "next_action_at", "retry_at"]


def keep(*, ticket: Ticket, promises: Iterable[PromiseKind], now: datetime) -> list[Deadline]:
    """Mark promises as kept now; those kept before, or never made, are left alone."""
    kept = [deadline for deadline in running(ticket) if deadline.promise in set(promises)]
    for deadline in kept:
        deadline.met_at, deadline.next_action_at, deadline.retry_at = now, None, None
        deadline.paused_at = None
    Deadline.objects.bulk_update(kept, [*SETTLED, "paused_at"])
    return kept


def drop(*, ticket: Ticket, now: datetime) -> None:
    """Nothing is owed any more: whatever still runs stops."""
    rest = running(ticket)
    for deadline in rest:
        deadline.dropped_at, deadline.next_action_at, deadline.retry_at = now, None, None
        deadline.paused_at = None
    Deadline.objects.bulk_update(rest, [*SETTLED, "paused_at"])


def halt(*, ticket: Ticket, now: datetime) -> None:
    """Stop the clocks. A callback's never stops: waiting is no reason not to answer."""
    halted = [row for row in running(ticket) if row.promise != PromiseKind.CALLBACK]
    for deadline in halted:
        deadline.paused_at, deadline.next_action_at = now, None
    Deadline.objects.bulk_update(halted, ["paused_at", "next_action_at"])


def go_on(*, ticket: Ticket, clockwork: Clockwork) -> None:
    """Start the stopped clocks again, behind the pause that has just ended."""
    pauses = list(Pause.objects.filter(ticket_id=ticket.pk))
    halted = [row for row in running(ticket) if row.paused_at is not None]
    for deadline in halted:
        deadline.paused_at = None
        recount(deadline, ticket, clockwork, pauses)
    Deadline.objects.bulk_update(halted, ["paused_at", *RECOUNTED])


RECOUNTED = [
    "amount", "measure", "due_at", "explanation", "paused_time", "next_level", "next_action_at",
]  # fmt: skip


def recount(
    deadline: Deadline, ticket: Ticket, clockwork: Clockwork, pauses: Iterable[Pause]
) -> None:
    """Count a deadline anew from its start, with all pauses so far.

    Levels already taken stay taken; when the due time moves into the future again, the next
    level waits for it there.
    """
    if deadline.promise == PromiseKind.CALLBACK:
        pauses = ()  # its clock never stopped
    pauses = list(pauses)
    count(deadline, ticket.community_id, clockwork, pauses)
    calendar = clockwork.calendar(deadline.measure, ticket.community_id)
    deadline.paused_time = sum(
        (
            between(calendar, max(pause.started_at, deadline.starts_at), pause.ended_at)
            for pause in pauses
            if pause.ended_at is not None and pause.ended_at > deadline.starts_at
        ),
        NOTHING,
    )


def refresh_next_due(ticket: Ticket) -> None:
    """Keep the queue's order right: the earliest due time that still runs."""
    ticket.next_due_at = (
        Deadline.objects.unmet()
        .filter(ticket_id=ticket.pk, paused_at=None)
        .order_by("due_at")
        .values_list("due_at", flat=True)
        .first()
    )
