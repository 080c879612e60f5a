"""The life of one ticket, lived in memory by the rules of `complaints` and saved with all others.

Each act changes what the service of the same name changes; between two acts the machine takes the
steps that fell due. Acts must come in the order of time.
"""

import random
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from complaints.models import (
    Callback,
    CallbackRating,
    Deadline,
    Escalation,
    EventKind,
    Pause,
    PromiseKind,
    Rating,
    Status,
    Ticket,
    TicketEvent,
)
from complaints.models.callback import KEEPS_PROMISE
from complaints.services import promises, steps
from complaints.services.enforcement_batch import Surroundings
from complaints.services.enforcement_rows import EVENT_OF_LEVEL, Taken, event_data
from reports.services.demo.inbox import Inbox
from tenancy.calendar import add
from tenancy.models import Membership
from tenancy.services.actor import Via

ACCEPTANCE, CALLBACK, RESOLUTION, FOLLOW_UP = (
    PromiseKind.ACCEPTANCE,
    PromiseKind.CALLBACK,
    PromiseKind.RESOLUTION,
    PromiseKind.FOLLOW_UP,
)


@dataclass
class Life:
    """A ticket and everything that has happened to it so far."""

    ticket: Ticket
    around: Surroundings
    inbox: Inbox
    rng: random.Random
    deadlines: list[Deadline] = field(default_factory=list)
    events: list[TicketEvent] = field(default_factory=list)
    callbacks: list[Callback] = field(default_factory=list)
    pauses: list[Pause] = field(default_factory=list)
    ratings: list[Rating] = field(default_factory=list)
    call_ratings: list[CallbackRating] = field(default_factory=list)
    escalations: list[Escalation] = field(default_factory=list)

    # --- what people do ---

    def file(self, by: Membership | None) -> None:
        at = self.ticket.created_at
        made = self._promise(promises.AT_FILING, at)
        promised = {row.promise: row.due_at.isoformat() for row in made}
        self.write(EventKind.FILED, at, by, promised=promised)
        self.inbox.received(self, at, promised)

    def accept(self, at: datetime, by: Membership) -> None:
        self.machine(at)
        self.ticket.status, self.ticket.accepted_at = Status.ACCEPTED, at
        self.ticket.assignee = self.ticket.assignee or by
        self._keep([ACCEPTANCE], at)
        self.write(EventKind.ACCEPTED, at, by)
        self.inbox.accepted(self, at)

    def assign(self, at: datetime, by: Membership, assignee: Membership) -> None:
        self.machine(at)
        before = {
            "department": str(self.ticket.department_id or ""),
            "assignee": str(self.ticket.assignee_id or ""),
        }
        self.ticket.assignee = assignee
        department = self.ticket.department
        name = department.name if department else ""
        self.write(
            EventKind.ASSIGNED, at, by, before=before, department=name, assignee=assignee.name
        )
        self.inbox.assigned(self, at, assignee)

    def pause(self, at: datetime, by: Membership, reason: str, note: str) -> None:
        self.machine(at)
        self.ticket.status = Status.PAUSED
        for row in self._running():
            if row.promise != CALLBACK:
                row.paused_at, row.next_action_at = at, None
        self.pauses.append(
            Pause(ticket=self.ticket, reason=reason, note=note, started_at=at, by=by)
        )
        self.write(EventKind.PAUSED, at, by, reason=reason, note=note)
        self.inbox.paused(self, at)

    def resume(self, at: datetime, by: Membership) -> None:
        self.machine(at)
        self.ticket.status = Status.ACCEPTED
        self.pauses[-1].ended_at = at
        for row in self._running():
            if row.paused_at is not None:
                row.paused_at = None
                promises.recount(row, self.ticket, self.around.clockwork, self.pauses)
        due = {row.promise: row.due_at.isoformat() for row in self._running()}
        self.write(EventKind.RESUMED, at, by, due=due)

    def resolve(self, at: datetime, by: Membership, solution: str) -> None:
        self.machine(at)
        ticket = self.ticket
        ticket.status, ticket.solution, ticket.resolved_at = Status.RESOLVED, solution, at
        ticket.accepted_at = ticket.accepted_at or at
        ticket.assignee = ticket.assignee or by
        self._keep([ACCEPTANCE, RESOLUTION], at)
        self._promise([FOLLOW_UP], at)
        self.write(EventKind.RESOLVED, at, by, solution=solution)
        self.inbox.resolved(self, at)

    def call(self, at: datetime, by: Membership, outcome: str, note: str) -> None:
        self.machine(at)
        self.callbacks.append(
            Callback(
                ticket=self.ticket,
                community_id=self.ticket.community_id if self.ticket.owner_id else None,
                outcome=outcome,
                note=note,
                by=by,
                at=at,
            )
        )
        retry_at = ""
        if outcome in KEEPS_PROMISE:
            resolved = self.ticket.status == Status.RESOLVED
            self._keep([CALLBACK, FOLLOW_UP] if resolved else [CALLBACK], at)
        else:
            retry_at = self._call_again(at)
        self.write(EventKind.CALLED_BACK, at, by, outcome=outcome, note=note, retry_at=retry_at)

    def close(self, at: datetime, by: Membership, because: str = "") -> None:
        self.machine(at)
        self.ticket.status, self.ticket.closed_at = Status.CLOSED, at
        self._drop(at)
        self.write(EventKind.CLOSED, at, by, because=because)

    def rate(self, at: datetime, by: Membership, score: int, comment: str, *, fixed: bool) -> None:
        self.machine(at)
        self.ratings.append(
            Rating(
                ticket=self.ticket,
                cycle=self.ticket.cycle,
                score=score,
                comment=comment,
                fixed=fixed,
                by=by,
                at=at,
            )
        )
        self.write(EventKind.RATED, at, by, score=score, fixed=fixed, comment=comment)

    def rate_call(self, at: datetime, by: Membership, call: Callback, score: int) -> None:
        self.machine(at)
        self.call_ratings.append(
            CallbackRating(
                callback=call,
                community_id=self.ticket.community_id,
                called_at=call.at,
                score=score,
                by=by,
                at=at,
            )
        )
        self.write(EventKind.CALL_RATED, at, by, score=score, comment="")

    def reopen_and_raise(self, at: datetime, by: Membership, reason: str) -> Membership:
        """Begin another round; the supervisor who has it from now on."""
        self.machine(at)
        ticket = self.ticket
        self._drop(at)
        ticket.status, ticket.cycle = Status.ACCEPTED, ticket.cycle + 1
        ticket.resolved_at = ticket.closed_at = None
        self._promise(promises.AT_REOPENING, at)
        self.write(EventKind.REOPENED, at, by, reason=reason)
        above = self.around.people.supervisors(ticket)
        supervisor = self.around.people.staff[above[0]]
        ticket.assignee = supervisor
        self.write(EventKind.ESCALATED, at, by, because=reason, to=supervisor.name)
        self.inbox.raised(self, at, above, reason)
        return supervisor

    def urge(self, at: datetime, by: Membership) -> None:
        self.machine(at)
        self.ticket.urged_at = at
        self.write(EventKind.URGED, at, by)
        self.inbox.urged(self, at, self.around.people.handler_or_supervisors(self.ticket))

    def comment(self, at: datetime, by: Membership, text: str) -> None:
        self.machine(at)
        self.write(EventKind.COMMENTED, at, by, text=text)

    def note(self, at: datetime, by: Membership, text: str) -> None:
        self.machine(at)
        self.write(EventKind.NOTED, at, by, text=text)

    # --- what the machine does ---

    def machine(self, until: datetime) -> None:
        """Take every step that fell due up to a moment."""
        for row in self.deadlines:
            if row.next_action_at is not None and row.next_action_at <= until:
                self._take(row, until)

    def _take(self, row: Deadline, until: datetime) -> None:
        plan = steps.plan(
            level=row.next_level,
            starts_at=row.starts_at,
            due_at=row.due_at,
            policy=self.around.clockwork.policy,
            calendar=self.around.clockwork.calendar(row.measure, self.ticket.community_id),
            now=until,
        )
        row.next_level, row.next_action_at = plan.next_level, plan.next_action_at
        for step in plan.steps:
            told = self.around.people.of_level(step.level, self.ticket)
            late = timedelta(seconds=self.rng.randint(1, 30))
            taken_at = min(step.planned_at + late, until)
            self._escalate(Taken(row, plan, told), step, taken_at)

    def _escalate(self, item: Taken, step: steps.Step, at: datetime) -> None:
        row = item.deadline
        self.escalations.append(
            Escalation(
                deadline=row,
                ticket=self.ticket,
                level=step.level,
                planned_at=step.planned_at,
                taken_at=at,
                told=[str(each) for each in item.told],
            )
        )
        data = event_data(row, step.level, self.around.people.names(item.told))
        self.write(EventKind(EVENT_OF_LEVEL[step.level]), at, None, **data)
        self.inbox.escalated(at, item, step.level)

    # --- what is left ---

    def finish(self, now: datetime) -> None:
        """Bring the ticket up to the present."""
        self.machine(now)
        running = [row.due_at for row in self._running() if row.paused_at is None]
        self.ticket.next_due_at = min(running, default=None)
        self.events.sort(key=lambda event: event.at)

    def owes(self, *kinds: str) -> bool:
        """Whether one of these promises still has to be kept."""
        return any(row.promise in kinds for row in self._running())

    def deadline(self, kind: str) -> Deadline | None:
        """The newest deadline of a promise."""
        found = [row for row in self.deadlines if row.promise == kind]
        return found[-1] if found else None

    def write(self, kind: EventKind, at: datetime, by: Membership | None, **data: object) -> None:
        via = Via.MACHINE if by is None else Via.PAGE
        # By ids: there are many thousands of these, and setting rows takes twice as long.
        self.events.append(
            TicketEvent(
                ticket_id=self.ticket.pk,
                kind=kind,
                at=at,
                by_id=by.pk if by else None,
                via=via,
                data=data,
            )
        )

    def _promise(self, kinds: Iterable[PromiseKind], at: datetime) -> list[Deadline]:
        made = promises.plan(
            ticket=self.ticket, promises=kinds, starts_at=at, clockwork=self.around.clockwork
        )
        self.deadlines += made
        return made

    def _running(self) -> list[Deadline]:
        return [row for row in self.deadlines if row.is_open]

    def _keep(self, kinds: Iterable[str], at: datetime) -> None:
        for row in self._running():
            if row.promise in kinds:
                row.met_at = at
                row.next_action_at = row.retry_at = row.paused_at = None

    def _drop(self, at: datetime) -> None:
        for row in self._running():
            row.dropped_at = at
            row.next_action_at = row.retry_at = row.paused_at = None

    def _call_again(self, at: datetime) -> str:
        wait = timedelta(minutes=self.around.clockwork.policy.call_again_after)
        for row in self._running():
            if row.promise in promises.CALLS:
                calendar = self.around.clockwork.calendar(row.measure, self.ticket.community_id)
                row.retry_at = add(calendar, at, wait)
        owed = [row.retry_at for row in self._running() if row.retry_at]
        return min(owed).isoformat() if owed else ""
