"""The last contacts with a person: what they filed, said and were told, the newest first."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from complaints.models import CallbackOutcome, EventKind, Ticket, TicketEvent
from owners.models import Owner
from tenancy.models import Membership

LAST = 5
# Looked for in so many of the person's newest tickets.
NEWEST = 20
KINDS = {
    EventKind.FILED: "plus",
    EventKind.CALLED_BACK: "phone",
    EventKind.COMMENTED: "comment",
    EventKind.URGED: "urge",
    EventKind.RATED: "star",
    EventKind.RESOLVED: "done",
}


@dataclass(frozen=True, slots=True)
class Contact:
    """One time that the person and the company had to do with each other."""

    ticket: UUID
    icon: str
    what: str
    at: datetime
    who: str
    title: str
    text: str


def last_contacts(owner: Owner, me: Membership) -> list[Contact]:
    """Of the tickets that the member may see. One query."""
    tickets = (
        Ticket.objects.visible_to(me)
        .filter(owner_id=owner.pk)
        .order_by("-created_at")
        .values("id")[:NEWEST]
    )
    rows = (
        TicketEvent.objects.visible_to(me)
        .filter(ticket_id__in=tickets, kind__in=KINDS)
        .order_by("-at", "-id")
        .values_list("ticket_id", "kind", "at", "by__name", "ticket__title", "data")[:LAST]
    )
    return [contact(*row) for row in rows]


def contact(
    ticket: UUID, kind: str, at: datetime, who: str | None, title: str, data: dict[str, Any]
) -> Contact:
    what = str(EventKind(kind).label)
    if kind == EventKind.CALLED_BACK and data.get("outcome") in CallbackOutcome.values:
        what = str(CallbackOutcome(data["outcome"]).label)
    text = str(data.get("note") or data.get("text") or data.get("comment") or "")
    return Contact(ticket, KINDS[EventKind(kind)], what, at, who or "", title, text)
