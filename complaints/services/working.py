"""A technician's steps: taking a job, setting off, arriving, and done.

Each step is written down with the moment at which it happened and the moment at which we heard of
it. A step that is known already changes nothing: telephones may send it again.
"""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _, gettext_noop

from complaints.models import Attachment, EventKind, Payer, Stage, Status, Ticket, WorkRecord
from complaints.models.work import NOTHING
from complaints.services import handling
from complaints.services.attaching import attach
from complaints.services.lifecycle import Act, check, claim
from complaints.services.news import tell_owner
from complaints.services.timeline import write
from complaints.services.working_moments import AT_ONCE, Happened, PhoneTime, happened
from tenancy.models import Membership
from tenancy.services.actor import Actor
from tenancy.services.refusal import Refused

# "On the way" is news for so long; afterwards it is history, and stands in the timeline only.
NEWS = timedelta(minutes=30)
LONGEST_MINUTES = 7 * 24 * 60


class NotYourJob(Refused):
    """Somebody else has the job by now."""

    code = "not_your_job"
    sentence = _("%(name)s has this job now.")


class NobodyAtWork(Refused):
    """The machine does no jobs."""

    code = "nobody_at_work"
    sentence = _("Only a member of staff can do a job.")


class TooLong(Refused):
    """More minutes than a week has, or fewer than none."""

    code = "implausible_minutes"
    sentence = _("Give the working time in minutes: at most %(most)s.")


@transaction.atomic
def take(*, ticket: Ticket, by: Actor, now: datetime) -> Ticket:
    """Take a job of one's department that nobody has, or accept one's own."""
    ticket = claim(ticket)
    me = worker(by)
    check(Act.WORK, ticket)
    make_sure_is_mine(ticket, me)
    if ticket.status == Status.NEW:
        return handling.accept(ticket=ticket, by=by, now=now)
    if ticket.assignee_id is None:
        return handling.assign(
            ticket=ticket, department=ticket.department, assignee=me, by=by, now=now
        )
    return ticket


@transaction.atomic
def set_off(*, ticket: Ticket, by: Actor, now: datetime, phone: PhoneTime = AT_ONCE) -> Ticket:
    """On the way to the owner."""
    ticket, record = begin(ticket, by, now)
    if record.set_off_at or record.arrived_at:
        return ticket
    moment = happened(phone, now=now, after=ticket.created_at)
    record.set_off_at = moment.at
    _step(ticket, record, EventKind.SET_OFF, moment, by, now)
    _tell(ticket, gettext_noop("%(name)s is on the way for %(number)s."), moment, by, now)
    return ticket


@transaction.atomic
def arrive(*, ticket: Ticket, by: Actor, now: datetime, phone: PhoneTime = AT_ONCE) -> Ticket:
    """At the owner's door, or wherever the work is."""
    ticket, record = begin(ticket, by, now)
    if record.arrived_at:
        return ticket
    moment = happened(phone, now=now, after=record.set_off_at or ticket.created_at)
    record.arrived_at = moment.at
    _step(ticket, record, EventKind.ARRIVED, moment, by, now)
    _tell(ticket, gettext_noop("%(name)s has arrived for %(number)s."), moment, by, now)
    return ticket


@transaction.atomic
def finish(
    *,
    ticket: Ticket,
    solution: str,
    by: Actor,
    now: datetime,
    minutes: int | None = None,
    labour_fee: Decimal = NOTHING,
    payer: str = Payer.COMPANY,
    phone: PhoneTime = AT_ONCE,
) -> Ticket:
    """Done: what it took is written down, and the ticket is resolved."""
    if not solution.strip():
        raise handling.SolutionMissing
    check_minutes(minutes)
    ticket, record = begin(ticket, by, now)
    latest = record.arrived_at or record.set_off_at or ticket.created_at
    moment = happened(phone, now=now, after=latest)
    record.done_at, record.minutes = moment.at, minutes
    record.labour_fee, record.payer = labour_fee, Payer(payer)
    _step(
        ticket, record, EventKind.WORKED, moment, by, now,
        minutes=minutes, labour_fee=str(labour_fee), payer=str(record.payer),
    )  # fmt: skip
    return handling.resolve(ticket=ticket, solution=solution, by=by, now=now)


@transaction.atomic
def add_photo(*, ticket: Ticket, stage: str, upload: Any, by: Actor, now: datetime) -> Attachment:
    """Show the place before or after the work. Also afterwards, by whoever may see the ticket."""
    if not WorkRecord.objects.filter(ticket_id=ticket.pk, cycle=ticket.cycle).exists():
        begin(ticket, by, now)
    return attach(ticket=ticket, upload=upload, stage=Stage(stage), by=by, now=now)


def begin(ticket: Ticket, by: Actor, now: datetime) -> tuple[Ticket, WorkRecord]:
    """The ticket, claimed and in this person's hands, and the record of its present round."""
    ticket = claim(ticket)
    me = worker(by)
    check(Act.WORK, ticket)
    make_sure_is_mine(ticket, me)
    if ticket.status == Status.PAUSED:
        # Whoever works on it waits for nobody any more.
        ticket = handling.resume(ticket=ticket, by=by, now=now)
    ticket = take(ticket=ticket, by=by, now=now)
    record, _made = WorkRecord.objects.get_or_create(
        ticket_id=ticket.pk,
        cycle=ticket.cycle,
        defaults={"by": me, "company_id": ticket.company_id},
    )
    return ticket, record


def worker(by: Actor) -> Membership:
    """The person who does it."""
    if by.membership is None:
        raise NobodyAtWork
    return by.membership


def make_sure_is_mine(ticket: Ticket, me: Membership) -> None:
    """Refuse a job that somebody else has."""
    if ticket.assignee is not None and ticket.assignee_id != me.pk:
        raise NotYourJob(name=ticket.assignee.name)


def check_minutes(minutes: int | None) -> None:
    """Refuse a working time that nobody can have worked."""
    if minutes is not None and not 0 <= minutes <= LONGEST_MINUTES:
        raise TooLong(most=LONGEST_MINUTES)


def _step(
    ticket: Ticket,
    record: WorkRecord,
    kind: EventKind,
    moment: Happened,
    by: Actor,
    now: datetime,
    **facts: Any,
) -> None:
    """Save the record and write the step into the timeline, with both its moments."""
    record.by = worker(by)
    record.is_time_corrected = record.is_time_corrected or moment.is_corrected
    record.save()
    write(
        ticket=ticket,
        kind=kind,
        by=by,
        now=now,
        happened_at=moment.at.isoformat(),
        is_corrected=moment.is_corrected,
        **facts,
    )


def _tell(ticket: Ticket, message: str, moment: Happened, by: Actor, now: datetime) -> None:
    """Tell the owner while it is news."""
    if now - moment.at <= NEWS:
        key = f"{message[:24]}:{ticket.cycle}"
        tell_owner(ticket=ticket, message=message, key=key, now=now, name=worker(by).name)
