"""When a company works, and what that makes of a promise.

Opening hours, the official calendar and the company's own exceptions go in; moments, durations and
explanations come out. Nothing here reads a clock, a database or a request.

Moments must be aware. Every moment handed back carries the fixed UTC offset in force in the
calendar's zone at that moment: it reads as local time, and subtracting two of them is right even
across a change of clocks. Opening times are half open: at the closing moment the door is shut.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta, timezone
from functools import lru_cache
from itertools import groupby
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from tenancy.calendar_terms import (
    MIDNIGHT,
    NOTHING,
    OFFICIAL_REST,
    ONE_DAY,
    CalendarError,
    DayException,
    DayKind,
    Explanation,
    ListedDays,
    Measure,
    NeverOpens,
    OfficialCalendar,
    OfficialDay,
    Period,
    Span,
    Step,
    StepKind,
    check_periods,
)

__all__ = [
    "CalendarError", "Day", "DayException", "DayKind", "Explanation", "ListedDays", "Measure",
    "NeverOpens", "OfficialCalendar", "OfficialDay", "Period", "Span", "Step", "StepKind",
    "WorkingCalendar", "add", "add_working_days", "always_open", "between", "due", "explain",
    "is_open", "next_opening", "working_days",
]  # fmt: skip

LONGEST_CLOSURE = timedelta(days=731)
# A promise of two working days is told by the hour; beyond that nobody reads every lunch break.
DETAILED_STEPS = 12
PAUSES = frozenset({StepKind.break_, StepKind.night})

Window = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class Day:
    """One date as the company lives it: why it is open or closed, and its opening times in UTC."""

    kind: StepKind
    names: tuple[str, ...]
    windows: tuple[Window, ...]
    length: timedelta


@dataclass(frozen=True)
class WorkingCalendar:
    """When a company (or one community of it) works.

    `week` maps 0 (Monday) to 6 (Sunday) to the periods of that weekday. A company that follows the
    moved weekends (`moves_weekends`) rests on every official day off and works on make-up workdays
    with `makeup_periods`, or the hours of its first open weekday. One that does not rests on
    public holidays only. Own exceptions win over everything.

    Raises CalendarError for an unknown zone, a wrong weekday or impossible periods.
    """

    zone: str
    week: Mapping[int, tuple[Period, ...]]
    official: OfficialCalendar = field(default_factory=ListedDays)
    moves_weekends: bool = False
    exceptions: Mapping[date, DayException] = field(default_factory=dict)
    makeup_periods: tuple[Period, ...] | None = None
    tz: ZoneInfo = field(init=False, repr=False, compare=False)
    _days: dict[date, Day] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "week", dict(self.week))
        object.__setattr__(self, "exceptions", dict(self.exceptions))
        _check_calendar(self)
        object.__setattr__(self, "tz", _zone(self.zone))
        # Workers build the same company's calendar for every batch; equal ones stay warm together.
        object.__setattr__(self, "_days", _memory(self))

    def __hash__(self) -> int:
        week, own = tuple(sorted(self.week.items())), frozenset(self.exceptions.items())
        return hash((self.zone, week, self.official, self.moves_weekends, own, self.makeup_periods))

    def day(self, on: date) -> Day:
        """What a local date is for this company."""
        known = self._days.get(on)
        if known is None:
            known = self._days[on] = _make_day(self, on)
        return known


@lru_cache(maxsize=64)
def always_open(zone: str) -> WorkingCalendar:
    """A calendar for emergencies: around the clock, every day, 24 hours a working day."""
    return WorkingCalendar(zone, {weekday: (Period(MIDNIGHT, MIDNIGHT),) for weekday in range(7)})


def is_open(calendar: WorkingCalendar, moment: datetime) -> bool:
    """Whether the door is open at a moment; at the closing moment it is not."""
    instant = _utc(moment)
    windows = calendar.day(_date(calendar, instant)).windows
    return any(opens <= instant < closes for opens, closes in windows)


def next_opening(calendar: WorkingCalendar, moment: datetime) -> datetime:
    """The moment itself if open, else the next opening. Raises NeverOpens after two years."""
    return _local(calendar, next(_openings(calendar, _utc(moment)))[1])


def add(calendar: WorkingCalendar, start: datetime, length: timedelta) -> datetime:
    """The moment at which `length` of opening time has passed since `start`.

    Exactly at closing when all is counted by then; for no length the start or the next opening.
    Raises CalendarError for a negative length, NeverOpens when nothing opens for two years.
    """
    if length < NOTHING:
        raise CalendarError("a length cannot be negative")
    openings = _openings(calendar, _utc(start))
    while True:
        _, opens, closes = next(openings)
        if length <= closes - opens:
            return _local(calendar, opens + length)
        length -= closes - opens


def between(calendar: WorkingCalendar, a: datetime, b: datetime) -> timedelta:
    """The opening time from `a` until `b`. Raises CalendarError if `a` is after `b`."""
    first, last = _utc(a), _utc(b)
    if first > last:
        raise CalendarError("the first moment is after the second")
    on, until, total = _date(calendar, first), _date(calendar, last), NOTHING
    while on <= until:
        for opens, closes in calendar.day(on).windows:
            if opens < last and first < closes:
                total += min(closes, last) - max(opens, first)
        on += ONE_DAY
    return total


def working_days(calendar: WorkingCalendar, start: datetime, count: int) -> timedelta:
    """The opening time of `count` working days: so often the day on which counting starts."""
    return count * next(_openings(calendar, _utc(start)))[0].length


def add_working_days(calendar: WorkingCalendar, start: datetime, days: int) -> datetime:
    """The moment at which so many working days have passed since `start`."""
    return add(calendar, start, working_days(calendar, start, days))


def due(calendar: WorkingCalendar, start: datetime, span: Span) -> datetime:
    """When a promise made at `start` falls due."""
    if span.measure is Measure.clock_minutes:
        return _local(calendar, _utc(start) + timedelta(minutes=span.amount))
    return add(calendar, start, _opening_time(calendar, start, span))


def explain(calendar: WorkingCalendar, start: datetime, span: Span) -> Explanation:
    """When a promise made at `start` falls due, and every step of the way there."""
    received = _local(calendar, _utc(start))
    if span.measure is Measure.clock_minutes:
        until = due(calendar, start, span)
        way = [Step(StepKind.clock, received, until, until - received)]
    else:
        way = _way(calendar, _utc(start), _opening_time(calendar, start, span))
    until = way[-1].until
    steps = (
        Step(StepKind.received, received, received),
        *(step for step in way if step.at < step.until),
        Step(StepKind.due, until, until),
    )
    return Explanation(until, steps, _estimated(calendar, received, until, span))


def _opening_time(calendar: WorkingCalendar, start: datetime, span: Span) -> timedelta:
    if span.measure is Measure.working_days:
        return working_days(calendar, start, span.amount)
    return timedelta(minutes=span.amount)


def _estimated(calendar: WorkingCalendar, start: datetime, until: datetime, span: Span) -> bool:
    if span.measure is Measure.clock_minutes:
        return False
    return any(calendar.official.estimated(year) for year in range(start.year, until.year + 1))


def _way(calendar: WorkingCalendar, start: datetime, length: timedelta) -> list[Step]:
    """The stretches from `start`, closed and counting in turn, until `length` is counted."""
    way: list[Step] = []
    openings, moment = _openings(calendar, start), start
    while True:
        day, opens, closes = next(openings)
        if moment < opens:
            way += _closed(calendar, moment, opens)
        counted = min(length, closes - opens)
        moment, length = opens + counted, length - counted
        begin, end = _local(calendar, opens), _local(calendar, moment)
        _append_counting(way, Step(day.kind, begin, end, counted, day.names))
        if not length:
            return way if len(way) <= DETAILED_STEPS else _folded(way)


def _append_counting(way: list[Step], step: Step) -> None:
    """Around the clock, midnight is no event: the stretch goes on."""
    if way and _same(way[-1], step):
        before = way.pop()
        step = replace(step, at=before.at, counted=before.counted + step.counted)
    way.append(step)


def _folded(way: list[Step]) -> list[Step]:
    """A long way told by the week: nights and breaks inside a run of working days left out."""
    told: list[Step] = []
    for step in way:
        told.append(step)
        if len(told) > 2 and told[-2].kind in PAUSES and _same(told[-3], step):
            first = told[-3]
            counted = first.counted + step.counted
            told[-3:] = [replace(first, until=step.until, counted=counted)]
    return told


def _same(one: Step, other: Step) -> bool:
    return (one.kind, one.names) == (other.kind, other.names)


def _closed(calendar: WorkingCalendar, since: datetime, until: datetime) -> list[Step]:
    """The closed stretches between two openings: one per run of days closed for one reason."""
    runs = _closed_runs(calendar, _date(calendar, since), _date(calendar, until))
    if not runs:
        return [_pause(calendar, since, until)]
    # The night before the first closed day and the one after the last belong to their run.
    begins = [since, *(_instant(calendar.tz, run[0][0], MIDNIGHT) for run in runs[1:])]
    return [
        _closed_step(calendar, [day for _, day in run], begin, end)
        for run, begin, end in zip(runs, begins, [*begins[1:], until], strict=True)
    ]


def _closed_runs(calendar: WorkingCalendar, on: date, until: date) -> list[list[tuple[date, Day]]]:
    dates = [on + ONE_DAY * ahead for ahead in range((until - on).days)]
    days = [(each, calendar.day(each)) for each in dates]
    closed = [(each, day) for each, day in days if not day.windows]
    return [list(run) for _, run in groupby(closed, key=lambda item: _reason(item[1]))]


def _reason(day: Day) -> tuple[str, tuple[str, ...]]:
    """A golden week is one reason, whatever its days are called."""
    return ("official", ()) if day.kind in OFFICIAL_REST else (day.kind, day.names)


def _closed_step(
    calendar: WorkingCalendar, days: list[Day], begin: datetime, end: datetime
) -> Step:
    holiday = any(day.kind is StepKind.public_holiday for day in days)
    kind = StepKind.public_holiday if holiday else days[0].kind
    at, until = _local(calendar, begin), _local(calendar, end)
    names = tuple(dict.fromkeys(name for day in days for name in day.names))
    return Step(kind, at, until, names=names, days=len(days))


def _pause(calendar: WorkingCalendar, since: datetime, until: datetime) -> Step:
    """A break between two periods of one day, or a night."""
    windows = calendar.day(_date(calendar, until)).windows
    kind = StepKind.break_ if any(closes <= since for _, closes in windows) else StepKind.night
    return Step(kind, _local(calendar, since), _local(calendar, until))


def _openings(
    calendar: WorkingCalendar, moment: datetime
) -> Iterator[tuple[Day, datetime, datetime]]:
    """Every opening from a moment on, the first one cut to it. Raises NeverOpens."""
    on = _date(calendar, moment)
    give_up = on + LONGEST_CLOSURE
    while on <= give_up:
        day = calendar.day(on)
        for opens, closes in day.windows:
            if moment < closes:
                yield day, max(opens, moment), closes
                give_up = on + LONGEST_CLOSURE
        on += ONE_DAY
    raise NeverOpens(f"nothing opens within two years of {moment.isoformat()}")


def _utc(moment: datetime) -> datetime:
    if moment.utcoffset() is None:
        raise CalendarError("a moment must be aware")
    return moment.astimezone(UTC)


def _local(calendar: WorkingCalendar, moment: datetime) -> datetime:
    local = moment.astimezone(calendar.tz)
    return local.replace(tzinfo=timezone(local.utcoffset() or NOTHING))


def _date(calendar: WorkingCalendar, instant: datetime) -> date:
    return instant.astimezone(calendar.tz).date()


def _instant(tz: ZoneInfo, on: date, at: time) -> datetime:
    return datetime.combine(on, at, tz).astimezone(UTC)


def _make_day(calendar: WorkingCalendar, on: date) -> Day:
    kind, names, periods = _hours(calendar, on)
    length = sum((period.length for period in periods), NOTHING)
    return Day(kind, names, _windows(calendar.tz, on, periods), length)


def _hours(
    calendar: WorkingCalendar, on: date
) -> tuple[StepKind, tuple[str, ...], tuple[Period, ...]]:
    """Why a date is open or closed, and its periods; the company's own word comes first."""
    own = calendar.exceptions.get(on)
    if own is not None:
        return _own_kind(own), (own.note,) if own.note else (), own.periods
    official = calendar.official(on)
    if official is not None and _binds(calendar, official.kind):
        makeup = official.kind is DayKind.makeup_workday
        return StepKind(official.kind), official.names, _makeup(calendar) if makeup else ()
    periods = calendar.week.get(on.weekday(), ())
    closed = StepKind.weekend if on.weekday() in (5, 6) else StepKind.closed_weekday
    return StepKind.counts if periods else closed, (), periods


def _own_kind(own: DayException) -> StepKind:
    return StepKind.own_open_day if own.periods else StepKind.own_closed_day


def _binds(calendar: WorkingCalendar, kind: DayKind) -> bool:
    return calendar.moves_weekends or kind is DayKind.public_holiday


def _makeup(calendar: WorkingCalendar) -> tuple[Period, ...]:
    if calendar.makeup_periods is not None:
        return calendar.makeup_periods
    return next((periods for _, periods in sorted(calendar.week.items()) if periods), ())


def _windows(tz: ZoneInfo, on: date, periods: tuple[Period, ...]) -> tuple[Window, ...]:
    """The periods of a date in UTC. Where the clocks jump, no moment is counted twice."""
    windows: list[Window] = []
    for period in periods:
        ends_on = on + ONE_DAY if period.closes == MIDNIGHT else on
        opens, closes = _instant(tz, on, period.opens), _instant(tz, ends_on, period.closes)
        opens = max(opens, windows[-1][1]) if windows else opens
        if opens < closes and opens.astimezone(tz).date() == on:
            windows.append((opens, closes))
    return tuple(windows)


def _check_calendar(calendar: WorkingCalendar) -> None:
    if not set(calendar.week) <= set(range(7)):
        raise CalendarError("weekdays are 0 (Monday) to 6 (Sunday)")
    for periods in (*calendar.week.values(), calendar.makeup_periods or ()):
        check_periods(periods)
    if any(on != own.on for on, own in calendar.exceptions.items()):
        raise CalendarError("an exception stands under another date than its own")


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise CalendarError(f"unknown time zone: {name!r}") from error


@lru_cache(maxsize=512)
def _memory(calendar: WorkingCalendar) -> dict[date, Day]:
    return {}
