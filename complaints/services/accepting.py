"""Taking many new tickets in hand at once."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db import transaction

from complaints.models import Ticket
from complaints.services.handling import accept
from complaints.services.reassigning import MOST_AT_ONCE, TooMany
from tenancy.services.actor import Actor
from tenancy.services.refusal import Refused


@dataclass(slots=True)
class Accepted:
    """What became of each ticket."""

    done: list[Ticket] = field(default_factory=list)
    refused: list[tuple[Ticket, Refused]] = field(default_factory=list)


@transaction.atomic
def accept_many(*, tickets: Collection[UUID], by: Actor, now: datetime) -> Accepted:
    """Accept these tickets, each on its own terms: what cannot be accepted stays as it is."""
    wanted = set(tickets)
    if len(wanted) > MOST_AT_ONCE:
        raise TooMany(most=MOST_AT_ONCE)
    found = Accepted()
    if by.membership is None:
        return found
    # In the order of their ids, so that two who accept the same wait for each other, and no more.
    rows = Ticket.objects.visible_to(by.membership).filter(id__in=wanted).order_by("id")
    for ticket in rows.select_related("owner"):
        try:
            found.done.append(accept(ticket=ticket, by=by, now=now))
        except Refused as refusal:
            found.refused.append((ticket, refusal))
    return found
