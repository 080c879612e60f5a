"""The stretches of days that a manager speaks of."""

from datetime import date

import pytest

from complaints.services.figures_days import Period, cover
from reports.services.periods import Span, before, last_year, period_of, pieces


def days(first: str, last: str) -> Period:
    return Period(date.fromisoformat(first), date.fromisoformat(last))


TODAY = date(2026, 11, 22)  # a Sunday


@pytest.mark.parametrize(
    ("span", "today", "period", "previous"),
    [
        ("week", TODAY, ("2026-11-16", "2026-11-22"), ("2026-11-09", "2026-11-15")),
        ("month", TODAY, ("2026-11-01", "2026-11-22"), ("2026-10-01", "2026-10-22")),
        ("month", date(2026, 3, 30), ("2026-03-01", "2026-03-30"), ("2026-02-01", "2026-02-28")),
        ("month", date(2026, 2, 28), ("2026-02-01", "2026-02-28"), ("2026-01-01", "2026-01-31")),
        ("month", date(2026, 1, 1), ("2026-01-01", "2026-01-01"), ("2025-12-01", "2025-12-01")),
        ("last_month", TODAY, ("2026-10-01", "2026-10-31"), ("2026-09-01", "2026-09-30")),
        ("quarter", TODAY, ("2026-10-01", "2026-11-22"), ("2026-07-01", "2026-08-22")),
        ("quarter", date(2026, 11, 30), ("2026-10-01", "2026-11-30"), ("2026-07-01", "2026-08-30")),
        ("quarter", date(2026, 12, 31), ("2026-10-01", "2026-12-31"), ("2026-07-01", "2026-09-30")),
        ("year", TODAY, ("2026-01-01", "2026-11-22"), ("2025-01-01", "2025-11-22")),
        ("year", date(2028, 2, 29), ("2028-01-01", "2028-02-29"), ("2027-01-01", "2027-02-28")),
    ],
)
def test_as_much_of_the_period_before_as_of_this_one(
    span: str, today: date, period: tuple[str, str], previous: tuple[str, str]
) -> None:
    found = period_of(span, today)
    assert (found, before(span, found)) == (days(*period), days(*previous))


def test_days_of_ones_own_are_held_against_as_many_before() -> None:
    period = days("2026-11-03", "2026-11-09")
    assert before(Span.FREE, period) == days("2026-10-27", "2026-11-02")
    assert last_year(period) == days("2025-11-03", "2025-11-09")


@pytest.mark.parametrize(
    ("period", "firsts"),
    [
        (days("2026-11-20", "2026-11-22"), ["2026-11-20", "2026-11-21", "2026-11-22"]),
        (
            days("2026-11-01", "2026-11-22"),
            ["2026-11-01", "2026-11-02", "2026-11-09", "2026-11-16"],
        ),
    ],
)
def test_a_series_is_by_the_day_or_by_the_week(period: Period, firsts: list[str]) -> None:
    assert [each.first.isoformat() for each in pieces(period)] == firsts


def test_pieces_make_up_the_whole_period() -> None:
    for period in (days("2026-01-15", "2026-11-22"), days("2026-10-01", "2026-11-22")):
        found = [day for piece in pieces(period) for day in piece.days()]
        assert found == period.days()
    assert len(pieces(days("2026-01-15", "2026-11-22"))) == 11  # months


def test_a_period_is_covered_by_whole_months_and_the_days_around_them() -> None:
    period = days("2025-12-30", "2026-03-02")
    found = cover(period, [date(2026, 2, 5), date(2026, 3, 1), date(2026, 5, 1)])
    assert found.months == [date(2026, 1, 1)]  # February has a day that changed
    assert found.live == [date(2026, 2, 5), date(2026, 3, 1)]
    assert len(found.days) == 2 + 27 + 1
