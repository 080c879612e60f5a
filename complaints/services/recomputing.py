"""When a promise or a calendar changes, open deadlines move with it, and the timeline says so."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Min, Q

from complaints.models import Deadline, EventKind, Pause, Ticket, TicketEvent
from complaints.services.figures_keeping import mark
from complaints.services.promises import RECOUNTED, Clockwork, recount
from tenancy.services.actor import Actor

BATCH = 500


@transaction.atomic
def recompute(*, by: Actor, now: datetime, because: str) -> int:
    """Count every open deadline of the company anew; returns how many fall due at another time.

    `because` says in the timeline what changed, e.g. "promise" or "calendar". Levels already
    taken stay taken; nothing that was kept or dropped is touched.
    """
    clockwork, moved = Clockwork(), 0
    unmet = Deadline.objects.unmet().order_by("ticket_id").values_list("ticket_id", flat=True)
    ids = list(unmet.distinct())
    for start in range(0, len(ids), BATCH):
        moved += _recompute(ids[start : start + BATCH], clockwork, by, now, because)
    return moved


def _recompute(
    ids: list[UUID], clockwork: Clockwork, by: Actor, now: datetime, because: str
) -> int:
    # Tickets before their deadlines: the order in which handlers lock them.
    tickets = (
        Ticket.objects.filter(id__in=ids)
        .order_by("id")
        .select_for_update(of=("self",), no_key=True)
    )
    known = {ticket.pk: ticket for ticket in tickets}
    unmet = Deadline.objects.unmet().filter(ticket_id__in=ids).order_by("id")
    pauses = _pauses(set(ids))
    changed, events = [], []
    for row in unmet.select_for_update(of=("self",), no_key=True):
        ticket = known[row.ticket_id]
        before = (row.due_at, row.next_level, row.next_action_at)
        span = clockwork.span(row.promise, ticket)
        if span is not None and not row.is_given:
            row.amount, row.measure = span.amount, span.measure
        recount(row, ticket, clockwork, pauses[row.ticket_id])
        if (row.due_at, row.next_level, row.next_action_at) != before:
            changed.append(row)
        if row.due_at != before[0]:
            events.append(_event(row, before[0], by, now, because))
    Deadline.objects.bulk_update(changed, RECOUNTED)
    TicketEvent.objects.bulk_create(events)
    mark(known[row.ticket_id] for row in changed)
    _refresh_queue({row.ticket_id for row in changed})
    return len(events)


def _pauses(tickets: set[UUID]) -> dict[UUID, list[Pause]]:
    found: dict[UUID, list[Pause]] = defaultdict(list)
    for pause in Pause.objects.filter(ticket_id__in=tickets):
        found[pause.ticket_id].append(pause)
    return found


def _event(row: Deadline, before: datetime, by: Actor, now: datetime, because: str) -> TicketEvent:
    return TicketEvent(
        ticket_id=row.ticket_id,
        kind=EventKind.DUE_CHANGED,
        at=now,
        by=by.membership,
        via=by.via,
        address=by.address,
        data={
            "promise": row.promise,
            "before": before.isoformat(),
            "due_at": row.due_at.isoformat(),
            "because": because,
        },
    )


def _refresh_queue(tickets: Iterable[UUID]) -> None:
    """Put the moved tickets where they belong in the queue."""
    earliest = dict(
        Deadline.objects.unmet()
        .filter(ticket_id__in=list(tickets), paused_at=None)
        .values_list("ticket_id")
        .annotate(earliest=Min("due_at", filter=Q(met_at=None)))
    )
    rows = list(Ticket.objects.filter(id__in=earliest))
    for ticket in rows:
        ticket.next_due_at = earliest[ticket.pk]
    Ticket.objects.bulk_update(rows, ["next_due_at"])
