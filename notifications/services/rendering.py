"""A notification's words, in the language that is active and the time zone of the company."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext, pgettext

from notifications.models import Notification
from tenancy.templatetags.moments import written_moment

PLACE = re.compile(r"%(?:\((\w+)\)[a-z]|%)")
UNKNOWN = "—"


def text_of(notification: Notification, *, zone: ZoneInfo, now: datetime) -> str:
    """The one line that is shown. What is missing shows as a dash: no news is held back for it."""
    params = notification.params

    def fill(place: re.Match[str]) -> str:
        name = place[1]
        return written(name, params.get(name), zone, now) if name else "%"

    return PLACE.sub(fill, translated(notification.message))


def about(notification: Notification) -> str:
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
    return translated(str(value)) if name.endswith("_label") else " ".join(str(value).split())


def written_at(value: str, zone: ZoneInfo, now: datetime) -> str:
    """A stored moment where the company is; what is no moment is shown as it stands."""
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        return value
    return written_moment(moment.astimezone(zone), now)


def translated(text: str) -> str:
    """The translation of a stored msgid. (The empty msgid is the catalogue's own header.)"""
    return gettext(text) if text else ""
