"""The one table of what may happen to a ticket in which state, and what state follows."""

from enum import StrEnum

from django.utils.translation import gettext_lazy as _

from complaints.models import Status, Ticket
from complaints.models.kinds import OWN
from tenancy.services.refusal import Refused


class Act(StrEnum):
    """Something done to a ticket."""

    ACCEPT = "accept"
    ASSIGN = "assign"
    PAUSE = "pause"
    RESUME = "resume"
    MOVE_DAY = "move_day"
    RESOLVE = "resolve"
    CLOSE = "close"
    REOPEN = "reopen"
    CALL_BACK = "call_back"
    URGE = "urge"
    RATE = "rate"
    WRITE = "write"
    WORK = "work"


NEW, ACCEPTED, PAUSED, RESOLVED, CLOSED = (
    Status.NEW,
    Status.ACCEPTED,
    Status.PAUSED,
    Status.RESOLVED,
    Status.CLOSED,
)

# What → from which states, and to which (None: the state stays).
TRANSITIONS: dict[Act, tuple[frozenset[Status], Status | None]] = {
    Act.ACCEPT: (frozenset({NEW}), ACCEPTED),
    Act.ASSIGN: (frozenset({NEW, ACCEPTED, PAUSED}), None),
    Act.PAUSE: (frozenset({ACCEPTED}), PAUSED),
    Act.RESUME: (frozenset({PAUSED}), ACCEPTED),
    Act.MOVE_DAY: (frozenset({NEW, ACCEPTED, PAUSED}), None),
    Act.RESOLVE: (frozenset({NEW, ACCEPTED, PAUSED}), RESOLVED),
    Act.CLOSE: (frozenset({RESOLVED}), CLOSED),
    Act.REOPEN: (frozenset({RESOLVED, CLOSED}), ACCEPTED),
    Act.CALL_BACK: (frozenset({NEW, ACCEPTED, PAUSED, RESOLVED}), None),
    Act.URGE: (frozenset({NEW, ACCEPTED, PAUSED}), None),
    Act.RATE: (frozenset({RESOLVED, CLOSED}), None),
    Act.WRITE: (frozenset({NEW, ACCEPTED, PAUSED, RESOLVED}), None),
    Act.WORK: (frozenset({NEW, ACCEPTED, PAUSED}), None),
}


# What only makes sense where somebody came with the matter and waits for an answer.
WITH_OWNERS = frozenset({Act.CALL_BACK, Act.URGE, Act.RATE})
# What only makes sense where the company named the day itself.
OF_ITS_OWN = frozenset({Act.MOVE_DAY})


class NobodyWaits(Refused):
    """What the company set itself to do has no owner to call, and none who urges or judges."""

    code = "nobody_waits"
    sentence = _("No owner came with this: there is nobody to call or to ask.")


class NoDayNamed(Refused):
    """What was promised to an owner falls due as it was promised, on no day of one's choice."""

    code = "no_day_named"
    sentence = _("This falls due by what was promised: only a day of the company's own is moved.")


class WrongState(Refused):
    """The ticket has moved on, or has not come so far yet."""

    code = "wrong_state"
    sentence = _("This cannot be done while the ticket is “%(status)s”.")


def possible(ticket: Ticket) -> frozenset[Act]:
    """What may be done to the ticket as it stands; pages show these buttons."""
    fitting = {act for act, (sources, _to) in TRANSITIONS.items() if ticket.status in sources}
    return frozenset(fitting - (WITH_OWNERS if ticket.kind in OWN else OF_ITS_OWN))


def check(act: Act, ticket: Ticket) -> Status:
    """The state that follows; raises `WrongState` when the act does not fit the present one."""
    if act in WITH_OWNERS and ticket.kind in OWN:
        raise NobodyWaits
    if act in OF_ITS_OWN and ticket.kind not in OWN:
        raise NoDayNamed
    sources, target = TRANSITIONS[act]
    if ticket.status not in sources:
        raise WrongState(status=Status(ticket.status).label)
    return target or Status(ticket.status)


def claim(ticket: Ticket) -> Ticket:
    """The ticket's row, locked until the transaction ends; everybody else waits."""
    # NO KEY: rows that refer to the ticket (the machine's events among them) need not wait, and
    # cannot end in a deadlock with somebody who waits for the machine to let go of a deadline.
    row: Ticket = Ticket.objects.select_for_update(of=("self",), no_key=True).get(pk=ticket.pk)
    return row
