"""Words on a ticket: between owner and company, and among staff."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _, gettext_noop

from complaints.models import EventKind, Ticket, TicketEvent
from complaints.services.lifecycle import Act, check, claim
from complaints.services.news import tell_owner, tell_staff
from complaints.services.recipients import handler_or_supervisors
from complaints.services.timeline import write
from notifications.models import Kind
from tenancy.services.actor import Actor
from tenancy.services.refusal import Refused


class NothingSaid(Refused):
    """An empty message."""

    code = "nothing_said"
    sentence = _("Write something first.")


@transaction.atomic
def comment(*, ticket: Ticket, text: str, by: Actor, now: datetime) -> TicketEvent:
    """A message that the other side reads: the owner's to the handler, staff's to the owner."""
    ticket = claim(ticket)
    check(Act.WRITE, ticket)
    if not text.strip():
        raise NothingSaid
    event = write(ticket=ticket, kind=EventKind.COMMENTED, by=by, now=now, text=text)
    message = gettext_noop("New message about %(number)s.")
    if by.membership is not None and by.membership.is_staff:
        tell_owner(ticket=ticket, message=message, key=f"message:{event.pk}", now=now)
    else:
        tell_staff(
            ticket=ticket,
            recipients=handler_or_supervisors(ticket, now=now),
            kind=Kind.MESSAGE,
            message=message,
            key=f"message:{event.pk}",
            now=now,
        )
    return event


@transaction.atomic
def note(*, ticket: Ticket, text: str, by: Actor, now: datetime) -> TicketEvent:
    """A note among staff; the owner never sees it. Possible on closed tickets too."""
    ticket = claim(ticket)
    if not text.strip():
        raise NothingSaid
    return write(ticket=ticket, kind=EventKind.NOTED, by=by, now=now, text=text)
