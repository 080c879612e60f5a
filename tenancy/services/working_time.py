"""From the rows a company keeps about its opening hours to a calendar that can count."""

from collections.abc import Iterable
from datetime import datetime, time
from typing import Any
from uuid import UUID

from tenancy.calendar import DayException, ListedDays, Period, WorkingCalendar, always_open
from tenancy.models import CalendarDay, Company, CompanyCalendar
from tenancy.official import CountryCalendar, unpublished_years


class WorkingTimes:
    """The calendars of the company being served: one per community with days of its own.

    Loaded with two queries, then kept as long as the object is; make one per request or pass.
    """

    def __init__(self) -> None:
        self.row = CompanyCalendar.objects.select_related("company").get()
        self.company: Company = self.row.company
        self.zone = self.company.zone
        self.days = list(CalendarDay.objects.order_by("on"))
        self._known: dict[UUID | None, WorkingCalendar] = {}

    def of(self, community_id: UUID | None) -> WorkingCalendar:
        """The calendar that counts for one community (None: for the company as a whole)."""
        own = {day.community_id for day in self.days}
        key = community_id if community_id in own else None
        if key not in self._known:
            self._known[key] = build(self.zone, self.row, self.days, key)
        return self._known[key]

    def around_the_clock(self) -> WorkingCalendar:
        """The calendar of emergencies."""
        return always_open(self.zone)

    def unpublished_years(self, now: datetime) -> tuple[int, ...]:
        """Years (this one and the next) whose official calendar is only estimated."""
        return unpublished_years(self.row.country, now.date()) if self.row.country else ()


def build(
    zone: str, row: CompanyCalendar, days: Iterable[CalendarDay], community_id: UUID | None
) -> WorkingCalendar:
    """One calendar out of its rows; a community's own day wins over the company's."""
    mine = sorted(
        (day for day in days if day.community_id in (None, community_id)),
        key=lambda day: day.community_id is not None,
    )
    return WorkingCalendar(
        zone=zone,
        week={int(weekday): read_periods(periods) for weekday, periods in row.week.items()},
        moves_weekends=row.moves_weekends,
        exceptions={
            day.on: DayException(day.on, read_periods(day.periods), day.note) for day in mine
        },
        official=CountryCalendar(row.country) if row.country else ListedDays(),
    )


def read_periods(stored: Iterable[Any]) -> tuple[Period, ...]:
    """[["08:30", "12:00"], …] as periods; raises CalendarError for periods that make no sense."""
    return tuple(
        Period(time.fromisoformat(opens), time.fromisoformat(closes)) for opens, closes in stored
    )
