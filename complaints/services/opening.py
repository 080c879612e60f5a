"""When the company is open: the usual week, and the days that are otherwise.

Open deadlines move with every change; `rehearse` says beforehand how many.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from complaints.services.recomputing import recompute
from complaints.services.rules import NeverAgain
from tenancy.calendar import CalendarError, DayException
from tenancy.models import CalendarDay, Community, CompanyCalendar
from tenancy.services.actor import Actor
from tenancy.services.audit import record
from tenancy.services.refusal import Refused
from tenancy.services.working_time import read_periods

Periods = Sequence[Sequence[str]]
MOST_DAYS = 62
HOME = "CN"  # whose official calendar is kept, if any


class BadHours(Refused):
    """Opening times that overlap, or close before they open."""

    code = "bad_hours"
    sentence = _("These opening times do not fit together.")


class BadRange(Refused):
    """Days that end before they begin, or are far too many."""

    code = "bad_range"
    sentence = _("Choose at most %(most)s days, the first before the last.")


class Rehearsed(Exception):
    """Ends a rehearsal, so that nothing of it stays."""

    def __init__(self, moved: int) -> None:
        self.moved = moved
        super().__init__()


def rehearse(change: Callable[[], int]) -> int:
    """How many open deadlines a change would move. It is made, counted, and undone."""
    try:
        with transaction.atomic():
            raise Rehearsed(change())
    except Rehearsed as rehearsed:
        return rehearsed.moved


@transaction.atomic
def set_week(
    *,
    week: Mapping[str, Periods],
    follows_official: bool,
    moves_weekends: bool,
    by: Actor,
    now: datetime,
) -> int:
    """Change the usual opening times; returns how many open deadlines moved."""
    row = claim_calendar()
    new = {day: [list(period) for period in periods] for day, periods in week.items() if periods}
    for periods in new.values():
        refuse_bad_hours(periods)
    facts = {
        "week": new,
        "country": (row.country or HOME) if follows_official else "",
        "moves_weekends": moves_weekends,
    }
    before = {name: getattr(row, name) for name, value in facts.items()}
    if before == facts:
        return 0
    for name, value in facts.items():
        setattr(row, name, value)
    row.revision = F("revision") + 1
    row.save(update_fields=[*facts, "revision"])
    record(action="set_week", subject=row, by=by, now=now, before=before, after=facts)
    return recounted(by, now)


@transaction.atomic
def set_days(
    *,
    since: date,
    until: date,
    periods: Periods,
    note: str,
    by: Actor,
    now: datetime,
    community: Community | None = None,
) -> int:
    """Close these days, or open them otherwise than usual, whatever was set for them before.

    Returns how many open deadlines moved.
    """
    count = (until - since).days + 1
    if not 0 < count <= MOST_DAYS:
        raise BadRange(most=MOST_DAYS)
    refuse_bad_hours(periods)
    claim_calendar()
    days = [since + timedelta(days=ahead) for ahead in range(count)]
    CalendarDay.objects.filter(on__in=days, community=community).delete()
    hours = [list(period) for period in periods]
    CalendarDay.objects.bulk_create(
        CalendarDay(on=on, periods=hours, note=note, community=community) for on in days
    )
    first = CalendarDay.objects.filter(on=since, community=community).get()
    record(
        action="set_days", subject=first, by=by, now=now,
        on=since.isoformat(), until=until.isoformat(), periods=hours, note=note,
    )  # fmt: skip
    return recounted(by, now)


@transaction.atomic
def clear_days(
    *, since: date, until: date, by: Actor, now: datetime, community: Community | None = None
) -> int:
    """Let these days be as usual again; returns how many open deadlines moved."""
    claim_calendar()
    rows = CalendarDay.objects.filter(on__range=(since, until), community=community)
    first = rows.order_by("on").first()
    if first is None:
        return 0
    record(
        action="remove_day", subject=first, by=by, now=now,
        on=since.isoformat(), until=until.isoformat(),
    )  # fmt: skip
    rows.delete()
    return recounted(by, now)


def claim_calendar() -> CompanyCalendar:
    """The calendar, locked: of two who set the same days at once, the second sees the first's."""
    row: CompanyCalendar = CompanyCalendar.objects.select_for_update(of=("self",)).get()
    return row


def refuse_bad_hours(periods: Periods) -> None:
    """Raise for periods that overlap, or close before they open."""
    try:
        DayException(date.min, read_periods(periods))
    except (CalendarError, ValueError) as error:
        raise BadHours from error


def recounted(by: Actor, now: datetime) -> int:
    """Count open deadlines anew; refused when one of them would never fall due."""
    try:
        return recompute(by=by, now=now, because="calendar")
    except CalendarError as error:
        raise NeverAgain from error
