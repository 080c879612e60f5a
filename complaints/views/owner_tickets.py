"""My tickets: the first page an owner sees."""

from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _, gettext_lazy

from complaints.models import (
    Deadline,
    EventKind,
    PromiseKind,
    Rating,
    Status,
    Supporter,
    Ticket,
    TicketEvent,
)
from complaints.models.ticket import ACTIVE, OPEN
from complaints.services.supporting import resolution_due
from complaints.views.owner_story import PROMISED
from complaints.views.owner_ticket import who_has
from complaints.views.owner_tiles import icon_of
from tenancy.pages import ListPage
from tenancy.permissions import Can

MOST_OPEN = 50
MOST_JOINED = 10


class MyTicketsPage(ListPage):
    """What waits for the owner's word, what was promised next, what is worked on, what is done."""

    needs = Can.READ_TICKETS
    template_name = "complaints/owner_tickets.html"
    title = gettext_lazy("My tickets")
    page_size = 10

    def mine(self) -> QuerySet[Ticket]:
        """One's own, even for staff who also live here."""
        tickets: QuerySet[Ticket] = (
            Ticket.objects.visible_to(self.me)
            .filter(owner__membership_id=self.me.pk)
            .select_related("category", "department", "assignee", "unit")
        )
        return tickets

    def verdict(self) -> QuerySet[Rating]:
        """What the owner has said about the present round of a ticket."""
        return Rating.objects.filter(ticket_id=OuterRef("id"), cycle=OuterRef("cycle"))

    def rows(self) -> QuerySet[Ticket]:
        closed = self.mine().filter(status=Status.CLOSED).annotate(is_rated=Exists(self.verdict()))
        return closed.order_by("-closed_at", "-id")

    def context(self, **more: Any) -> dict[str, Any]:
        context = super().context(**more)
        if context["page_number"] == 1:
            context |= self.first_page()
        for row in [*context["rows"], *context.get("waiting", [])]:
            row.icon_name = icon_of(row.category)
        return context

    def first_page(self) -> dict[str, Any]:
        """What belongs on the first page only: everything that is still to come."""
        under_way = self.under_way()
        promised = [row for row in under_way if row.promise and not row.promise.paused_at]
        homes = {row.unit_id for row in under_way}
        if len(homes) > 1:  # by home, and within a home the newest first as before
            under_way.sort(key=lambda row: row.unit.label if row.unit else "")
        return {
            "waiting": self.waiting(),
            "under_way": under_way,
            "several_homes": len(homes) > 1,
            "promised": min(promised, key=lambda row: row.promise.due_at, default=None),
            "answers": [row for row in under_way if row.has_word],
            "joined": self.joined(),
        }

    def waiting(self) -> list[Ticket]:
        """Done, and the owner has not said yet whether it is fixed."""
        done = self.mine().filter(status=Status.RESOLVED).exclude(Exists(self.verdict()))
        return list(done.order_by("resolved_at", "id")[:MOST_OPEN])

    def under_way(self) -> list[Any]:
        """What is being worked on: who has it, what falls due next, and whose word was the last."""
        rows: list[Any] = list(
            self.mine().filter(status__in=OPEN).order_by("-created_at")[:MOST_OPEN]
        )
        ids = [row.pk for row in rows]
        next_promises, asked = self.next_promises(ids), self.asked(ids)
        for row in rows:
            row.icon_name = icon_of(row.category)
            row.who = who_has(row)
            row.promise = next_promises.get(row.pk)
            row.has_word = row.pk in asked
            row.home = row.unit.label if row.unit else _("Elsewhere in the community")
        return rows

    def next_promises(self, ids: list[UUID]) -> dict[UUID, Deadline]:
        """The promise of each ticket that falls due next, with its words."""
        found: dict[UUID, Deadline] = {}
        unmet = Deadline.objects.unmet().filter(ticket_id__in=ids)
        for deadline in unmet.order_by("due_at", "id"):
            deadline.words = PROMISED[PromiseKind(deadline.promise)]
            found.setdefault(deadline.ticket_id, deadline)
        return found

    def asked(self, ids: list[UUID]) -> set[UUID]:
        """Tickets whose last message is the company's: it may wait for an answer."""
        messages = (
            TicketEvent.objects.filter(ticket_id__in=ids, kind=EventKind.COMMENTED)
            .order_by("ticket_id", "-at", "-id")
            .distinct("ticket_id")
        )
        last = messages.values_list("ticket_id", "by_id")
        return {ticket_id for ticket_id, by_id in last if by_id != self.me.pk}

    def joined(self) -> list[Any]:
        """Matters of others that the owner waits for too."""
        rows: list[Any] = list(
            Supporter.objects.filter(owner__membership_id=self.me.pk, ticket__status__in=ACTIVE)
            .select_related("ticket__category", "ticket__community", "ticket__unit__building")
            .annotate(promised_at=resolution_due(OuterRef("ticket_id"), OuterRef("ticket__cycle")))
            .order_by("-joined_at", "-id")[:MOST_JOINED]
        )
        for row in rows:
            row.icon_name = icon_of(row.ticket.category)
        return rows
