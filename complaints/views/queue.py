"""The desk's one queue: what is due next comes first."""

from collections.abc import Iterable
from contextlib import suppress
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.http import Http404
from django.utils.translation import get_language, gettext_lazy as _

from complaints.filters.saved_view import filter_of, in_tab, normal
from complaints.models import Category, Ticket
from complaints.views.rows import Presenter, plain
from complaints.views.saved_view import views_above_the_queue
from complaints.views.ticket import TicketPage
from tenancy.models import Community, Department
from tenancy.pages import ListPage
from tenancy.permissions import Can

TABS = (
    ("all", _("All in hand"), "queue"),
    ("mine", _("My work"), "user"),
    ("untaken", _("Not taken"), "empty"),
    ("resolved", _("Resolved, call owed"), "phone"),
    ("any", _("Closed too"), "search"),
)

# What the address says beside the filters.
NOT_A_FILTER = ("tab", "page", "ticket", "act")


class QueuePage(ListPage):
    """Everything that somebody still has to do something about, in the order of its deadlines."""

    needs = Can.READ_QUEUE
    title = _("Queue")
    template_name = "complaints/queue.html"
    fragment_name = "complaints/queue_rows.html"

    @property
    def tab(self) -> str:
        """Which part of the queue is looked at."""
        asked = self.request.GET.get("tab", "all")
        return asked if asked in {name for name, _label, _icon in TABS} else "all"

    @property
    def filterset_class(self) -> Any:  # it depends on the part
        return filter_of(self.tab)

    def rows(self) -> QuerySet[Any]:
        found = in_tab(self.tab, self.me)
        if self.tab == "any":
            return plain(found.order_by("-created_at", "-id"))
        return plain(found.by_due())

    def part(self, rows: QuerySet[Any], start: int, stop: int) -> QuerySet[Any]:
        """Where closed ones are searched too, only this page's rows are dressed with names: else
        a word that stands in 20,000 tickets would have all of them dressed to show fifty."""
        if self.tab != "any" or not self.request.GET.get("search"):
            return super().part(rows, start, stop)
        shown = Ticket.objects.filter(id__in=rows.values("id")[start:stop])
        return plain(shown.order_by(*rows.query.order_by))

    def context(self, **more: Any) -> dict[str, Any]:
        context = super().context(tab=self.tab, tabs=self.tabs(), **more)
        presenter = Presenter(self.request.company, self.me.pk, self.now)
        context["rows"] = presenter.rows(context["rows"])
        if not getattr(self.request, "htmx", False):
            context.update(self.choices())
            context.update(self.chosen())
            context["views"] = views_above_the_queue(self.request)
        context["here"] = normal(self.request.GET.urlencode())
        filters = [
            name for name, value in self.request.GET.items() if value and name not in NOT_A_FILTER
        ]
        context["is_filtered"] = bool(filters)
        context["filters_set"] = len([name for name in filters if name != "search"])
        context["is_kept"] = any(view.is_current for view in context.get("views", ()))
        return context

    def chosen(self) -> dict[str, Any]:
        """The ticket that the address names, to be read beside the queue."""
        try:
            pk = UUID(self.request.GET.get("ticket", ""))
            page = TicketPage()
            page.setup(self.request, company=self.request.company.slug, pk=pk)
            return {"row": page.row, **page.facts({}), "title": self.title}
        except (ValueError, Http404):
            return {"row": None}

    def tabs(self) -> list[dict[str, Any]]:
        """The tabs with their addresses; the filters stay when one changes the tab."""
        asked = self.request.GET.copy()
        for name in ("page", "ticket"):
            asked.pop(name, None)
        found = []
        for name, label, icon in TABS:
            asked["tab"] = name
            found.append({"name": name, "label": label, "icon": icon, "query": asked.urlencode()})
        return found

    def offered(self, name: str) -> Q:
        """What is in use, and what the address narrows by although it was laid aside since."""
        found = Q(is_active=True)
        with suppress(ValueError):
            found |= Q(pk=UUID(self.request.GET.get(name, "")))
        return found

    def choices(self) -> dict[str, Any]:
        """What can be chosen in the filters."""
        english = (get_language() or "").startswith("en")
        categories = Category.objects.filter(self.offered("category"))
        communities = Community.objects.visible_to(self.me).filter(self.offered("community"))
        departments = Department.objects.filter(self.offered("department"))
        return {
            "communities": named(communities.order_by("name").values_list("id", "name")),
            "departments": named(
                departments.order_by("position", "name").values_list("id", "name")
            ),
            "categories": named(
                (pk, (english and name_en) or name)
                for pk, name, name_en in categories.order_by(
                    "kind", "position", "name"
                ).values_list("id", "name", "name_en")
            ),
        }


def named(rows: Iterable[tuple[UUID, str]]) -> list[tuple[str, str]]:
    """Rows as the choices of a select."""
    return [(str(pk), name) for pk, name in rows]
