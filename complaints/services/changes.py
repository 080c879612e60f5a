"""What has just happened to tickets, for pages that stay open.

The timeline is the truth: nobody publishes anything, whoever listens reads what was written last.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from complaints.models import Ticket, TicketEvent
from tenancy.models import Membership

# A transaction that began earlier may be committed later: so far back is read again each time.
OVERLAP = timedelta(seconds=30)
# More than this at once is no news any more, but a reason to look at the list anew.
MOST = 500
RANDOM_BITS = 80  # what an id of version seven holds below its milliseconds
LATEST = 253_370_764_800_000  # the year 9999 in milliseconds: no calendar goes on after it


@dataclass(frozen=True, slots=True)
class Change:
    """One event of a ticket's timeline, as far as a list needs to know it."""

    event: UUID
    ticket: UUID
    kind: str
    by: UUID | None  # None: the machine
    name: str


def floor_of(moment: datetime) -> UUID:
    """The smallest id that an event of this moment can have."""
    return UUID(int=int(moment.timestamp() * 1000) << RANDOM_BITS)


def moment_of(event: UUID, zone_of: datetime) -> datetime:
    """When an id was made, in the zone of another moment."""
    milliseconds = min(event.int >> RANDOM_BITS, LATEST)
    return datetime.fromtimestamp(milliseconds / 1000, zone_of.tzinfo)


def is_quiet(after: UUID, known: set[UUID]) -> bool:
    """Whether nothing was written after an event but what is known: the cheap question, which is
    asked again and again."""
    ids = TicketEvent.objects.filter(id__gt=after).order_by("-id").values_list("id", flat=True)
    return known.issuperset(ids[:MOST])


def changes_after(after: UUID) -> list[Change]:
    """What was written after an event, the newest `MOST` of it, the oldest first."""
    rows = (
        TicketEvent.objects.filter(id__gt=after)
        .order_by("-id")
        .values_list("id", "ticket_id", "kind", "by_id", "by__name")[:MOST]
    )
    return [
        Change(event, ticket, kind, by, name or "")
        for event, ticket, kind, by, name in reversed(rows)
    ]


def visible_tickets(
    members: Iterable[Membership], tickets: Sequence[UUID]
) -> dict[UUID, frozenset[UUID]]:
    """Which of the tickets each member may see.

    Members for whom the question is the same, word for word, are answered by one query.
    """
    answers: dict[object, frozenset[UUID]] = {}
    found = {}
    for member in members:
        rows = Ticket.objects.visible_to(member).filter(id__in=tickets).values_list("id", flat=True)
        sql, params = rows.query.sql_with_params()
        question = (sql, repr(params))
        if question not in answers:
            answers[question] = frozenset(rows)
        found[member.pk] = answers[question]
    return found
