"""Views of the queue that members keep: above the queue, and on a page to put them in order."""

from dataclasses import dataclass
from typing import Any

from django.forms import Form
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from complaints.filters.saved_view import COUNTED, count_views, normal
from complaints.forms.saved_view import MoveForm, NewViewForm, SavedViewForm
from complaints.models import SavedView
from complaints.services.saved_view import (
    change_view,
    delete_view,
    may_change,
    move_view,
    save_view,
)
from tenancy.pages import ActionPage, CreatePage, DetailPage, EditPage, Page
from tenancy.permissions import Can


@dataclass(slots=True)
class Shown:
    """A view above the queue."""

    name: str
    query: str
    count: str  # "", "7", "99+"
    is_shared: bool
    is_current: bool


def views_above_the_queue(request: Any) -> list[Shown]:
    """The member's views with their counts: two queries, however many there are."""
    rows = list(SavedView.objects.visible_to(request.membership).in_order())
    counts = count_views(rows, request)
    here = normal(request.GET.urlencode())
    return [
        Shown(row.name, row.query, written(counts.get(row.pk)), row.is_shared, row.query == here)
        for row in rows
    ]


def written(count: int | None) -> str:
    """How many, as far as it was counted."""
    if count is None:
        return ""
    return f"{COUNTED}+" if count > COUNTED else str(count)


class SavedViewsPage(Page):
    """All views that a member sees, to be renamed, put in order, shared and deleted."""

    needs = Can.KEEP_VIEWS
    title = _("Views of the queue")
    template_name = "complaints/saved_views.html"

    def context(self, **more: Any) -> dict[str, Any]:
        rows = SavedView.objects.visible_to(self.me).select_related("membership").in_order()
        lots: dict[bool, list[Any]] = {True: [], False: []}
        for row in rows:
            row.may_change = may_change(row, self.me)
            lots[row.is_shared].append(row)
        return super().context(shared=lots[True], own=lots[False], **more)


class SavedViewAddPage(CreatePage):
    """Keep the filters of the moment."""

    needs = Can.KEEP_VIEWS
    title = _("Keep this view")
    template_name = "complaints/saved_view_form.html"
    form_class = NewViewForm
    done = _("The view is kept.")

    def form_arguments(self) -> dict[str, Any]:
        asked = normal(self.request.GET.get("query", ""))
        return {"may_share": self.me.can(Can.SHARE_VIEWS), "initial": {"query": asked}}

    def act(self, form: Form) -> str:
        facts = {**form.cleaned_data, "query": normal(form.cleaned_data["query"])}
        view = save_view(**facts, by=self.actor, now=self.now)
        queue = reverse("complaints:queue", kwargs={"company": self.request.company.slug})
        return f"{queue}?{view.query}"


class ViewChange(DetailPage):
    """After something was done to a view: back to all of them."""

    needs = Can.KEEP_VIEWS
    model = SavedView

    def back(self) -> str:
        return reverse("complaints:saved_views", kwargs={"company": self.request.company.slug})


class SavedViewEditPage(ViewChange, EditPage):
    """Call a view something else; share it, or no longer."""

    title = _("Change the view")
    template_name = "complaints/saved_view_form.html"
    form_class = SavedViewForm
    done = _("The view is changed.")

    def form_arguments(self) -> dict[str, Any]:
        kept = {"name": self.row.name, "is_shared": self.row.is_shared}
        return {"may_share": self.me.can(Can.SHARE_VIEWS), "initial": kept}

    def act(self, form: Form) -> str:
        facts = {"is_shared": self.row.is_shared, **form.cleaned_data}
        change_view(view=self.row, **facts, by=self.actor, now=self.now)
        return self.back()


class SavedViewMovePage(ViewChange, ActionPage):
    """Put a view before its neighbour, or behind."""

    form_class = MoveForm

    def do(self, form: Form) -> None:
        move_view(view=self.row, step=form.cleaned_data["step"], by=self.actor, now=self.now)


class SavedViewDeletePage(ViewChange, ActionPage):
    """Forget a view."""

    form_class = Form
    done = _("The view is deleted.")

    def do(self, form: Form) -> None:
        delete_view(view=self.row, by=self.actor, now=self.now)
