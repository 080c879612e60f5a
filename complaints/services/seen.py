"""Whether a ticket is still as somebody saw it when they decided what to do."""

from collections.abc import Iterable

from django.utils.translation import gettext as _, gettext_lazy

from complaints.models import EventKind, Ticket, TicketEvent
from complaints.services.lifecycle import claim
from tenancy.services.actor import Actor
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


def make_sure_unmoved(*, ticket: Ticket, seen: int, by: Actor) -> None:
    """Refuse when somebody else moved it since `seen` moves were shown; keeps its row locked.

    Moves of one's own are known to oneself: one act may wait behind another on the same page.
    """
    claim(ticket)
    moves = TicketEvent.objects.filter(ticket_id=ticket.pk, kind__in=MOVES)
    # In the order in which they were recorded: a technician's phone may tell of something earlier.
    since = moves.select_related("by").order_by("id")[seen:]
    if theirs := [move for move in since if move.by_id != by.membership_id]:
        last = theirs[-1]
        raise MovedOn(
            who=last.by.name if last.by else _("The machine"),
            what=str(EventKind(last.kind).label),
        )
