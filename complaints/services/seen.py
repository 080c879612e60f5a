"""Whether a ticket is still as somebody saw it when they decided what to do."""

from collections.abc import Iterable

from django.utils.translation import gettext as _, gettext_lazy

from complaints.models import EventKind, Ticket, TicketEvent
from complaints.services.lifecycle import claim
from tenancy.services.refusal import Refused

# What changes where a ticket stands; words about it change nothing.
MOVES = frozenset({
    EventKind.ACCEPTED, EventKind.ASSIGNED, EventKind.PAUSED, EventKind.RESUMED,
    EventKind.RESOLVED, EventKind.CLOSED, EventKind.REOPENED, EventKind.CALLED_BACK,
})  # fmt: skip


class MovedOn(Refused):
    """Somebody was quicker."""

    code = "moved_on"
    sentence = gettext_lazy(
        "%(who)s changed this ticket meanwhile: %(what)s. Look at it again; nothing was done."
    )


def count_moves(kinds: Iterable[str]) -> int:
    """How often a ticket has moved, of all that happened to it."""
    return sum(kind in MOVES for kind in kinds)


def make_sure_unmoved(*, ticket: Ticket, seen: int) -> None:
    """Refuse when the ticket has moved since `seen` moves were shown; keeps its row locked."""
    claim(ticket)
    moves = list(
        TicketEvent.objects.filter(ticket_id=ticket.pk, kind__in=MOVES)
        .select_related("by")
        .order_by("at", "id")
    )
    if len(moves) > seen:
        last = moves[-1]
        raise MovedOn(
            who=last.by.name if last.by else _("The machine"),
            what=str(EventKind(last.kind).label),
        )
