"""The official Chinese calendar against the State Council's notices, every day of two years."""

from datetime import date, timedelta

import pytest

from tenancy.calendar import CalendarError, DayKind, OfficialDay, WorkingCalendar
from tenancy.official import CountryCalendar, is_estimated, official_year, unpublished_years
from tests.tenancy.calendars import HEYUE_PERIOD, HEYUE_WEEK, JINXIU_WEEK

# Copied from the notices of the General Office of the State Council, not from the library.
DAYS_OFF = {
    2025: "1.1-1.1 1.28-2.4 4.4-4.6 5.1-5.5 5.31-6.2 10.1-10.8",
    2026: "1.1-1.3 2.15-2.23 4.4-4.6 5.1-5.5 6.19-6.21 9.25-9.27 10.1-10.7",
}
MAKEUP_WORKDAYS = {
    2025: "1.26 2.8 4.27 9.28 10.11",
    2026: "1.4 2.14 2.28 5.9 9.20 10.10",
}
# The law's festivals and their days in lieu: what closes a company that moves no weekends.
PUBLIC_HOLIDAYS = {
    2025: "1.1 1.28-1.31 4.4 5.1-5.2 5.31 6.2 10.1-10.3 10.6",
    2026: "1.1 2.16-2.19 4.5-4.6 5.1-5.2 5.4 6.19 9.25 10.1-10.3 10.5",
}
WORKDAYS_OF_YEAR = {2025: 248, 2026: 248}


def every_day(year: int) -> list[date]:
    first = date(year, 1, 1)
    return [first + timedelta(days=n) for n in range((date(year + 1, 1, 1) - first).days)]


def dates(year: int, text: str) -> set[date]:
    """The dates of a compact table such as `1.1 5.1-5.5`."""
    found: set[date] = set()
    for part in text.split():
        first, _, last = part.partition("-")
        begin, end = _date(year, first), _date(year, last or first)
        found |= {begin + timedelta(days=n) for n in range((end - begin).days + 1)}
    return found


def _date(year: int, text: str) -> date:
    month, day = text.split(".")
    return date(year, int(month), int(day))


def open_days(calendar: WorkingCalendar, year: int) -> set[date]:
    return {on for on in every_day(year) if calendar.day(on).windows}


@pytest.mark.parametrize("year", [2025, 2026])
def test_every_day_of_the_official_calendar_is_working_or_not_as_the_notice_says(
    year: int,
) -> None:
    off, makeup = dates(year, DAYS_OFF[year]), dates(year, MAKEUP_WORKDAYS[year])
    working = {on for on in every_day(year) if on.weekday() < 5 and on not in off} | makeup
    calendar = WorkingCalendar("Asia/Shanghai", JINXIU_WEEK, CountryCalendar("CN"), True)
    assert open_days(calendar, year) == working
    assert len(working) == WORKDAYS_OF_YEAR[year]


@pytest.mark.parametrize("year", [2025, 2026])
def test_a_company_that_moves_no_weekends_closes_on_sundays_and_public_holidays_only(
    year: int,
) -> None:
    closed = dates(year, PUBLIC_HOLIDAYS[year])
    working = {on for on in every_day(year) if on.weekday() < 6 and on not in closed}
    calendar = WorkingCalendar("Asia/Shanghai", HEYUE_WEEK, CountryCalendar("CN"))
    assert open_days(calendar, year) == working


@pytest.mark.parametrize("year", [2025, 2026])
def test_a_company_that_moves_weekends_rests_on_the_saturdays_of_a_golden_week(year: int) -> None:
    week = dict.fromkeys(range(7), (HEYUE_PERIOD,))
    calendar = WorkingCalendar("Asia/Shanghai", week, CountryCalendar("CN"), True)
    assert set(every_day(year)) - open_days(calendar, year) == dates(year, DAYS_OFF[year])


@pytest.mark.parametrize("year", [2025, 2026])
def test_special_days_are_exactly_the_days_of_the_notice(year: int) -> None:
    special = official_year("CN", year)
    makeup = {on for on, day in special.items() if day.kind is DayKind.makeup_workday}
    assert makeup == dates(year, MAKEUP_WORKDAYS[year])
    assert set(special) - makeup == dates(year, DAYS_OFF[year])
    assert {day.estimated for day in special.values()} == {False}


@pytest.mark.parametrize(
    ("on", "day"),
    [
        (date(2026, 2, 16), OfficialDay(DayKind.public_holiday, "春节")),
        (date(2026, 1, 2), OfficialDay(DayKind.substituted_day_off, "元旦")),
        (date(2026, 1, 3), OfficialDay(DayKind.holiday_weekend, "元旦")),
        (date(2026, 1, 4), OfficialDay(DayKind.makeup_workday, "元旦")),
        (date(2026, 9, 20), OfficialDay(DayKind.makeup_workday, "国庆节")),
        (date(2026, 10, 5), OfficialDay(DayKind.public_holiday, "国庆节")),
        (date(2025, 10, 6), OfficialDay(DayKind.public_holiday, "中秋节")),
        (date(2025, 10, 8), OfficialDay(DayKind.substituted_day_off, "国庆节、中秋节")),
        (date(2023, 12, 30), OfficialDay(DayKind.holiday_weekend, "元旦")),
        (date(2005, 12, 31), OfficialDay(DayKind.makeup_workday, "元旦")),
        (date(2026, 10, 8), None),
        (date(2026, 10, 11), None),
    ],
)
def test_special_day_carries_its_kind_and_its_festival(on: date, day: OfficialDay | None) -> None:
    assert CountryCalendar("CN")(on) == day


def test_estimated_year_marks_every_special_day() -> None:
    assert {day.estimated for day in official_year("CN", 2090).values()} == {True}
    assert CountryCalendar("CN").estimated(2090) is True
    assert CountryCalendar("CN").estimated(2026) is False


def test_unpublished_years_warn_of_the_years_without_a_notice() -> None:
    assert unpublished_years("CN", date(2025, 6, 1)) == ()
    assert unpublished_years("CN", date(2090, 6, 1)) == (2090, 2091)
    assert unpublished_years("CN", date(2000, 6, 1)) == (2000,)


def test_names_do_not_follow_the_language_of_the_server(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANGUAGE", "en_US")
    official_year.cache_clear()
    assert official_year("CN", 2026)[date(2026, 10, 1)].name == "国庆节"


def test_country_without_moved_weekends_has_its_public_holidays_only() -> None:
    german = official_year("DE", 2026)
    assert len(german) == 9
    assert {day.kind for day in german.values()} == {DayKind.public_holiday}
    assert german[date(2026, 10, 3)].name == "Tag der Deutschen Einheit"
    assert date(2026, 10, 4) not in german


def test_country_that_marks_single_days_as_estimated_is_estimated() -> None:
    assert is_estimated("MY", 2090) is True
    assert is_estimated("DE", 2090) is False


def test_country_calendar_refuses_an_unknown_country() -> None:
    with pytest.raises(CalendarError, match="'XX'"):
        CountryCalendar("XX")


def test_country_calendars_of_one_country_are_equal() -> None:
    assert hash(CountryCalendar("CN")) == hash(CountryCalendar("CN"))
    assert CountryCalendar("CN") == CountryCalendar("CN")
