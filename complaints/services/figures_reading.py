"""Reading the figures: exact at any moment, whatever has been counted before.

Days without a mark are read from what is kept, marked days are counted live, and promises that
have fallen due unmet are looked up: they are a matter of the clock. Kept figures know kinds and
communities; narrowed to a category or a department, the kept facts of single tickets are summed.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from datetime import date, datetime
from typing import Any, NamedTuple, Self
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import connection

from complaints.models import Dimension, FigureBook, FigureMark, PromiseKind
from complaints.models.figure import COUNTED, NONE
from complaints.services.figures_days import ONE_DAY, Cover, Period, cover, day_of, start_of
from complaints.services.figures_keeping import windows
from complaints.services.figures_sql import HANDS, RATINGS, READ, READ_FACTS
from tenancy.models import Membership
from tenancy.scope import require_company_id

COMMUNITY, DAY = "community", "day"


@dataclass(slots=True)
class Counts:
    """How many tickets, and what became of them."""

    filed: int = 0
    resolved: int = 0
    closed: int = 0
    reopened: int = 0
    asked: int = 0
    rated: int = 0
    low: int = 0
    stars: int = 0
    acceptance_kept: int = 0
    acceptance_missed: int = 0
    callback_kept: int = 0
    callback_missed: int = 0
    resolution_kept: int = 0
    resolution_missed: int = 0
    follow_up_kept: int = 0
    follow_up_missed: int = 0

    def __add__(self, other: Self) -> "Counts":
        return Counts(*(getattr(self, name) + getattr(other, name) for name in COUNTED))

    def kept(self, promise: str) -> int:
        """Tickets of which this promise was kept, in every round."""
        return int(getattr(self, f"{promise}_kept"))

    def missed(self, promise: str) -> int:
        """Tickets of which this promise was broken, in any round."""
        return int(getattr(self, f"{promise}_missed"))

    def decided(self, promise: str) -> int:
        """Tickets of which it is known whether this promise was kept."""
        return self.kept(promise) + self.missed(promise)

    @property
    def silent(self) -> int:
        """Tickets whose owner was asked for a rating, and gave none."""
        return self.asked - self.rated

    @property
    def mean(self) -> float | None:
        """Stars on average; None where nobody rated."""
        return self.stars / self.rated if self.rated else None


assert tuple(each.name for each in fields(Counts)) == COUNTED  # noqa: S101 - one order for both


@dataclass(slots=True)
class Hands:
    """What is on people's hands: to be solved, and late."""

    open: int = 0
    late: int = 0

    def __add__(self, other: Self) -> "Hands":
        return Hands(self.open + other.open, self.late + other.late)


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked: of which tickets, and by what they are told apart."""

    communities: tuple[UUID, ...] | None = None  # None: all
    kind: str = ""
    category: UUID | None = None
    department: UUID | None = None
    dimensions: tuple[str, ...] = ()  # beside community and day

    @property
    def needs_facts(self) -> bool:
        """Whether kept figures are too coarse to answer it."""
        return self.category is not None or self.department is not None

    def values(self) -> dict[str, Any]:
        """It as the statements want it."""
        return {
            "company": require_company_id(),
            "communities": None if self.communities is None else list(self.communities),
            "kind": self.kind,
            "category": self.category,
            "department": self.department,
            "dimensions": [Dimension.ALL.value, *self.dimensions],
        }


@dataclass(slots=True)
class Answer:
    """The counts of one period, by dimension and key; `NONE` where a ticket has no such thing."""

    by: dict[str, dict[UUID, Counts]] = field(default_factory=lambda: defaultdict(dict))
    days: dict[date, Counts] = field(default_factory=dict)
    live_days: int = 0

    @property
    def total(self) -> Counts:
        return sum(self.by[COMMUNITY].values(), Counts())


class Rated(NamedTuple):
    """How many owners of one community were asked for a rating, and how many gave so many stars.

    Of one stretch of days there may be several: they add up.
    """

    start: date
    community: UUID
    stars: int  # nought where nobody rated
    asked: int
    rated: int


def communities_of(membership: Membership, chosen: UUID | None) -> tuple[UUID, ...] | None:
    """The communities a question is about: the chosen one, if they may see it, or all of theirs."""
    theirs = None if membership.all_communities else tuple(membership.community_ids())
    if chosen is None:
        return theirs
    return (chosen,) if theirs is None or chosen in theirs else ()


def read(question: Question, period: Period, *, zone: ZoneInfo, now: datetime) -> Answer:
    """What became of the tickets that came in during a period, as it is now.

    `zone` is the company's; by it a ticket belongs to a day.
    """
    pieces = cover(period, stale_days(period, zone.key, by_facts=question.needs_facts))
    answer = Answer(live_days=len(pieces.live))
    sql = READ_FACTS if question.needs_facts else READ
    for dimension, key, *counts in _rows(sql, _values(question, period, pieces, zone, now)):
        if dimension == DAY:
            answer.days[date.fromisoformat(key)] = Counts(*counts)
        else:
            answer.by[dimension][UUID(key)] = Counts(*counts)
    return answer


def stale_days(period: Period, zone: str, *, by_facts: bool) -> Iterable[date]:
    """The days of a period that have to be counted live."""
    book = FigureBook.objects.first()
    if book is None or book.zone != zone:
        return period.days()
    if by_facts and book.facts_at != book.counted_at:
        return period.days()
    moments = FigureMark.objects.values_list("filed_at", flat=True).distinct()
    return {day_of(moment, ZoneInfo(zone)) for moment in moments}


def _values(
    question: Question, period: Period, pieces: Cover, zone: ZoneInfo, now: datetime
) -> dict[str, Any]:
    return {
        **question.values(),
        **windows(pieces.live, zone),
        "months": pieces.months,
        "kept_days": pieces.days,
        "first": period.first,
        "last": period.last,
        "from": start_of(period.first, zone),
        "until": start_of(period.last + ONE_DAY, zone),
        "zone": zone.key,
        "now": now,
    }


def read_ratings(
    question: Question, starts: list[date], last: date, *, by_day: bool, zone: ZoneInfo
) -> list[Rated]:
    """How owners judged the tickets that came in since the first of `starts`, until `last`.

    Told by the stretch of days that begins with each start – a day, or a month – and by
    community. As exact as all figures; of a question that kept figures can answer.
    """
    period = Period(starts[0], last)
    stale = stale_days(period, zone.key, by_facts=True)
    pieces = cover(period, stale, in_months=not by_day)
    values = {
        **question.values(),
        **windows(pieces.live, zone),
        "stretches": starts,
        "months": pieces.months,
        "kept_days": pieces.days,
        "first": period.first,
        "last": period.last,
    }
    return [Rated(starts[at - 1], *more) for at, *more in _rows(RATINGS, values)]


def on_hand(question: Question, *, now: datetime) -> dict[str, dict[UUID, Hands]]:
    """What is on people's hands now, whenever it came in, by dimension and key."""
    found: dict[str, dict[UUID, Hands]] = defaultdict(dict)
    for dimension, key, how_many, late in _rows(HANDS, {**question.values(), "now": now}):
        found[dimension][UUID(key)] = Hands(how_many, late)
    return found


def total_of(found: Mapping[str, Mapping[UUID, Hands]]) -> Hands:
    """All of it."""
    return sum(found.get(COMMUNITY, {}).values(), Hands())


def _rows(sql: str, values: dict[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return list(cursor.fetchall())


__all__ = [
    "NONE", "Answer", "Counts", "Hands", "PromiseKind", "Question", "Rated", "communities_of",
    "on_hand", "read", "read_ratings", "total_of",
]  # fmt: skip
