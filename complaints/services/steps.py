"""When the machine acts for a promise: pure planning, no clock and no database.

The levels of a deadline lie on one line of opening time: the warning before it falls due, the
breach at the due moment itself, then the manager and the admin so long after it. A promise that
counts around the clock is given a calendar that never closes (`tenancy.calendar.always_open`).
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from complaints.models import Level, ServicePolicy
from tenancy.calendar import WorkingCalendar, add, between


@dataclass(frozen=True, slots=True)
class Step:
    """One level of one deadline, and the moment it was to be taken."""

    level: int
    planned_at: datetime


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be done for one deadline now, in order, and what comes after."""

    steps: tuple[Step, ...]
    next_level: int
    next_action_at: datetime | None


def step_at(
    level: int,
    *,
    starts_at: datetime,
    due_at: datetime,
    policy: ServicePolicy,
    calendar: WorkingCalendar,
) -> datetime:
    """The moment at which one level of a deadline is to be taken.

    Raises CalendarError when the calendar never opens again.
    """
    if level == Level.WARNING:
        return _warning_at(starts_at, due_at, timedelta(minutes=policy.warn_before), calendar)
    if level == Level.BREACH:
        return due_at
    late_for = policy.manager_after + (policy.admin_after if level == Level.ADMIN else 0)
    return add(calendar, due_at, timedelta(minutes=late_for))


def _warning_at(
    starts_at: datetime, due_at: datetime, ahead: timedelta, calendar: WorkingCalendar
) -> datetime:
    """So long before due, or half-way when the whole promise is shorter than that."""
    if due_at <= starts_at:
        return due_at
    whole = between(calendar, starts_at, due_at)
    counted = whole - ahead if whole > ahead else whole / 2
    # A promise without any opening time in it would warn at the next opening: after it is due.
    return min(add(calendar, starts_at, counted), due_at)


def upcoming(
    *,
    level: int,
    starts_at: datetime,
    due_at: datetime,
    policy: ServicePolicy,
    calendar: WorkingCalendar,
) -> tuple[int, datetime] | None:
    """A level that is still to be taken and its moment; None when the last one has been."""
    if level > Level.ADMIN:
        return None
    moment = step_at(level, starts_at=starts_at, due_at=due_at, policy=policy, calendar=calendar)
    return level, moment


def plan(
    *,
    level: int,
    starts_at: datetime,
    due_at: datetime,
    policy: ServicePolicy,
    calendar: WorkingCalendar,
    now: datetime,
) -> Plan:
    """Every level from `level` on whose moment has come, in order, and the one to wait for."""
    steps: list[Step] = []
    facts = {"starts_at": starts_at, "due_at": due_at}
    while True:
        following = upcoming(level=level, **facts, policy=policy, calendar=calendar)
        if following is None:
            return Plan(tuple(steps), level, None)
        if following[1] > now:
            return Plan(tuple(steps), level, following[1])
        steps.append(Step(*following))
        level += 1
