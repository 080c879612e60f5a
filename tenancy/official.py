"""The state's own calendar as plain data: which days it takes out of the ordinary week, and why.

The facts come from the `holidays` library. A year whose make-up workdays are not known yet has only
its festivals, and every one of its days says that it is estimated.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import lru_cache
from types import MappingProxyType
from typing import Final

import holidays
from holidays import HolidayBase

from tenancy.calendar_terms import NAME_SEPARATOR, ONE_DAY, CalendarError, DayKind, OfficialDay

# The State Council's notice speaks of one festival and counts its eve as part of it.
PART_OF: Final = {"农历除夕": "春节"}
# Every notice so far has moved weekends, so a year without moved ones has no notice yet.
MOVES_EVERY_YEAR: Final = frozenset({"CN"})
ESTIMATED_LABELS: Final = ("observed_estimated_label", "estimated_label")


@dataclass(frozen=True, slots=True)
class CountryCalendar:
    """The official calendar of a country (ISO 3166 code, such as CN) for every year.

    Raises CalendarError if the country is not known.
    """

    country: str

    def __post_init__(self) -> None:
        if self.country not in holidays.list_supported_countries():
            raise CalendarError(f"no official calendar for country {self.country!r}")

    def __call__(self, on: date, /) -> OfficialDay | None:
        """What the state says about a day; None for an ordinary one."""
        return official_year(self.country, on.year).get(on)

    def estimated(self, year: int, /) -> bool:
        """Whether the year's calendar is a guess because it is not published yet."""
        return is_estimated(self.country, year)


@lru_cache(maxsize=256)
def official_year(country: str, year: int) -> Mapping[date, OfficialDay]:
    """Every day of a year that the country's calendar takes out of the ordinary week."""
    # Runs of days off cross New Year, and so do the workdays that make up for them.
    library = _load(country, year - 1, year, year + 1)
    estimated = is_estimated(country, year)
    return MappingProxyType(
        {
            on: OfficialDay(kind, name, estimated)
            for on, (kind, name) in sorted(_special_days(library).items())
            if on.year == year
        }
    )


@lru_cache(maxsize=256)
def is_estimated(country: str, year: int) -> bool:
    """Whether a year's official calendar is only worked out, not published."""
    library = _load(country, year)
    if country in MOVES_EVERY_YEAR:
        return not any(on.year == year for on in library.weekend_workdays)
    marks = [_affixes(library, label) for label in ESTIMATED_LABELS]
    return any(_marked(name, mark) for name in library.values() for mark in marks)


def unpublished_years(country: str, today: date) -> tuple[int, ...]:
    """Which of this year and the next have no published calendar, for the warning to the admin."""
    return tuple(year for year in (today.year, today.year + 1) if is_estimated(country, year))


def _load(country: str, *years: int) -> HolidayBase:
    # In the country's own language: else the names would follow the language of the server.
    language = holidays.country_holidays(country).default_language
    # Not expanding: asking whether a date is special must never load another year.
    return holidays.country_holidays(country, years=years, expand=False, language=language)


def _special_days(library: HolidayBase) -> dict[date, tuple[DayKind, str]]:
    moved = _moved_days(library)
    public = {on: _festivals(library, on) for on in library if on not in moved}
    special = {on: (DayKind.public_holiday, name) for on, name in public.items()}
    for run in _runs(library):
        parts = [part for on in run for part in public.get(on, "").split(NAME_SEPARATOR) if part]
        name = NAME_SEPARATOR.join(dict.fromkeys(parts))
        for on in run:
            kind = DayKind.substituted_day_off if on in moved else DayKind.holiday_weekend
            special.setdefault(on, (kind, name))
            if on in moved:
                special[moved[on]] = (DayKind.makeup_workday, name)
    return special


def _moved_days(library: HolidayBase) -> dict[date, date]:
    """Each day off that was moved, and the rest day on which it is worked instead."""
    if not library.has_substituted_holidays:
        return {}
    mark = _affixes(library, "substituted_label")
    return {
        on: _parsed(_bare(name, mark), library)
        for on, name in library.items()
        if _marked(name, mark)
    }


def _parsed(text: str, library: HolidayBase) -> date:
    return datetime.strptime(text, str(library.substituted_date_format)).replace(tzinfo=UTC).date()


def _festivals(library: HolidayBase, on: date) -> str:
    names = (_plain(library, name) for name in library.get_list(on))
    return NAME_SEPARATOR.join(dict.fromkeys(PART_OF.get(name, name) for name in names))


def _plain(library: HolidayBase, name: str) -> str:
    """A festival's bare name, so that one name serves its day in lieu and can be translated."""
    marks = (_affixes(library, label) for label in (*ESTIMATED_LABELS, "observed_label"))
    return next((_bare(name, mark) for mark in marks if _marked(name, mark)), name)


def _affixes(library: HolidayBase, label: str) -> tuple[str, str]:
    """What the library writes before and after a name to mark it; nothing if it never does."""
    before, _, after = str(getattr(library, label, "")).partition("%s")
    return before, after


def _marked(name: str, mark: tuple[str, str]) -> bool:
    return mark != ("", "") and name.startswith(mark[0]) and name.endswith(mark[1])


def _bare(name: str, mark: tuple[str, str]) -> str:
    return name.removeprefix(mark[0]).removesuffix(mark[1])


def _runs(library: HolidayBase) -> Iterator[list[date]]:
    """Unbroken stretches of days off around festivals, weekends in them included.

    Only where the state moves weekends are the weekends in between its business.
    """
    if not library.has_substituted_holidays:
        return
    seen: set[date] = set()
    for on in library:
        if on not in seen:
            run = _run(library, on)
            seen.update(run)
            yield run


def _run(library: HolidayBase, on: date) -> list[date]:
    run = [on]
    while _is_off(library, run[0] - ONE_DAY):
        run.insert(0, run[0] - ONE_DAY)
    while _is_off(library, run[-1] + ONE_DAY):
        run.append(run[-1] + ONE_DAY)
    return run


def _is_off(library: HolidayBase, on: date) -> bool:
    weekend = on.weekday() in library.weekend and on not in library.weekend_workdays
    return weekend or on in library
