"""What the company promises, for the admin."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _, ngettext

from complaints.forms.rules import NewPromiseForm, PolicyForm, PromiseForm
from complaints.models import Promise, PromiseKind
from complaints.services import rules
from complaints.services.promises import Clockwork
from tenancy.calendar import CalendarError, Measure, Span, due, explain
from tenancy.pages import CreatePage, EditPage, FormPage, Page
from tenancy.permissions import Can
from tenancy.templatetags.moments import written_moment
from tenancy.views.guided import Guided

POLICY = ("warn_before", "manager_after", "admin_after", "call_again_after")


@dataclass(slots=True)
class Line:
    """One promise with its form and what it means today."""

    row: Promise
    case: str
    form: forms.Form
    preview: str
    why: dict[str, object] | None


class RulesView(Guided):
    """What all parts of the settings share: the one page that shows them."""

    needs = Can.SET_PROMISES
    title = _("Promises")
    template_name = "complaints/rules.html"

    def context(self, **more: Any) -> dict[str, Any]:
        clockwork = Clockwork()
        bound = more.pop("bound", {})
        return super().context(
            **{
                "groups": self.groups(clockwork, bound),
                "policy_form": bound.get("policy")
                or PolicyForm(
                    initial={name: getattr(clockwork.policy, name) for name in POLICY},
                    auto_id="policy-%s",
                ),
                "new_form": bound.get("new") or NewPromiseForm(auto_id="new-%s"),
                "unpublished": clockwork.times.unpublished_years(self.now),
                **more,
            }
        )

    def groups(
        self, clockwork: Clockwork, bound: dict[str, forms.Form]
    ) -> list[tuple[str, list[Line]]]:
        """The promises, kind of promise by kind of promise, the general ones first."""
        lines: dict[str, list[Line]] = {kind: [] for kind in PromiseKind.values}
        rows = Promise.objects.select_related("category").order_by(
            "category__name", "urgency", "kind", "id"
        )
        for row in sorted(rows, key=lambda row: (row.category_id is not None, bool(row.urgency))):
            facts = {"amount": row.amount, "measure": row.measure, "is_active": row.is_active}
            form = bound.get(str(row.pk)) or PromiseForm(initial=facts, auto_id=f"{row.pk}-%s")
            preview = preview_of(clockwork, row.amount, row.measure, self)
            why = why_of(clockwork, row, self)
            lines[row.promise].append(Line(row, case_of(row), form, preview, why))
        return [(str(PromiseKind(kind).label), found) for kind, found in lines.items() if found]

    def address(self) -> str:
        return reverse("complaints:rules", kwargs={"company": self.request.company.slug})

    def say(self, moved: int) -> None:
        """How many open promises the change has moved."""
        text = ngettext(
            "Saved. %(n)s open deadline moved; its timeline says so.",
            "Saved. %(n)s open deadlines moved; their timelines say so.",
            moved,
        )
        messages.success(self.request, text % {"n": moved})


def case_of(row: Promise) -> str:
    """For which tickets a promise is made."""
    parts = [
        str(row.category) if row.category else "",
        str(row.get_urgency_display()) if row.urgency else "",
        str(row.get_kind_display()) if row.kind else "",
    ]
    return " · ".join(filter(None, parts)) or str(_("all tickets"))


def preview_of(clockwork: Clockwork, amount: int, measure: str, page: Page) -> str:
    """When something promised now would be due."""
    calendar = clockwork.calendar(measure, None)
    try:
        moment = due(calendar, page.now, Span(amount, Measure(measure)))
    except CalendarError:
        return str(_("never"))
    return written_moment(moment, page.now)


def why_of(clockwork: Clockwork, row: Promise, page: Page) -> dict[str, object] | None:
    """How the moment comes about, step by step; nothing where it never comes."""
    calendar = clockwork.calendar(row.measure, None)
    try:
        return explain(calendar, page.now, Span(row.amount, Measure(row.measure))).as_dict()
    except CalendarError:
        return None


class RulesPage(RulesView):
    """Everything the company promises, and how hard the machine pushes."""


class PreviewPage(RulesView):
    """What an amount that is being typed would mean today; a fragment."""

    def get(self, *args: Any, **kwargs: Any) -> HttpResponse:
        form = PromiseForm(self.request.GET)
        preview = ""
        if form.is_valid():
            said = form.cleaned_data
            preview = preview_of(Clockwork(), said["amount"], said["measure"], self)
        return render(self.request, "complaints/rules_preview.html", {"preview": preview})


class RulesForm(RulesView, FormPage):
    """One part of the settings that is saved on its own."""

    http_method_names = ["post", "options"]
    bound_as = ""

    def show(self, status: int = 200, **more: Any) -> HttpResponse:
        form = more.pop("form")
        return super().show(status, bound={self.bound_as: form}, **more)


class PromisePage(RulesForm, EditPage):
    """Change one promise."""

    model = Promise

    def rows(self) -> QuerySet[Any]:
        return Promise.objects.all()

    def form(self, *args: Any) -> forms.Form:
        self.bound_as = str(self.row.pk)
        form = PromiseForm(*args)
        form.auto_id = f"{self.row.pk}-%s"
        return form

    def act(self, form: forms.Form) -> str:
        moved = rules.set_promise(
            promise=self.row, **form.cleaned_data, by=self.actor, now=self.now
        )
        self.say(moved)
        return self.address()


class NewPromisePage(RulesForm, CreatePage):
    """Promise something for a case of its own."""

    form_class: type[forms.Form] = NewPromiseForm
    bound_as = "new"

    def act(self, form: forms.Form) -> str:
        self.say(rules.add_promise(**form.cleaned_data, by=self.actor, now=self.now))
        return self.address()


class PolicyPage(RulesForm):
    """Change how hard the machine pushes."""

    form_class: type[forms.Form] = PolicyForm
    bound_as = "policy"
    done = _("Saved.")

    def act(self, form: forms.Form) -> str:
        rules.set_policy(by=self.actor, now=self.now, **form.cleaned_data)
        return self.address()
