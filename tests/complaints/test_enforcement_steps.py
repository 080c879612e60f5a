"""When each level of a deadline is to be taken: pure planning."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from complaints.models import Level, ServicePolicy
from complaints.services.steps import Plan, Step, plan, step_at, upcoming
from tenancy.calendar import NeverOpens, Period, WorkingCalendar, always_open

SHANGHAI = ZoneInfo("Asia/Shanghai")
OFFICE = WorkingCalendar(
    "Asia/Shanghai",
    {day: (Period(time(8, 30), time(12)), Period(time(13, 30), time(18))) for day in range(5)},
)
POLICY = ServicePolicy(warn_before=120, manager_after=120, admin_after=240)


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """A moment of November 2026; the 10th is a Tuesday."""
    return datetime(2026, 11, day, hour, minute, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("level", "expected"),
    [
        (Level.WARNING, at(10, 16, 30)),
        (Level.BREACH, at(11, 9)),
        (Level.MANAGER, at(11, 11)),
        (Level.ADMIN, at(11, 16, 30)),
    ],
)
def test_step_at_counts_opening_time(level: Level, expected: datetime) -> None:
    moment = step_at(level, starts_at=at(10, 9), due_at=at(11, 9), policy=POLICY, calendar=OFFICE)
    assert moment == expected


def test_step_at_counts_around_the_clock_for_an_emergency() -> None:
    clock = always_open("Asia/Shanghai")
    moments = [
        step_at(level, starts_at=at(14, 1), due_at=at(14, 5), policy=POLICY, calendar=clock)
        for level in Level
    ]
    assert moments == [at(14, 3), at(14, 5), at(14, 7), at(14, 11)]


def test_warning_of_a_short_promise_comes_half_way() -> None:
    moment = step_at(
        Level.WARNING, starts_at=at(10, 9), due_at=at(10, 10), policy=POLICY, calendar=OFFICE
    )
    assert moment == at(10, 9, 30)


def test_warning_half_way_leaves_out_the_lunch_break() -> None:
    moment = step_at(
        Level.WARNING, starts_at=at(10, 11, 30), due_at=at(10, 14), policy=POLICY, calendar=OFFICE
    )
    assert moment == at(10, 12)


def test_warning_is_never_after_due() -> None:
    """A calendar that changed leaves a promise without any opening time in it."""
    saturday = {"starts_at": at(14, 9), "due_at": at(14, 17)}
    moment = step_at(Level.WARNING, **saturday, policy=POLICY, calendar=OFFICE)
    assert moment == at(14, 17)


def test_warning_of_a_promise_that_was_due_at_once_is_its_due_time() -> None:
    moment = step_at(
        Level.WARNING, starts_at=at(10, 9), due_at=at(10, 9), policy=POLICY, calendar=OFFICE
    )
    assert moment == at(10, 9)


def test_step_at_on_a_calendar_that_never_opens_says_so() -> None:
    closed = WorkingCalendar("Asia/Shanghai", {})
    with pytest.raises(NeverOpens):
        step_at(
            Level.MANAGER, starts_at=at(10, 9), due_at=at(11, 9), policy=POLICY, calendar=closed
        )


@pytest.mark.parametrize(
    ("level", "expected"),
    [(0, (0, at(10, 16, 30))), (1, (1, at(11, 9))), (3, (3, at(11, 16, 30))), (4, None)],
)
def test_upcoming_ends_after_the_admin(level: int, expected: tuple[int, datetime] | None) -> None:
    found = upcoming(
        level=level, starts_at=at(10, 9), due_at=at(11, 9), policy=POLICY, calendar=OFFICE
    )
    assert found == expected


def planned(level: int, now: datetime) -> Plan:
    return plan(
        level=level,
        starts_at=at(10, 9),
        due_at=at(11, 9),
        policy=POLICY,
        calendar=OFFICE,
        now=now,
    )


def test_plan_takes_one_level_and_waits_for_the_next() -> None:
    assert planned(0, at(10, 16, 30)) == Plan((Step(0, at(10, 16, 30)),), 1, at(11, 9))


def test_plan_of_a_row_looked_at_too_early_takes_nothing_and_waits() -> None:
    """The company has shortened its warning since: the row is told its new moment."""
    assert planned(0, at(10, 16, 29)) == Plan((), 0, at(10, 16, 30))


def test_plan_after_an_outage_takes_every_level_in_order() -> None:
    everything = planned(0, at(20, 9))
    assert everything == Plan(
        (
            Step(0, at(10, 16, 30)),
            Step(1, at(11, 9)),
            Step(2, at(11, 11)),
            Step(3, at(11, 16, 30)),
        ),
        4,
        None,
    )


def test_plan_of_levels_in_order_even_without_any_interval() -> None:
    at_once = ServicePolicy(warn_before=0, manager_after=0, admin_after=0)
    found = plan(
        level=0,
        starts_at=at(10, 9),
        due_at=at(10, 10),
        policy=at_once,
        calendar=OFFICE,
        now=at(10, 10),
    )
    assert [(step.level, step.planned_at - at(10, 10)) for step in found.steps] == [
        (level, timedelta(0)) for level in range(4)
    ]
