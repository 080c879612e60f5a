"""The same request twice means it once: the first answer is kept, and given again."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from tenancy.models import IdempotencyKey, Membership, uuid7
from tenancy.scope import require_company_id
from tenancy.services.refusal import Refused

KEPT = timedelta(hours=24)
# A repetition that arrives while the first is still at work waits so long.
WAIT = "10s"

# One statement, so that of two requests at once the second waits here for the first to end.
CLAIM = """
INSERT INTO tenancy_idempotencykey AS k
  (company_id, id, membership_id, key, fingerprint, status, body, created_at, kept_until)
VALUES (%s, %s, %s, %s, %s, NULL, NULL, %s, %s)
ON CONFLICT (company_id, membership_id, key) DO UPDATE
  SET fingerprint = excluded.fingerprint, status = NULL, body = NULL,
      created_at = excluded.created_at, kept_until = excluded.kept_until
  WHERE k.kept_until < %s
RETURNING 1
"""


class KeyReused(Refused):
    """A key names one request; this is another."""

    code = "idempotency_key_reused"
    sentence = _("This Idempotency-Key was used for another request.")


@dataclass(frozen=True, slots=True)
class Answer:
    """What was answered the first time."""

    status: int
    text: str


def claim_key(
    *, membership: Membership, key: str, fingerprint: str, now: datetime, kept: timedelta = KEPT
) -> Answer | None:
    """The first answer, if the key was used before; None if the caller is to do the work now.

    The key is kept only if the surrounding transaction is: what was refused may be tried again.
    """
    facts: list[Any] = [
        require_company_id(),
        uuid7(),
        membership.pk,
        key,
        fingerprint,
        now,
        now + kept,
        now,
    ]
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL lock_timeout = '{WAIT}'")
        cursor.execute(CLAIM, facts)
        if cursor.fetchone():
            return None
    known = IdempotencyKey.objects.get(membership=membership, key=key)
    if known.fingerprint != fingerprint:
        raise KeyReused
    return Answer(known.status, known.body)


def keep_answer(*, membership: Membership, key: str, answer: Answer) -> None:
    """Remember what is being answered, as the very text."""
    IdempotencyKey.objects.filter(membership=membership, key=key).update(
        status=answer.status, body=answer.text
    )


@transaction.atomic
def forget_old_answers(*, now: datetime) -> int:
    """Delete the answers of this company that nobody will ask for again."""
    gone, _details = IdempotencyKey.objects.filter(kept_until__lt=now).delete()
    return int(gone)
