"""Telling members something: a line in each inbox, and what leaves by e-mail or SMS afterwards.

Nothing is sent here. The rows are written with the change they tell of and relayed later
(`relaying`), so that a change without its news, or news of a change undone, cannot happen.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from notifications.models import Channel, Delivery, Notification
from notifications.services.preferences import is_wanted, wishes_of


@dataclass(frozen=True, slots=True)
class Telling:
    """One fact for some members.

    `message` is an English msgid (gettext_noop) of at most 200 characters with %(name)s places
    for `params`. A param ending in `_at` is a moment (aware datetime or ISO 8601), one ending in
    `_label` an English msgid of its own; both are put into the reader's language and the
    company's time zone when read. `path` is the page it leads to, from the root of the
    site ("/jinxiu/…"). The same `dedupe_key` reaches a person once, however often it is told.
    """

    recipients: Sequence[UUID]
    kind: str
    message: str
    path: str
    dedupe_key: str
    params: Mapping[str, Any] = field(default_factory=dict)


def tell(
    *,
    recipients: Iterable[UUID],
    kind: str,
    message: str,
    params: Mapping[str, Any],
    path: str,
    dedupe_key: str,
    now: datetime,
) -> int:
    """Tell members (by the ids of their memberships) one fact; how many had not heard it yet."""
    telling = Telling(tuple(recipients), kind, message, path, dedupe_key, params)
    return tell_many([telling], now=now)


@transaction.atomic
def tell_many(tellings: Iterable[Telling], now: datetime) -> int:
    """Tell many facts with a constant number of queries; how many lines were new to an inbox."""
    lines = [line for telling in tellings for line in inbox_lines(telling, now)]
    if not lines:
        return 0
    # In one order everywhere: two passes telling the same facts must not wait for each other.
    lines.sort(key=lambda line: (line.recipient_id, line.dedupe_key))
    Notification.objects.bulk_create(lines, ignore_conflicts=True)
    ids = [line.id for line in lines]
    new = set(Notification.objects.filter(id__in=ids).values_list("id", flat=True))
    Delivery.objects.bulk_create(departures([line for line in lines if line.id in new], now))
    return len(new)


def inbox_lines(telling: Telling, now: datetime) -> list[Notification]:
    """The line each recipient gets."""
    params = {name: plain(value) for name, value in telling.params.items()}
    return [
        Notification(
            recipient_id=recipient,
            kind=telling.kind,
            message=telling.message,
            params=params,
            path=telling.path,
            dedupe_key=telling.dedupe_key,
            created_at=now,
        )
        for recipient in dict.fromkeys(telling.recipients)
    ]


def departures(lines: Sequence[Notification], now: datetime) -> list[Delivery]:
    """What leaves the house for these lines, by what their recipients want."""
    if not lines:
        return []
    wishes = wishes_of(line.recipient_id for line in lines)
    return [
        Delivery(notification_id=line.id, channel=channel, next_attempt_at=now, created_at=now)
        for line in lines
        for channel in Channel.values
        if is_wanted(wishes, line.recipient_id, line.kind, channel)
    ]


def plain(value: Any) -> Any:
    """A param as JSON can keep it."""
    if isinstance(value, datetime):
        return value.isoformat()
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(item) for item in value]
    return str(value)
