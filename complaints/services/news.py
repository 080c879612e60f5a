"""Word to the people around a ticket: its owner, its handler, those above."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from complaints.models import Ticket
from notifications.models import Kind
from notifications.services.telling import tell


def path_of(ticket: Ticket) -> str:
    """The ticket's page, the same address for owner and staff."""
    return ticket_path(ticket.company.slug, ticket.pk)


def ticket_path(slug: str, ticket_id: UUID) -> str:
    """Written out, not reversed: services know nothing of the web, and a pass tells thousands.

    `tests/architecture` holds it against the real address.
    """
    return f"/{slug}/tickets/{ticket_id}/"


def supported_path(slug: str, supporter_id: UUID) -> str:
    """The page of a matter that an owner has joined; it shows nothing of the ticket's words."""
    return f"/{slug}/joined/{supporter_id}/"


def queue_path(slug: str, *, tab: str) -> str:
    """A part of the queue."""
    return f"/{slug}/queue/?tab={tab}"


def facts(ticket: Ticket, **more: Any) -> dict[str, Any]:
    """What a message may speak of."""
    return {"number": ticket.number, "title": ticket.title, **more}


def tell_owner(*, ticket: Ticket, message: str, key: str, now: datetime, **more: Any) -> None:
    """Tell the owner, if they have an account, how their ticket goes on."""
    if ticket.owner is None:
        return
    recipient = ticket.owner.membership_id
    if recipient is not None:
        _tell(ticket, [recipient], Kind.PROGRESS, message, key, now, more)


def tell_staff(
    *,
    ticket: Ticket,
    recipients: Iterable[UUID],
    kind: Kind,
    message: str,
    key: str,
    now: datetime,
    **more: Any,
) -> None:
    """Tell members of staff something about a ticket."""
    _tell(ticket, list(recipients), kind, message, key, now, more)


def _tell(
    ticket: Ticket,
    recipients: list[UUID],
    kind: Kind,
    message: str,
    key: str,
    now: datetime,
    more: dict[str, Any],
) -> None:
    if recipients:
        tell(
            recipients=recipients,
            kind=kind,
            message=message,
            params=facts(ticket, **more),
            path=path_of(ticket),
            dedupe_key=f"{ticket.pk}:{key}",
            now=now,
        )
