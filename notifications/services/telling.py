"""Telling members something: a line in each inbox, and what leaves by e-mail or SMS afterwards.

Nothing is sent here. The rows are written with the change they tell of and relayed later
(`relaying`), so that a change without its news, or news of a change undone, cannot happen.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from notifications.models import Channel
from notifications.services.preferences import is_wanted, wishes_of
from tenancy.models import uuid7
from tenancy.scope import require_company_id

# Arrays and no model instances: an outage may leave 100,000 facts to tell at once.
WRITE_LINES = """
INSERT INTO notifications_notification
    (company_id, id, recipient_id, kind, message, params, path, dedupe_key, created_at)
SELECT %s, line.*, %s
FROM unnest(%s::uuid[], %s::uuid[], %s::text[], %s::text[], %s::jsonb[], %s::text[], %s::text[])
    AS line
ON CONFLICT (company_id, recipient_id, dedupe_key) DO NOTHING
RETURNING id, recipient_id, kind
"""
WRITE_DEPARTURES = """
INSERT INTO notifications_delivery
    (company_id, id, notification_id, channel, state, attempts, next_attempt_at, last_error,
     settled_because, created_at)
SELECT %s, departure.*, 'waiting', 0, %s, '', '', %s
FROM unnest(%s::uuid[], %s::uuid[], %s::text[]) AS departure
"""

CHANNELS = tuple(Channel.values)

# What one line of an inbox holds: recipient, kind, message, params (JSON), path, dedupe key.
Line = tuple[str, str, str, str, str, str]
# What became of it: its id, recipient and kind.
Told = tuple[UUID, UUID, str]


@dataclass(frozen=True, slots=True)
class Telling:
    """One fact for some members (the ids of their memberships).

    `message` is an English msgid (gettext_noop) of at most 200 characters with %(name)s places
    for `params`. A param ending in `_at` is a moment (aware datetime or ISO 8601), one ending in
    `_label` is an English msgid itself; both are put into the reader's language, and moments
    into the company's time zone, when read. `path` is the page it leads to, from the root of the
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
    """Tell members one fact; how many of them had not heard it yet."""
    telling = Telling(tuple(recipients), kind, message, path, dedupe_key, params)
    return tell_many([telling], now=now)


# All or nothing together with what is told of: a savepoint of its own would be two more questions.
@transaction.atomic(savepoint=False)
def tell_many(tellings: Iterable[Telling], now: datetime) -> int:
    """Tell many facts with three queries; how many lines were new to an inbox."""
    lines = [line for telling in tellings for line in lines_of(telling)]
    if not lines:
        return 0
    # In one order everywhere: two passes telling the same facts must not wait for each other.
    lines.sort(key=lambda line: (line[0], line[-1]))
    told = write_lines(lines, now)
    if told:
        write_departures(told, now)
    return len(told)


def lines_of(telling: Telling) -> list[Line]:
    """The line that each recipient gets."""
    params = json.dumps({name: plain(value) for name, value in telling.params.items()})
    rest = (str(telling.kind), telling.message, params, telling.path, telling.dedupe_key)
    return [(str(recipient), *rest) for recipient in dict.fromkeys(telling.recipients)]


def plain(value: Any) -> Any:
    """A param as JSON can keep it."""
    if isinstance(value, datetime):
        return value.isoformat()
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    # PostgreSQL's JSON knows every character but this one.
    return str(value).replace("\x00", "")


def write_lines(lines: Sequence[Line], now: datetime) -> list[Told]:
    """Put the lines into the inboxes; those that were not there yet."""
    ids = [str(uuid7()) for _ in lines]
    columns = [list(column) for column in zip(*lines, strict=True)]
    with connection.cursor() as cursor:
        cursor.execute(WRITE_LINES, [require_company_id(), now, ids, *columns])
        told: list[Told] = cursor.fetchall()
    return told


def write_departures(told: Sequence[Told], now: datetime) -> None:
    """Write down what leaves the house for these lines, by what their recipients want."""
    wishes = wishes_of(recipient for _, recipient, _ in told)
    leaving = [
        (str(uuid7()), str(line), channel)
        for line, recipient, kind in told
        for channel in CHANNELS
        if is_wanted(wishes, recipient, kind, channel)
    ]
    if not leaving:
        return
    columns = [list(column) for column in zip(*leaving, strict=True)]
    with connection.cursor() as cursor:
        cursor.execute(WRITE_DEPARTURES, [require_company_id(), now, now, *columns])
