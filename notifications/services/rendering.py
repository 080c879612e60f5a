"""What is told, in the language that is active and the time zone of the company."""

import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from django.utils.dateformat import format as format_date
from django.utils.translation import gettext, pgettext

from notifications.models import Delivery
from tenancy.templatetags.moments import written_moment

PLACE = re.compile(r"%(?:\((\w+)\)[a-z]|%)")
UNKNOWN = "—"


class Said(Protocol):
    """What is told: a notification or a mailing."""

    @property
    def message(self) -> str: ...

    @property
    def params(self) -> dict[str, Any]: ...


def said_in(delivery: Delivery) -> Any:
    """What a delivery carries: its notification, or its mailing."""
    return delivery.notification if delivery.mailing_id is None else delivery.mailing


def name_on(delivery: Delivery) -> str:
    """Whom a delivery is for."""
    said = said_in(delivery)
    return str(said.recipient.name if delivery.mailing_id is None else said.name)


def text_of(notification: Said, *, zone: ZoneInfo, now: datetime) -> str:
    """The one line that is shown. What is missing shows as a dash: no news is held back for it."""
    params = notification.params

    def fill(place: re.Match[str]) -> str:
        name = place[1]
        return written(name, params.get(name), zone, now) if name else "%"

    return PLACE.sub(fill, translated(notification.message))


def about(notification: Said) -> str:
    """The title of what a line is about, unless the line says it itself."""
    if "%(title)s" in notification.message:
        return ""
    return " ".join(str(notification.params.get("title", "")).split())


def written(name: str, value: Any, zone: ZoneInfo, now: datetime) -> str:
    """One param as its reader reads it, by the ending of its name."""
    if value is None or value == "":
        return UNKNOWN
    if isinstance(value, list):
        # Translators: what stands between the items of a list.
        return pgettext("between items", ", ").join(
            written(name, each, zone, now) for each in value
        )
    if isinstance(value, Mapping):
        return written(name, list(value.values()), zone, now)
    if name.endswith("_at"):
        return written_at(str(value), zone, now)
    if name.endswith("_on"):
        return written_on(str(value), now.astimezone(zone))
    return translated(str(value)) if name.endswith("_label") else " ".join(str(value).split())


def written_at(value: str, zone: ZoneInfo, now: datetime) -> str:
    """A stored moment where the company is; what is no moment is shown as it stands."""
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        return value
    return written_moment(moment.astimezone(zone), now)


def written_on(value: str, now: datetime) -> str:
    """A stored day, e.g. 11月22日; what is none is shown as it stands."""
    try:
        day = date.fromisoformat(value)
    except ValueError:
        return value
    if day.year == now.year:
        return format_date(day, pgettext("date without year", "j M"))
    return format_date(day, pgettext("date with year", "j M Y"))


def translated(text: str) -> str:
    """The translation of a stored msgid. (The empty msgid is the catalogue's own header.)"""
    return gettext(text) if text else ""
