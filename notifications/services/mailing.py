"""Letters to people who have no account: written with the change, relayed as everything else is.

Whoever has an account is told (`telling`). A mailing leaves by SMS, or by e-mail where there is no
number; a dead number is tried by e-mail (`relay_batch`).
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from notifications.channels import offered
from notifications.models import Channel
from notifications.services.telling import plain
from tenancy.fields import encrypt
from tenancy.models import uuid7
from tenancy.scope import require_company_id

# Arrays and no model instances, as in `telling`: a survey asks 20,000 homes at once.
WRITE_MAILINGS = """
INSERT INTO notifications_mailing
    (company_id, id, kind, name, phone, email, language, message, params, secret_path, subject_id,
     reference_id, dedupe_key, created_at)
SELECT %s, line.*, %s
FROM unnest(%s::uuid[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[],
    %s::jsonb[], %s::text[], %s::uuid[], %s::uuid[], %s::text[]) AS line
ON CONFLICT (company_id, dedupe_key) DO NOTHING
RETURNING id
"""
WRITE_DEPARTURES = """
INSERT INTO notifications_delivery
    (company_id, id, mailing_id, channel, state, attempts, next_attempt_at, last_error,
     settled_because, created_at)
SELECT %s, departure.*, 'waiting', 0, %s, '', '', %s
FROM unnest(%s::uuid[], %s::uuid[], %s::text[]) AS departure
"""


@dataclass(frozen=True, slots=True)
class Mail:
    """One letter for somebody without an account.

    `message` and `params` are as those of a `Telling`; `secret_path` is where it leads, from the
    root of the site. `subject_id` and `reference_id` are what it is about and to whom in it, for
    whoever counts them. The same `dedupe_key` is written once.
    """

    kind: str
    name: str
    phone: str  # E.164; either of the two may be empty
    email: str
    message: str
    secret_path: str
    subject_id: UUID
    reference_id: UUID
    dedupe_key: str
    language: str = ""
    params: Mapping[str, Any] = field(default_factory=dict)


def way_to(phone: str, email: str) -> Channel | None:
    """How somebody with these is written to: by SMS if this installation sends any, by e-mail."""
    if phone and Channel.SMS in offered():
        return Channel.SMS
    return Channel.EMAIL if email else None


@transaction.atomic(savepoint=False)
def mail_many(mails: Iterable[Mail], *, now: datetime, due_at: datetime | None = None) -> int:
    """Write letters with two queries, to leave when they are due; how many were new.

    Those that can be sent nowhere are left out.
    """
    ways = {}
    lines = []
    for mail in sorted(mails, key=lambda each: each.dedupe_key):
        way = way_to(mail.phone, mail.email)
        if way is not None:
            line = line_of(mail)
            ways[line[0]] = way.value
            lines.append(line)
    if not lines:
        return 0
    columns = [list(column) for column in zip(*lines, strict=True)]
    with connection.cursor() as cursor:
        cursor.execute(WRITE_MAILINGS, [require_company_id(), now, *columns])
        written = [str(row[0]) for row in cursor.fetchall()]
        if written:
            # Lateness is counted from when it could leave: a letter may be told to wait for day.
            leaves_at = due_at or now
            ids = [str(uuid7()) for _ in written]
            by = [ways[each] for each in written]
            facts = (require_company_id(), leaves_at, leaves_at, ids, written, by)
            cursor.execute(WRITE_DEPARTURES, facts)
    return len(written)


def line_of(mail: Mail) -> tuple[str, ...]:
    """A mailing as its row, what is personal or secret encrypted."""
    return (
        str(uuid7()),
        str(mail.kind),
        mail.name[:60],
        sealed(mail.phone),
        sealed(mail.email),
        mail.language,
        mail.message,
        json.dumps({name: plain(value) for name, value in mail.params.items()}),
        sealed(mail.secret_path),
        str(mail.subject_id),
        str(mail.reference_id),
        mail.dedupe_key,
    )


def sealed(text: str) -> str:
    return encrypt(text) if text else ""
