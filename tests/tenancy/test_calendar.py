"""Worked examples of working time, each checked by hand against the wall calendar."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta, timezone

import pytest

from tenancy.calendar import (
    CalendarError,
    DayException,
    Measure,
    NeverOpens,
    Period,
    Span,
    WorkingCalendar,
    add,
    add_working_days,
    always_open,
    between,
    due,
    is_open,
    next_opening,
    working_days,
)
from tenancy.official import CountryCalendar
from tests.tenancy.calendars import (
    AFTERNOON,
    BERLIN,
    HEYUE,
    HEYUE_PERIOD,
    HOUR,
    JINXIU,
    JINXIU_WEEK,
    MORNING,
    NEVER,
    ONE_WORKING_DAY,
    WHOLE_DAY,
    at,
)


@pytest.mark.parametrize(
    ("received", "expected"),
    [
        # 2 h that day, 1-7 October closed, 3.5 h in the morning and 2.5 h in the afternoon.
        ("2026-09-30T16:00", "2026-10-08T16:00"),
        # A full day, counted from the first minute: due exactly when the door closes.
        ("2026-09-29T08:30", "2026-09-29T18:00"),
        # At night and before opening it is the coming day that counts.
        ("2026-09-28T23:10", "2026-09-29T18:00"),
        ("2026-09-29T03:00", "2026-09-29T18:00"),
        # Over lunch counting starts at 13:30: 4.5 h, then 3.5 h the next morning.
        ("2026-09-28T12:40", "2026-09-29T12:00"),
        ("2026-09-28T12:00", "2026-09-29T12:00"),
        # Received the moment the door closes: the next day.
        ("2026-09-28T18:00", "2026-09-29T18:00"),
        # Friday into a make-up Saturday: 9 May 2026 is worked for Labour Day.
        ("2026-05-08T17:00", "2026-05-09T17:00"),
        # Received on that Saturday: 1 h, the Sunday is free, 7 h on Monday.
        ("2026-05-09T17:00", "2026-05-11T17:00"),
        # A make-up Sunday before the National Day: 1 h on Friday, Saturday free, 7 h on Sunday.
        ("2026-09-18T17:00", "2026-09-20T17:00"),
        # Received in the middle of the Spring Festival, which ends with 23 February.
        ("2026-02-18T10:00", "2026-02-24T18:00"),
        # Across the New Year: 4.5 h on the 31st, closed 1-3, 3.5 h on make-up Sunday the 4th.
        ("2025-12-31T13:30", "2026-01-04T12:00"),
        # An ordinary weekend.
        ("2026-06-13T10:00", "2026-06-15T18:00"),
    ],
)
def test_one_working_day_at_jinxiu_falls_due(received: str, expected: str) -> None:
    assert due(JINXIU, at(received), ONE_WORKING_DAY) == at(expected)
    assert add_working_days(JINXIU, at(received), 1) == at(expected)


@pytest.mark.parametrize(
    ("received", "expected"),
    [
        # 1.5 h on Wednesday; 1-3 October and Sunday closed, Monday in lieu; 7 h on Tuesday.
        ("2026-09-30T16:00", "2026-10-06T16:00"),
        # Saturday is a working day, Sunday is not.
        ("2026-06-12T17:00", "2026-06-13T17:00"),
        ("2026-06-13T17:00", "2026-06-15T17:00"),
        # The make-up Sunday of 20 September 2026 changes nothing here.
        ("2026-09-19T17:00", "2026-09-21T17:00"),
        ("2026-09-20T10:00", "2026-09-21T17:30"),
        # The weekend Saturday and the moved days of the golden week of 2025 are worked.
        ("2025-10-04T09:00", "2025-10-04T17:30"),
        ("2025-10-07T12:00", "2025-10-08T12:00"),
    ],
)
def test_one_working_day_at_heyue_falls_due(received: str, expected: str) -> None:
    assert due(HEYUE, at(received), ONE_WORKING_DAY) == at(expected)


def test_working_day_is_as_long_as_the_day_on_which_counting_starts() -> None:
    short_saturday = {**JINXIU_WEEK, 5: (MORNING,)}
    calendar = WorkingCalendar("Asia/Shanghai", short_saturday)
    saturday, sunday = at("2026-06-13T09:30"), at("2026-06-14T09:30")
    assert working_days(calendar, saturday, 1) == timedelta(hours=3.5)
    assert working_days(calendar, saturday, 2) == timedelta(hours=7)
    assert working_days(calendar, sunday, 1) == timedelta(hours=8)
    # 2.5 h on Saturday, the missing hour on Monday.
    assert add_working_days(calendar, saturday, 1) == at("2026-06-15T09:30")


def test_nothing_to_count_is_due_at_once_or_at_the_next_opening() -> None:
    assert add(JINXIU, at("2026-06-15T10:00"), timedelta(0)) == at("2026-06-15T10:00")
    assert add(JINXIU, at("2026-06-15T12:00"), timedelta(0)) == at("2026-06-15T13:30")
    assert add(JINXIU, at("2026-06-15T18:00"), timedelta(0)) == at("2026-06-16T08:30")


def test_result_reads_as_local_time_with_a_fixed_offset() -> None:
    result = add(JINXIU, datetime(2026, 6, 15, 1, tzinfo=UTC), HOUR)
    assert result.isoformat() == "2026-06-15T10:00:00+08:00"
    assert result.tzinfo == timezone(timedelta(hours=8))


def test_time_between_leaves_out_what_is_closed() -> None:
    assert between(JINXIU, at("2026-09-30T16:00"), at("2026-10-08T16:00")) == timedelta(hours=8)
    assert between(JINXIU, at("2026-10-01T00:00"), at("2026-10-08T00:00")) == timedelta(0)
    assert between(JINXIU, at("2026-06-15T11:00"), at("2026-06-15T14:00")) == timedelta(hours=1.5)
    assert between(JINXIU, at("2026-06-15T11:00"), at("2026-06-15T11:00")) == timedelta(0)


def test_next_opening_is_the_moment_itself_or_the_next_door() -> None:
    assert next_opening(JINXIU, at("2026-06-15T08:30")) == at("2026-06-15T08:30")
    assert next_opening(JINXIU, at("2026-06-15T12:00")) == at("2026-06-15T13:30")
    assert next_opening(JINXIU, at("2026-09-30T18:00")) == at("2026-10-08T08:30")


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        ("2026-06-15T08:29", False),
        ("2026-06-15T08:30", True),
        ("2026-06-15T11:59", True),
        ("2026-06-15T12:00", False),
        ("2026-06-15T13:30", True),
        ("2026-06-15T18:00", False),
        ("2026-06-14T10:00", False),
        ("2026-10-10T10:00", True),
    ],
)
def test_door_is_open_from_opening_until_just_before_closing(moment: str, expected: bool) -> None:
    assert is_open(JINXIU, at(moment)) is expected


def test_own_exception_wins_over_everything() -> None:
    own = {
        date(2026, 10, 1): DayException(date(2026, 10, 1), (MORNING,), "值班"),
        date(2026, 10, 10): DayException(date(2026, 10, 10), (), "搬家"),
        date(2026, 6, 15): DayException(date(2026, 6, 15), (), "停电"),
    }
    calendar = replace(JINXIU, exceptions=own)
    # 2 h on 30 September, 3.5 h on the duty morning of the holiday, 2.5 h on the 8th.
    assert add_working_days(calendar, at("2026-09-30T16:00"), 1) == at("2026-10-08T11:00")
    assert is_open(calendar, at("2026-10-10T10:00")) is False
    assert is_open(calendar, at("2026-06-15T10:00")) is False


def test_makeup_workday_has_the_first_open_weekdays_hours_or_its_own() -> None:
    tuesday_first = WorkingCalendar(
        "Asia/Shanghai", {2: (AFTERNOON,), 1: (MORNING,), 0: ()}, CountryCalendar("CN"), True
    )
    own_hours = replace(JINXIU, makeup_periods=(MORNING,))
    without_week = WorkingCalendar("Asia/Shanghai", {}, CountryCalendar("CN"), True)
    makeup = date(2026, 10, 10)
    assert tuesday_first.day(makeup).length == timedelta(hours=3.5)
    assert own_hours.day(makeup).length == timedelta(hours=3.5)
    assert JINXIU.day(makeup).length == timedelta(hours=8)
    assert without_week.day(makeup).windows == ()


def test_emergency_counts_around_the_clock() -> None:
    calendar = always_open("Asia/Shanghai")
    assert due(calendar, at("2026-10-01T22:15"), ONE_WORKING_DAY) == at("2026-10-02T22:15")
    assert due(calendar, at("2026-10-01T22:15"), Span(30, Measure.working_minutes)) == at(
        "2026-10-01T22:45"
    )
    assert always_open("Asia/Shanghai") is calendar


@pytest.mark.parametrize(
    ("start", "hours", "expected"),
    [
        # Clocks go forward on 29 March 2026 at 02:00, back on 25 October at 03:00.
        ("2026-03-28T12:00+01:00", 24, "2026-03-29T13:00:00+02:00"),
        ("2026-10-24T12:00+02:00", 24, "2026-10-25T11:00:00+01:00"),
        ("2026-10-25T00:00+02:00", 2.5, "2026-10-25T02:30:00+02:00"),
        ("2026-10-25T00:00+02:00", 3.5, "2026-10-25T02:30:00+01:00"),
    ],
)
def test_change_of_clocks_neither_makes_nor_loses_time(
    start: str, hours: float, expected: str
) -> None:
    begin, length = datetime.fromisoformat(start), timedelta(hours=hours)
    result = add(BERLIN, begin, length)
    assert result.isoformat() == expected
    assert result - begin == length
    assert between(BERLIN, begin, result) == length


def test_period_in_the_hour_the_clocks_skip_is_not_counted_twice() -> None:
    week = {6: (Period(time(2), time(2, 30)), Period(time(3), time(5)))}
    windows = WorkingCalendar("Europe/Berlin", week).day(date(2026, 3, 29)).windows
    assert sum((closes - opens for opens, closes in windows), timedelta(0)) == 2 * HOUR
    assert windows[0][1] == windows[1][0]


def test_date_that_a_zone_skips_has_no_opening() -> None:
    # Samoa had no 30 December 2011.
    apia = WorkingCalendar("Pacific/Apia", dict.fromkeys(range(7), (HEYUE_PERIOD,)))
    assert apia.day(date(2011, 12, 30)).windows == ()
    start = datetime.fromisoformat("2011-12-29T17:00-10:00")
    assert add(apia, start, HOUR).isoformat() == "2011-12-31T09:30:00+14:00"


def test_calendar_that_stops_opening_refuses_what_no_longer_fits() -> None:
    only_once = DayException(date(2026, 6, 15), (MORNING,), "")
    calendar = replace(NEVER, exceptions={only_once.on: only_once})
    assert add(calendar, at("2024-06-16T10:00"), HOUR) == at("2026-06-15T09:30")
    with pytest.raises(NeverOpens):
        add(calendar, at("2024-06-16T10:00"), 4 * HOUR)


@pytest.mark.parametrize("call", [is_open, next_opening])
def test_naive_moment_is_refused(call: object) -> None:
    assert callable(call)
    with pytest.raises(CalendarError, match="aware"):
        call(JINXIU, datetime(2026, 6, 15, 10))  # noqa: DTZ001 - that is the point


def test_backward_lengths_are_refused() -> None:
    with pytest.raises(CalendarError, match="negative"):
        add(JINXIU, at("2026-06-15T10:00"), -HOUR)
    with pytest.raises(CalendarError, match="after the second"):
        between(JINXIU, at("2026-06-15T10:00"), at("2026-06-15T09:00"))
    with pytest.raises(CalendarError, match="negative"):
        Span(-1, Measure.working_days)


def test_spans_that_no_promise_means_are_refused() -> None:
    with pytest.raises(CalendarError, match="ten years"):
        Span(3651, Measure.working_days)
    ten_years = Span(3650, Measure.working_days)
    assert due(always_open("Asia/Shanghai"), at("2026-06-15T10:00"), ten_years) == at(
        "2036-06-12T10:00"
    )


@pytest.mark.parametrize(
    "periods",
    [
        (AFTERNOON, MORNING),
        (MORNING, Period(time(11), time(13))),
        (WHOLE_DAY, Period(time(23), time(0))),
    ],
)
def test_periods_that_overlap_or_are_out_of_order_are_refused(periods: tuple[Period, ...]) -> None:
    with pytest.raises(CalendarError, match="overlap"):
        WorkingCalendar("Asia/Shanghai", {0: periods})
    with pytest.raises(CalendarError, match="overlap"):
        WorkingCalendar("Asia/Shanghai", {}, makeup_periods=periods)
    with pytest.raises(CalendarError, match="overlap"):
        DayException(date(2026, 6, 15), periods, "")


def test_period_must_close_after_it_opens() -> None:
    with pytest.raises(CalendarError, match="close after"):
        Period(time(12), time(12))
    assert Period(time(20), time(0)).length == timedelta(hours=4)
    assert WHOLE_DAY.length == timedelta(hours=24)


@pytest.mark.parametrize("zone", ["Mars/Olympus", "", "../etc", "Asia"])
def test_unknown_zone_is_refused(zone: str) -> None:
    with pytest.raises(CalendarError, match="time zone"):
        WorkingCalendar(zone, {})


def test_wrong_weekdays_and_misplaced_exceptions_are_refused() -> None:
    with pytest.raises(CalendarError, match="weekdays"):
        WorkingCalendar("Asia/Shanghai", {7: (MORNING,)})
    own = DayException(date(2026, 6, 15), (), "")
    with pytest.raises(CalendarError, match="another date"):
        WorkingCalendar("Asia/Shanghai", {}, exceptions={date(2026, 6, 16): own})


def test_equal_calendars_share_their_memory() -> None:
    one = WorkingCalendar("Asia/Shanghai", JINXIU_WEEK, CountryCalendar("CN"), True)
    twin = WorkingCalendar("Asia/Shanghai", JINXIU_WEEK, CountryCalendar("CN"), True)
    assert (one, hash(one)) == (twin, hash(twin))
    assert one.day(date(2026, 6, 15)) is twin.day(date(2026, 6, 15))
    other = replace(one, moves_weekends=False)
    assert other != one
    assert other.day(date(2026, 10, 10)) != one.day(date(2026, 10, 10))


def test_calendar_does_not_follow_later_changes_of_its_sources() -> None:
    week = dict(JINXIU_WEEK)
    calendar = WorkingCalendar("Asia/Shanghai", week)
    week.clear()
    assert is_open(calendar, at("2026-06-15T10:00")) is True
