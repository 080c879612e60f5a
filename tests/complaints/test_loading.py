"""How much everybody has to do, against the opening hours left."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from complaints.forms.reassign import Rooms, said
from complaints.models import Ticket
from complaints.services.handling import accept, pause
from complaints.services.lateness import soon_until
from complaints.services.loading import Load, Loads, Work
from tenancy.models import Absence, CompanyCalendar, DepartmentMember
from tenancy.scope import company_scope
from tenancy.services.working_time import WorkingTimes
from tests.factories.cast import OFFICE_WEEK, TUESDAY, Cast

FRIDAY_EVENING = TUESDAY.replace(day=13, hour=18)
# 3.5 + 4.5 hours a day: from Tuesday nine o'clock a half hour is gone.
LEFT = timedelta(hours=4 * 8 - 0.5)


def of(cast: Cast, role: str, **more: Any) -> Load:
    return Loads(**{"now": TUESDAY, **more}).people[cast.members[role].pk]


def given(cast: Cast, role: str, count: int = 1, **more: Any) -> list[Ticket]:
    tickets = [cast.file(**more) for _ in range(count)]
    Ticket.objects.filter(id__in=[each.pk for each in tickets]).update(assignee=cast.members[role])
    return [Ticket.objects.get(pk=each.pk) for each in tickets]


def test_work_weighs_what_its_category_usually_takes(jinxiu: Cast, scoped: Any) -> None:
    jinxiu.lift.usual_minutes = 90
    jinxiu.lift.save(update_fields=["usual_minutes"])
    given(jinxiu, "technician", 2)
    given(jinxiu, "technician", category=jinxiu.tap, kind="repair")
    load = of(jinxiu, "technician")
    assert (load.work.tickets, load.work.hours, load.room) == (3, 4.0, LEFT)
    assert (load.percent, load.state) == (round(100 * 4 / 31.5), "ok")


def test_what_waits_for_somebody_else_weighs_nothing(jinxiu: Cast, scoped: Any) -> None:
    (ticket,) = given(jinxiu, "technician")
    accept(ticket=ticket, by=jinxiu.actor("technician"), now=TUESDAY)
    pause(ticket=ticket, reason="part", by=jinxiu.actor("technician"), now=TUESDAY)
    work = of(jinxiu, "technician").work
    assert (work.tickets, work.waiting, work.hours) == (0, 1, 0.0)


def test_more_than_fits_stands_out_and_so_does_nothing(jinxiu: Cast, scoped: Any) -> None:
    given(jinxiu, "technician", 33)
    assert of(jinxiu, "technician").state == "over"
    assert of(jinxiu, "technician").bar == 100
    assert (of(jinxiu, "supervisor").state, of(jinxiu, "supervisor").bar) == ("free", 0)


def test_late_tickets_are_counted(jinxiu: Cast, scoped: Any) -> None:
    given(jinxiu, "technician")
    assert of(jinxiu, "technician", now=TUESDAY + timedelta(hours=2)).work.late == 1


def test_after_the_last_closing_it_is_the_next_week_that_counts(jinxiu: Cast, scoped: Any) -> None:
    loads = Loads(now=FRIDAY_EVENING)
    assert (loads.span.is_next_week, loads.whole) == (True, timedelta(hours=40))
    assert loads.span.since.date() == date(2026, 11, 16)


def test_days_away_are_no_room(jinxiu: Cast, scoped: Any) -> None:
    away = {"membership": jinxiu.technician, "covered_by": jinxiu.desk}
    Absence.objects.create(starts_on=date(2026, 11, 9), ends_on=date(2026, 11, 10), **away)
    Absence.objects.create(starts_on=date(2026, 11, 13), ends_on=date(2026, 11, 30), **away)
    Absence.objects.create(starts_on=date(2026, 12, 24), ends_on=date(2026, 12, 31), **away)
    load = of(jinxiu, "technician")
    assert (load.room, load.state) == (timedelta(hours=16), "away")
    assert load.absence is not None
    assert load.absence.ends_on == date(2026, 11, 10)


def test_whoever_is_no_handler_is_away_without_a_trace(jinxiu: Cast, scoped: Any) -> None:
    day = date(2026, 11, 10)
    Absence.objects.create(membership=jinxiu.owner, starts_on=day, ends_on=day)
    assert jinxiu.owner.pk not in Loads(now=TUESDAY).people


def test_somebody_without_room_is_full_with_the_first_ticket(jinxiu: Cast, scoped: Any) -> None:
    week = (date(2026, 11, 9), date(2026, 11, 15))
    Absence.objects.create(membership=jinxiu.technician, starts_on=week[0], ends_on=week[1])
    assert (of(jinxiu, "technician").share, of(jinxiu, "technician").percent) == (0.0, None)
    given(jinxiu, "technician")
    load = of(jinxiu, "technician")
    assert (load.share, load.percent, load.bar) == (float("inf"), None, 100)


def test_work_of_nobody_is_counted_by_department(jinxiu: Cast, heyue: Cast) -> None:
    heyue.file()
    with company_scope(jinxiu.company.pk):
        jinxiu.file()
        jinxiu.file()
        unassigned = Loads(now=TUESDAY).unassigned
    assert {key: work.tickets for key, work in unassigned.items()} == {jinxiu.engineering.pk: 2}


def test_people_are_listed_by_department_the_fullest_first(jinxiu: Cast, scoped: Any) -> None:
    given(jinxiu, "technician")
    given(jinxiu, "manager")
    loads = Loads(now=TUESDAY)
    names = [load.member.name for load in loads.of([jinxiu.engineering.pk])]
    assert names == ["technician", "supervisor"]
    # Everybody who has a place or work.
    everybody = [load.member.name for load in loads.of(None)]
    assert everybody == ["manager", "technician", "supervisor"]


@pytest.mark.parametrize("count", [1, 3])
def test_loads_are_read_with_six_queries(jinxiu: Cast, scoped: Any, count: int) -> None:
    given(jinxiu, "technician", count)
    with CaptureQueriesContext(connection) as queries:
        Loads(now=TUESDAY)
    assert len(queries) == 6, [each["sql"][:120] for each in queries]


def test_choices_say_who_has_room_the_emptiest_first(jinxiu: Cast, scoped: Any) -> None:
    given(jinxiu, "technician", 4)
    DepartmentMember.objects.create(department=jinxiu.engineering, membership=jinxiu.desk)
    day = date(2026, 11, 10)
    Absence.objects.create(membership=jinxiu.desk, starts_on=day, ends_on=day)
    rooms = Rooms([jinxiu.community.pk], now=TUESDAY)
    engineering = dict(rooms.choices())["工程部"]
    assert [label for _value, label in engineering] == [
        "工程部 – whoever is free",
        "supervisor – 0% full, 0 h in hand",
        "technician – 13% full, 4 h in hand",
        "desk – away until 10 Nov",
    ]
    outside = [group for group in rooms.groups() if not group.value]
    assert [option.load.member.name for option in outside[0].options] == ["admin", "manager"]


def test_only_those_who_look_after_the_place_are_offered(jinxiu: Cast, scoped: Any) -> None:
    jinxiu.technician.all_communities = False
    jinxiu.technician.save(update_fields=["all_communities"])
    assert jinxiu.technician.pk not in Rooms([jinxiu.community.pk], now=TUESDAY).members


def test_somebody_without_opening_hours_is_told_by_tickets(jinxiu: Cast, scoped: Any) -> None:
    load = Load(jinxiu.desk, Work(tickets=2), timedelta(0))
    assert said(load) == "desk (2 in hand)"


@pytest.mark.parametrize(
    ("now", "until"),
    [
        (TUESDAY, TUESDAY.replace(day=11, hour=0)),
        (TUESDAY.replace(hour=17), TUESDAY.replace(day=11, hour=9, minute=30)),
        (FRIDAY_EVENING, TUESDAY.replace(day=16, hour=10, minute=30)),
    ],
)
def test_soon_is_today_or_two_working_hours(
    jinxiu: Cast, scoped: Any, now: Any, until: Any
) -> None:
    assert soon_until(WorkingTimes().of(None), now) == until


def test_soon_is_today_where_nothing_ever_opens(jinxiu: Cast, scoped: Any) -> None:
    CompanyCalendar.objects.update(week={day: [] for day in OFFICE_WEEK})
    assert soon_until(WorkingTimes().of(None), TUESDAY) == TUESDAY.replace(day=11, hour=0)
