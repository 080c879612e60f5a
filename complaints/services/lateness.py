"""What counts as soon: what falls due today, or within the next two hours of opening time."""

from datetime import datetime, time, timedelta

from tenancy.calendar import CalendarError, WorkingCalendar, add

AHEAD = timedelta(hours=2)
ONE_DAY = timedelta(days=1)


def soon_until(calendar: WorkingCalendar, now: datetime) -> datetime:
    """The later of midnight and two opening hours ahead: on a Friday evening, Monday morning."""
    tomorrow = now.astimezone(calendar.tz).date() + ONE_DAY
    midnight = datetime.combine(tomorrow, time(), calendar.tz)
    try:
        return max(midnight, add(calendar, now, AHEAD))
    except CalendarError:  # it never opens again
        return midnight
