"""The tickets behind a number: exactly those, with their number above."""

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy as _

from complaints.filters.ticket import TicketFilter
from complaints.models import Status, Ticket
from complaints.services.figures_days import Period
from complaints.services.figures_sets import score
from reports.views.numbers import dates
from tenancy.pages import ListPage
from tenancy.permissions import Can
from tenancy.templatetags.navigation import address

COLUMNS = (
    "id", "number", "title", "status", "created_at", "category__name", "category__name_en",
    "community__name", "unit__label", "department__name", "assignee__name", "stars",
)  # fmt: skip

# Whose numbers lead here, in the order in which they are offered for going back: what `from` in
# the address calls them, the name of the page, what it needs, and its words.
FROM = (
    ("ratings", "surveys:after_service", Can.READ_SURVEYS, _("Ratings after service")),
    ("figures", "reports:figures", Can.READ_FIGURES, _("Figures")),
)


class FigureTicketsPage(ListPage):
    """A list of tickets as a figure counts them.

    Nothing is here that the queue, narrowed the same way, does not show its visitors too.
    """

    needs = Can.READ_QUEUE
    title = _("Tickets behind the number")
    template_name = "reports/figure_tickets.html"
    filterset_class = TicketFilter

    def rows(self) -> QuerySet[Any]:
        found: QuerySet[Any] = Ticket.objects.visible_to(self.me)
        found = found.order_by("-created_at", "-id").annotate(stars=score())
        return found.values(*COLUMNS)

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
        return {
            **context,
            "total": context["filter"].qs.order_by().count(),
            "said": [*self.said(), *self.days(context["filter"].form)],
            "back": self.back(),
        }

    def back(self) -> dict[str, Any]:
        """The page whose number was opened, or another that shows numbers; nothing for whoever
        may see none."""
        asked = self.request.GET.get("from", "figures")
        offered = [
            {"url": url, "label": label}
            for name, page, needs, label in sorted(FROM, key=lambda each: each[0] != asked)
            if self.me.can(needs) and (url := address(page, self.request.company))
        ]
        return next(iter(offered), {})

    def days(self, form: Any) -> list[str]:
        """The days on which these tickets came in."""
        found = [form.cleaned_data.get(name) for name in ("filed_from", "filed_to")]
        return [dates(Period(*found))] if all(found) else []

    def said(self) -> list[str]:
        """What the list was narrowed to, in words."""
        asked = self.request.GET
        choices: dict[str, Any] = self.filterset_class.base_filters
        found = []
        for name in ("figure", "stars", "status", "kind"):
            words = dict(choices[name].extra["choices"])
            if asked.get(name) in words:
                found.append(str(words[asked[name]]))
        if asked.get("late") == "true":
            found.append(str(_("late")))
        return found
