"""One batch of due deadlines of one company: claim, plan, record, tell, move on.

Everything happens in the caller's one transaction, so that a step, its event and its news are
written together or not at all. The number of queries does not depend on the number of rows.
"""

import json
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any
from uuid import UUID

from django.db import Error, OperationalError, connection, transaction
from django.urls import reverse
from django.utils.translation import gettext_noop, override

from complaints.models import Deadline, EventKind, Level, PromiseKind
from complaints.services.promises import Clockwork
from complaints.services.recipients import People
from complaints.services.steps import Plan, Step, plan
from notifications.models import Kind
from notifications.services.telling import Telling, tell_many
from tenancy.models import Company, uuid7
from tenancy.scope import require_company_id
from tenancy.services.actor import Via

logger = logging.getLogger(__name__)

NEEDED = (
    "company_id", "promise", "measure", "starts_at", "due_at", "next_level",
    "ticket__company_id", "ticket__number", "ticket__title", "ticket__community_id",
    "ticket__department_id", "ticket__assignee_id",
)  # fmt: skip

SET_ASIDE_FOR = timedelta(hours=1)

EVENT_OF_LEVEL: dict[int, str] = {
    Level.WARNING: EventKind.WARNED.value,
    Level.BREACH: EventKind.BREACHED.value,
    Level.MANAGER: EventKind.ESCALATED.value,
    Level.ADMIN: EventKind.ESCALATED.value,
}
HANDED_UP = gettext_noop(
    "%(number)s has come up to you: the %(promise_label)s has been late since %(due_at)s."
)
MESSAGE_OF_LEVEL: dict[int, str] = {
    Level.WARNING: gettext_noop("%(number)s: the %(promise_label)s is due at %(due_at)s."),
    Level.BREACH: gettext_noop("%(number)s: the %(promise_label)s was due at %(due_at)s."),
    Level.MANAGER: HANDED_UP,
    Level.ADMIN: HANDED_UP,
}


class Surroundings:
    """What is the same for all deadlines of a company during one pass; each part read once."""

    def __init__(self) -> None:
        self.clockwork = Clockwork()
        self.people = People()
        slug = Company.objects.values_list("slug", flat=True).get(pk=require_company_id())
        nobody = UUID(int=0)
        path = reverse("complaints:ticket_detail", kwargs={"company": slug, "pk": nobody})
        self._before, self._after = path.split(str(nobody))

    def path_of(self, ticket_id: UUID) -> str:
        """The ticket's page."""
        return f"{self._before}{ticket_id}{self._after}"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one batch."""

    claimed: int
    steps: int
    failed: int


@dataclass(frozen=True, slots=True)
class Taken:
    """A deadline, what is to be done for it now, and who is told of it."""

    deadline: Deadline
    plan: Plan
    told: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class Move:
    """Where a deadline stands after this batch."""

    deadline_id: UUID
    next_level: int
    next_action_at: datetime | None
    last_error: str = ""


def enforce_batch(*, around: Surroundings, now: datetime, batch: int) -> Outcome:
    """Claim up to `batch` due deadlines and take their steps."""
    deadlines = claim(now, batch)
    if not deadlines:
        return Outcome(0, 0, 0)
    try:
        with transaction.atomic():
            steps, failed = take(deadlines, around, now)
    except OperationalError:
        raise  # the database is not well: no row is to blame
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
        except OperationalError:
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
    write_events(planned, new, around.people, now)
    tell_many(tellings(planned, new, around), now=now)
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


def told_at(item: Taken, step: Step) -> tuple[UUID, ...]:
    """After an outage several levels are due at once: people are told once, at the highest."""
    return item.told if step is item.plan.steps[-1] else ()


# Arrays and no model instances: an outage may leave 100,000 steps to take at once.
RECORD = """
INSERT INTO complaints_escalation
    (company_id, id, deadline_id, ticket_id, level, planned_at, told, taken_at)
SELECT %s, step.*, %s
FROM unnest(%s::uuid[], %s::uuid[], %s::uuid[], %s::smallint[], %s::timestamptz[], %s::jsonb[])
    AS step
ON CONFLICT (company_id, deadline_id, level) DO NOTHING
RETURNING deadline_id, level
"""
WRITE_EVENTS = """
INSERT INTO complaints_ticketevent
    (company_id, id, ticket_id, kind, data, at, via, address)
SELECT %s, event.*, %s, %s, ''
FROM unnest(%s::uuid[], %s::uuid[], %s::text[], %s::jsonb[]) AS event
"""


def record(planned: Sequence[Taken], now: datetime) -> set[tuple[UUID, int]]:
    """Write down each step, exactly once; which ones were new."""
    rows = [
        (
            str(uuid7()),
            str(item.deadline.pk),
            str(item.deadline.ticket_id),
            step.level,
            step.planned_at,
            json.dumps([str(each) for each in told_at(item, step)]),
        )
        for item in planned
        for step in item.plan.steps
    ]
    if not rows:
        return set()
    with connection.cursor() as cursor:
        cursor.execute(RECORD, [require_company_id(), now, *columns_of(rows)])
        return set(cursor.fetchall())


def write_events(
    planned: Sequence[Taken], new: set[tuple[UUID, int]], people: People, now: datetime
) -> None:
    """One line in the ticket's timeline for each new step."""
    rows = [
        (
            str(item.deadline.ticket_id),
            EVENT_OF_LEVEL[step.level],
            json.dumps(event_data(item.deadline, step.level, people.names(told_at(item, step)))),
        )
        for item in planned
        for step in item.plan.steps
        if (item.deadline.pk, step.level) in new
    ]
    if not rows:
        return
    # The timeline sorts by moment, then id: ids of one millisecond have no order of their own.
    ids = sorted(str(uuid7()) for _ in rows)
    with connection.cursor() as cursor:
        cursor.execute(
            WRITE_EVENTS,
            [require_company_id(), now, Via.MACHINE.value, ids, *columns_of(rows)],
        )


def event_data(deadline: Deadline, level: int, told: list[str]) -> dict[str, Any]:
    """What the timeline keeps of a step."""
    return {
        "promise": deadline.promise,
        "level": level,
        "due_at": deadline.due_at.isoformat(),
        "told": told,
    }


def columns_of(rows: Sequence[tuple[Any, ...]]) -> list[list[Any]]:
    """Rows turned into the arrays that `unnest` takes."""
    return [list(column) for column in zip(*rows, strict=True)]


def tellings(
    planned: Sequence[Taken], new: set[tuple[UUID, int]], around: Surroundings
) -> list[Telling]:
    """The news of each deadline whose highest due level is new."""
    return [
        news_of(item, item.plan.steps[-1].level, around)
        for item in planned
        if item.plan.steps and (item.deadline.pk, item.plan.steps[-1].level) in new
    ]


def news_of(item: Taken, level: int, around: Surroundings) -> Telling:
    """What people are told when a deadline reaches a level."""
    deadline = item.deadline
    return Telling(
        recipients=item.told,
        kind=Kind.WARNING if level == Level.WARNING else Kind.ESCALATION,
        message=MESSAGE_OF_LEVEL[level],
        params={
            "number": deadline.ticket.number,
            "title": deadline.ticket.title,
            "promise_label": promise_words()[deadline.promise],
            "due_at": deadline.due_at,
        },
        path=around.path_of(deadline.ticket_id),
        dedupe_key=f"escalation:{deadline.pk}:{level}",
    )


@cache
def promise_words() -> dict[str, str]:
    """What each promise is called, untranslated: readers translate into their own language."""
    with override(None):
        return {value: str(label) for value, label in PromiseKind.choices}


def set_aside(deadline: Deadline, error: Exception, now: datetime) -> Move:
    """Leave a deadline alone for an hour, with the reason, so that it holds up nobody."""
    reason = f"{type(error).__name__}: {error}"[:300].replace("\x00", "")
    return Move(deadline.pk, deadline.next_level, now + SET_ASIDE_FOR, reason)


MOVE_ON = """
UPDATE complaints_deadline AS d
SET next_level = v.next_level, next_action_at = v.next_action_at, last_error = v.last_error
FROM unnest(%s::uuid[], %s::smallint[], %s::timestamptz[], %s::text[])
    AS v (id, next_level, next_action_at, last_error)
WHERE d.company_id = %s AND d.id = v.id
"""


def move_on(moves: Sequence[Move]) -> None:
    """Set when the machine looks at each deadline next: one statement for all of them."""
    rows = [
        (str(move.deadline_id), move.next_level, move.next_action_at, move.last_error)
        for move in moves
    ]
    with connection.cursor() as cursor:
        cursor.execute(MOVE_ON, [*columns_of(rows), require_company_id()])
