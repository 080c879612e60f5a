"""The words the working calendar is spoken in: periods, days, spans, steps and explanations.

Plain immutable data without behaviour of its own; `tenancy.calendar` does the counting.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from itertools import pairwise
from typing import Protocol

MIDNIGHT = time(0, 0)
ONE_DAY = timedelta(days=1)
NOTHING = timedelta(0)
NAME_SEPARATOR = "、"


class CalendarError(ValueError):
    """A calendar, a moment or a length that makes no sense."""


class NeverOpens(CalendarError):
    """Nothing opens within two years: a promise counted on this calendar would never fall due."""


class DayKind(StrEnum):
    """What the official calendar makes of a day that is not an ordinary one."""

    public_holiday = "public_holiday"
    substituted_day_off = "substituted_day_off"
    holiday_weekend = "holiday_weekend"
    makeup_workday = "makeup_workday"


class StepKind(StrEnum):
    """What happens in one stretch of the way from receipt to due."""

    received = "received"
    counts = "counts"
    makeup_workday = "makeup_workday"
    own_open_day = "own_open_day"
    clock = "clock"
    break_ = "break"
    night = "night"
    weekend = "weekend"
    closed_weekday = "closed_weekday"
    public_holiday = "public_holiday"
    substituted_day_off = "substituted_day_off"
    holiday_weekend = "holiday_weekend"
    own_closed_day = "own_closed_day"
    due = "due"


OFFICIAL_REST = frozenset(
    {StepKind.public_holiday, StepKind.substituted_day_off, StepKind.holiday_weekend}
)


class Measure(StrEnum):
    """The unit a promise is counted in."""

    working_days = "working_days"
    working_minutes = "working_minutes"
    clock_minutes = "clock_minutes"


LONGEST_SPAN = {
    Measure.working_days: 3650,
    Measure.working_minutes: 3650 * 24 * 60,
    Measure.clock_minutes: 3650 * 24 * 60,
}


@dataclass(frozen=True, slots=True)
class Span:
    """How long a promise may take: so many of a measure.

    Raises CalendarError if negative, or beyond ten years, which no promise means.
    """

    amount: int
    measure: Measure

    def __post_init__(self) -> None:
        if self.amount < 0:
            raise CalendarError("a span cannot be negative")
        if self.amount > LONGEST_SPAN[self.measure]:
            raise CalendarError("a span cannot be longer than ten years")


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """A stretch of one day during which the company is open; closing at 00:00 means 24:00.

    Raises CalendarError if it does not close after it opens.
    """

    opens: time
    closes: time

    def __post_init__(self) -> None:
        if self.closes != MIDNIGHT and self.closes <= self.opens:
            raise CalendarError(f"a period must close after it opens: {self.opens}-{self.closes}")

    @property
    def length(self) -> timedelta:
        """The length written on the door, whatever the clocks do that day."""
        length = datetime.combine(date.min, self.closes) - datetime.combine(date.min, self.opens)
        return length if length > NOTHING else length + ONE_DAY


def check_periods(periods: tuple[Period, ...]) -> None:
    """Refuse with CalendarError periods of one day that overlap or are out of order."""
    for earlier, later in pairwise(periods):
        if earlier.closes == MIDNIGHT or later.opens < earlier.closes:
            raise CalendarError(f"periods overlap or are out of order: {earlier}, {later}")


@dataclass(frozen=True, slots=True)
class OfficialDay:
    """A day the state has taken out of the ordinary week, and the festival it did so for."""

    kind: DayKind
    name: str
    estimated: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        """The festivals one by one, for a golden week that holds two."""
        return tuple(name for name in self.name.split(NAME_SEPARATOR) if name)


class OfficialCalendar(Protocol):
    """A country's official calendar; hashable, because equal calendars share their memory."""

    def __call__(self, on: date, /) -> OfficialDay | None:
        """What the state says about a day; None for an ordinary one."""

    def estimated(self, year: int, /) -> bool:
        """Whether the year's calendar is a guess because it is not published yet."""

    def __hash__(self) -> int: ...


@dataclass(frozen=True)
class ListedDays:
    """An official calendar written out day by day; empty when no state has a say."""

    days: tuple[tuple[date, OfficialDay], ...] = ()

    @classmethod
    def of(cls, days: Mapping[date, OfficialDay]) -> "ListedDays":
        """The same days as plain data."""
        return cls(tuple(sorted(days.items(), key=lambda item: item[0])))

    def __call__(self, on: date, /) -> OfficialDay | None:
        """What the list says about a day."""
        return dict(self.days).get(on)

    def estimated(self, year: int, /) -> bool:
        """Whether any listed day of the year is a guess."""
        return any(day.estimated for on, day in self.days if on.year == year)


@dataclass(frozen=True, slots=True)
class DayException:
    """A day the company decides for itself: closed without periods, open with them.

    Raises CalendarError if the periods overlap or are out of order.
    """

    on: date
    periods: tuple[Period, ...]
    note: str = ""

    def __post_init__(self) -> None:
        check_periods(self.periods)


@dataclass(frozen=True, slots=True)
class Step:
    """One stretch of an explanation: what happens from one moment until another.

    `counted` is the time that counts towards the promise; `days` the closed days it skips; `names`
    the festivals or the company's own note.
    """

    kind: StepKind
    at: datetime
    until: datetime
    counted: timedelta = NOTHING
    names: tuple[str, ...] = ()
    days: int = 0

    @property
    def name(self) -> str:
        """All names in one string."""
        return NAME_SEPARATOR.join(self.names)

    def as_dict(self) -> dict[str, object]:
        """JSON-able: moments in ISO 8601, `counted` in seconds."""
        if self.at == self.until:
            return {"kind": self.kind.value, "at": self.at.isoformat()}
        seconds = self.counted.total_seconds()
        return {
            "kind": self.kind.value,
            "from": self.at.isoformat(),
            "until": self.until.isoformat(),
            "counted": int(seconds) if seconds.is_integer() else seconds,
            "name": self.name,
            "names": list(self.names),
            "days": self.days,
        }


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a promise falls due when it does; its steps follow each other without a gap.

    `estimated` says that the way leads through a year whose official calendar is not published.
    """

    due_at: datetime
    steps: tuple[Step, ...]
    estimated: bool

    def as_dict(self) -> dict[str, object]:
        """JSON-able, for the API, the command and the stored deadline."""
        return {
            "due_at": self.due_at.isoformat(),
            "steps": [step.as_dict() for step in self.steps],
            "estimated": self.estimated,
        }
