"""Days as the company lives them: where each begins, and which one a moment belongs to. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

ONE_DAY = timedelta(days=1)
# Beyond these a moment has no day in every zone.
FIRST, LAST = date(1900, 1, 1), date(9000, 1, 1)


def start_of(day: date, zone: ZoneInfo) -> datetime:
    """The moment at which a day begins. Where the clocks are changed at midnight that is not
    always 00:00, and a day has 23 or 25 hours."""
    return datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC)


def day_of(moment: datetime, zone: ZoneInfo) -> date:
    """The day that a moment belongs to."""
    return moment.astimezone(zone).date()


def days_of(first: date, last: date) -> list[date]:
    """Every day from the first to the last."""
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def month_of(day: date) -> date:
    """The first day of its month."""
    return day.replace(day=1)


def next_month(day: date) -> date:
    """The first day of the month that follows."""
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1)


@dataclass(frozen=True, slots=True)
class Period:
    """From the first to the last day, both included."""

    first: date
    last: date

    @property
    def length(self) -> int:
        return (self.last - self.first).days + 1

    def days(self) -> list[date]:
        return days_of(self.first, self.last)


@dataclass(frozen=True, slots=True)
class Cover:
    """A period in pieces: months and days that were counted before, and days to count now."""

    months: list[date]
    days: list[date]  # counted days outside those months
    live: list[date]


def cover(period: Period, stale: Iterable[date], *, in_months: bool = True) -> Cover:
    """The fewest pieces for a period, given the days whose tickets have changed since. Whoever
    tells day from day has no use for months."""
    changed = {day for day in stale if period.first <= day <= period.last}
    if not in_months:
        return Cover([], [day for day in period.days() if day not in changed], sorted(changed))
    months, days = [], []
    day = period.first
    while day <= period.last:
        after = next_month(day)
        whole = day.day == 1 and after - ONE_DAY <= period.last
        if whole and not any(day <= each < after for each in changed):
            months.append(day)
            day = after
            continue
        end = min(after, period.last + ONE_DAY)
        days += [each for each in days_of(day, end - ONE_DAY) if each not in changed]
        day = end
    return Cover(months, days, sorted(changed))
