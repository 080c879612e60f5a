"""Stretches of days that managers speak of, and those they are held against. Pure."""

from datetime import date, timedelta

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from complaints.services.figures_days import ONE_DAY, Period, month_of, next_month

DAYS_PER_WEEK = 7
LONGEST_BY_DAY = 16  # a longer series is shown by the week,
LONGEST_BY_WEEK = 190  # and a longer one by the month


class Span(TextChoices):
    """Which stretch of days is looked at."""

    WEEK = "week", _("this week")
    MONTH = "month", _("this month")
    LAST_MONTH = "last_month", _("last month")
    QUARTER = "quarter", _("this quarter")
    YEAR = "year", _("this year")
    FREE = "free", _("other days")


class Against(TextChoices):
    """What it is held against."""

    PREVIOUS = "previous", _("the period before")
    LAST_YEAR = "last_year", _("the same period last year")
    FREE = "free", _("other days")
    NOTHING = "nothing", _("nothing")


def quarter_of(day: date) -> date:
    """The first day of its quarter."""
    return date(day.year, (day.month - 1) // 3 * 3 + 1, 1)


def period_of(span: str, today: date) -> Period:
    """The days of a named span, up to today."""
    if span == Span.WEEK:
        return Period(today - timedelta(days=today.weekday()), today)
    if span == Span.LAST_MONTH:
        last = month_of(today) - ONE_DAY
        return Period(month_of(last), last)
    if span == Span.QUARTER:
        return Period(quarter_of(today), today)
    if span == Span.YEAR:
        return Period(date(today.year, 1, 1), today)
    return Period(month_of(today), today)


def before(span: str, period: Period) -> Period:
    """The period before: as much of the last week, month, quarter or year as of this one."""
    if span == Span.WEEK:
        week = timedelta(days=DAYS_PER_WEEK)
        return Period(period.first - week, period.last - week)
    if span in (Span.MONTH, Span.LAST_MONTH):
        return _as_far(month_of(period.first - ONE_DAY), period)
    if span == Span.QUARTER:
        return _as_far(quarter_of(period.first - ONE_DAY), period)
    if span == Span.YEAR:
        return last_year(period)
    return Period(period.first - timedelta(days=period.length), period.first - ONE_DAY)


def _as_far(first: date, period: Period) -> Period:
    """As many days from this first one, or all there are before the period begins."""
    end = period.first - ONE_DAY
    is_whole = period.last == next_month(period.last) - ONE_DAY
    if is_whole and period.last.month - period.first.month == end.month - first.month:
        return Period(first, end)
    return Period(first, min(first + (period.last - period.first), end))


def last_year(period: Period) -> Period:
    """The same days a year before."""
    return Period(_year_before(period.first), _year_before(period.last))


def _year_before(day: date) -> date:
    try:
        return day.replace(year=day.year - 1)
    except ValueError:  # 29 February
        return day.replace(year=day.year - 1, day=28)


def pieces(period: Period) -> list[Period]:
    """A period day by day, week by week from Mondays, or by the month; its ends may be short."""
    if period.length <= LONGEST_BY_DAY:
        return [Period(day, day) for day in period.days()]
    end_of = end_of_week if period.length <= LONGEST_BY_WEEK else end_of_month
    found, first = [], period.first
    while first <= period.last:
        last = min(end_of(first), period.last)
        found.append(Period(first, last))
        first = last + ONE_DAY
    return found


def end_of_week(day: date) -> date:
    """Its Sunday."""
    return day + timedelta(days=DAYS_PER_WEEK - 1 - day.weekday())


def end_of_month(day: date) -> date:
    return next_month(day) - ONE_DAY
