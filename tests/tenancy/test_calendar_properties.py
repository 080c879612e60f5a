"""Laws of working time that hold for every calendar and every moment."""

from datetime import UTC, date, datetime, time, timedelta

from hypothesis import HealthCheck, given, settings, strategies as st

from tenancy.calendar import (
    DayException,
    Measure,
    Period,
    Span,
    WorkingCalendar,
    add,
    add_working_days,
    between,
    due,
    explain,
    is_open,
    next_opening,
    working_days,
)
from tenancy.official import CountryCalendar

# A busy machine is no broken law; the first example also loads the official calendar.
law = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])

NOTHING = timedelta(0)
ZONES = ["Asia/Shanghai", "Europe/Berlin", "America/Havana", "Australia/Lord_Howe", "Asia/Beirut"]
FIRST, LAST = datetime(2025, 1, 1), datetime(2026, 12, 31)  # noqa: DTZ001 - hypothesis wants naive


@st.composite
def periods(draw: st.DrawFn, smallest: int = 0) -> tuple[Period, ...]:
    """Up to three periods of a day, on quarters of an hour, possibly touching."""
    count = draw(st.integers(smallest, 3))
    marks = draw(st.lists(st.integers(0, 96), min_size=2 * count, max_size=2 * count, unique=True))
    times = [time(mark // 4 % 24, mark % 4 * 15) for mark in sorted(marks)]
    return tuple(Period(*pair) for pair in zip(times[::2], times[1::2], strict=True))


@st.composite
def calendars(draw: st.DrawFn) -> WorkingCalendar:
    """A company open on Mondays at least, with some days of its own."""
    week = {weekday: draw(periods()) for weekday in range(1, 7)} | {0: draw(periods(1))}
    days = draw(st.lists(st.dates(date(2025, 1, 1), date(2026, 12, 31)), max_size=5))
    return WorkingCalendar(
        draw(st.sampled_from(ZONES)),
        week,
        CountryCalendar("CN"),
        moves_weekends=draw(st.booleans()),
        exceptions={on: DayException(on, draw(periods()), "自定") for on in days},
    )


moments = st.datetimes(FIRST, LAST, timezones=st.just(UTC))
lengths = st.timedeltas(NOTHING, timedelta(hours=60))
spans = st.builds(Span, st.integers(0, 4), st.just(Measure.working_days)) | st.builds(
    Span,
    st.integers(0, 3000),
    st.sampled_from([Measure.working_minutes, Measure.clock_minutes]),
)


@law
@given(calendars(), moments, lengths)
def test_adding_then_measuring_gives_back(
    calendar: WorkingCalendar, start: datetime, length: timedelta
) -> None:
    assert between(calendar, start, add(calendar, start, length)) == length


@law
@given(calendars(), moments, moments)
def test_measuring_then_adding_comes_back_no_later(
    calendar: WorkingCalendar, a: datetime, b: datetime
) -> None:
    first, last = sorted([a, b])
    length = between(calendar, first, last)
    # Time that passes behind closed doors leaves no trace.
    assert length == NOTHING or add(calendar, first, length) <= last


@law
@given(calendars(), moments, moments, lengths)
def test_later_receipt_is_never_due_earlier(
    calendar: WorkingCalendar, a: datetime, b: datetime, length: timedelta
) -> None:
    first, last = sorted([a, b])
    assert add(calendar, first, length) <= add(calendar, last, length)


@law
@given(calendars(), moments, lengths, lengths)
def test_longer_promise_is_never_due_earlier(
    calendar: WorkingCalendar, start: datetime, a: timedelta, b: timedelta
) -> None:
    shorter, longer = sorted([a, b])
    early, late = add(calendar, start, shorter), add(calendar, start, longer)
    # Nothing to count waits for the next opening, which is where an hour begins, too.
    assert early <= late
    assert (early == late) is (shorter == longer)


@law
@given(calendars(), moments, lengths)
def test_split_length_adds_up(
    calendar: WorkingCalendar, start: datetime, length: timedelta
) -> None:
    half = length / 2
    rest = length - half
    in_two_steps = add(calendar, add(calendar, start, half), rest)
    assert next_opening(calendar, in_two_steps) == next_opening(
        calendar, add(calendar, start, length)
    )
    assert rest == NOTHING or in_two_steps == add(calendar, start, length)


@law
@given(calendars(), moments, moments, moments)
def test_split_stretch_adds_up(
    calendar: WorkingCalendar, a: datetime, b: datetime, c: datetime
) -> None:
    first, middle, last = sorted([a, b, c])
    parts = between(calendar, first, middle) + between(calendar, middle, last)
    assert between(calendar, first, last) == parts


@law
@given(calendars(), moments)
def test_nothing_counts_until_the_next_opening(calendar: WorkingCalendar, start: datetime) -> None:
    opening = next_opening(calendar, start)
    assert between(calendar, start, opening) == NOTHING
    assert is_open(calendar, opening) is True
    assert (opening == start) is is_open(calendar, start)


@law
@given(calendars(), moments, st.timedeltas(timedelta(microseconds=1), timedelta(minutes=1)))
def test_clock_counts_exactly_while_the_door_is_open(
    calendar: WorkingCalendar, start: datetime, blink: timedelta
) -> None:
    # Doors open and close on whole minutes, so none moves within the blink.
    start = start.replace(second=0, microsecond=0)
    counted = blink if is_open(calendar, start) else NOTHING
    assert between(calendar, start, start + blink) == counted


@law
@given(calendars(), moments, st.integers(0, 4))
def test_working_days_are_multiples_of_the_first_day(
    calendar: WorkingCalendar, start: datetime, count: int
) -> None:
    length = working_days(calendar, start, count)
    local = next_opening(calendar, start).date()
    assert length == count * calendar.day(local).length
    assert add_working_days(calendar, start, count) == add(calendar, start, length)


@law
@given(calendars(), moments, spans)
def test_explanation_agrees_with_the_due_moment_and_adds_up(
    calendar: WorkingCalendar, start: datetime, span: Span
) -> None:
    explanation = explain(calendar, start, span)
    assert explanation.due_at == due(calendar, start, span)
    steps = explanation.steps
    assert (steps[0].at, steps[-1].until) == (start, explanation.due_at)
    assert [step.at for step in steps[1:]] == [step.until for step in steps[:-1]]
    assert all(step.at < step.until for step in steps[1:-1])
    assert sum((step.counted for step in steps), NOTHING) == promised(calendar, start, span)


@law
@given(calendars(), moments, st.integers(0, 3000))
def test_every_step_counts_what_measuring_it_gives(
    calendar: WorkingCalendar, start: datetime, minutes: int
) -> None:
    for step in explain(calendar, start, Span(minutes, Measure.working_minutes)).steps:
        assert step.counted == between(calendar, step.at, step.until)


@law
@given(calendars(), st.dates(date(2025, 1, 1), date(2026, 12, 30)))
def test_openings_of_following_days_are_in_order_and_apart(
    calendar: WorkingCalendar, on: date
) -> None:
    windows = [*calendar.day(on).windows, *calendar.day(on + timedelta(days=1)).windows]
    instants = [instant for window in windows for instant in window]
    assert instants == sorted(instants)
    assert all(opens < closes for opens, closes in windows)


def promised(calendar: WorkingCalendar, start: datetime, span: Span) -> timedelta:
    if span.measure is Measure.working_days:
        return working_days(calendar, start, span.amount)
    return timedelta(minutes=span.amount)
