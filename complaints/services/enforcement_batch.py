"""One batch of due deadlines of one company: claim, plan, record, tell, move on.

Everything happens in the caller's one transaction, so that a step, its event and its news are
written together or not at all. The number of queries does not depend on the number of rows.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import Error, InterfaceError, OperationalError, transaction

from complaints.models import Deadline
from complaints.services.enforcement_rows import (
    Move,
    Taken,
    move_on,
    record,
    tellings,
    write_events,
)
from complaints.services.news import ticket_path
from complaints.services.promises import Clockwork
from complaints.services.recipients import People
from complaints.services.steps import plan
from notifications.services.telling import tell_many
from tenancy.models import Company
from tenancy.scope import require_company_id

logger = logging.getLogger(__name__)

NEEDED = (
    "company_id", "promise", "measure", "starts_at", "due_at", "next_level",
    "ticket__company_id", "ticket__number", "ticket__title", "ticket__community_id",
    "ticket__department_id", "ticket__assignee_id",
)  # fmt: skip

SET_ASIDE_FOR = timedelta(hours=1)
# The database is not well: no row is to blame, and the next pass tries again.
NOT_WELL = (OperationalError, InterfaceError)


class Surroundings:
    """What is the same for all deadlines of a company during one pass; each part read once."""

    def __init__(self, *, now: datetime) -> None:
        self.clockwork = Clockwork()
        self.people = People(now=now)
        companies = Company.objects.values_list("slug", flat=True)
        self.slug: str = companies.get(pk=require_company_id())

    def path_of(self, ticket_id: UUID) -> str:
        """The ticket's page."""
        return ticket_path(self.slug, ticket_id)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one batch."""

    claimed: int
    steps: int
    failed: int


def enforce_batch(*, around: Surroundings, now: datetime, batch: int) -> Outcome:
    """Claim up to `batch` due deadlines and take their steps."""
    deadlines = claim(now, batch)
    if not deadlines:
        return Outcome(0, 0, 0)
    try:
        with transaction.atomic():
            steps, failed = take(deadlines, around, now)
    except NOT_WELL:
        raise
    except Exception:
        logger.exception("A batch failed; its deadlines are taken one by one")
        steps, failed = take_one_by_one(deadlines, around, now)
    return Outcome(len(deadlines), steps, failed)


def claim(now: datetime, batch: int) -> list[Deadline]:
    """Due deadlines that nobody else is working on, locked until the transaction ends.

    A promise that was kept, paused or dropped meanwhile is not among them: PostgreSQL looks at
    `next_action_at` again once it has the lock, and a constraint keeps it empty for those.
    """
    return list(
        Deadline.objects.actionable(now)
        .select_related("ticket")
        .only(*NEEDED)
        .order_by("next_action_at")
        .select_for_update(skip_locked=True, of=("self",), no_key=True)[:batch]
    )


def take_one_by_one(
    deadlines: Sequence[Deadline], around: Surroundings, now: datetime
) -> tuple[int, int]:
    """The same row by row, so that the one that cannot be written does not hold up the others."""
    steps = failed = 0
    for deadline in deadlines:
        try:
            with transaction.atomic():
                taken, stuck = take([deadline], around, now)
        except NOT_WELL:
            raise
        except Exception as error:
            move_on([set_aside(deadline, error, now)])
            taken, stuck = 0, 1
        steps, failed = steps + taken, failed + stuck
    return steps, failed


def take(deadlines: Sequence[Deadline], around: Surroundings, now: datetime) -> tuple[int, int]:
    """Take every due step of these deadlines; how many, and how many deadlines were set aside."""
    planned: list[Taken] = []
    moves: list[Move] = []
    for deadline in deadlines:
        try:
            planned.append(plan_for(deadline, around, now))
        except Error:
            raise
        except Exception as error:
            logger.exception("Deadline %s is set aside", deadline.pk)
            moves.append(set_aside(deadline, error, now))
    failed = len(moves)
    new = record(planned, now)
    write_events(planned, new, around.people.names, now)
    tell_many(tellings(planned, new, around.path_of), now=now)
    moves += [
        Move(item.deadline.pk, item.plan.next_level, item.plan.next_action_at) for item in planned
    ]
    move_on(moves)
    return len(new), failed


def plan_for(deadline: Deadline, around: Surroundings, now: datetime) -> Taken:
    """What is due for one deadline, and whom its highest due level tells."""
    planned = plan(
        level=deadline.next_level,
        starts_at=deadline.starts_at,
        due_at=deadline.due_at,
        policy=around.clockwork.policy,
        calendar=around.clockwork.calendar(deadline.measure, deadline.ticket.community_id),
        now=now,
    )
    told: tuple[UUID, ...] = ()
    if planned.steps:
        told = around.people.of_level(planned.steps[-1].level, deadline.ticket)
    return Taken(deadline, planned, told)


def set_aside(deadline: Deadline, error: Exception, now: datetime) -> Move:
    """Leave a deadline alone for an hour, with the reason, so that it holds up nobody."""
    reason = f"{type(error).__name__}: {error}"[:300].replace("\x00", "")
    return Move(deadline.pk, deadline.next_level, now + SET_ASIDE_FOR, reason)
