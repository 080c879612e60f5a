"""The machine that enforces: it looks at what is due and takes the steps nobody may forget.

The database is the truth. Celery, a command or a person may start a pass at any time, as often
and as many at once as they like: each step is taken exactly once.
"""

import logging
import random
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection

from complaints.services.enforcement_batch import Outcome, Surroundings, enforce_batch
from tenancy.models import Heartbeat
from tenancy.scope import company_scope
from tenancy.services.clock import database_now

logger = logging.getLogger(__name__)

HEARTBEAT = "enforcement"
# Where the portal rests, nobody could do anything about it; it is made up for afterwards.
DUE = """
SELECT d.company_id FROM complaints_companies_due(%s) d
JOIN tenancy_company c ON c.id = d.company_id AND c.is_active
"""


@dataclass(frozen=True, slots=True)
class EnforcementReport:
    """What one pass did.

    `steps` taken, `companies` looked at, and `failed`: deadlines set aside for an hour and
    companies that could not be served.
    """

    steps: int
    companies: int
    failed: int


def never() -> bool:
    """Go on until nothing is due."""
    return False


def enforce(
    *, now: datetime | None = None, batch: int = 500, stop: Callable[[], bool] = never
) -> EnforcementReport:
    """Take every step that is due, in short transactions, until nothing is left or `stop` says so.

    Time comes from the database unless `now` is given. Call it outside any company.
    """
    due = companies_due(now or database_now())
    # So that several workers do not all begin with the same company.
    random.shuffle(due)
    steps = failed = troubled = 0
    turns = deque(_Turn(company_id, now, batch) for company_id in due)
    while turns and not stop():
        turn = turns.popleft()
        try:
            outcome = turn.take()
        except Exception:
            logger.exception("Company %s could not be served", turn.company_id)
            troubled += 1
            continue
        steps, failed = steps + outcome.steps, failed + outcome.failed
        if outcome.claimed == batch:
            turns.append(turn)  # there may be more; the others first
    if not troubled:
        beat()
    return EnforcementReport(steps, len(due), failed + troubled)


class _Turn:
    """One company's turns in a pass, a batch each."""

    def __init__(self, company_id: UUID, now: datetime | None, batch: int) -> None:
        self.company_id, self.now, self.batch = company_id, now, batch
        self.around: Surroundings | None = None

    def take(self) -> Outcome:
        """One short transaction."""
        with company_scope(self.company_id):
            now = self.now or database_now()
            self.around = self.around or Surroundings(now=now)
            return enforce_batch(around=self.around, now=now, batch=self.batch)


def companies_due(moment: datetime) -> list[UUID]:
    """The companies that have something due: ids only, asked over all of them."""
    with connection.cursor() as cursor:
        cursor.execute(DUE, [moment])
        return [row[0] for row in cursor.fetchall()]


def beat() -> None:
    """Leave a sign of life, by the database's own clock."""
    Heartbeat.objects.bulk_create(
        [Heartbeat(name=HEARTBEAT, beat_at=database_now())],
        update_conflicts=True,
        unique_fields=["name"],
        update_fields=["beat_at"],
    )
