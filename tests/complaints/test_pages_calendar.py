"""The year of a company: looked at, changed after a rehearsal, kept from making no sense."""

from collections.abc import Iterator
from datetime import date, timedelta
from threading import Thread
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from complaints.models import Deadline, EventKind, Ticket
from complaints.services.opening import rehearse, set_days
from complaints.services.year import months, runs
from tenancy.models import AuditEntry, CalendarDay, Community, CompanyCalendar
from tenancy.scope import company_scope
from tenancy.services.working_time import WorkingTimes
from tests.conftest import SignIn
from tests.factories.cast import TUESDAY, Cast
from tests.tenancy.test_staffing import wait_for_waiting

EN = {"Accept-Language": "en"}
WEEK = {f"day{day}": "08:30-12:00 13:30-18:00" for day in range(5)} | {
    "follows_official": "on", "moves_weekends": "on"
}  # fmt: skip


@pytest.fixture(autouse=True)
def on_tuesday() -> Iterator[None]:
    with time_machine.travel(TUESDAY, tick=False):
        yield


@pytest.fixture
def admin(jinxiu: Cast, sign_in: SignIn) -> Client:
    return sign_in(jinxiu.admin)


def url(cast: Cast, name: str = "calendar") -> str:
    return reverse(f"complaints:{name}", kwargs={"company": cast.company.slug})


def due(cast: Cast, ticket: Ticket) -> Any:
    with company_scope(cast.company.pk):
        return Deadline.objects.get(ticket=ticket, promise="callback").due_at


def days_of(cast: Cast) -> list[tuple[date, Any, str]]:
    with company_scope(cast.company.pk):
        rows = CalendarDay.objects.order_by("on").values_list("on", "periods", "note")
        return list(rows)


@pytest.mark.parametrize(("role", "status"), [("manager", 403), ("desk", 403), ("admin", 200)])
def test_calendar_is_for_the_admin(jinxiu: Cast, sign_in: SignIn, role: str, status: int) -> None:
    assert sign_in(jinxiu.members[role]).get(url(jinxiu)).status_code == status


@pytest.mark.parametrize("year", [2015, 2099])
def test_calendar_shows_years_far_away(jinxiu: Cast, admin: Client, year: int) -> None:
    page = admin.get(url(jinxiu), {"year": str(year)})
    assert (page.context["year"], page.context["runs"] != []) == (year, True)


def test_calendar_shows_the_official_year(jinxiu: Cast, admin: Client) -> None:
    context = admin.get(url(jinxiu)).context
    told = [
        (f"{first.on:%m-%d}", f"{last.on:%m-%d}", first.kind, name)
        for first, last, name in context["runs"]
    ]
    assert told[:4] == [
        ("01-01", "01-03", "off", "元旦"),
        ("01-04", "01-04", "makeup", "元旦"),
        ("02-14", "02-14", "makeup", "春节"),
        ("02-15", "02-23", "off", "春节"),
    ]
    assert [month.open_days for month in context["months"]][:2] == [21, 16]
    assert context["estimated"] is False


def test_calendar_marks_a_year_that_is_not_published(jinxiu: Cast, admin: Client) -> None:
    page = admin.get(url(jinxiu), {"year": "2027"}, headers=EN)
    assert page.context["estimated"] is True
    assert "not published yet" in page.content.decode()


@pytest.mark.parametrize("year", ["", "x", "0", "99999", "２０２６", "1999", "\x00"])
def test_calendar_of_no_year_is_this_years(jinxiu: Cast, admin: Client, year: str) -> None:
    assert admin.get(url(jinxiu), {"year": year}).context["year"] == 2026


@pytest.mark.parametrize("on", ["", "x", "2026-02-30", "\x00"])
def test_calendar_of_no_day_points_at_none(jinxiu: Cast, admin: Client, on: str) -> None:
    assert admin.get(url(jinxiu), {"on": on}).context["picked"] is None


def test_calendar_asks_as_much_with_many_days(jinxiu: Cast, admin: Client) -> None:
    counts = []
    for day in (11, 12, 13):
        with company_scope(jinxiu.company.pk):
            CalendarDay.objects.create(on=date(2026, 11, day))
        with CaptureQueriesContext(
            connection,
        ) as queries:
            admin.get(url(jinxiu))
        counts.append(len(queries))
    assert counts[0] == counts[2]


def test_days_say_what_they_would_move_before_they_do(jinxiu: Cast, admin: Client) -> None:
    ticket = jinxiu.file()
    data = {"since": "2026-11-11", "until": "", "hours": "", "note": "停电检修"}
    asked = admin.post(url(jinxiu, "calendar_days"), data, headers=EN)
    assert (asked.status_code, asked.context["would_move"]) == (200, 2)
    assert "2 open promises move with this." in asked.content.decode()
    assert (days_of(jinxiu), due(jinxiu, ticket)) == ([], TUESDAY + timedelta(days=1))

    answer = admin.post(url(jinxiu, "calendar_days"), data | {"confirmed": "yes"})
    assert answer.status_code == 302
    assert days_of(jinxiu) == [(date(2026, 11, 11), [], "停电检修")]
    assert due(jinxiu, ticket) == TUESDAY + timedelta(days=2)
    with company_scope(jinxiu.company.pk):
        assert ticket.events.filter(kind=EventKind.DUE_CHANGED).count() == 2
        assert AuditEntry.objects.get().action == "set_days"


def test_days_that_move_nothing_are_set_at_once(jinxiu: Cast, admin: Client) -> None:
    data = {"since": "2026-12-24", "until": "2026-12-26", "hours": "9:00-12:00, 13:30–24:00"}
    assert admin.post(url(jinxiu, "calendar_days"), data).status_code == 302
    assert [on.day for on, _periods, _note in days_of(jinxiu)] == [24, 25, 26]
    assert days_of(jinxiu)[0][1] == [["09:00", "12:00"], ["13:30", "00:00"]]


def test_days_replace_what_was_set_before_and_go_again(jinxiu: Cast, admin: Client) -> None:
    ticket = jinxiu.file()
    data = {"since": "2026-11-11", "until": "2026-11-12", "confirmed": "yes"}
    for note in ("一", "二"):
        admin.post(url(jinxiu, "calendar_days"), data | {"note": note})
    assert [note for _on, _periods, note in days_of(jinxiu)] == ["二", "二"]
    assert due(jinxiu, ticket) == TUESDAY + timedelta(days=3)
    page = admin.get(url(jinxiu), {"on": "2026-11-11"})
    assert page.context["days_form"].initial["note"] == "二"

    for _twice in range(2):
        admin.post(url(jinxiu, "calendar_days"), data | {"clear": "yes"})
    assert (days_of(jinxiu), due(jinxiu, ticket)) == ([], TUESDAY + timedelta(days=1))


def test_a_community_has_days_of_its_own(jinxiu: Cast, admin: Client) -> None:
    with company_scope(jinxiu.company.pk):
        Community.objects.create(name="月亮湾")
    data = {
        "since": "2026-11-14", "hours": "9:00-12:00", "community": str(jinxiu.community.pk)
    }  # fmt: skip
    admin.post(url(jinxiu, "calendar_days"), data)
    kinds = []
    for community in (str(jinxiu.community.pk), "", "nonsense"):
        page = admin.get(url(jinxiu), {"community": community})
        cells = [
            each
            for week in page.context["months"][10].weeks
            for each in week
            if each and each.on.day == 14
        ]
        kinds.append(cells[0].kind)
    assert kinds == ["own_open", "rest", "rest"]


@pytest.mark.parametrize(
    "data",
    [
        {"since": "", "hours": ""},
        {"since": "nonsense", "hours": ""},
        {"since": "2026-11-14", "hours": "whenever"},
        {"since": "2026-11-14", "hours": "12:00-09:00"},
        {"since": "2026-11-14", "hours": "09:00-12:00 11:00-13:00"},
        {"since": "2026-11-14", "hours": "\x00"},
        {"since": "2026-11-14", "until": "2026-11-13"},
        {"since": "2026-11-14", "until": "2036-11-14"},
        {"since": "2026-11-14", "note": "x" * 81},
        {"since": "2026-11-14", "community": "nonsense"},
    ],
)
@pytest.mark.parametrize("more", [{}, {"confirmed": "yes"}])
def test_days_that_make_no_sense_come_back(
    jinxiu: Cast, admin: Client, data: dict[str, str], more: dict[str, str]
) -> None:
    assert admin.post(url(jinxiu, "calendar_days"), data | more).status_code == 422
    assert days_of(jinxiu) == []


def test_the_rivals_days_stay(jinxiu: Cast, heyue: Cast, admin: Client) -> None:
    with company_scope(heyue.company.pk):
        CalendarDay.objects.create(on=date(2026, 11, 11))
    data = {"since": "2026-11-11", "clear": "yes", "confirmed": "yes"}
    admin.post(url(jinxiu, "calendar_days"), data)
    assert [on for on, _periods, _note in days_of(heyue)] == [date(2026, 11, 11)]


def test_the_week_is_changed_after_a_rehearsal(jinxiu: Cast, heyue: Cast, admin: Client) -> None:
    ticket, theirs = jinxiu.file(), heyue.file()
    data = WEEK | {"day2": "10:00-12:00 13:30-18:00"}
    asked = admin.post(url(jinxiu, "calendar_week"), data)
    assert (asked.status_code, asked.context["would_move"] > 0) == (200, True)
    assert asked.context["week_form"]["day2"].value() == "10:00-12:00 13:30-18:00"
    assert due(jinxiu, ticket) == TUESDAY + timedelta(days=1)
    assert admin.post(url(jinxiu, "calendar_week"), data | {"confirmed": "1"}).status_code == 302
    with company_scope(jinxiu.company.pk):
        row = CompanyCalendar.objects.get()
    assert (row.week["2"], row.revision) == ([["10:00", "12:00"], ["13:30", "18:00"]], 2)
    assert due(jinxiu, ticket) > TUESDAY + timedelta(days=1)
    assert due(heyue, theirs) == TUESDAY + timedelta(days=1)


def test_a_week_that_stays_changes_nothing(jinxiu: Cast, admin: Client) -> None:
    assert admin.post(url(jinxiu, "calendar_week"), WEEK).status_code == 302
    with company_scope(jinxiu.company.pk):
        assert (CompanyCalendar.objects.get().revision, AuditEntry.objects.count()) == (1, 0)


def test_a_company_may_keep_no_holidays(jinxiu: Cast, admin: Client) -> None:
    week = {name: value for name, value in WEEK.items() if name.startswith("day")}
    for data in (week, WEEK):
        admin.post(url(jinxiu, "calendar_week"), data | {"confirmed": "1"})
        page = admin.get(url(jinxiu))
        with company_scope(jinxiu.company.pk):
            kept = CompanyCalendar.objects.get().country
        assert bool(page.context["runs"]) == bool(kept)
    assert kept == "CN"


@pytest.mark.parametrize("hours", ["x", "12:00-09:00", "09:00-12:00 11:00-13:00", "\x00"])
def test_a_week_that_makes_no_sense_comes_back(jinxiu: Cast, admin: Client, hours: str) -> None:
    answer = admin.post(url(jinxiu, "calendar_week"), WEEK | {"day0": hours})
    assert answer.status_code == 422


def test_a_week_in_which_nothing_could_be_kept_is_refused(jinxiu: Cast, admin: Client) -> None:
    jinxiu.file()
    for more in ({}, {"confirmed": "1"}):
        assert admin.post(url(jinxiu, "calendar_week"), more).status_code == 422
    with company_scope(jinxiu.company.pk):
        assert CompanyCalendar.objects.get().week != {}


def test_a_rehearsal_leaves_nothing(scoped: Cast) -> None:
    scoped.file()
    moved = rehearse(
        lambda: set_days(
            since=date(2026, 11, 11), until=date(2026, 11, 11), periods=[], note="",
            by=scoped.actor("admin"), now=TUESDAY,
        )
    )  # fmt: skip
    assert (moved, CalendarDay.objects.count(), AuditEntry.objects.count()) == (2, 0, 0)


def test_a_year_around_the_clock_ends_at_midnight(scoped: Cast) -> None:
    calendar = WorkingTimes().around_the_clock()
    first = months(calendar, 2026)[0]
    assert first.weeks[0][:4] == (None, None, None, first.weeks[0][3])
    assert first.weeks[0][3] is not None
    assert first.weeks[0][3].hours == ("00:00–24:00",)
    assert (first.open_days, runs([first])) == (31, [])


@pytest.mark.django_db(transaction=True)
def test_the_same_days_are_set_by_two_at_once(jinxiu: Cast) -> None:
    day: dict[str, Any] = {"since": date(2026, 12, 31), "until": date(2026, 12, 31)}
    by: dict[str, Any] = {"by": jinxiu.actor("admin"), "now": TUESDAY}
    done = []

    def set_it() -> None:
        with company_scope(jinxiu.company.pk):
            done.append(set_days(**day, periods=[], note="second", **by))
        connection.close()

    other = Thread(target=set_it)
    with company_scope(jinxiu.company.pk):
        set_days(**day, periods=[], note="first", **by)
        other.start()
        wait_for_waiting(1)
    other.join(20)
    assert (done, days_of(jinxiu)) == ([0], [(date(2026, 12, 31), [], "second")])
