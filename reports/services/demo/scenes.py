"""Tickets that stand somewhere particular right now, so that every list has something in it."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from complaints.models import Category, Kind, Ticket, Urgency
from complaints.services.promises import Clockwork
from reports.services.demo.life import ACCEPTANCE, CALLBACK, FOLLOW_UP, RESOLUTION
from reports.services.demo.moments import LAST, NOTHING_YET, Watch
from reports.services.demo.story import UNSATISFIED, Habits, Verdict, Waiting
from tenancy.calendar import Measure, Span, between, due

# What a scene goes by where nothing is promised.
UNPROMISED = Span(1, Measure.working_days)
NOBODY_CAME = Habits(accept=None, call=None, resolve=None)
NOBODY_CALLED = Habits(accept=0.2, call=None, resolve=None)
NOT_SOLVED = Habits(accept=0.2, call=0.2, resolve=None)
NOBODY_ASKED = Habits(accept=0.2, call=0.1, follow_up=None, closes=False)
# Which promise is waited for, who forgot it, and how far that has gone at worst: this company is
# well run, so little is late, and only one matter has come before the admin.
FORGOTTEN = (
    (ACCEPTANCE, NOBODY_CAME, 1),
    (CALLBACK, NOBODY_CALLED, 2),
    (RESOLUTION, NOT_SOLVED, LAST),
    (FOLLOW_UP, NOBODY_ASKED, 1),
)
IN_GOOD_HANDS = 9


@dataclass(frozen=True, slots=True)
class Scene:
    """A ticket to be told: what about, since when, and how it was looked after."""

    category: Category
    created_at: datetime
    habits: Habits
    photo: bool = False
    portal: bool = False


class Stage:
    """Sets scenes for one company."""

    def __init__(
        self, clockwork: Clockwork, categories: list[Category], now: datetime, rng: random.Random
    ) -> None:
        self.clockwork, self.now, self.rng = clockwork, now, rng
        calendar = clockwork.times.of(None)
        self.watch = Watch(now, calendar, clockwork.policy)
        self.named = {(row.kind, row.name): row for row in categories}
        self.ordinary = [
            row
            for row in categories
            if row.kind in (Kind.COMPLAINT, Kind.REPAIR) and row.urgency != Urgency.EMERGENCY
        ]
        self.emergencies = [row for row in categories if row.urgency == Urgency.EMERGENCY]

    def all(self, times: int) -> Iterator[Scene]:
        """Every scene; those that do a company honour so many times."""
        yield from self.forgotten()
        for _ in range(times):
            yield from self.in_good_hands()
            yield from self.waiting()
            yield from self.unreached()
            yield from self.fresh()
            yield self.reopened()
            yield self.emergency()

    def forgotten(self) -> Iterator[Scene]:
        """Each promise at each level: soon, warned, late, with the manager, with the admin."""
        for promise, habits, worst in FORGOTTEN:
            for level in range(NOTHING_YET, worst + 1):
                yield self.at_level(promise, level, habits)

    def in_good_hands(self) -> Iterator[Scene]:
        """Accepted and called in time; what is left is to be done by and by."""
        for number in range(IN_GOOD_HANDS):
            category = self.rng.choice(self.ordinary)
            so_far = self.minutes(RESOLUTION, category) * (0.1 + 0.7 * number / IN_GOOD_HANDS)
            habits = replace(NOT_SOLVED, accept=0.05, call=0.04)
            yield Scene(category, self.watch.before(self.now, so_far), habits)

    def at_level(
        self, promise: str, level: int, habits: Habits, category: Category | None = None
    ) -> Scene:
        """A ticket of which one promise stands at a level."""
        category = category or self.rng.choice(self.ordinary)
        start = self.watch.start_of(self.span(promise, category), level, self.rng)
        if promise != FOLLOW_UP:
            return Scene(category, start, habits)
        took = self.minutes(RESOLUTION, category) * 0.6
        created_at = self.watch.before(start, took)
        return Scene(category, created_at, replace(habits, resolve=start))

    def waiting(self) -> Iterator[Scene]:
        """Paused for each reason; the last one before anybody called."""
        for reason, call in (("owner", 0.1), ("part", 0.1), ("third_party", None)):
            category = self.rng.choice(self.ordinary)
            so_far = self.minutes(RESOLUTION, category) * 0.5
            habits = Habits(accept=0.3, call=call, waiting=Waiting(0.2, None, reason), resolve=None)
            yield Scene(category, self.watch.before(self.now, so_far), habits)

    def unreached(self) -> Iterator[Scene]:
        """Nobody answered the telephone: one to be tried again now, one a little later."""
        for elapsed, calls in ((260, ("busy",)), (150, ("no_answer",))):
            habits = Habits(accept=0.2, call=0.27, calls=calls, resolve=None)
            category = self.rng.choice(self.ordinary)
            yield Scene(category, self.watch.before(self.now, elapsed), habits)

    def fresh(self) -> Iterator[Scene]:
        """Filed a moment ago."""
        for _ in range(2):
            ago = timedelta(minutes=self.rng.randint(2, 14))
            yield Scene(self.rng.choice(self.ordinary), self.now - ago, NOBODY_CAME)

    def reopened(self) -> Scene:
        """In a supervisor's hands, because the owner was not content."""
        category = self.named[Kind.COMPLAINT, "噪音扰民"]
        habits = Habits(
            accept=0.2, call=0.1, resolve=0.3, follow_up=0.2, follow_up_ends=UNSATISFIED
        )
        so_far = self.minutes(RESOLUTION, category) * 0.3 + self.minutes(FOLLOW_UP, category) * 0.2
        return Scene(category, self.watch.before(self.now, so_far + 45), habits)

    def emergency(self) -> Scene:
        """Being worked on at this moment, around the clock."""
        ago = timedelta(minutes=self.rng.randint(31, 40))
        category = self.rng.choice([row for row in self.emergencies if row.name != "电梯困人"])
        return Scene(category, self.now - ago, NOT_SOLVED)

    def of_the_account(self) -> Iterator[Scene]:
        """What the demo's own owner has told the company so far."""
        leak = self.named[Kind.COMPLAINT, "房屋渗漏"]
        noise = self.named[Kind.COMPLAINT, "噪音扰民"]
        tap = self.named[Kind.REPAIR, "水管维修"]
        door = self.named[Kind.REPAIR, "门窗维修"]
        dirt = self.named[Kind.COMPLAINT, "清洁卫生"]
        yield self._portal(self.at_level(FOLLOW_UP, NOTHING_YET, NOBODY_ASKED, tap))
        yield self._portal(Scene(leak, self.watch.before(self.now, 290), NOT_SOLVED), photo=True)
        yield self._portal(Scene(noise, self.now - timedelta(minutes=9), NOBODY_CAME))
        halted = Habits(call=0.1, waiting=Waiting(0.1, None, "part"), resolve=None)
        yield self._portal(Scene(door, self.watch.before(self.now, 700), halted))
        for days, score in ((61, 4), (158, 5)):
            done = Habits(verdict=Verdict(score, fixed=True, minutes=2000))
            yield self._portal(Scene(dirt, self.now - timedelta(days=days), done))

    def of_the_neighbour(self) -> Scene:
        """What somebody in the same building has told: others wait for it too."""
        lift = self.named[Kind.COMPLAINT, "电梯故障"]
        return Scene(lift, self.watch.before(self.now, 130), NOT_SOLVED)

    def span(self, promise: str, category: Category) -> Span:
        """What is promised for ordinary tickets of a category."""
        sample = Ticket(kind=category.kind, category=category, urgency=category.urgency)
        return self.clockwork.span(promise, sample) or UNPROMISED

    def minutes(self, promise: str, category: Category) -> float:
        """The same in opening time."""
        calendar = self.watch.calendar
        until = due(calendar, self.now, self.span(promise, category))
        return between(calendar, self.now, until).total_seconds() / 60

    @staticmethod
    def _portal(scene: Scene, *, photo: bool = False) -> Scene:
        return Scene(scene.category, scene.created_at, scene.habits, photo=photo, portal=True)
