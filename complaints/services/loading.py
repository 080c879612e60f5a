"""How much everybody has to do, in hours, against the opening hours they have left.

A ticket weighs what its category usually takes; what waits for somebody else weighs nothing until
it goes on. What is left of this week is counted on the working calendar, without the days on which
somebody is away; once nothing is left of this week, it is the next one that counts.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, Sum

from complaints.models import Status, Ticket
from tenancy.calendar import WorkingCalendar, between
from tenancy.models import Absence, Department, DepartmentMember, Membership
from tenancy.permissions import Can
from tenancy.services.working_time import WorkingTimes

NOTHING = timedelta(0)
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Span:
    """The stretch of time that load is held against."""

    since: datetime
    until: datetime
    is_next_week: bool


@dataclass(slots=True)
class Work:
    """Tickets that still have to be solved, and the hours they usually take."""

    tickets: int = 0
    waiting: int = 0  # for somebody else: they weigh nothing now
    late: int = 0
    length: timedelta = NOTHING

    def add(self, row: Mapping[str, Any]) -> None:
        self.tickets += row["tickets"]
        self.waiting += row["waiting"]
        self.late += row["late"]
        self.length += timedelta(minutes=row["minutes"] or 0)

    @property
    def hours(self) -> float:
        return in_hours(self.length)


@dataclass(slots=True)
class Load:
    """One person's work, and the room they have for it."""

    member: Membership
    work: Work
    room: timedelta
    departments: list[Department] = field(default_factory=list)
    absence: Absence | None = None  # today

    @property
    def room_hours(self) -> float:
        return in_hours(self.room)

    @property
    def share(self) -> float:
        """Work against room; whoever has no room at all is full with the first ticket."""
        if self.room:
            return self.work.length / self.room
        return float("inf") if self.work.length else 0.0

    @property
    def percent(self) -> int | None:
        """The share as people say it; None where there is no room to hold it against."""
        return round(self.share * 100) if self.room else None

    @property
    def bar(self) -> int:
        """How long the bar is drawn, of a hundred."""
        return min(100, round(self.share * 100)) if self.room else 100 * bool(self.work.length)

    @property
    def state(self) -> str:
        """away, over (more than fits), free (nothing to do) or ok."""
        if self.absence is not None:
            return "away"
        if self.work.length > self.room:
            return "over"
        return "ok" if self.work.tickets else "free"


def in_hours(length: timedelta) -> float:
    return round(length / timedelta(hours=1), 1)


def span_left(calendar: WorkingCalendar, now: datetime) -> Span:
    """What is left of the week; from its last closing on, the next one."""
    local = now.astimezone(calendar.tz)
    monday = local.date() - timedelta(days=local.weekday())
    ends = [
        datetime.combine(monday + timedelta(weeks=weeks), time(), calendar.tz) for weeks in (1, 2)
    ]
    if between(calendar, now, ends[0]):
        return Span(now, ends[0], is_next_week=False)
    return Span(ends[0], ends[1], is_next_week=True)


class Loads:
    """The load of everybody who handles tickets, read with six queries whatever their number.

    It is a fact about people, so it counts all their tickets, also those in communities that
    whoever asks does not look after.
    """

    def __init__(self, *, now: datetime, times: WorkingTimes | None = None) -> None:
        calendar = (times or WorkingTimes()).of(None)
        self.span = span_left(calendar, now)
        self.whole = between(calendar, self.span.since, self.span.until)
        self.today = now.astimezone(calendar.tz).date()
        self.people: dict[UUID, Load] = {
            member.pk: Load(member, Work(), self.whole)
            for member in Membership.objects.active().staff().order_by("name", "id")
            if member.can(Can.RESOLVE)
        }
        self.unassigned: dict[UUID | None, Work] = {}
        self._place()
        self._leave(calendar)
        self._weigh(now)

    def of(self, departments: Iterable[UUID] | None) -> list[Load]:
        """The people of these departments, the fullest first; without any, everybody who is in
        one or has work."""
        wanted = None if departments is None else set(departments)
        found = [
            load
            for load in self.people.values()
            if (
                load.departments or load.work.tickets
                if wanted is None
                else not wanted.isdisjoint(row.pk for row in load.departments)
            )
        ]
        return sorted(found, key=lambda load: (-load.share, load.member.name))

    def with_room(self, people: Iterable[UUID]) -> Sequence[Load]:
        """These people, whoever has most room first; the absent last."""
        found = [self.people[each] for each in people if each in self.people]
        return sorted(found, key=lambda load: (load.absence is not None, load.share))

    def _place(self) -> None:
        places = DepartmentMember.objects.select_related("department").order_by(
            "department__position", "department__name"
        )
        for place in places:
            if place.membership_id in self.people:
                self.people[place.membership_id].departments.append(place.department)

    def _leave(self, calendar: WorkingCalendar) -> None:
        """Take the days out on which somebody is away."""
        for absence in Absence.objects.not_over(self.today).select_related("covered_by"):
            load = self.people.get(absence.membership_id)
            if load is None:
                continue
            begins = datetime.combine(absence.starts_on, time(), calendar.tz)
            ends = datetime.combine(absence.ends_on + ONE_DAY, time(), calendar.tz)
            since, until = max(begins, self.span.since), min(ends, self.span.until)
            if since < until:
                load.room -= between(calendar, since, until)
            if absence.starts_on <= self.today:
                load.absence = absence

    def _weigh(self, now: datetime) -> None:
        runs = ~Q(status=Status.PAUSED)
        rows = (
            Ticket.objects.open()
            .values("assignee_id", "department_id")
            .annotate(
                tickets=Count("id", filter=runs),
                waiting=Count("id", filter=~runs),
                late=Count("id", filter=Q(next_due_at__lt=now)),
                minutes=Sum("category__usual_minutes", filter=runs),
            )
        )
        for row in rows:
            load = self.people.get(row["assignee_id"])
            if load is not None:
                load.work.add(row)
            elif row["assignee_id"] is None:
                self.unassigned.setdefault(row["department_id"], Work()).add(row)
