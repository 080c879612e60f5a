"""What can be asked of the figures, the same on the page and in the API."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import get_language, gettext_lazy as _

from complaints.filters.figures import DayField
from complaints.models import Category
from complaints.models.kinds import SPOKEN_CHOICES
from complaints.services.figures_days import Period
from complaints.services.figures_reading import COMMUNITY, Question, communities_of
from reports.services.dashboard import DIMENSIONS, Asked
from reports.services.periods import Against, Span, before, last_year, period_of
from tenancy.models import Community, Department, Membership

LONGEST = timedelta(days=731)
BY = [
    (COMMUNITY, _("community")),
    ("building", _("building")),
    ("category", _("category")),
    ("department", _("department")),
    ("person", _("handler")),
]
ALL_AND_ONE = 2


def day_field(label: Any) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return DayField(label=label, required=False, widget=widget)


def row_field(label: Any) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(label=label, required=False, coerce=UUID, empty_value=None)


class FigureForm(forms.Form):
    """Which days, held against which others, and which tickets."""

    period = forms.ChoiceField(label=_("period"), choices=Span.choices, required=False)
    first = day_field(_("from"))
    last = day_field(_("until"))
    against = forms.ChoiceField(label=_("compared with"), choices=Against.choices, required=False)
    against_first = day_field(_("compared from"))
    against_last = day_field(_("compared until"))
    community = row_field(_("community"))
    kind = forms.ChoiceField(
        label=_("kind"), choices=[("", _("all kinds")), *SPOKEN_CHOICES], required=False
    )
    category = row_field(_("category"))
    department = row_field(_("department"))
    by = forms.ChoiceField(label=_("by"), choices=BY, required=False)

    def __init__(self, data: Any, *, me: Membership, today: date) -> None:
        super().__init__(data)
        self.me, self.today = me, today
        self.choose("community", _("all communities"), communities(me))
        self.choose("category", _("all categories"), categories())
        self.choose("department", _("all departments"), departments())

    def choose(self, name: str, everything: Any, rows: Iterable[tuple[Any, str]]) -> None:
        """Offer these rows in a select."""
        field: Any = self.fields[name]
        field.choices = [("", everything), *((str(pk), label) for pk, label in rows)]

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or {}
        if found.get("period") == Span.FREE:
            self.check("first", "last")
        if found.get("against") == Against.FREE:
            self.check("against_first", "against_last")
        return found

    def check(self, first: str, last: str) -> None:
        """Days of one's own need a beginning and an end in this order, at most two years apart."""
        begins, ends = self.cleaned_data.get(first), self.cleaned_data.get(last)
        for name in (first, last):
            if not self.cleaned_data.get(name) and name not in self.errors:
                self.add_error(name, forms.ValidationError(_("Choose a day."), code="required"))
        if begins and ends and not timedelta(0) <= ends - begins <= LONGEST:
            problem = _("The end must come after the beginning, by two years at most.")
            self.add_error(last, forms.ValidationError(problem, code="invalid"))

    def shown(self) -> list[forms.BoundField]:
        """The fields that say something: days only where one chooses them, communities only where
        there are several."""
        hidden = {"by"}
        if self["period"].value() != Span.FREE:
            hidden |= {"first", "last"}
        if self["against"].value() != Against.FREE:
            hidden |= {"against_first", "against_last"}
        if len(self.fields["community"].choices) <= ALL_AND_ONE:  # type: ignore[attr-defined]
            hidden.add("community")
        return [field for field in self if field.name not in hidden]

    # --- what it means ---

    def value(self, name: str) -> Any:
        """What was chosen, or nothing where that made no sense."""
        return self.cleaned_data.get(name) or None

    @property
    def span(self) -> str:
        chosen: str = self.value("period") or Span.MONTH
        return Span.MONTH if chosen == Span.FREE and self.errors else chosen

    @property
    def days(self) -> Period:
        """The days that are looked at."""
        if self.span == Span.FREE:
            return Period(self.value("first"), self.value("last"))
        return period_of(self.span, self.today)

    @property
    def compared(self) -> Period | None:
        """The days it is held against."""
        chosen = self.value("against") or Against.PREVIOUS
        if chosen == Against.NOTHING:
            return None
        if chosen == Against.LAST_YEAR:
            return last_year(self.days)
        if chosen == Against.FREE and not self.errors:
            return Period(self.value("against_first"), self.value("against_last"))
        return before(self.span, self.days)

    @property
    def asked(self) -> Asked:
        question = Question(
            communities=communities_of(self.me, self.value("community")),
            kind=self.value("kind") or "",
            category=self.value("category"),
            department=self.value("department"),
            dimensions=tuple(each for each in DIMENSIONS if each != COMMUNITY),
        )
        return Asked(question, self.days, self.compared)


def communities(me: Membership) -> list[tuple[UUID, str]]:
    """Those they look after."""
    return list(Community.objects.visible_to(me).order_by("name").values_list("id", "name"))


def categories() -> list[tuple[UUID, str]]:
    """All of them: closed ones have figures too."""
    english = (get_language() or "").startswith("en")
    rows = Category.objects.order_by("kind", "position", "name")
    return [
        (pk, (english and name_en) or name)
        for pk, name, name_en in rows.values_list("id", "name", "name_en")
    ]


def departments() -> list[tuple[UUID, str]]:
    return list(Department.objects.order_by("position", "name").values_list("id", "name"))
