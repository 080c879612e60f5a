"""When a promise or a calendar changes, open deadlines move with it, and the timeline says so."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Min, Q

from complaints.models import Deadline, EventKind, Pause, Ticket, TicketEvent
from complaints.services.promises import RECOUNTED, Clockwork, recount
from tenancy.services.actor import Actor

BATCH = 500


@transaction.atomic
def recompute(*, by: Actor, now: datetime, because: str) -> int:
    """Count every open deadline of the company anew; returns how many moved.

    `because` says in the timeline what changed, e.g. "promise" or "calendar". Levels already
    taken stay taken; nothing that was kept or dropped is touched.
    """
    clockwork, moved = Clockwork(), 0
    ids = list(Deadline.objects.unmet().order_by("id").values_list("id", flat=True))
    for start in range(0, len(ids), BATCH):
        moved += _recompute(ids[start : start + BATCH], clockwork, by, now, because)
    return moved


def _recompute(
    ids: list[UUID], clockwork: Clockwork, by: Actor, now: datetime, because: str
) -> int:
    rows = list(
        Deadline.objects.unmet()
        .filter(id__in=ids)
        .select_related("ticket")
        .order_by("id")
        .select_for_update(of=("self",))
    )
    pauses = _pauses({row.ticket_id for row in rows})
    changed, events = [], []
    for row in rows:
        before = row.due_at
        span = clockwork.span(row.promise, row.ticket)
        if span is not None:
            row.amount, row.measure = span.amount, span.measure
        recount(row, row.ticket, clockwork, pauses[row.ticket_id])
        if row.due_at != before:
            changed.append(row)
            events.append(_event(row, before, by, now, because))
    Deadline.objects.bulk_update(changed, RECOUNTED)
    TicketEvent.objects.bulk_create(events)
    _refresh_queue({row.ticket_id for row in changed})
    return len(changed)


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
