"""Moments and lengths of time in the words of the reader."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone
from django.utils.dateformat import format as format_date
from django.utils.translation import gettext as _, ngettext, pgettext, pgettext_lazy

# A countdown asks for attention by the share that is left of what was promised: by half of it, and
# urgently by a fifth, but never before the last two hours. Those count too where nobody says how
# much was promised.
SOON_SHARE, URGENT_SHARE = 0.5, 0.2
LAST_HOURS = timedelta(hours=2)

WEEKDAYS = [
    pgettext_lazy("short weekday", "Mon"),
    pgettext_lazy("short weekday", "Tue"),
    pgettext_lazy("short weekday", "Wed"),
    pgettext_lazy("short weekday", "Thu"),
    pgettext_lazy("short weekday", "Fri"),
    pgettext_lazy("short weekday", "Sat"),
    pgettext_lazy("short weekday", "Sun"),
]


def zone_of(context: Any) -> ZoneInfo:
    """The time zone of the company whose page this is."""
    company = context.get("company") or getattr(context.get("request"), "company", None)
    return ZoneInfo(getattr(company, "zone", None) or settings.TIME_ZONE)


def now_of(context: Any) -> datetime:
    """The one moment at which this page is shown."""
    return context.get("now") or timezone.now()


def written_day(moment: datetime, now: datetime) -> str:
    """A day, e.g. 11月22日 周日 or Sun 22 Nov; its year only if that is not this one."""
    if moment.year == now.astimezone(moment.tzinfo).year:
        # Translators: letters as in Django's date format; %(weekday)s stays as it is.
        pattern, text = pgettext("date without year", "j M"), _("%(weekday)s %(date)s")
    else:
        pattern, text = pgettext("date with year", "j M Y"), _("%(weekday)s %(date)s")
    return text % {"weekday": WEEKDAYS[moment.weekday()], "date": format_date(moment, pattern)}


def written_moment(moment: datetime, now: datetime) -> str:
    """A day and a time of day in the moment's own zone."""
    # Translators: day and time of day, e.g. "Sun 22 Nov, 15:30".
    return _("%(day)s, %(time)s") % {"day": written_day(moment, now), "time": f"{moment:%H:%M}"}


def written_length(length: timedelta, *, in_days: bool = True) -> str:
    """How long, in one or two whole units: 2 days 3 hours, 3 hours 5 minutes, 20 minutes.

    Opening time is not told in days: nobody knows whether 24 hours of it are one day or three.
    """
    hours, minutes = divmod(int(length.total_seconds()) // 60, 60)
    days, hours = divmod(hours, 24) if in_days else (0, hours)
    parts = []
    if days:
        parts.append(ngettext("%(n)s day", "%(n)s days", days) % {"n": days})
    if hours:
        parts.append(ngettext("%(n)s hour", "%(n)s hours", hours) % {"n": hours})
    if not days and (minutes or not parts):
        parts.append(ngettext("%(n)s minute", "%(n)s minutes", minutes) % {"n": minutes})
    if len(parts) == 1:
        return parts[0]
    # Translators: two lengths of time beside each other, e.g. "2 days" and "3 hours".
    return _("%(larger)s %(smaller)s") % {"larger": parts[0], "smaller": parts[1]}


def rough_length(length: timedelta) -> str:
    """How long, in the one unit that matters at a glance; the browser's ticker does the same."""
    minutes = int(length.total_seconds()) // 60
    if minutes >= 24 * 60:
        return ngettext("%(n)s day", "%(n)s days", minutes // 1440) % {"n": minutes // 1440}
    if minutes >= 2 * 60:
        return ngettext("%(n)s hour", "%(n)s hours", minutes // 60) % {"n": minutes // 60}
    return ngettext("%(n)s minute", "%(n)s minutes", minutes) % {"n": minutes}


@dataclass(frozen=True, slots=True)
class Countdown:
    """What a chip says about a promise: how it stands, and in words."""

    state: str  # ok, soon, urgent, late, kept, missed, paused
    text: str
    icon: str


ICONS = {"ok": "clock", "soon": "clock", "urgent": "hourglass", "late": "late"}


def state_of(due_at: datetime, now: datetime, promised: timedelta | None = None) -> str:
    """How a running promise stands: ok, soon, urgent or late."""
    left = due_at - now
    if left < timedelta():
        return "late"
    if promised is None:
        return "soon" if left < LAST_HOURS else "ok"
    if left < min(promised * URGENT_SHARE, LAST_HOURS):
        return "urgent"
    return "soon" if left < promised * SOON_SHARE else "ok"


def countdown(
    due_at: datetime,
    now: datetime,
    *,
    met_at: datetime | None,
    paused: bool,
    promised: timedelta | None = None,
) -> Countdown:
    """How much is left of a promise, or by how much it was missed."""
    if met_at is not None and met_at <= due_at:
        return Countdown("kept", _("kept"), "done")
    if met_at is not None:
        text = _("kept %(length)s late") % {"length": rough_length(met_at - due_at)}
        return Countdown("missed", text, "done")
    if paused:
        return Countdown("paused", _("paused"), "pause")
    state = state_of(due_at, now, promised)
    if state == "late":
        text = _("%(length)s late") % {"length": rough_length(now - due_at)}
    else:
        text = _("%(length)s left") % {"length": rough_length(due_at - now)}
    return Countdown(state, text, ICONS[state])
