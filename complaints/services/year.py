"""A year of a working calendar as twelve months of weeks, for people to look at. Pure."""

import calendar as months_of
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from tenancy.calendar import Day, StepKind, WorkingCalendar

OFFICIAL_OFF = frozenset({
    StepKind.public_holiday,
    StepKind.substituted_day_off,
    StepKind.holiday_weekend,
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Cell:
    """One day: why it is open or closed, and when."""

    on: date
    kind: str  # usual, rest, off, makeup, own_open, own_closed
    names: tuple[str, ...]
    hours: tuple[str, ...]

    @property
    def is_special(self) -> bool:
        """Whether the ordinary week does not explain it."""
        return self.kind not in ("usual", "rest")


Week = tuple[Cell | None, ...]


@dataclass(frozen=True, slots=True)
class Month:
    """A month: its weeks, and how many days of it the company is open."""

    first: date
    weeks: tuple[Week, ...]
    open_days: int


def months(calendar: WorkingCalendar, year: int) -> list[Month]:
    """Every month of a year; weeks begin on Monday, days of other months are None."""
    return [month(calendar, year, number) for number in range(1, 13)]


def month(calendar: WorkingCalendar, year: int, number: int) -> Month:
    rows = months_of.Calendar().monthdatescalendar(year, number)
    weeks = tuple(
        tuple(cell(calendar, on) if on.month == number else None for on in row) for row in rows
    )
    days = [each for week in weeks for each in week if each is not None]
    return Month(date(year, number, 1), weeks, sum(bool(each.hours) for each in days))


def cell(calendar: WorkingCalendar, on: date) -> Cell:
    day = calendar.day(on)
    return Cell(on, kind_of(day.kind), day.names, hours(calendar.tz, day))


def kind_of(kind: StepKind) -> str:
    """The six ways in which a day is shown."""
    if kind in OFFICIAL_OFF:
        return "off"
    shown: Mapping[StepKind, str] = {
        StepKind.makeup_workday: "makeup",
        StepKind.own_open_day: "own_open",
        StepKind.own_closed_day: "own_closed",
        StepKind.counts: "usual",
    }
    return shown.get(kind, "rest")


def hours(zone: ZoneInfo, day: Day) -> tuple[str, ...]:
    """Opening times as they hang on the door; midnight at the end is 24:00."""
    return tuple(
        f"{clock(opens, zone)}–{clock(closes, zone, end=True)}" for opens, closes in day.windows
    )


def clock(moment: object, zone: ZoneInfo, *, end: bool = False) -> str:
    local = moment.astimezone(zone)  # type: ignore[attr-defined]
    text = f"{local:%H:%M}"
    return "24:00" if end and text == "00:00" else text


def runs(rows: list[Month]) -> list[tuple[Cell, Cell, str]]:
    """The special days of a year as stretches: first, last, and what they are called."""
    found: list[tuple[Cell, Cell, str]] = []
    days = [each for month in rows for week in month.weeks for each in week if each]
    for each in days:
        if not each.is_special:
            continue
        name = "、".join(each.names)
        if found and follows(found[-1], each, name):
            first, _last, called = found[-1]
            found[-1] = (first, each, called)
        else:
            found.append((each, each, name))
    return found


def follows(run: tuple[Cell, Cell, str], each: Cell, name: str) -> bool:
    """Whether a day belongs to the stretch before it."""
    _first, last, called = run
    beside = each.on - last.on == timedelta(days=1)
    return (
        beside
        and last.kind == each.kind
        and (called == name or last.kind == "off")
        and last.hours == each.hours
    )
