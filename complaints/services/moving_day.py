"""Another day for what the company set itself to do, with the reason why."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _, gettext_noop

from complaints.models import Deadline, EventKind, PromiseKind, Ticket
from complaints.services import promises
from complaints.services.handling import ReasonMissing
from complaints.services.lifecycle import Act, check, claim
from complaints.services.news import tell_staff
from complaints.services.own_work import last_moment
from complaints.services.timeline import write
from notifications.models import Kind as News
from tenancy.services.actor import Actor
from tenancy.services.refusal import Refused


class SameDay(Refused):
    """Moved to where it stands already."""

    code = "same_day"
    sentence = _("It is to be done by that day already.")


@transaction.atomic
def move_day(*, ticket: Ticket, due_on: date, reason: str, by: Actor, now: datetime) -> Ticket:
    """Let it be done by another day.

    What the machine has recorded of the old day stays: who was warned is not warned again, and
    a day that was missed stays missed in the timeline.
    """
    ticket = claim(ticket)
    check(Act.MOVE_DAY, ticket)
    if not reason.strip():
        raise ReasonMissing
    before, due_at = _name_anew(ticket, due_on, now)
    promises.refresh_next_due(ticket)
    ticket.save(update_fields=["next_due_at"])
    write(
        ticket=ticket,
        kind=EventKind.DUE_CHANGED,
        by=by,
        now=now,
        promise=PromiseKind.RESOLUTION.value,
        before=before.isoformat() if before else "",
        due_at=due_at.isoformat(),
        because="moved",
        reason=reason,
    )
    _tell(ticket, due_at, by, now)
    return ticket


def _name_anew(ticket: Ticket, day: date, now: datetime) -> tuple[datetime | None, datetime]:
    """When it was due, and when it is due now.

    Nothing was due where it was opened again after its day, and no promise fits its kind.
    """
    clockwork = promises.Clockwork()
    due_at = last_moment(day, ticket, clockwork, now)
    rows = [row for row in promises.running(ticket) if row.promise == PromiseKind.RESOLUTION]
    if not rows:
        promises.by_day(ticket=ticket, due_at=due_at, starts_at=now, clockwork=clockwork).save(
            force_insert=True
        )
        return None, due_at
    (row,) = rows
    before: datetime = row.due_at
    if before == due_at:
        raise SameDay
    promises.name_day(row, due_at=due_at, ticket=ticket, clockwork=clockwork)
    Deadline.objects.bulk_update([row], promises.RECOUNTED)
    return before, due_at


def _tell(ticket: Ticket, due_at: datetime, by: Actor, now: datetime) -> None:
    """Tell whoever is in charge, unless they moved it themselves."""
    if ticket.assignee_id is not None and ticket.assignee_id != by.membership_id:
        tell_staff(
            ticket=ticket,
            recipients=[ticket.assignee_id],
            kind=News.ASSIGNED,
            message=gettext_noop("%(number)s is to be done by %(due_at)s now: %(title)s"),
            key=f"moved:{now.isoformat()}",
            now=now,
            due_at=due_at,
        )
