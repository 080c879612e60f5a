"""Figures of one category or department: out of the facts kept of each ticket."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection

from complaints.models import FigureBook, FigureFact, Kind, Ticket
from complaints.models.figure import NONE
from complaints.services import handling
from complaints.services.figures_days import Period
from complaints.services.figures_keeping import companies_to_count, count_company, differences
from complaints.services.figures_reading import Question
from complaints.services.owner_voice import rate
from tests.complaints.figures_naive import ALL, comparable, count, facts, read
from tests.factories.cast import TUESDAY, Cast

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
NOVEMBER = Period(date(2026, 11, 1), date(2026, 11, 30))
ZONE = "Asia/Shanghai"


def questions(cast: Cast) -> list[Question]:
    """Narrowed in every way, by things that some tickets have and others do not."""
    return [
        Question(department=cast.engineering.pk, dimensions=ALL),
        Question(department=cast.desk_department.pk, dimensions=ALL),
        Question(category=cast.lift.pk, dimensions=ALL),
        Question(category=cast.lift.pk, department=cast.engineering.pk, dimensions=ALL),
        Question(category=cast.tap.pk, kind="repair", dimensions=ALL),
        Question(department=cast.engineering.pk, communities=(), dimensions=ALL),
        Question(department=cast.engineering.pk, communities=(cast.community.pk,), dimensions=ALL),
    ]


def busy_days(cast: Cast) -> list[Ticket]:
    """Five days, each with a ticket of two categories, in all states."""
    desk = cast.actor("desk")
    filed = []
    for day in range(5):
        now = TUESDAY + day * DAY
        filed += [
            cast.file(now=now),
            cast.file(
                now=now,
                kind=Kind(cast.tap.kind),
                category=cast.tap,
                unit=None,
                community=cast.community,
            ),
        ]
    handling.resolve(ticket=filed[0], solution="好了", by=desk, now=TUESDAY + HOUR)
    rate(ticket=filed[0], score=2, by=cast.actor("owner"), now=TUESDAY + 2 * HOUR)
    handling.assign(
        ticket=filed[3], department=cast.desk_department, assignee=None, by=desk, now=TUESDAY + DAY
    )
    handling.accept(ticket=filed[4], by=desk, now=TUESDAY + 2 * DAY + HOUR)
    return filed


def check(cast: Cast, *, live_days: int) -> None:
    """Every question is answered as by a plain recount, soon and when promises have fallen due."""
    for question in questions(cast):
        for now in (TUESDAY + 5 * DAY, TUESDAY + 40 * DAY):
            answer = read(question, NOVEMBER, now=now)
            assert answer.live_days == live_days
            assert comparable(answer) == count(question, NOVEMBER, ZONE, now)


def test_a_narrowed_question_is_answered_from_clean_days_and_marked_ones(scoped: Cast) -> None:
    filed = busy_days(scoped)
    check(scoped, live_days=30)  # nothing is kept yet
    count_company()
    check(scoped, live_days=0)
    desk = scoped.actor("desk")
    handling.resolve(ticket=filed[2], solution="好了", by=desk, now=TUESDAY + 5 * DAY)
    handling.assign(
        ticket=filed[8], department=scoped.desk_department, assignee=scoped.technician,
        by=desk, now=TUESDAY + 5 * DAY,
    )  # fmt: skip
    check(scoped, live_days=2)
    assert count_company() == 2
    check(scoped, live_days=0)


def test_a_fact_is_what_is_counted_of_its_ticket(scoped: Cast) -> None:
    filed = busy_days(scoped)
    count_company()
    assert FigureFact.objects.count() == len(filed)
    for ticket in Ticket.objects.select_related("unit"):
        fact = FigureFact.objects.get(pk=ticket.pk)
        plain = facts(ticket, TUESDAY - DAY)  # before anything fell due by the clock alone
        assert {name: getattr(fact, name) for name in plain.__slots__} == {
            name: getattr(plain, name) for name in plain.__slots__
        }
        assert (fact.category_id, fact.department_id, fact.person_id, fact.building_id) == (
            ticket.category_id,
            ticket.department_id or NONE,
            ticket.assignee_id or NONE,
            ticket.unit.building_id if ticket.unit else NONE,
        )


def test_kept_facts_are_read_and_not_counted_again(scoped: Cast) -> None:
    scoped.file()
    scoped.file(now=TUESDAY + DAY)
    count_company()
    FigureFact.objects.update(filed=7)
    question = questions(scoped)[2]
    assert read(question, NOVEMBER, now=TUESDAY).total.filed == 14
    scoped.file(now=TUESDAY)  # that day is counted live, the other is kept
    assert read(question, NOVEMBER, now=TUESDAY).total.filed == 2 + 7


def versions() -> dict[Any, str]:
    """Which version of each fact lies in the table."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, ctid::text FROM complaints_figurefact")
        return dict(cursor.fetchall())


def test_a_pass_writes_only_the_facts_that_differ(scoped: Cast) -> None:
    first, second = scoped.file(), scoped.file()
    count_company()
    before = versions()
    handling.accept(ticket=first, by=scoped.actor("desk"), now=TUESDAY + HOUR)
    count_company()
    after = versions()
    assert (before[first.pk] != after[first.pk], before[second.pk] == after[second.pk]) == (
        True,
        True,
    )


def test_facts_of_tickets_that_are_gone_go_with_the_next_pass(scoped: Cast) -> None:
    scoped.file()
    count_company()
    FigureFact.objects.create(
        day=date(2026, 11, 10), kind="repair", community_id=NONE, category_id=NONE,
        department_id=NONE, building_id=NONE, person_id=NONE,
        **dict.fromkeys(facts(Ticket.objects.get(), TUESDAY).__slots__, 0),
    )  # fmt: skip
    assert differences() == 1
    scoped.file()
    count_company()
    assert (FigureFact.objects.count(), differences()) == (2, 0)


@pytest.mark.parametrize("facts_at", [None, TUESDAY])
def test_a_book_written_without_facts_is_not_relied_on_and_written_anew(
    scoped: Cast, facts_at: Any
) -> None:
    """As by the release before, which keeps figures and knows of no facts."""
    busy_days(scoped)
    count_company()
    FigureBook.objects.update(facts_at=facts_at)
    FigureFact.objects.update(filed=7)
    check(scoped, live_days=30)
    assert read(Question(dimensions=ALL), NOVEMBER, now=TUESDAY).live_days == 0
    assert scoped.company.pk in companies_to_count()
    assert count_company() == 5
    check(scoped, live_days=0)
    assert scoped.company.pk not in companies_to_count()


def test_a_check_finds_a_fact_that_is_not_so(scoped: Cast) -> None:
    scoped.file()
    count_company()
    FigureFact.objects.update(resolved=1)
    assert differences() == 2  # what is kept, and what is not
    FigureFact.objects.all().delete()
    assert differences() == 1
