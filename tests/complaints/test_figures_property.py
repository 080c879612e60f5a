"""Whatever happens to tickets, in whatever order: the figures are what a plain recount finds."""

import contextlib
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings, strategies as st

from complaints.models import (
    CallbackOutcome,
    Kind,
    PauseReason,
    PromiseKind,
    Status,
    Ticket,
)
from complaints.services import figures_keeping, handling
from complaints.services.calling import call_back
from complaints.services.figures_days import Period, days_of
from complaints.services.figures_keeping import (
    count_company,
    count_slice,
    differences,
    recount_all,
)
from complaints.services.figures_reading import Question, on_hand, total_of
from complaints.services.figures_sets import FIGURES, last_word, narrowed
from complaints.services.owner_voice import rate
from complaints.services.rules import set_promise
from tenancy.services.refusal import Refused
from tests.complaints.figures_naive import (
    ALL,
    comparable,
    count,
    count_ratings,
    promise_of,
    read,
    read_ratings,
)
from tests.factories.cast import TUESDAY, Cast

DAY = timedelta(days=1)
NOVEMBER = Period(date(2026, 11, 1), date(2026, 11, 30))
EVERYTHING = Question(dimensions=ALL)
ACTS = st.lists(
    st.tuples(
        st.sampled_from(
            ["file", "accept", "assign", "pause", "resume", "resolve", "close", "reopen", "rate",
             "call", "count", "recount", "promise"]
        ),
        st.integers(0, 9),
        st.integers(0, 5),
    ),
    min_size=5,
    max_size=40,
)  # fmt: skip


class World:
    """A company in which things happen."""

    def __init__(self, cast: Cast) -> None:
        self.cast, self.now, self.tickets = cast, TUESDAY - 20 * DAY, list[Ticket]()

    def play(self, act: str, which: int, how: int) -> None:
        self.now += timedelta(hours=1 + 7 * how)
        with contextlib.suppress(Refused):
            getattr(self, act)(which, how)

    def ticket(self, which: int) -> Ticket:
        if not self.tickets:
            self.file(which, 0)
        return self.tickets[which % len(self.tickets)]

    def file(self, which: int, how: int) -> None:
        category = [self.cast.lift, self.cast.tap, self.cast.trapped][which % 3]
        self.tickets.append(
            self.cast.file(
                now=self.now - how * DAY,
                kind=Kind(category.kind),
                category=category,
                unit=self.cast.unit if which % 2 else None,
                community=None if which % 2 else self.cast.community,
                owner=None if how == 3 else self.cast.resident,
            )
        )

    def accept(self, which: int, how: int) -> None:
        handling.accept(ticket=self.ticket(which), by=self.desk, now=self.now)

    def assign(self, which: int, how: int) -> None:
        person = [None, self.cast.technician, self.cast.supervisor][how % 3]
        department = self.cast.desk_department if how % 2 or person is None else None
        handling.assign(
            ticket=self.ticket(which), department=department, assignee=person,
            by=self.desk, now=self.now,
        )  # fmt: skip

    def pause(self, which: int, how: int) -> None:
        handling.pause(
            ticket=self.ticket(which), reason=PauseReason.PART, by=self.desk, now=self.now
        )

    def resume(self, which: int, how: int) -> None:
        handling.resume(ticket=self.ticket(which), by=self.desk, now=self.now)

    def resolve(self, which: int, how: int) -> None:
        handling.resolve(ticket=self.ticket(which), solution="好了", by=self.desk, now=self.now)

    def close(self, which: int, how: int) -> None:
        handling.close(ticket=self.ticket(which), by=self.desk, now=self.now)

    def reopen(self, which: int, how: int) -> None:
        handling.reopen(ticket=self.ticket(which), reason="又坏", by=self.desk, now=self.now)

    def rate(self, which: int, how: int) -> None:
        rate(
            ticket=self.ticket(which), score=1 + how % 5, by=self.cast.actor("owner"), now=self.now
        )

    def call(self, which: int, how: int) -> None:
        outcome = CallbackOutcome.values[how % len(CallbackOutcome.values)]
        call_back(ticket=self.ticket(which), outcome=outcome, by=self.desk, now=self.now)

    def promise(self, which: int, how: int) -> None:
        row = promise_of(PromiseKind.CALLBACK)
        set_promise(
            promise=row, amount=1 + how, measure=row.measure, is_active=True,
            by=self.cast.actor("admin"), now=self.now,
        )  # fmt: skip

    def count(self, which: int, how: int) -> None:
        count_slice()

    def recount(self, which: int, how: int) -> None:
        recount_all()

    @property
    def desk(self) -> Any:
        return self.cast.actor("desk")


def asked(cast: Cast) -> list[Question]:
    return [
        EVERYTHING,
        Question(kind=Kind.REPAIR, dimensions=ALL),
        Question(communities=(cast.community.pk,), dimensions=ALL),
        Question(communities=(), dimensions=ALL),
        Question(category=cast.lift.pk, dimensions=ALL),
        Question(department=cast.engineering.pk, dimensions=ALL),
        Question(category=cast.tap.pk, department=cast.desk_department.pk, dimensions=ALL),
    ]


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(acts=ACTS)
def test_figures_equal_a_plain_recount_whatever_happens(
    scoped: Cast, acts: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(figures_keeping, "SLICE", 3)  # so that a pass leaves something behind
    with transaction.atomic():
        world = World(scoped)
        for act in acts:
            world.play(*act)
        for period in (NOVEMBER, Period(date(2026, 9, 20), date(2026, 11, 12))):
            for question in asked(scoped):
                answer = read(question, period, now=world.now)
                slowly = count(question, period, "Asia/Shanghai", world.now)
                assert comparable(answer) == slowly
        check_ratings(world)
        check_sets(world)
        count_company()
        assert differences() == 0
        transaction.set_rollback(True)


def check_ratings(world: World) -> None:
    """Month by month and day by day, kept or not."""
    last = date(2026, 11, 12)
    months = [date(2026, month, 1) for month in (9, 10, 11)]
    for starts, by_day in ((months, False), (days_of(date(2026, 10, 25), last), True)):
        slowly = count_ratings(starts, last, world.now)
        assert read_ratings(starts, last, by_day=by_day) == slowly


def check_sets(world: World) -> None:
    """Each figure counts the tickets that its list shows."""
    whole = read(EVERYTHING, Period(date(2026, 1, 1), date(2026, 12, 31)), now=world.now).total
    for figure in FIGURES:
        rows = narrowed(Ticket.objects.all(), figure, world.now)
        promise, _, fate = figure.rpartition("_")
        parts = [f"{promise}_kept", f"{promise}_missed"] if fate == "known" else [figure]
        assert (figure, rows.count()) == (figure, sum(getattr(whole, each) for each in parts))
    given = count_ratings([date(2026, 1, 1)], date(2026, 12, 31), world.now)
    for stars in range(1, 6):
        gave = sum(count for (_day, _place, score), count in given.items() if score == stars)
        assert (stars, Ticket.objects.filter(last_word(score=stars)).count()) == (stars, gave)
    hands = total_of(on_hand(EVERYTHING, now=world.now))
    still = Ticket.objects.exclude(status__in=(Status.RESOLVED, Status.CLOSED))
    late = Ticket.objects.exclude(status=Status.CLOSED).filter(next_due_at__lt=world.now)
    assert (hands.open, hands.late) == (still.count(), late.count())
