"""Writing down what happened to a ticket."""

from datetime import datetime
from typing import Any

from complaints.models import EventKind, Ticket, TicketEvent
from complaints.services.figures_keeping import UNCOUNTED, mark
from tenancy.services.actor import Actor


def write(*, ticket: Ticket, kind: EventKind, by: Actor, now: datetime, **data: Any) -> TicketEvent:
    """Add one event to the ticket's timeline. Events are never changed afterwards."""
    event = TicketEvent(
        ticket=ticket,
        kind=kind,
        at=now,
        by=by.membership,
        via=by.via,
        address=by.address,
        data=data,
    )
    event.save(force_insert=True)
    if kind not in UNCOUNTED:
        mark([ticket])
    return event
