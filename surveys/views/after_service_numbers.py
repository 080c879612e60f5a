"""Numbers of ratings after service: each opens the rows it counts, where its source lists them."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.template.defaultfilters import floatformat
from django.utils.html import format_html

from surveys.services.after_service import STARS, Asking, Behind, Counts, Rows, Verdict
from surveys.services.rounding import percent_of
from tenancy.models import Company, Membership
from tenancy.templatetags.navigation import address

NOTHING = "–"


@dataclass(frozen=True, slots=True)
class Number:
    """A count, or what was reckoned from it, as text that opens what was counted."""

    count: int
    url: str  # empty where there is nothing to open
    text: str = ""  # empty: the count itself

    def __str__(self) -> str:
        text = self.text or str(self.count)
        if not self.url:
            return text
        return format_html('<a href="{}" data-count="{}">{}</a>', self.url, self.count, text)


@dataclass(slots=True)
class Bar:
    """How many gave so many stars."""

    stars: int
    number: Number
    share: int  # of a hundred answers
    width: int = field(init=False)

    def __post_init__(self) -> None:
        self.width = 2 * self.share


@dataclass(frozen=True, slots=True)
class Line:
    """What was said on some days at some place. A share or an average opens what it is of."""

    name: Any
    verdict: Verdict
    asked: Number
    answered: Number
    silent: Number
    rate: Number
    content: Number
    mean: Number


class Links:
    """Addresses of the rows behind numbers, all within what is asked of one source."""

    def __init__(
        self,
        rows: Rows | None,
        company: Company,
        me: Membership,
        asking: Asking,
        place: UUID | None,
    ) -> None:
        self.rows = rows if rows and me.can(rows.needs) else None
        # Empty where the rows are listed nowhere, or not for this visitor.
        self.path = address(self.rows.page, company) if self.rows else ""
        self.asking, self.place = asking, place

    def line(
        self,
        verdict: Verdict,
        name: Any = "",
        *,
        first: date | None = None,
        last: date | None = None,
        community: UUID | None = None,
    ) -> Line:
        """A verdict of these days, or of all that are asked about."""
        place = community or self.place
        days = (first or self.asking.first, last or self.asking.last)

        def number(counts: Counts, count: int, text: str = "") -> Number:
            return Number(count, self.to(Behind(counts, *days, place), count), text)

        asked, answered = verdict.asked, verdict.answered
        return Line(
            name,
            verdict,
            asked=number(Counts.ASKED, asked),
            answered=number(Counts.ANSWERED, answered),
            silent=number(Counts.SILENT, verdict.silent),
            rate=number(Counts.ASKED, asked, percent(verdict.rate)),
            content=number(Counts.ANSWERED, answered, percent(verdict.content)),
            mean=number(Counts.ANSWERED, answered, spelt(verdict.mean)),
        )

    def bars(self, verdict: Verdict) -> list[Bar]:
        """Five stars first."""
        days = (self.asking.first, self.asking.last)
        whole = verdict.answered or 1
        found = []
        for star in reversed(STARS):
            count = verdict.stars[star]
            url = self.to(Behind(Counts.ANSWERED, *days, self.place, star), count)
            found.append(Bar(star, Number(count, url), percent_of(count / whole)))
        return found

    def to(self, behind: Behind, count: int) -> str:
        """The rows behind a number; nothing is behind nought."""
        if self.rows is None or not self.path or not count:
            return ""
        return f"{self.path}?{urlencode(self.rows.asked(behind))}"


def percent(value: float | None) -> str:
    return NOTHING if value is None else f"{floatformat(value, 0)}%"


def spelt(value: float | None) -> str:
    return NOTHING if value is None else str(floatformat(value, 2))
