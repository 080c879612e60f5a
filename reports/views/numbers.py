"""Figures as a page shows them: numbers that open the tickets they count, and what they say."""

from dataclasses import dataclass
from urllib.parse import urlencode
from uuid import UUID

from django.urls import reverse
from django.utils.dateformat import format as format_date
from django.utils.translation import gettext as _, pgettext

from complaints.models.figure import NONE
from complaints.services.figures_days import Period
from complaints.services.figures_reading import COMMUNITY, Counts
from reports.services.comparing import (
    FEWEST,
    Share,
    Verdict,
    compare,
    difference_of_means,
    judge,
)
from reports.services.dashboard import Asked
from reports.services.measures import Measure
from tenancy.models import Company

# How the list of tickets calls what the figures tell tickets apart by.
PARAMETERS = {
    COMMUNITY: "community",
    "building": "building",
    "category": "category",
    "department": "department",
    "person": "assignee",
}
TONES = {Verdict.BETTER: "ok", Verdict.WORSE: "late"}


@dataclass(frozen=True, slots=True)
class Number:
    """A count, with the address of the tickets it counts."""

    count: int
    url: str


@dataclass(frozen=True, slots=True)
class Change:
    """How something differs from the other period, in words."""

    text: str
    tone: str  # ok, late, or nothing
    icon: str  # up, down, or nothing


class Links:
    """Addresses of the tickets behind figures, all within what was asked."""

    def __init__(self, company: Company, asked: Asked, community: UUID | None) -> None:
        self.path = reverse("reports:figure_tickets", kwargs={"company": company.slug})
        question = asked.question
        chosen = {
            "kind": question.kind,
            "community": community,
            "category": question.category,
            "department": question.department,
        }
        self.narrow = {name: str(value) for name, value in chosen.items() if value}
        self.asked = asked

    def of(
        self,
        figure: str,
        dimension: str = "",
        key: UUID | None = None,
        period: Period | None = None,
    ) -> str:
        """The tickets that a figure counts."""
        days = period or self.asked.period
        asked = {
            "figure": figure,
            "filed_from": days.first.isoformat(),
            "filed_to": days.last.isoformat(),
        }
        return self.written({**asked, **self.row(dimension, key)})

    def in_hand(self, what: str, dimension: str = "", key: UUID | None = None) -> str:
        """The tickets that are open, or late, now."""
        asked = {"status": "open"} if what == "open" else {"status": "active", "late": "true"}
        return self.written({**asked, **self.row(dimension, key)})

    def row(self, dimension: str, key: UUID | None) -> dict[str, str]:
        if key is None:
            return {}
        return {PARAMETERS[dimension]: "none" if key == NONE else str(key)}

    def written(self, asked: dict[str, str]) -> str:
        return f"{self.path}?{urlencode({**self.narrow, **asked})}"


def percent(value: float | None) -> str:
    """A share as people read it; nothing where there is nothing to share."""
    return "" if value is None else f"{value:.1%}"


def stars(value: float | None) -> str:
    return "" if value is None else f"{value:.2f}"


def dates(period: Period) -> str:
    """From when until when, in the reader's way of writing."""
    pattern = pgettext("date with year", "j M Y")
    first, last = format_date(period.first, pattern), format_date(period.last, pattern)
    return first if period.length == 1 else f"{first} – {last}"


def short_dates(period: Period) -> str:
    """A day, or the first day of a week."""
    return format_date(period.first, pgettext("date without year", "j M"))


def change_of_share(measure: Measure, before: Counts | None, after: Counts) -> Change:
    """How a share differs from the other period."""
    if before is None:
        return Change("", "", "")
    old, new = measure.share(before), measure.share(after)
    verdict = compare(old, new, more_is_better=measure.more_is_better)
    return _words(verdict, _gap(old, new) * 100, _("%(size)s points"))


def _gap(old: Share, new: Share) -> float:
    return (new.value or 0) - (old.value or 0)


def change_of_rating(before: Counts | None, after: Counts) -> Change:
    """How the stars on average differ from the other period."""
    if before is None:
        return Change("", "", "")
    old, new = before.mean, after.mean
    if old is None or new is None or min(before.rated, after.rated) < FEWEST:
        return _words(Verdict.FEW, 0, "")
    interval = difference_of_means(old, before.rated, new, after.rated)
    return _words(judge(interval, more_is_better=True), new - old, _("%(size)s stars"), places=2)


def _words(verdict: Verdict, gap: float, unit: str, *, places: int = 1) -> Change:
    """A verdict with its size: `2.1 points better`, `hardly any difference`."""
    if verdict == Verdict.FEW:
        return Change(_("too few to compare"), "", "")
    size = unit % {"size": f"{abs(gap):.{places}f}"}
    icon = "up" if gap > 0 else "down"
    if verdict == Verdict.UNCLEAR:
        # Translators: a difference that may be chance, e.g. "no clear change (0.4 points)".
        return Change(_("no clear change (%(size)s)") % {"size": size}, "", "")
    pattern = _("%(size)s better") if verdict == Verdict.BETTER else _("%(size)s worse")
    return Change(pattern % {"size": size}, TONES[verdict], icon)


def change_of_count(before: Counts | None, after: Counts) -> Change:
    """How many more or fewer came in; neither is good or bad by itself."""
    if before is None:
        return Change("", "", "")
    gap = after.filed - before.filed
    if not gap:
        return Change(_("as many as before"), "", "")
    pattern = _("%(n)s more than before") if gap > 0 else _("%(n)s fewer than before")
    return Change(pattern % {"n": abs(gap)}, "", "up" if gap > 0 else "down")
