"""Ratings after service: whom each kind of service asked, and how many stars they gave.

Every source says it in the same words, and stands for itself: whoever was served is no sample of
anybody, so nothing of this is ever mixed with what a survey found, nor one source with another.
A room above registers its own source in its `AppConfig.ready`; sources of the floors below are in
`surveys.services.after_service_sources`.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from uuid import UUID
from zoneinfo import ZoneInfo

from complaints.services.figures_days import ONE_DAY, next_month
from tenancy.permissions import Can

STARS = range(1, 6)
CONTENT = 4  # stars from which somebody is content
FEW = 10  # answers below which an average says little


class Grain(StrEnum):
    """How long a stretch of days is told as one."""

    DAY = "day"
    MONTH = "month"


@dataclass(frozen=True, slots=True)
class Asking:
    """What is asked of a source: which days, both included, and which communities (None: all)."""

    first: date
    last: date
    grain: Grain
    zone: ZoneInfo
    communities: tuple[UUID, ...] | None = None


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody asked and was told, in one community, on a day or in a month; of the same
    there may be several, which add up."""

    day: date  # of a month its first
    community: UUID
    asked: int
    stars: Mapping[int, int]  # how many gave one, two, …


class Counts(StrEnum):
    """Which of a source's rows a number counts."""

    ASKED = "asked"
    ANSWERED = "answered"
    SILENT = "silent"


@dataclass(frozen=True, slots=True)
class Behind:
    """What one number counts: which rows, of which days, both included, and of which community
    (None: all that the visitor may see); of those who answered perhaps only so many stars."""

    counts: Counts
    first: date
    last: date
    community: UUID | None = None
    stars: int | None = None


@dataclass(frozen=True, slots=True)
class Rows:
    """Where what a source counts is listed row by row, as many rows as the number says."""

    page: str  # its name, as addresses are made of it
    needs: Can  # what that page asks of its visitor
    asked: Callable[[Behind], Mapping[str, str]]  # what stands behind the `?`


@dataclass(frozen=True, slots=True)
class Source:
    """A kind of service that asks afterwards."""

    key: str
    label: object  # a lazy text: what is rated
    asks: object  # a lazy text: who is asked, and when
    said: Callable[[Asking], Iterable[Said]]
    rows: Rows | None = None  # None: nowhere, and its numbers open nothing


_sources: dict[str, Source] = {}


def register(source: Source) -> None:
    """Let a kind of service stand beside the others."""
    _sources[source.key] = source


def forget(key: str) -> None:
    """Take a source away again."""
    del _sources[key]


def sources() -> list[Source]:
    """All of them, in the order in which they came."""
    return list(_sources.values())


@dataclass(slots=True)
class Verdict:
    """How many were asked, and what they said: of any days and places together."""

    asked: int = 0
    stars: dict[int, int] = field(default_factory=lambda: dict.fromkeys(STARS, 0))

    def add(self, said: Said) -> None:
        self.asked += said.asked
        for star, count in said.stars.items():
            self.stars[star] += count

    @property
    def answered(self) -> int:
        return sum(self.stars.values())

    @property
    def silent(self) -> int:
        """Who was asked and said nothing."""
        return max(self.asked - self.answered, 0)

    @property
    def rate(self) -> float | None:
        """How many of a hundred answered."""
        return 100 * self.answered / self.asked if self.asked else None

    @property
    def mean(self) -> float | None:
        """Stars on average."""
        if not self.answered:
            return None
        return sum(star * count for star, count in self.stars.items()) / self.answered

    @property
    def content(self) -> float | None:
        """How many of a hundred answers gave four or five stars."""
        if not self.answered:
            return None
        happy = sum(count for star, count in self.stars.items() if star >= CONTENT)
        return 100 * happy / self.answered

    @property
    def is_few(self) -> bool:
        return 0 < self.answered < FEW


@dataclass(slots=True)
class Summary:
    """What one source says of some days: in all, day by day or month by month, and by place."""

    source: Source
    total: Verdict
    days: dict[date, Verdict]
    places: dict[UUID, Verdict]


def summarised(source: Source, asking: Asking) -> Summary:
    """Ask a source, and add up what it says."""
    total = Verdict()
    days: dict[date, Verdict] = {day: Verdict() for day in stretches(asking)}
    places: dict[UUID, Verdict] = defaultdict(Verdict)
    for said in source.said(asking):
        for verdict in (total, days.setdefault(said.day, Verdict()), places[said.community]):
            verdict.add(said)
    return Summary(source, total, days, dict(places))


def stretches(asking: Asking) -> list[date]:
    """The days, or the first days of the months, from the first to the last."""
    if asking.grain is Grain.DAY:
        ordinals = range(asking.first.toordinal(), asking.last.toordinal() + 1)
        return [date.fromordinal(each) for each in ordinals]
    months = range(_month(asking.first), _month(asking.last) + 1)
    return [date(number // 12, number % 12 + 1, 1) for number in months]


def last_of(start: date, asking: Asking) -> date:
    """The last day of the stretch that begins then, as far as is asked."""
    if asking.grain is Grain.DAY:
        return start
    return min(next_month(start) - ONE_DAY, asking.last)


def _month(day: date) -> int:
    return day.year * 12 + day.month - 1
