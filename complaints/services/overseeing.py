"""What comes up to somebody who answers for others: which matters, seeing them, taking them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, Max, OuterRef
from django.utils.translation import gettext_lazy as _

from complaints.models import Escalation, EventKind, Status, Ticket, TicketEvent
from complaints.models.ticket import ACTIVE, OPEN
from complaints.services.handling import accept, assign
from complaints.services.lifecycle import claim
from complaints.services.timeline import write
from tenancy.models import Membership
from tenancy.services.actor import Actor
from tenancy.services.refusal import Refused


class NothingCameUp(Refused):
    """A matter that never came up to this person, or that they have seen."""

    code = "nothing_came_up"
    sentence = _("There is nothing here that came up to you and that you have not seen.")


@dataclass(frozen=True, slots=True)
class CameUp:
    """A matter that reached somebody: when last, how high, and in whose words."""

    ticket_id: UUID
    at: datetime
    level: int | None = None  # None: the owner was not content
    because: str = ""


def came_up_to(*, member: Membership, seen: bool) -> list[CameUp]:
    """The open matters that have come up to a member and that they have (not) seen since; what
    climbed highest first, then what has waited longest. Two queries."""
    found = {each.ticket_id: each for each in _late(member, seen=seen)}
    # Of a matter that came up both ways, the owner's own words count.
    found.update((each.ticket_id, each) for each in _raised(member, seen=seen))
    return sorted(
        found.values(), key=lambda each: (each.level is not None, -(each.level or 0), each.at)
    )


def _late(member: Membership, *, seen: bool) -> list[CameUp]:
    """Steps that told this member about promises which are still to be kept."""
    rows = (
        Escalation.objects.filter(
            _seen_by(member, "ticket_id", "taken_at", seen=seen),
            told__contains=[str(member.pk)],
            deadline__met_at=None,
            deadline__dropped_at=None,
            ticket_id__in=_visible(member),
        )
        .values("ticket_id")
        .annotate(at=Max("taken_at"), level=Max("level"))
        .values_list("ticket_id", "at", "level")
    )
    return [CameUp(ticket_id, at, level) for ticket_id, at, level in rows]


def _raised(member: Membership, *, seen: bool) -> list[CameUp]:
    """Matters put into this member's hands because their owner was not content."""
    rows = (
        TicketEvent.objects.filter(
            _seen_by(member, "ticket_id", "at", seen=seen),
            kind=EventKind.ESCALATED,
            by__isnull=False,
            ticket__assignee=member,
            ticket__status__in=OPEN,
            ticket_id__in=_visible(member),
        )
        .order_by("at")
        .values_list("ticket_id", "at", "data__because")
    )
    return [CameUp(ticket_id, at, None, because or "") for ticket_id, at, because in rows]


def _visible(member: Membership) -> Any:
    return Ticket.objects.visible_to(member).filter(status__in=ACTIVE).values("id")


def _seen_by(member: Membership, ticket: str, moment: str, *, seen: bool) -> Any:
    """Whether the member said that they have seen it, after it came up."""
    word = Exists(
        TicketEvent.objects.filter(
            ticket_id=OuterRef(ticket), at__gte=OuterRef(moment), kind=EventKind.SEEN, by=member
        )
    )
    return word if seen else ~word


@transaction.atomic
def mark_seen(*, ticket: Ticket, by: Actor, now: datetime) -> None:
    """“I have seen it and answer for it”: on the timeline, for everybody who works on it."""
    ticket = claim(ticket)
    member = by.membership
    waiting = () if member is None else came_up_to(member=member, seen=False)
    if ticket.pk not in {each.ticket_id for each in waiting}:
        raise NothingCameUp
    write(ticket=ticket, kind=EventKind.SEEN, by=by, now=now)


@transaction.atomic
def take_over(*, ticket: Ticket, by: Actor, now: datetime) -> Ticket:
    """Take a matter into one's own hands; whoever does has seen it."""
    ticket = assign(ticket=ticket, assignee=by.membership, by=by, now=now)
    if ticket.status == Status.NEW:
        ticket = accept(ticket=ticket, by=by, now=now)
    write(ticket=ticket, kind=EventKind.SEEN, by=by, now=now)
    return ticket
