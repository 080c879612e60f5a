"""My tickets: the first page an owner sees."""

from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext_lazy as _

from complaints.models import Deadline, PromiseKind, Rating, Status, Ticket
from complaints.models.ticket import OPEN
from complaints.views.owner_story import PROMISED
from complaints.views.owner_ticket import who_has
from complaints.views.owner_tiles import icon_of
from tenancy.pages import ListPage
from tenancy.permissions import Can

MOST_OPEN = 50


class MyTicketsPage(ListPage):
    """What waits for the owner's word, what is being worked on, and what is closed."""

    needs = Can.READ_TICKETS
    template_name = "complaints/owner_tickets.html"
    title = _("My tickets")
    page_size = 10

    def mine(self) -> QuerySet[Ticket]:
        """One's own, even for staff who also live here."""
        tickets: QuerySet[Ticket] = (
            Ticket.objects.visible_to(self.me)
            .filter(owner__membership_id=self.me.pk)
            .select_related("category", "department", "assignee")
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
            context |= {"waiting": self.waiting(), "under_way": self.under_way()}
        for row in [*context["rows"], *context.get("waiting", [])]:
            row.icon_name = icon_of(row.category)
        return context

    def waiting(self) -> list[Ticket]:
        """Done, and the owner has not said yet whether it is fixed."""
        done = self.mine().filter(status=Status.RESOLVED).exclude(Exists(self.verdict()))
        return list(done.order_by("resolved_at", "id")[:MOST_OPEN])

    def under_way(self) -> list[Any]:
        """What is being worked on, with who has it and the promise that falls due next."""
        rows: list[Any] = list(
            self.mine().filter(status__in=OPEN).order_by("-created_at")[:MOST_OPEN]
        )
        next_promises = self.next_promises(rows)
        for row in rows:
            row.icon_name = icon_of(row.category)
            row.who = who_has(row)
            row.promise = next_promises.get(row.pk)
        return rows

    def next_promises(self, rows: list[Ticket]) -> dict[Any, Deadline]:
        """The promise of each ticket that falls due next, with its words."""
        found: dict[Any, Deadline] = {}
        unmet = Deadline.objects.unmet().filter(ticket_id__in=[row.pk for row in rows])
        for deadline in unmet.order_by("due_at", "id"):
            deadline.words = PROMISED[PromiseKind(deadline.promise)]
            found.setdefault(deadline.ticket_id, deadline)
        return found
