"""Why a promise falls due when it does, told to people.

Reads what `tenancy.calendar.Explanation.as_dict()` left in a stored deadline.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _, gettext_noop, ngettext, pgettext

from tenancy.calendar_terms import StepKind
from tenancy.templatetags.moments import written_length, written_moment

COUNTED = {
    StepKind.counts: gettext_noop("%(stretch)s: %(length)s counted"),
    StepKind.makeup_workday: gettext_noop("%(stretch)s (make-up workday): %(length)s counted"),
    StepKind.own_open_day: gettext_noop("%(stretch)s (%(name)s): %(length)s counted"),
    StepKind.clock: gettext_noop("%(stretch)s: counted around the clock, %(length)s"),
}
CLOSED = {
    StepKind.public_holiday: gettext_noop("public holiday"),
    StepKind.substituted_day_off: gettext_noop("day off in lieu"),
    StepKind.holiday_weekend: gettext_noop("holiday weekend"),
    StepKind.weekend: gettext_noop("weekend"),
    StepKind.closed_weekday: gettext_noop("weekly day of rest"),
    StepKind.own_closed_day: gettext_noop("closed that day"),
}
# Public holidays of the official calendar, as the stored steps name them.
HOLIDAYS = {
    "元旦": gettext_noop("New Year's Day"),
    "春节": gettext_noop("Spring Festival"),
    "清明节": gettext_noop("Tomb-Sweeping Day"),
    "劳动节": gettext_noop("Labour Day"),
    "端午节": gettext_noop("Dragon Boat Festival"),
    "中秋节": gettext_noop("Mid-Autumn Festival"),
    "国庆节": gettext_noop("National Day"),
    "休息日": gettext_noop("day of rest"),
}


def tell(stored: Mapping[str, Any], zone: ZoneInfo, now: datetime) -> list[str]:
    """One sentence per step that a reader cares about; nights and lunch breaks go unsaid."""
    steps = stored.get("steps") or []
    told = [sentence for step in steps if (sentence := tell_step(step, zone, now))]
    if stored.get("named"):
        told.insert(1, _("Somebody named this day; closed days do not move it."))
    if stored.get("estimated"):
        told.append(
            _("The official calendar of a year on the way is not published yet: estimated.")
        )
    return told


def tell_step(step: Mapping[str, Any], zone: ZoneInfo, now: datetime) -> str:
    """One step in words, or nothing."""
    kind = StepKind(step["kind"])
    if kind in (StepKind.received, StepKind.due):
        at = written_moment(datetime.fromisoformat(step["at"]).astimezone(zone), now)
        text = _("Received %(at)s") if kind is StepKind.received else _("Due %(at)s")
        return text % {"at": at}
    if kind in COUNTED:
        return _(COUNTED[kind]) % {
            "stretch": stretch(step, zone, now),
            "length": written_length(
                timedelta(seconds=step["counted"]), in_days=kind is StepKind.clock
            ),
            "name": names_of(step) or _("open by exception"),
        }
    return tell_closed(kind, step) if kind in CLOSED else ""


def tell_closed(kind: StepKind, step: Mapping[str, Any]) -> str:
    """Days that do not count, and why."""
    days = step["days"]
    return ngettext(
        "%(why)s: %(days)s day not counted", "%(why)s: %(days)s days not counted", days
    ) % {"why": names_of(step) or _(CLOSED[kind]), "days": days}


def names_of(step: Mapping[str, Any]) -> str:
    """The festivals or the company's own note."""
    names = step.get("names") or []
    separator = pgettext("between names", ", ")
    return separator.join(_(HOLIDAYS[name]) if name in HOLIDAYS else str(name) for name in names)


def stretch(step: Mapping[str, Any], zone: ZoneInfo, now: datetime) -> str:
    """From when until when, with the day said once if it is one day."""
    begin = datetime.fromisoformat(step["from"]).astimezone(zone)
    end = datetime.fromisoformat(step["until"]).astimezone(zone)
    if begin.date() == end.date():
        return f"{written_moment(begin, now)}–{end:%H:%M}"
    return f"{written_moment(begin, now)} – {written_moment(end, now)}"
