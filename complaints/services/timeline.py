"""Writing down what happened to a ticket."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from complaints.models import EventKind, Ticket, TicketEvent
from complaints.services.figures_keeping import UNCOUNTED, mark
from tenancy.services.actor import Actor

# One line of a timeline: whose, what, and its details.
Line = tuple[Ticket, EventKind, Mapping[str, Any]]


def write(*, ticket: Ticket, kind: EventKind, by: Actor, now: datetime, **data: Any) -> TicketEvent:
    """Add one event to the ticket's timeline. Events are never changed afterwards."""
    event = event_of((ticket, kind, data), by, now)
    event.save(force_insert=True)
    if kind not in UNCOUNTED:
        mark([ticket])
    return event


def write_many(lines: Iterable[Line], *, by: Actor, now: datetime) -> None:
    """Add events to many timelines, with two queries."""
    lines = list(lines)
    TicketEvent.objects.bulk_create(event_of(line, by, now) for line in lines)
    mark(ticket for ticket, kind, _data in lines if kind not in UNCOUNTED)


def event_of(line: Line, by: Actor, now: datetime) -> TicketEvent:
    """The event as it will stand in the timeline."""
    ticket, kind, data = line
    return TicketEvent(
        ticket=ticket,
        kind=kind,
        at=now,
        by=by.membership,
        via=by.via,
        address=by.address,
        data=dict(data),
    )
