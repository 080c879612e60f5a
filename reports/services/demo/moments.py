"""Finding the moment in the past from which a promise stands today where a scene wants it."""

import bisect
import random
from dataclasses import dataclass
from datetime import datetime, timedelta

from complaints.models import ServicePolicy
from complaints.services import steps
from tenancy.calendar import Span, WorkingCalendar, add, due, is_open

LONGEST_AGO = 60 * 24 * 60  # minutes
SOON = 240  # at most so many minutes before the next step
NOTHING_YET = -1  # not even the warning
LAST = 3


@dataclass(frozen=True, slots=True)
class Watch:
    """Looks back from `now` on one calendar."""

    now: datetime
    calendar: WorkingCalendar
    policy: ServicePolicy

    def level(self, minutes_ago: int, span: Span) -> int:
        """The level that a promise made so long ago has reached by now."""
        start = self.now - timedelta(minutes=minutes_ago)
        plan = steps.plan(
            level=0,
            starts_at=start,
            due_at=due(self.calendar, start, span),
            policy=self.policy,
            calendar=self.calendar,
            now=self.now,
        )
        return len(plan.steps) - 1

    def start_of(self, span: Span, level: int, rng: random.Random) -> datetime:
        """A moment, in opening hours if there is one, from which the level is the present one."""
        latest = self._reaching(level, span) if level > NOTHING_YET else 0
        earliest = self._reaching(level + 1, span) if level < LAST else latest + 600
        if level == NOTHING_YET:
            latest = max(latest, earliest - SOON)
        chances = [rng.randrange(latest, max(earliest, latest + 1)) for _ in range(40)]
        starts = [self.now - timedelta(minutes=ago) for ago in chances]
        return next((start for start in starts if is_open(self.calendar, start)), starts[0])

    def before(self, moment: datetime, minutes: float) -> datetime:
        """The moment from which so much opening time passes until the given one."""
        length = timedelta(minutes=minutes)
        ago = bisect.bisect_left(
            range(LONGEST_AGO),
            -moment.timestamp(),
            key=lambda ago: (
                -add(self.calendar, moment - timedelta(minutes=ago), length).timestamp()
            ),
        )
        return moment - timedelta(minutes=ago)

    def _reaching(self, level: int, span: Span) -> int:
        """How many minutes ago a promise must have been made to have reached a level."""
        return bisect.bisect_left(range(LONGEST_AGO), level, key=lambda ago: self.level(ago, span))
