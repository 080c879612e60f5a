"""Figures: what is kept, what is counted live, and that both are what a recount finds."""

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from complaints.models import (
    Figure,
    FigureBook,
    FigureFact,
    FigureMark,
    PromiseKind,
)
from complaints.models.figure import COUNTED
from complaints.services import figures_keeping, handling, talking
from complaints.services.figures_days import Period
from complaints.services.figures_keeping import (
    count_company,
    count_slice,
    differences,
    mark_all,
    recount_all,
)
from complaints.services.figures_reading import Answer, Counts, Question
from complaints.services.owner_voice import rate
from complaints.services.recomputing import recompute
from complaints.services.rules import set_promise
from tenancy.models import Company
from tests.complaints.figures_naive import ALL, comparable, count, promise_of, read
from tests.factories.cast import TUESDAY, Cast

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
NOVEMBER = Period(date(2026, 11, 1), date(2026, 11, 30))
EVERYTHING = Question(dimensions=ALL)


def total(
    cast: Cast, *, now: datetime = TUESDAY, period: Period = NOVEMBER, **asked: Any
) -> Counts:
    return read(Question(**asked), period, now=now).total


def test_a_ticket_is_counted_on_the_day_it_came_in(scoped: Cast) -> None:
    scoped.file(now=TUESDAY)
    scoped.file(now=TUESDAY + DAY)
    answer = read(EVERYTHING, NOVEMBER, now=TUESDAY)
    assert {day: counts.filed for day, counts in answer.days.items()} == {
        date(2026, 11, 10): 1,
        date(2026, 11, 11): 1,
    }
    assert answer.total.filed == 2


def test_a_change_marks_its_day_and_a_pass_takes_the_mark_away(scoped: Cast) -> None:
    count_company()
    ticket = scoped.file(now=TUESDAY)
    assert list(FigureMark.objects.values_list("filed_at", flat=True)) == [TUESDAY]
    assert count_company() == 1
    assert FigureMark.objects.count() == 0
    assert {(row.grain, row.dimension, row.filed) for row in Figure.objects.all()} == {
        (grain, dimension, 1)
        for grain in ("day", "month")
        for dimension in ("all", "category", "department", "building", "person")
    }
    handling.accept(ticket=ticket, by=scoped.actor("desk"), now=TUESDAY + HOUR)
    assert FigureMark.objects.count() == 1


def test_words_change_no_figure(scoped: Cast) -> None:
    ticket = scoped.file()
    count_company()
    talking.note(ticket=ticket, text="同上周", by=scoped.actor("desk"), now=TUESDAY)
    assert FigureMark.objects.count() == 0


def test_a_pass_writes_only_what_differs(scoped: Cast) -> None:
    first, second = scoped.file(), scoped.file(category=scoped.trapped)
    count_company()
    before = set(Figure.objects.values_list("id", flat=True))
    handling.accept(ticket=first, by=scoped.actor("desk"), now=TUESDAY)
    handling.accept(ticket=second, by=scoped.actor("desk"), now=TUESDAY)
    count_company()
    after = set(Figure.objects.values_list("id", flat=True))
    # Only the handler's cells are others: nobody's went, the desk's came.
    assert (len(before - after), len(after - before)) == (2, 2)


def test_what_is_kept_is_read_and_not_counted_again(scoped: Cast) -> None:
    scoped.file()
    count_company()
    Figure.objects.update(filed=7)
    assert total(scoped).filed == 7
    assert read(EVERYTHING, NOVEMBER, now=TUESDAY).live_days == 0


def test_a_marked_day_is_counted_live(scoped: Cast) -> None:
    scoped.file()
    count_company()
    Figure.objects.update(filed=7)
    scoped.file()
    answer = read(EVERYTHING, NOVEMBER, now=TUESDAY)
    assert (answer.live_days, answer.total.filed) == (1, 2)


def test_without_a_book_everything_is_counted_live(scoped: Cast) -> None:
    scoped.file()
    answer = read(EVERYTHING, NOVEMBER, now=TUESDAY)
    assert (answer.live_days, answer.total.filed) == (30, 1)


def test_a_promise_becomes_late_by_the_clock_alone(scoped: Cast) -> None:
    scoped.file()
    count_company()
    assert total(scoped, now=TUESDAY + HOUR).missed("acceptance") == 0
    late = total(scoped, now=TUESDAY + HOUR + timedelta(microseconds=1))
    assert (late.missed("acceptance"), late.missed("callback")) == (1, 0)
    assert FigureMark.objects.count() == 0


def test_what_was_kept_once_and_is_late_now_counts_as_missed(scoped: Cast) -> None:
    desk = scoped.actor("desk")
    ticket = scoped.file()
    handling.resolve(ticket=ticket, solution="修好了", by=desk, now=TUESDAY + HOUR)
    handling.reopen(ticket=ticket, reason="又坏了", by=desk, now=TUESDAY + 2 * HOUR)
    count_company()
    before = total(scoped, now=TUESDAY + 3 * HOUR)
    after = total(scoped, now=TUESDAY + 20 * DAY)
    assert (before.kept("resolution"), before.missed("resolution")) == (1, 0)
    assert (after.kept("resolution"), after.missed("resolution")) == (0, 1)
    assert (before.reopened, after.reopened) == (1, 1)


def test_a_promise_dropped_in_time_is_neither_kept_nor_missed(scoped: Cast) -> None:
    ticket = scoped.file(owner=None)
    handling.resolve(ticket=ticket, solution="好了", by=scoped.actor("desk"), now=TUESDAY)
    handling.close(ticket=ticket, by=scoped.actor("desk"), now=TUESDAY)
    assert total(scoped, now=TUESDAY + DAY).decided("callback") == 0


@pytest.mark.parametrize("change", ["category", "department", "assignee"])
def test_todays_values_count_and_the_change_moves_the_figures(scoped: Cast, change: str) -> None:
    ticket = scoped.file()
    count_company()
    handling.assign(
        ticket=ticket,
        department=scoped.desk_department,
        assignee=scoped.technician if change == "assignee" else None,
        by=scoped.actor("desk"),
        now=TUESDAY,
    )
    count_company()
    answer = read(EVERYTHING, NOVEMBER, now=TUESDAY)
    assert comparable(answer) == count(EVERYTHING, NOVEMBER, "Asia/Shanghai", TUESDAY)
    assert list(answer.by["department"]) == [scoped.desk_department.pk]


def test_the_last_word_of_the_owner_counts(scoped: Cast) -> None:
    desk, owner = scoped.actor("desk"), scoped.actor("owner")
    ticket = scoped.file()
    handling.resolve(ticket=ticket, solution="好了", by=desk, now=TUESDAY)
    rate(ticket=ticket, score=1, by=owner, now=TUESDAY + HOUR)
    assert (total(scoped).low, total(scoped).stars, total(scoped).asked) == (1, 1, 1)
    handling.resolve(ticket=ticket, solution="真好了", by=desk, now=TUESDAY + 2 * HOUR)
    rate(ticket=ticket, score=5, by=owner, now=TUESDAY + 3 * HOUR)
    found = total(scoped)
    assert (found.rated, found.low, found.stars, found.mean) == (1, 0, 5, 5.0)


def test_another_companys_tickets_are_never_counted(scoped: Cast, heyue: Cast) -> None:
    scoped.file()
    count_company()
    assert (total(scoped).filed, Figure.objects.filter(grain="day").count()) == (1, 5)


def test_a_backdated_ticket_counts_on_its_own_day(scoped: Cast) -> None:
    count_company()
    scoped.file(now=TUESDAY - 40 * DAY)
    october = Period(date(2026, 10, 1), date(2026, 10, 31))
    for _ in range(2):
        assert (total(scoped, period=october).filed, total(scoped).filed) == (1, 0)
        count_company()


def test_moved_promises_mark_the_days_of_their_tickets(scoped: Cast) -> None:
    scoped.file()
    count_company()
    row = promise_of(PromiseKind.CALLBACK)
    set_promise(
        promise=row, amount=3, measure=row.measure, is_active=True,
        by=scoped.actor("admin"), now=TUESDAY,
    )  # fmt: skip
    assert FigureMark.objects.count() == 1
    count_company()
    recompute(by=scoped.actor("admin"), now=TUESDAY, because="calendar")
    assert FigureMark.objects.count() == 0  # nothing moved


# --- everything anew, slice by slice ---


def test_a_recount_is_exact_after_every_slice_and_goes_on_where_it_broke_off(
    scoped: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(figures_keeping, "SLICE", 2)
    for day in range(5):
        scoped.file(now=TUESDAY - day * DAY)
    count_company()
    Figure.objects.update(filed=7)  # as if tickets had been written past the services
    plain = count(EVERYTHING, NOVEMBER, "Asia/Shanghai", TUESDAY)
    mark_all()
    left = []
    while True:
        answer = read(EVERYTHING, NOVEMBER, now=TUESDAY)
        assert comparable(answer) == plain
        left.append(answer.live_days)
        if not answer.live_days:
            break
        count_slice()
    assert (left, differences()) == ([5, 3, 1, 0], 0)


def test_a_recount_in_slices_finds_what_one_at_once_finds(
    scoped: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    def kept() -> list[tuple[Any, ...]]:
        rows = Figure.objects.order_by("grain", "dimension", "day", "kind", "key")
        return list(rows.values_list("grain", "dimension", "day", "kind", "key", *COUNTED))

    for day in (0, 1, 7, 20):
        scoped.file(now=TUESDAY - day * DAY)
    assert recount_all() == 21
    whole = kept()
    monkeypatch.setattr(figures_keeping, "SLICE", 3)
    Figure.objects.all().delete()
    assert (recount_all(), kept()) == (21, whole)


def test_a_recount_forgets_what_lies_outside_the_days_of_the_tickets(scoped: Cast) -> None:
    assert recount_all() == 0
    scoped.file(now=TUESDAY)
    count_company()
    Figure.objects.filter(grain="day").update(day=date(2025, 1, 2))
    Figure.objects.filter(grain="month").update(day=date(2027, 1, 1))
    FigureFact.objects.update(day=date(2025, 1, 2))
    assert (recount_all(), differences(), Figure.objects.count()) == (1, 0, 10)


# --- zones ---


def test_a_day_is_the_companys_own(scoped: Cast) -> None:
    scoped.file(now=datetime(2026, 11, 10, 23, 59, tzinfo=ZoneInfo("Asia/Shanghai")))
    scoped.file(now=datetime(2026, 11, 11, 0, 0, tzinfo=ZoneInfo("Asia/Shanghai")))
    for _ in range(2):
        answer = read(EVERYTHING, NOVEMBER, now=TUESDAY)
        assert sorted(answer.days) == [date(2026, 11, 10), date(2026, 11, 11)]
        count_company()


@pytest.mark.parametrize(
    ("zone", "day", "hours"),
    [
        ("America/Havana", date(2026, 3, 8), 23),  # midnight does not exist
        ("America/Havana", date(2026, 11, 1), 25),  # midnight comes twice
        ("Europe/Berlin", date(2026, 10, 25), 25),
        ("Asia/Shanghai", date(2026, 11, 10), 24),
    ],
)
def test_a_day_is_as_long_as_the_clocks_make_it(
    scoped: Cast, zone: str, day: date, hours: int
) -> None:
    Company.objects.filter(pk=scoped.company.pk).update(zone=zone)
    only = Period(day, day)
    window = figures_keeping.windows([day], ZoneInfo(zone))
    begins, ends = window["starts"][0], window["ends"][0]
    assert ends - begins == timedelta(hours=hours)
    for moment in (begins, ends - timedelta(microseconds=1), ends):
        scoped.file(now=moment)
    later = TUESDAY + 100 * DAY
    for _ in range(2):
        assert total(scoped, period=only, now=later).filed == 2
        assert comparable(read(EVERYTHING, only, now=later)) == count(EVERYTHING, only, zone, later)
        count_company()


def test_a_company_that_moves_to_another_zone_is_counted_anew(scoped: Cast) -> None:
    scoped.file(now=TUESDAY)
    count_company()
    Company.objects.filter(pk=scoped.company.pk).update(zone="America/Los_Angeles")
    for _ in range(2):
        answer = read(EVERYTHING, NOVEMBER, now=TUESDAY)
        assert list(answer.days) == [date(2026, 11, 9)]
        count_company()
    assert FigureBook.objects.get().zone == "America/Los_Angeles"
    assert set(Figure.objects.filter(grain="day").values_list("day", flat=True)) == {
        date(2026, 11, 9)
    }


def test_an_answer_without_tickets_is_nothing() -> None:
    assert (Answer().total, Counts().mean) == (Counts(), None)
