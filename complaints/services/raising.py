"""Putting a matter into a supervisor's hands, because its owner is not content."""

from datetime import datetime

from django.utils.translation import gettext_noop

from complaints.models import EventKind, Ticket
from complaints.services.handling import start_again
from complaints.services.news import tell_staff
from complaints.services.recipients import supervisors
from complaints.services.timeline import write
from notifications.models import Kind
from tenancy.models import Membership
from tenancy.services.actor import Actor

IN_WORDS = gettext_noop("The owner of %(number)s is not content: %(reason)s")
AS_FACT = gettext_noop("The owner of %(number)s is not content: %(reason_label)s")


def reopen_and_raise(*, ticket: Ticket, words: str, fact: str, by: Actor, now: datetime) -> None:
    """Reopen a claimed ticket and hand it to the supervisor who answers for it.

    `words` are what somebody wrote. Where nobody wrote any, `fact` says what is known: an English
    msgid, which every reader reads in their own language.
    """
    reason = words or fact
    start_again(ticket=ticket, reason=reason, by=by, now=now)
    above = supervisors(ticket, now=now)
    if above:
        ticket.assignee = Membership.objects.get(pk=above[0])
        ticket.save(update_fields=["assignee"])
    write(
        ticket=ticket,
        kind=EventKind.ESCALATED,
        by=by,
        now=now,
        because=reason,
        to=ticket.assignee.name if above and ticket.assignee else "",
    )
    tell_staff(
        ticket=ticket,
        recipients=above,
        kind=Kind.RATING,
        message=IN_WORDS if words else AS_FACT,
        key=f"raised:{ticket.cycle}",
        now=now,
        **{"reason" if words else "reason_label": reason},
    )
