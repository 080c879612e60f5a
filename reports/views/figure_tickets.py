"""The tickets behind a number: exactly those, with their number above."""

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy as _

from complaints.filters.ticket import TicketFilter
from complaints.models import Status, Ticket
from tenancy.pages import ListPage
from tenancy.permissions import Can

COLUMNS = (
    "id", "number", "title", "status", "created_at", "category__name", "category__name_en",
    "community__name", "unit__label", "department__name", "assignee__name",
)  # fmt: skip


class FigureTicketsPage(ListPage):
    """A list of tickets as a figure counts them."""

    needs = Can.READ_FIGURES
    title = _("Tickets behind the number")
    template_name = "reports/figure_tickets.html"
    filterset_class = TicketFilter

    def rows(self) -> QuerySet[Any]:
        found: QuerySet[Any] = Ticket.objects.visible_to(self.me)
        return found.order_by("-created_at", "-id").values(*COLUMNS)

    def context(self, **more: Any) -> dict[str, Any]:
        context = super().context(**more)
        english = (get_language() or "").startswith("en")
        labels = dict(Status.choices)
        for row in context["rows"]:
            row["category"] = (english and row["category__name_en"]) or row["category__name"]
            row["status_label"] = labels[row["status"]]
            row["url"] = reverse(
                "complaints:ticket_detail",
                kwargs={"company": self.request.company.slug, "pk": row["id"]},
            )
        return {**context, "total": context["filter"].qs.order_by().count(), "said": self.said()}

    def said(self) -> list[str]:
        """What the list was narrowed to, in words."""
        asked = self.request.GET
        choices: dict[str, Any] = self.filterset_class.base_filters
        found = []
        for name in ("figure", "status", "kind"):
            words = dict(choices[name].extra["choices"])
            if asked.get(name) in words:
                found.append(str(words[asked[name]]))
        if asked.get("late") == "true":
            found.append(str(_("late")))
        return found
