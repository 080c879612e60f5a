"""What the numbers of the dashboard narrow a list of tickets by."""

from datetime import date
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _, ngettext
from django_filters import ChoiceFilter, DateFilter, Filter, FilterSet

from complaints.services.figures_days import FIRST, LAST, ONE_DAY, start_of
from complaints.services.figures_sets import FIGURES, last_word, narrowed

WORDS = {
    "filed": _("received"),
    "resolved": _("resolved"),
    "closed": _("closed"),
    "reopened": _("reopened"),
    "asked": _("asked for a rating"),
    "rated": _("rated"),
    "silent": _("asked for a rating and not rated"),
    "low": _("one or two stars"),
    "acceptance_kept": _("accepted in time"),
    "acceptance_missed": _("not accepted in time"),
    "acceptance_known": _("accepted in time or not"),
    "callback_kept": _("called back in time"),
    "callback_missed": _("not called back in time"),
    "callback_known": _("called back in time or not"),
    "resolution_kept": _("resolved in time"),
    "resolution_missed": _("not resolved in time"),
    "resolution_known": _("resolved in time or not"),
    "follow_up_kept": _("follow-up call in time"),
    "follow_up_missed": _("follow-up call not in time"),
    "follow_up_known": _("follow-up call in time or not"),
}
CHOICES = [(figure, WORDS[figure]) for figure in FIGURES]


def stars(number: int) -> str:
    """So many of them, in words."""
    return ngettext("%(n)s star", "%(n)s stars", number) % {"n": number}


STARS = [(str(number), lazy(stars, str)(number)) for number in range(1, 6)]


class RowOrNoneField(forms.CharField):
    """A row's id, or `none`."""

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if text in ("", "none"):
            return text
        try:
            return UUID(text)
        except ValueError as error:
            raise ValidationError(_("Give an id, or “none”."), code="invalid") from error


class RowOrNoneFilter(Filter):  # type: ignore[misc]  # django-filter publishes no types
    """By one row, or by having none."""

    field_class = RowOrNoneField

    def filter(self, rows: QuerySet[Any], value: Any) -> QuerySet[Any]:
        if value in (None, ""):
            return rows
        found: QuerySet[Any] = rows.filter(**{self.field_name: None if value == "none" else value})
        return found


class DayField(forms.DateField):
    """A day of our times."""

    def clean(self, value: Any) -> Any:
        day = super().clean(value)
        if day is not None and not FIRST <= day <= LAST:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return day


class DayFilter(DateFilter):  # type: ignore[misc]  # publishes no types
    """By a day of the company's own."""

    field_class = DayField


class FigureFilters(FilterSet):  # type: ignore[misc]  # publishes no types
    """By the company's day on which a ticket came in, and by what a figure counts."""

    filed_from = DayFilter(label=_("received from day"), method="by_first_day")
    filed_to = DayFilter(label=_("received until day"), method="by_last_day")
    figure = ChoiceFilter(label=_("counted as"), choices=CHOICES, method="by_figure")
    stars = ChoiceFilter(label=_("last rating"), choices=STARS, method="by_stars")
    department = RowOrNoneFilter(label=_("department"), field_name="department_id")
    building = RowOrNoneFilter(label=_("building"), field_name="unit__building_id")

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.request.company.zone)

    def by_first_day(self, rows: QuerySet[Any], name: str, value: date) -> QuerySet[Any]:
        return rows.filter(created_at__gte=start_of(value, self.zone))

    def by_last_day(self, rows: QuerySet[Any], name: str, value: date) -> QuerySet[Any]:
        return rows.filter(created_at__lt=start_of(value + ONE_DAY, self.zone))

    def by_figure(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return narrowed(rows, value, timezone.now())

    def by_stars(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return rows.filter(last_word(score=int(value)))
