"""What the company promises and when it is open, for the admin."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _, ngettext

from complaints.forms.rules import DayForm, NewPromiseForm, PolicyForm, PromiseForm
from complaints.models import Promise, PromiseKind
from complaints.services import rules
from complaints.services.promises import Clockwork
from tenancy.calendar import CalendarError, Measure, Span, due
from tenancy.models import CalendarDay
from tenancy.pages import CreatePage, EditPage, FormPage, Page
from tenancy.permissions import Can
from tenancy.templatetags.moments import WEEKDAYS, written_moment

POLICY = ("warn_before", "manager_after", "admin_after", "call_again_after")


@dataclass(slots=True)
class Line:
    """One promise with its form and what it means today."""

    row: Promise
    case: str
    form: forms.Form
    preview: str


class RulesView(Page):
    """What all parts of the settings share: the one page that shows them."""

    needs = Can.SET_PROMISES
    title = _("Promises and calendar")
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
                "day_form": bound.get("day") or DayForm(auto_id="day-%s"),
                "days": self.days(),
                "week": usual_week(clockwork),
                "unpublished": clockwork.times.unpublished_years(self.now),
                **more,
            }
        )

    def days(self) -> QuerySet[Any]:
        """The special days from yesterday on."""
        since = (self.now - timedelta(days=1)).date()
        return CalendarDay.objects.filter(on__gte=since).select_related("community").order_by("on")

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
            lines[row.promise].append(Line(row, case_of(row), form, preview))
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


def usual_week(clockwork: Clockwork) -> list[tuple[str, str]]:
    """The opening times of each weekday."""
    week = clockwork.times.row.week
    return [
        (str(name), "  ".join("–".join(period) for period in week.get(str(day), [])))
        for day, name in enumerate(WEEKDAYS)
    ]


class RulesPage(RulesView):
    """Everything the company promises, counts by and is open at."""


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


class DayPage(RulesForm, CreatePage):
    """Close a day, or open it otherwise than usual."""

    form_class: type[forms.Form] = DayForm
    bound_as = "day"

    def act(self, form: forms.Form) -> str:
        said = form.cleaned_data
        moved = rules.add_day(
            on=said["on"],
            community=said["community"],
            periods=said["hours"],
            note=said["note"],
            by=self.actor,
            now=self.now,
        )
        self.say(moved)
        return self.address()


class DayRemovePage(RulesForm, EditPage):
    """Let a day be as usual again."""

    model = CalendarDay
    form_class: type[forms.Form] = forms.Form

    def rows(self) -> QuerySet[Any]:
        return CalendarDay.objects.all()

    def act(self, form: forms.Form) -> str:
        self.say(rules.remove_day(day=self.row, by=self.actor, now=self.now))
        return self.address()
