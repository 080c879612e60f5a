"""Why a promise falls due when it does, step by step."""

import json
from dataclasses import replace
from datetime import date, time, timedelta

import pytest

from tenancy.calendar import (
    DayException,
    DayKind,
    ListedDays,
    Measure,
    NeverOpens,
    OfficialDay,
    Period,
    Span,
    StepKind,
    WorkingCalendar,
    add,
    always_open,
    between,
    due,
    explain,
    next_opening,
)
from tests.tenancy.calendars import (
    HOUR,
    JINXIU,
    MORNING,
    NEVER,
    ONE_WORKING_DAY,
    at,
    kinds,
    step,
)


@pytest.mark.parametrize(
    ("span", "expected"),
    [
        (Span(0, Measure.working_days), "2026-09-30T16:00"),
        (Span(2, Measure.working_days), "2026-10-09T16:00"),
        (Span(3, Measure.working_days), "2026-10-10T16:00"),
        (Span(120, Measure.working_minutes), "2026-09-30T18:00"),
        (Span(121, Measure.working_minutes), "2026-10-08T08:31"),
        (Span(90, Measure.clock_minutes), "2026-09-30T17:30"),
        (Span(24 * 60, Measure.clock_minutes), "2026-10-01T16:00"),
        (Span(0, Measure.clock_minutes), "2026-09-30T16:00"),
    ],
)
def test_span_is_counted_in_its_own_measure(span: Span, expected: str) -> None:
    received = at("2026-09-30T16:00")
    assert due(JINXIU, received, span) == at(expected)
    assert explain(JINXIU, received, span).due_at == at(expected)


def test_around_the_clock_is_explained_in_one_stretch() -> None:
    calendar = always_open("Asia/Shanghai")
    assert kinds(calendar, "2026-10-01T22:15", Span(3, Measure.working_days)) == [
        "received",
        "counts",
        "due",
    ]


def test_explanation_of_the_national_day_names_every_step() -> None:
    explanation = explain(JINXIU, at("2026-09-30T16:00"), ONE_WORKING_DAY)
    assert json.loads(json.dumps(explanation.as_dict())) == {
        "due_at": "2026-10-08T16:00:00+08:00",
        "estimated": False,
        "steps": [
            {"kind": "received", "at": "2026-09-30T16:00:00+08:00"},
            step("counts", "2026-09-30T16:00", "2026-09-30T18:00", counted=7200),
            step("public_holiday", "2026-09-30T18:00", "2026-10-08T08:30", "国庆节", days=7),
            step("counts", "2026-10-08T08:30", "2026-10-08T12:00", counted=12600),
            step("break", "2026-10-08T12:00", "2026-10-08T13:30"),
            step("counts", "2026-10-08T13:30", "2026-10-08T16:00", counted=9000),
            {"kind": "due", "at": "2026-10-08T16:00:00+08:00"},
        ],
    }


@pytest.mark.parametrize(
    ("received", "expected"),
    [
        ("2026-06-15T08:30", ["counts", "break", "counts"]),
        ("2026-06-15T03:00", ["night", "counts", "break", "counts"]),
        ("2026-06-15T12:30", ["break", "counts", "night", "counts"]),
        ("2026-06-15T17:00", ["counts", "night", "counts", "break", "counts"]),
        ("2026-06-12T17:00", ["counts", "weekend", "counts", "break", "counts"]),
        ("2026-05-08T17:00", ["counts", "night", "makeup_workday", "break", "makeup_workday"]),
        ("2026-09-20T20:00", ["night", "counts", "break", "counts"]),
    ],
)
def test_explanation_says_why_it_waits(received: str, expected: list[str]) -> None:
    assert kinds(JINXIU, received, ONE_WORKING_DAY) == ["received", *expected, "due"]


def test_explanation_keeps_the_companys_own_days_apart_from_the_states() -> None:
    closed = {
        on: DayException(on, (), note)
        for on, note in [(date(2026, 10, 8), "司庆"), (date(2026, 10, 9), "司庆")]
    }
    opened = {date(2026, 10, 11): DayException(date(2026, 10, 11), (MORNING,), "开放日")}
    without_makeup = replace(JINXIU, exceptions={**closed, **opened}, makeup_periods=())
    steps = explain(
        without_makeup, at("2026-09-30T17:00"), Span(180, Measure.working_minutes)
    ).steps
    told = [(step.kind.value, step.name, step.days, step.until) for step in steps]
    assert told == [
        ("received", "", 0, at("2026-09-30T17:00")),
        ("counts", "", 0, at("2026-09-30T18:00")),
        ("public_holiday", "国庆节", 7, at("2026-10-08T00:00")),
        ("own_closed_day", "司庆", 2, at("2026-10-10T00:00")),
        ("makeup_workday", "国庆节", 1, at("2026-10-11T08:30")),
        ("own_open_day", "开放日", 0, at("2026-10-11T10:30")),
        ("due", "", 0, at("2026-10-11T10:30")),
    ]


def test_explanation_of_a_long_promise_is_told_by_the_week() -> None:
    steps = explain(JINXIU, at("2026-05-06T17:00"), Span(6, Measure.working_days)).steps
    told = [(step.kind.value, step.until, step.counted // HOUR) for step in steps]
    assert told == [
        ("received", at("2026-05-06T17:00"), 0),
        ("counts", at("2026-05-08T18:00"), 17),
        ("night", at("2026-05-09T08:30"), 0),
        ("makeup_workday", at("2026-05-09T18:00"), 8),
        ("weekend", at("2026-05-11T08:30"), 0),
        ("counts", at("2026-05-13T17:00"), 23),
        ("due", at("2026-05-13T17:00"), 0),
    ]


def test_explanation_keeps_the_companys_note_in_one_piece() -> None:
    own = DayException(date(2026, 6, 15), (), "停电、检修")
    calendar = replace(JINXIU, exceptions={own.on: own})
    steps = explain(calendar, at("2026-06-15T10:00"), ONE_WORKING_DAY).steps
    assert [step.names for step in steps if step.days] == [("停电、检修",)]


def test_explanation_of_a_day_without_a_note_has_no_name() -> None:
    own = DayException(date(2026, 6, 15), ())
    calendar = replace(JINXIU, exceptions={own.on: own})
    steps = explain(calendar, at("2026-06-15T10:00"), ONE_WORKING_DAY).steps
    assert [(step.kind, step.names) for step in steps if step.days] == [
        (StepKind.own_closed_day, ())
    ]


def test_explanation_names_two_festivals_in_one_run() -> None:
    steps = explain(JINXIU, at("2025-09-30T17:00"), ONE_WORKING_DAY).steps
    assert [(step.names, step.days) for step in steps if step.days] == [(("国庆节", "中秋节"), 8)]


def test_explanation_of_moved_days_only_does_not_claim_a_holiday() -> None:
    official = ListedDays.of(
        {
            date(2026, 6, 16): OfficialDay(DayKind.substituted_day_off, "端午节"),
            date(2026, 6, 17): OfficialDay(DayKind.substituted_day_off, ""),
        }
    )
    calendar = replace(JINXIU, official=official)
    steps = explain(calendar, at("2026-06-15T17:00"), ONE_WORKING_DAY).steps
    assert [(step.kind, step.names) for step in steps if step.days] == [
        (StepKind.substituted_day_off, ("端午节",))
    ]


def test_explanation_tells_a_closed_weekday_from_a_weekend() -> None:
    calendar = WorkingCalendar("Asia/Shanghai", {0: (MORNING,), 6: (MORNING,)})
    assert kinds(calendar, "2026-06-15T11:00", ONE_WORKING_DAY) == [
        "received",
        "counts",
        "closed_weekday",
        "weekend",
        "counts",
        "due",
    ]


def test_explanation_on_the_clock_counts_straight_through() -> None:
    explanation = explain(JINXIU, at("2026-09-30T16:00"), Span(90, Measure.clock_minutes))
    assert [(step.kind, step.counted) for step in explanation.steps] == [
        (StepKind.received, timedelta(0)),
        (StepKind.clock, timedelta(minutes=90)),
        (StepKind.due, timedelta(0)),
    ]


def test_explanation_shows_fractions_of_a_second_as_they_are() -> None:
    steps = explain(JINXIU, at("2026-06-15T17:59:59.5"), Span(1, Measure.working_minutes)).steps
    assert [step.as_dict()["counted"] for step in steps if step.counted] == [0.5, 59.5]


@pytest.mark.parametrize(
    ("received", "span", "expected"),
    [
        ("2026-12-01T09:00", ONE_WORKING_DAY, False),
        ("2089-12-30T17:00", Span(5, Measure.working_days), True),
        ("2089-12-30T17:00", Span(5, Measure.clock_minutes), False),
    ],
)
def test_explanation_says_when_the_official_calendar_is_a_guess(
    received: str, span: Span, expected: bool
) -> None:
    assert explain(JINXIU, at(received), span).estimated is expected


def test_explanation_is_a_guess_as_soon_as_it_reaches_an_unpublished_year() -> None:
    holiday = OfficialDay(DayKind.public_holiday, "元旦", estimated=True)
    calendar = replace(JINXIU, official=ListedDays.of({date(2027, 1, 1): holiday}))
    last_day_of_2026 = at("2026-12-31T17:00")
    within = explain(calendar, last_day_of_2026, Span(60, Measure.working_minutes))
    beyond = explain(calendar, last_day_of_2026, Span(61, Measure.working_minutes))
    assert (within.due_at, within.estimated) == (at("2026-12-31T18:00"), False)
    assert (beyond.due_at, beyond.estimated) == (at("2027-01-04T08:31"), True)


def test_listed_days_are_estimated_in_the_year_of_a_guess() -> None:
    official = ListedDays.of(
        {
            date(2026, 10, 1): OfficialDay(DayKind.public_holiday, "国庆节"),
            date(2027, 10, 1): OfficialDay(DayKind.public_holiday, "国庆节", estimated=True),
        }
    )
    assert [official.estimated(year) for year in (2026, 2027, 2028)] == [False, True, False]


def test_calendar_that_never_opens_refuses_to_promise() -> None:
    moment = at("2026-06-15T10:00")
    with pytest.raises(NeverOpens):
        next_opening(NEVER, moment)
    with pytest.raises(NeverOpens):
        add(NEVER, moment, HOUR)
    with pytest.raises(NeverOpens):
        explain(NEVER, moment, ONE_WORKING_DAY)
    assert between(NEVER, moment, moment + 24 * HOUR) == timedelta(0)


def test_periods_that_touch_are_one_opening() -> None:
    calendar = WorkingCalendar("Asia/Shanghai", {0: (MORNING, Period(time(12), time(18)))})
    steps = explain(calendar, at("2026-06-15T08:30"), ONE_WORKING_DAY).steps
    assert [(step.kind, step.counted) for step in steps[1:-1]] == [(StepKind.counts, 9.5 * HOUR)]
