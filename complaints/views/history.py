"""What is known about the person behind a ticket, and about their home."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from complaints.models import Callback, CallbackOutcome, Kind, Rating, Status, Ticket
from owners.models import Owner, Ownership
from owners.services.personal import mask_phone
from tenancy.models import Membership
from tenancy.pages import DetailPage
from tenancy.permissions import Can

LAST = 6
REPEAT_WITHIN = timedelta(days=90)


@dataclass(slots=True)
class Earlier:
    """An earlier ticket in a word."""

    pk: UUID
    number: str
    title: str
    kind: str
    kind_label: str
    status: str
    status_label: str
    created_at: datetime
    owner: str = ""
    place: str = ""
    score: int | None = None
    calls: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Beside:
    """Everything that stands beside a ticket while somebody talks with its owner."""

    owner: Owner | None
    phone: str = ""
    homes: list[Ownership] = field(default_factory=list)
    tickets: list[Earlier] = field(default_factory=list)
    neighbours: list[Earlier] = field(default_factory=list)
    repeats: int = 0


COLUMNS = (
    "id", "number", "title", "kind", "status", "created_at", "category_id", "owner__name",
    "unit__label",
)  # fmt: skip


def beside(ticket: Ticket, me: Membership) -> Beside:
    """The owner of a ticket, what they said before, and what others of the same home said."""
    found = beside_owner(ticket.owner, me, without=ticket)
    if ticket.unit_id is not None:
        others = (
            Ticket.objects.visible_to(me)
            .filter(unit_id=ticket.unit_id)
            .exclude(pk=ticket.pk)
            .order_by("-created_at", "-id")
        )
        if ticket.owner_id is not None:
            others = others.exclude(owner_id=ticket.owner_id)
        found.neighbours = earlier(others.values(*COLUMNS)[:LAST])
    return found


def beside_owner(owner: Owner | None, me: Membership, *, without: Ticket | None = None) -> Beside:
    """A person of the archive with their homes and last tickets."""
    if owner is None:
        return Beside(None)
    rows = Ticket.objects.visible_to(me).filter(owner_id=owner.pk)
    if without is not None:
        rows = rows.exclude(pk=without.pk)
    read = list(rows.order_by("-created_at", "-id").values(*COLUMNS)[:LAST])
    repeats = 0
    if without is not None:
        since = without.created_at - REPEAT_WITHIN
        repeats = sum(
            row["category_id"] == without.category_id and since <= row["created_at"] for row in read
        )
    homes = (
        Ownership.objects.visible_to(me)
        .current()
        .filter(owner_id=owner.pk)
        .select_related("unit__community", "unit__building")
        .order_by("unit__label", "id")
    )
    return Beside(owner, mask_phone(owner.phone), list(homes), earlier(read), repeats=repeats)


def earlier(rows: Iterable[dict[str, Any]]) -> list[Earlier]:
    """Tickets with the last rating and the calls of each: two more queries."""
    rows = list(rows)
    ids = [row["id"] for row in rows]
    scores = dict(
        Rating.objects.filter(ticket_id__in=ids).order_by("at").values_list("ticket_id", "score")
    )
    calls = defaultdict(list)
    for ticket_id, outcome in (
        Callback.objects.filter(ticket_id__in=ids)
        .order_by("at")
        .values_list("ticket_id", "outcome")
    ):
        calls[ticket_id].append(str(CallbackOutcome(outcome).label))
    return [
        Earlier(
            pk=row["id"],
            number=row["number"],
            title=row["title"],
            kind=row["kind"],
            kind_label=str(Kind(row["kind"]).label),
            status=row["status"],
            status_label=str(Status(row["status"]).label),
            created_at=row["created_at"],
            owner=row["owner__name"] or "",
            place=row["unit__label"] or "",
            score=scores.get(row["id"]),
            calls=calls[row["id"]],
        )
        for row in rows
    ]


class OwnerHistoryPage(DetailPage):
    """A person's tickets, as a fragment for their page in the archive or as a page of its own."""

    needs = Can.READ_OWNERS
    model = Owner
    title = _("Tickets of this person")
    template_name = "complaints/owner_history.html"

    def context(self, **more: Any) -> dict[str, Any]:
        return super().context(beside=beside_owner(self.row, self.me), **more)
