"""What staff do to a ticket: accept, hand over, pause, resume, resolve, close, reopen.

Each is one service: claim the row, change it, record the event, tell those concerned.
"""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _, gettext_noop

from complaints.models import Deadline, EventKind, Pause, PauseReason, PromiseKind, Status, Ticket
from complaints.models.kinds import OWN
from complaints.services import promises
from complaints.services.handing_over import (
    Receiver,
    hand_over,
)
from complaints.services.lifecycle import Act, check, claim
from complaints.services.news import tell_owner, tell_staff
from complaints.services.own_work import has_evidence
from complaints.services.supporting import tell_supporters
from complaints.services.timeline import write
from notifications.models import Kind
from tenancy.models import Department, Membership
from tenancy.services.actor import Actor
from tenancy.services.refusal import Refused


class SolutionMissing(Refused):
    """Resolved, but nobody said how."""

    code = "solution_missing"
    sentence = _("Write what was done: the owner will read it.")


class EvidenceMissing(Refused):
    """What the company set itself is done when something shows it: words alone do not."""

    code = "evidence_missing"
    sentence = _(
        "Show that it is done: add a photo or a PDF, or put the whole link to what shows it into "
        "your words, such as https://files.example.com/report."
    )


class CallFirst(Refused):
    """Closing is refused while somebody is still owed a call."""

    code = "call_first"
    sentence = _("The owner is still owed a call. Log it before closing.")


class ReasonMissing(Refused):
    """A pause or a reopening without a reason."""

    code = "reason_missing"
    sentence = _("Give a reason.")


@transaction.atomic
def accept(*, ticket: Ticket, by: Actor, now: datetime) -> Ticket:
    """Take a new ticket: somebody of the company answers for it from now on."""
    ticket = claim(ticket)
    ticket.status = check(Act.ACCEPT, ticket)
    ticket.accepted_at = now
    if ticket.assignee_id is None:
        ticket.assignee = by.membership
    promises.keep(ticket=ticket, promises=[PromiseKind.ACCEPTANCE], now=now)
    promises.refresh_next_due(ticket)
    ticket.save(update_fields=["status", "accepted_at", "assignee", "next_due_at"])
    write(ticket=ticket, kind=EventKind.ACCEPTED, by=by, now=now)
    tell_owner(
        ticket=ticket,
        message=gettext_noop("%(number)s is in hand."),
        key=f"accepted:{ticket.cycle}",
        now=now,
    )
    return ticket


@transaction.atomic
def assign(
    *,
    ticket: Ticket,
    by: Actor,
    now: datetime,
    department: Department | None = None,
    assignee: Membership | None = None,
    insist: bool = False,
) -> Ticket:
    """Hand a ticket to a department, or to a person (of it, when both are named).

    `insist` gives it even to somebody who is away.
    """
    ticket = claim(ticket)
    check(Act.ASSIGN, ticket)
    to = Receiver(department, assignee)
    if not insist:
        to.make_sure_is_here(now=now, by=by)
    hand_over(ticket=ticket, to=to, by=by, now=now)
    if assignee is not None and assignee.pk != by.membership_id:
        tell_staff(
            ticket=ticket,
            recipients=[assignee.pk],
            kind=Kind.ASSIGNED,
            message=gettext_noop("%(number)s was handed to you: %(title)s"),
            key=f"assigned:{now.isoformat()}",
            now=now,
        )
    return ticket


@transaction.atomic
def pause(*, ticket: Ticket, reason: str, by: Actor, now: datetime, note: str = "") -> Ticket:
    """Stop the clocks while somebody else is waited for; the callback's goes on."""
    ticket = claim(ticket)
    status = check(Act.PAUSE, ticket)
    if reason not in PauseReason.values:
        raise ReasonMissing
    ticket.status = status
    promises.halt(ticket=ticket, now=now)
    Pause(ticket=ticket, reason=reason, note=note, started_at=now, by=by.membership).save(
        force_insert=True
    )
    promises.refresh_next_due(ticket)
    ticket.save(update_fields=["status", "next_due_at"])
    write(ticket=ticket, kind=EventKind.PAUSED, by=by, now=now, reason=reason, note=note)
    tell_owner(
        ticket=ticket,
        message=gettext_noop("%(number)s has to wait; the reason is on its page."),
        key=f"paused:{now.isoformat()}",
        now=now,
    )
    return ticket


@transaction.atomic
def resume(*, ticket: Ticket, by: Actor, now: datetime) -> Ticket:
    """Go on after a pause: what was left of each promise counts from now."""
    ticket = claim(ticket)
    ticket.status = check(Act.RESUME, ticket)
    _end_pause(ticket, now)
    promises.refresh_next_due(ticket)
    ticket.save(update_fields=["status", "next_due_at"])
    due = Deadline.objects.unmet().filter(ticket_id=ticket.pk).values_list("promise", "due_at")
    write(
        ticket=ticket,
        kind=EventKind.RESUMED,
        by=by,
        now=now,
        due={promise: moment.isoformat() for promise, moment in due},
    )
    return ticket


def _end_pause(ticket: Ticket, now: datetime) -> None:
    Pause.objects.filter(ticket_id=ticket.pk, ended_at=None).update(ended_at=now)
    promises.go_on(ticket=ticket, clockwork=promises.Clockwork())


@transaction.atomic
def resolve(*, ticket: Ticket, solution: str, by: Actor, now: datetime) -> Ticket:
    """Done: say what was done. From now the follow-up call is owed."""
    ticket = claim(ticket)
    status = check(Act.RESOLVE, ticket)
    if not solution.strip():
        raise SolutionMissing
    if ticket.kind in OWN and not has_evidence(ticket, solution):
        raise EvidenceMissing
    if ticket.status == Status.PAUSED:
        _end_pause(ticket, now)
    ticket.status, ticket.solution, ticket.resolved_at = status, solution, now
    ticket.accepted_at = ticket.accepted_at or now
    ticket.assignee_id = ticket.assignee_id or by.membership_id
    promises.keep(ticket=ticket, promises=[PromiseKind.ACCEPTANCE, PromiseKind.RESOLUTION], now=now)
    promises.promise(
        ticket=ticket,
        promises=[PromiseKind.FOLLOW_UP],
        starts_at=now,
        clockwork=promises.Clockwork(),
    )
    promises.refresh_next_due(ticket)
    ticket.save(
        update_fields=[
            "status", "solution", "resolved_at", "accepted_at", "assignee", "next_due_at",
        ]
    )  # fmt: skip
    write(ticket=ticket, kind=EventKind.RESOLVED, by=by, now=now, solution=solution)
    tell_owner(
        ticket=ticket,
        message=gettext_noop("%(number)s is done. Please tell us whether it is fixed."),
        key=f"resolved:{ticket.cycle}",
        now=now,
    )
    tell_supporters(ticket=ticket, now=now)
    return ticket


@transaction.atomic
def close(*, ticket: Ticket, by: Actor, now: datetime) -> Ticket:
    """Put a resolved ticket away; refused while the owner is still owed a call."""
    ticket = claim(ticket)
    check(Act.CLOSE, ticket)
    if Deadline.objects.unmet().calls().filter(ticket_id=ticket.pk).exists():
        raise CallFirst
    shut(ticket=ticket, by=by, now=now)
    return ticket


def shut(*, ticket: Ticket, by: Actor, now: datetime, because: str = "") -> None:
    """Close a claimed ticket: nothing is owed any more."""
    ticket.status, ticket.closed_at, ticket.next_due_at = Status.CLOSED, now, None
    promises.drop(ticket=ticket, now=now)
    ticket.save(update_fields=["status", "closed_at", "next_due_at"])
    write(ticket=ticket, kind=EventKind.CLOSED, by=by, now=now, because=because)


@transaction.atomic
def reopen(*, ticket: Ticket, reason: str, by: Actor, now: datetime) -> Ticket:
    """It was not done after all: a new round, with a callback and a solution promised anew."""
    ticket = claim(ticket)
    check(Act.REOPEN, ticket)
    if not reason.strip():
        raise ReasonMissing
    start_again(ticket=ticket, reason=reason, by=by, now=now)
    return ticket


def start_again(*, ticket: Ticket, reason: str, by: Actor, now: datetime) -> None:
    """Begin the next round of a claimed ticket."""
    promises.drop(ticket=ticket, now=now)
    ticket.status, ticket.cycle = Status.ACCEPTED, ticket.cycle + 1
    ticket.resolved_at = ticket.closed_at = None
    promises.promise(
        ticket=ticket,
        promises=promises.AT_REOPENING,
        starts_at=now,
        clockwork=promises.Clockwork(),
    )
    promises.refresh_next_due(ticket)
    ticket.save(update_fields=["status", "cycle", "resolved_at", "closed_at", "next_due_at"])
    write(ticket=ticket, kind=EventKind.REOPENED, by=by, now=now, reason=reason)
