"""The relay: takes what is written in the outbox to the gateways, at least once each.

Celery, a command or a person may start a pass at any time, as many at once as they like. A
delivery is claimed by moving its next attempt ahead before it is sent, so that no lock is held
while a gateway thinks, and settled by itself right after. If the process dies between the two,
the same letter with the same Message-ID goes out again when the claim has run out.
"""

import logging
import random
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection

from notifications.services.relay_batch import Batch, Tally
from tenancy.models import Company
from tenancy.services.clock import database_now

logger = logging.getLogger(__name__)

# Few, so that a gateway that has become slow holds up few others.
BATCH = 25


@dataclass(frozen=True, slots=True)
class RelayReport:
    """What one pass did to the deliveries it took.

    `dropped` are those to people who cannot be reached that way or have left; their inbox has it.
    """

    sent: int
    postponed: int
    dead: int
    dropped: int
    companies: int
    failed: int


def never() -> bool:
    """Go on until nothing is due."""
    return False


def relay(
    *, now: datetime | None = None, batch: int = BATCH, stop: Callable[[], bool] = never
) -> RelayReport:
    """Send everything that is due, company by company in turns, until `stop` says so.

    Time comes from the database unless `now` is given. Call it outside any company.
    """
    clock = clock_of(now)
    due = companies_due(clock())
    # So that several workers do not all begin with the same company.
    random.shuffle(due)
    tally, failed, shut = Tally(), 0, set[str]()
    turns = deque(due)
    while turns and not stop():
        company = turns.popleft()
        try:
            took = Batch(company, clock, shut, stop).relay(batch, tally)
        except Exception:
            logger.exception("Company %s could not be served", company.id)
            failed += 1
            continue
        if took == batch:
            turns.append(company)  # there may be more; the others first
    return RelayReport(
        tally["sent"], tally["postponed"], tally["dead"], tally["dropped"], len(due), failed
    )


def clock_of(now: datetime | None) -> Callable[[], datetime]:
    """A clock that stands still at `now`, or the database's."""
    return database_now if now is None else lambda: now


def companies_due(moment: datetime) -> list[Company]:
    """The active companies that have something due, asked over all of them."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT company_id FROM notifications_companies_due(%s)", [moment])
        ids: list[UUID] = [row[0] for row in cursor.fetchall()]
    return list(Company.objects.active().filter(id__in=ids))
