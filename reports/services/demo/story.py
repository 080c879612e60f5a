"""How a ticket's life goes on by itself: each act leads to the next, until the present comes."""

import heapq
import random
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import count

from complaints.models import Source, Status, Ticket, Urgency
from complaints.models.callback import KEEPS_PROMISE, REACHED
from reports.services.demo import texts
from reports.services.demo.life import ACCEPTANCE, CALLBACK, FOLLOW_UP, RESOLUTION, Life
from reports.services.demo.staff import Staff
from tenancy.calendar import WorkingCalendar, add, between
from tenancy.models import Membership

Act = Callable[[datetime], None]
SATISFIED, UNSATISFIED, DECLINED = "reached_satisfied", "reached_unsatisfied", "declined"
STARS_OF_CALLS = {SATISFIED: (5, 5, 5, 4, 4, 3), UNSATISFIED: (4, 3, 2, 2, 1)}


@dataclass(frozen=True, slots=True)
class Waiting:
    """A pause: how far into the promised time, how long in minutes (None: still), and why."""

    after: float
    minutes: int | None
    reason: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the owner says afterwards, and how many minutes after."""

    score: int
    fixed: bool
    minutes: int


@dataclass(frozen=True, slots=True)
class Habits:
    """How well a ticket is looked after, in shares of the promised time; None = never.

    A share above 1 is late.
    """

    accept: float | None = 0.3
    call: float | None = 0.4
    # How the attempts to call end; after the last one nobody tries again.
    calls: tuple[str, ...] = (SATISFIED,)
    resolve: float | datetime | None = 0.5
    waiting: Waiting | None = None
    follow_up: float | None = 0.4
    follow_up_ends: str = SATISFIED
    verdict: Verdict | None = None
    urge: float | None = None
    closes: bool = True


def draw(rng: random.Random) -> Habits:
    """The habits of an ordinary day: mostly in time, now and then not."""
    return Habits(
        accept=rng.uniform(1.1, 3.0) if rng.random() < 0.04 else rng.triangular(0.05, 0.9, 0.15),
        call=rng.uniform(1.05, 1.8) if rng.random() < 0.03 else rng.triangular(0.05, 0.9, 0.2),
        calls=_attempts(rng),
        resolve=rng.uniform(1.05, 1.9) if rng.random() < 0.06 else rng.triangular(0.15, 0.95, 0.4),
        waiting=_waiting(rng) if rng.random() < 0.09 else None,
        follow_up=rng.uniform(1.05, 1.4) if rng.random() < 0.03 else rng.triangular(0.1, 0.85, 0.3),
        follow_up_ends=rng.choices([SATISFIED, UNSATISFIED, DECLINED], [88, 5, 7])[0],
        verdict=_verdict(rng) if rng.random() < 0.6 else None,
        urge=rng.uniform(0.1, 0.5) if rng.random() < 0.07 else None,
    )


def _attempts(rng: random.Random) -> tuple[str, ...]:
    reached = rng.choices([SATISFIED, UNSATISFIED, DECLINED], [82, 12, 6])[0]
    missed = ["no_answer", "busy", "wrong_number"]
    tries = rng.choices([0, 1, 2], [80, 16, 4])[0]
    return (*rng.choices(missed, [70, 26, 4], k=tries), reached)


def _waiting(rng: random.Random) -> Waiting:
    reason = rng.choice(list(texts.PAUSE_NOTES))
    return Waiting(rng.uniform(0.05, 0.2), rng.randint(180, 1500), reason)


def _verdict(rng: random.Random) -> Verdict:
    score = rng.choices([5, 4, 3, 2, 1], [46, 30, 13, 7, 4])[0]
    return Verdict(score, rng.random() > 0.03, rng.randint(20, 3000))


@dataclass
class Story:
    """Tells one life up to `now`."""

    life: Life
    habits: Habits
    staff: Staff
    solution: str
    now: datetime
    agenda: list[tuple[datetime, int, Act]] = field(default_factory=list)
    order: "count[int]" = field(default_factory=count)
    tried: int = 0

    def __post_init__(self) -> None:
        ticket, rng = self.life.ticket, self.life.rng
        self.rng = rng
        self.clerk = rng.choice(self.staff.desk)
        department = ticket.department.name if ticket.department else "客服部"
        self.hand = rng.choice(self.staff.hands.get(department, self.staff.desk))
        self.speaker: Membership | None = ticket.owner.membership if ticket.owner else None

    def tell(self) -> Life:
        """Live until the present, or until nothing more happens."""
        ticket = self.life.ticket
        portal = ticket.source == Source.PORTAL
        self.life.file(self.speaker if portal else self.clerk)
        self._at_share(ACCEPTANCE, self.habits.accept, self.accept)
        self._at_share(CALLBACK, self.habits.call, self.call)
        self._plan_resolution()
        if self.speaker is not None:
            self._at_share(RESOLUTION, self.habits.urge, self.urge)
        while self.agenda and self.agenda[0][0] <= self.now:
            moment, _, act = heapq.heappop(self.agenda)
            act(moment)
        self.life.finish(self.now)
        return self.life

    # --- acts ---

    def accept(self, at: datetime) -> None:
        if self.ticket.status == Status.NEW:
            self.life.accept(at, self.clerk)
            self._in(at, self.rng.randint(2, 15), self.assign)

    def assign(self, at: datetime) -> None:
        if self.ticket.status == Status.ACCEPTED and self.hand != self.ticket.assignee:
            self.life.assign(at, self.clerk, self.hand)
            self._chat(at)

    def _chat(self, at: datetime) -> None:
        if self.rng.random() < 0.15:
            self._in(at, self.rng.randint(5, 90), self.note)
        speaker = self.speaker
        if speaker is not None and self.rng.random() < 0.12:
            # Before any rating can have closed the ticket.
            self._in(at, self.rng.randint(5, 20), lambda moment: self.ask(moment, speaker))

    def note(self, at: datetime) -> None:
        self.life.note(at, self.hand, self.rng.choice(texts.NOTES))

    def ask(self, at: datetime, speaker: Membership) -> None:
        self.life.comment(at, speaker, self.rng.choice(texts.OWNER_WORDS))
        self._in(at, self.rng.randint(5, 60), self.answer)

    def answer(self, at: datetime) -> None:
        if self.ticket.status in (Status.ACCEPTED, Status.PAUSED):
            self.life.comment(at, self.clerk, self.rng.choice(texts.STAFF_WORDS))

    def call(self, at: datetime) -> None:
        if self.ticket.status == Status.CLOSED or not self.life.owes(CALLBACK):
            return
        self._ring(at, self.habits.calls[min(self.tried, len(self.habits.calls) - 1)])
        self.tried += 1
        if self.life.owes(CALLBACK) and self.tried < len(self.habits.calls):
            self._in(at, self.rng.randint(60, 100), self.call)

    def follow_up(self, at: datetime) -> None:
        if self.ticket.status == Status.RESOLVED and self.life.owes(FOLLOW_UP):
            self._ring(at, self.habits.follow_up_ends)

    def _ring(self, at: datetime, outcome: str) -> None:
        note = self.rng.choice(texts.CALL_NOTES[outcome])
        self.life.call(at, self.clerk, outcome, note)
        self._say_of_call(at, outcome)
        if self.ticket.status != Status.RESOLVED or outcome not in KEEPS_PROMISE:
            return
        if outcome == UNSATISFIED:
            self._again(at, self.clerk, note)
        else:
            self._in(at, self.rng.randint(3, 40), self.close)

    def urge(self, at: datetime) -> None:
        if self.speaker is not None and self.ticket.status in (Status.NEW, Status.ACCEPTED):
            self.life.urge(at, self.speaker)

    def pause(self, at: datetime) -> None:
        waiting = self.habits.waiting
        if waiting is None or self.ticket.status != Status.ACCEPTED:
            return
        note = self.rng.choice(texts.PAUSE_NOTES[waiting.reason])
        self.life.pause(at, self.hand, waiting.reason, note)
        if waiting.minutes is not None:
            self._in(at, waiting.minutes, self.resume)

    def resume(self, at: datetime) -> None:
        self.life.resume(at, self.hand)
        self._in(at, self.rng.randint(20, 200), self.resolve)

    def _say_of_call(self, at: datetime, outcome: str) -> None:
        """A third of those who were reached say afterwards whether it helped."""
        rng, speaker = random.Random(f"{self.ticket.number} {at}"), self.speaker  # noqa: S311
        if speaker is None or outcome not in REACHED or rng.random() > 1 / 3:
            return
        call, score = self.life.callbacks[-1], rng.choice(STARS_OF_CALLS[outcome])
        later = timedelta(minutes=rng.randint(5, 300))
        self._plan(at + later, lambda then: self.life.rate_call(then, speaker, call, score))

    def resolve(self, at: datetime) -> None:
        if self.ticket.status not in (Status.NEW, Status.ACCEPTED):
            return
        self.life.resolve(at, self.hand, self.solution)
        self._at_share(FOLLOW_UP, self.habits.follow_up, self.follow_up)
        if self.speaker is not None and self.habits.verdict is not None:
            later = timedelta(minutes=self.habits.verdict.minutes)
            self._plan(at + later, self.rate)
        if not self.life.owes(CALLBACK, FOLLOW_UP):
            self._in(at, self.rng.randint(3, 40), self.close)

    def rate(self, at: datetime) -> None:
        verdict, speaker = self.habits.verdict, self.speaker
        closed = self.ticket.status == Status.CLOSED
        if verdict is None or speaker is None or not (closed or self._resolved()):
            return
        content = verdict.fixed and verdict.score > 2
        comment = self.rng.choice(texts.PRAISE if content else texts.COMPLAINTS)
        self.life.rate(at, speaker, verdict.score, comment, fixed=verdict.fixed)
        if not content:
            self._again(at, speaker, comment)
        elif not closed:
            self.life.close(at, speaker, because="rated")

    def close(self, at: datetime) -> None:
        if self.habits.closes and self._resolved() and not self.life.owes(CALLBACK, FOLLOW_UP):
            self.life.close(at, self.clerk)

    def _again(self, at: datetime, by: Membership, reason: str) -> None:
        """A second round, looked after by the supervisor, and better."""
        self.hand = self.life.reopen_and_raise(at, by, reason)
        self.habits = replace(
            self.habits,
            call=self.rng.uniform(0.05, 0.5),
            calls=(SATISFIED,),
            resolve=self.rng.uniform(0.1, 0.7),
            follow_up=self.rng.uniform(0.1, 0.7),
            follow_up_ends=SATISFIED,
            waiting=None,
            verdict=None,
        )
        self.tried = 0
        self._at_share(CALLBACK, self.habits.call, self.call)
        self._plan_resolution()

    # --- when ---

    @property
    def ticket(self) -> Ticket:
        return self.life.ticket

    def _resolved(self) -> bool:
        return self.ticket.status == Status.RESOLVED

    def _plan_resolution(self) -> None:
        if isinstance(self.habits.resolve, datetime):
            self._plan(self.habits.resolve, self.resolve)
        else:
            self._at_share(RESOLUTION, self.habits.resolve, self.resolve)
        if self.habits.waiting is not None:
            self._at_share(RESOLUTION, self.habits.waiting.after, self.pause)

    def _calendar(self) -> WorkingCalendar:
        """The hours in which people work on it."""
        emergency = self.ticket.urgency == Urgency.EMERGENCY
        measure = "clock_minutes" if emergency else "working_minutes"
        return self.life.around.clockwork.calendar(measure, self.ticket.community_id)

    def _in(self, at: datetime, minutes: int, act: Act) -> None:
        self._plan(add(self._calendar(), at, timedelta(minutes=minutes)), act)

    def _at_share(self, promise: str, share: float | None, act: Act) -> None:
        """When that share of what was promised has gone by."""
        deadline = self.life.deadline(promise)
        if deadline is None or share is None or not deadline.is_open:
            return
        calendar = self.life.around.clockwork.calendar(deadline.measure, self.ticket.community_id)
        whole = between(calendar, deadline.starts_at, deadline.due_at)
        self._plan(add(calendar, deadline.starts_at, whole * share), act)

    def _plan(self, at: datetime, act: Act) -> None:
        heapq.heappush(self.agenda, (at, next(self.order), act))
