"""What one batch of the machine writes: steps, events, news, and where deadlines stand then.

Arrays and no model instances: an outage may leave 100,000 steps to take at once.
"""

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext_noop, override

from complaints.models import Deadline, EventKind, Level, PromiseKind
from complaints.services.steps import Plan, Step
from notifications.models import Kind
from notifications.services.telling import Telling
from tenancy.models import uuid7
from tenancy.scope import require_company_id
from tenancy.services.actor import Via

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


@dataclass(frozen=True, slots=True)
class Taken:
    """A deadline, what is to be done for it now, and who is told of it."""

    deadline: Deadline
    plan: Plan
    told: tuple[UUID, ...]


# The steps that nobody had recorded before: deadline and level.
New = set[tuple[UUID, int]]


@dataclass(frozen=True, slots=True)
class Move:
    """Where a deadline stands after this batch."""

    deadline_id: UUID
    next_level: int
    next_action_at: datetime | None
    last_error: str = ""


def told_at(item: Taken, step: Step) -> tuple[UUID, ...]:
    """After an outage several levels are due at once: people are told once, at the highest."""
    return item.told if step is item.plan.steps[-1] else ()


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


def record(planned: Sequence[Taken], now: datetime) -> New:
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
    planned: Sequence[Taken],
    new: New,
    names_of: Callable[[Iterable[UUID]], list[str]],
    now: datetime,
) -> None:
    """One line in the ticket's timeline for each new step."""
    rows = [
        (
            str(item.deadline.ticket_id),
            EVENT_OF_LEVEL[step.level],
            json.dumps(event_data(item.deadline, step.level, names_of(told_at(item, step)))),
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


def tellings(planned: Sequence[Taken], new: New, path_of: Callable[[UUID], str]) -> list[Telling]:
    """The news of each deadline whose highest due level is new."""
    return [
        news_of(item, item.plan.steps[-1].level, path_of(item.deadline.ticket_id))
        for item in planned
        if item.plan.steps and (item.deadline.pk, item.plan.steps[-1].level) in new
    ]


def news_of(item: Taken, level: int, path: str) -> Telling:
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
        path=path,
        dedupe_key=f"escalation:{deadline.pk}:{level}",
    )


@cache
def promise_words() -> dict[str, str]:
    """What each promise is called, untranslated: readers translate into their own language."""
    with override(None):
        return {value: str(label) for value, label in PromiseKind.choices}


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
