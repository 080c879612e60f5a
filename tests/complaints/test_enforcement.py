"""The machine takes each step exactly once, in order, and tells the right people."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import DataError, OperationalError, connection
from django.test.utils import CaptureQueriesContext

from complaints.models import (
    Deadline,
    Escalation,
    EventKind,
    Level,
    PromiseKind,
    ServicePolicy,
    Ticket,
    TicketEvent,
)
from complaints.services.calling import call_back
from complaints.services.enforcement import EnforcementReport, enforce
from complaints.services.handling import accept, close, pause, resolve
from notifications.models import Delivery, Kind, Notification
from tenancy.models import CompanyCalendar, Heartbeat
from tenancy.scope import company_scope
from tests.factories.cast import OFFICE_WEEK, SHANGHAI, TUESDAY, Cast

MINUTE = timedelta(minutes=1)


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """A moment of November 2026; the 10th is the Tuesday on which tickets are filed."""
    return datetime(2026, 11, day, hour, minute, tzinfo=SHANGHAI)


# An ordinary complaint filed on Tuesday at 9: acceptance is promised within an hour of opening
# time, so its levels come at these moments.
ACCEPTANCE = [at(10, 9, 30), at(10, 10), at(10, 12), at(10, 17, 30)]


def taken(cast: Cast, ticket: Ticket, promise: str = PromiseKind.ACCEPTANCE) -> list[Escalation]:
    with company_scope(cast.company.pk):
        return list(
            Escalation.objects.filter(ticket_id=ticket.pk, deadline__promise=promise).order_by(
                "level"
            )
        )


def deadline(cast: Cast, ticket: Ticket, promise: str = PromiseKind.ACCEPTANCE) -> Deadline:
    with company_scope(cast.company.pk):
        found: Deadline = Deadline.objects.get(ticket_id=ticket.pk, promise=promise)
        return found


def events(cast: Cast, ticket: Ticket) -> list[TicketEvent]:
    """What the machine wrote into the timeline."""
    with company_scope(cast.company.pk):
        return list(
            TicketEvent.objects.filter(ticket_id=ticket.pk, via="machine").order_by("at", "id")
        )


def told(cast: Cast) -> list[tuple[str, str]]:
    """Which role was told by the machine, and how."""
    with company_scope(cast.company.pk):
        rows = Notification.objects.filter(kind__in=(Kind.WARNING, Kind.ESCALATION))
        return sorted(rows.values_list("recipient__name", "kind"))


def forget(cast: Cast) -> None:
    """Empty the inboxes, so that what comes next is seen alone."""
    with company_scope(cast.company.pk):
        Notification.objects.all().delete()


def test_each_level_is_taken_at_its_moment_exactly_once(jinxiu: Cast) -> None:
    ticket = jinxiu.file()
    for so_far, moment in enumerate(ACCEPTANCE):
        before = enforce(now=moment - MINUTE)
        assert len(taken(jinxiu, ticket)) == so_far, before
        enforce(now=moment)
        enforce(now=moment)
        assert [row.level for row in taken(jinxiu, ticket)] == list(range(so_far + 1))
    assert [(row.planned_at, row.taken_at) for row in taken(jinxiu, ticket)] == [
        (moment, moment) for moment in ACCEPTANCE
    ]
    row = deadline(jinxiu, ticket)
    assert (row.next_level, row.next_action_at) == (Level.ADMIN + 1, None)


def test_report_counts_steps_and_companies(jinxiu: Cast, heyue: Cast) -> None:
    jinxiu.file()
    jinxiu.file(title="电梯有异响")
    heyue.file()
    assert enforce(now=at(10, 9, 29)) == EnforcementReport(steps=0, companies=0, failed=0)
    assert enforce(now=at(10, 9, 30)) == EnforcementReport(steps=3, companies=2, failed=0)
    assert enforce(now=at(10, 9, 30)) == EnforcementReport(steps=0, companies=0, failed=0)


def test_levels_climb_from_the_supervisor_to_the_admin(jinxiu: Cast) -> None:
    jinxiu.file()
    climbed = []
    for moment in ACCEPTANCE:
        enforce(now=moment)
        climbed.append(told(jinxiu))
        forget(jinxiu)
    assert climbed == [
        [("supervisor", Kind.WARNING)],
        [("supervisor", Kind.ESCALATION)],
        [("manager", Kind.ESCALATION)],
        # The callback, promised for Wednesday at 9, is warned of at 16:30 on Tuesday.
        [("admin", Kind.ESCALATION), ("supervisor", Kind.WARNING)],
    ]


def test_handler_is_told_once_somebody_took_it(jinxiu: Cast) -> None:
    ticket = jinxiu.file()
    with company_scope(jinxiu.company.pk):
        accept(ticket=ticket, by=jinxiu.actor("technician"), now=at(10, 9, 10))
    enforce(now=at(10, 16, 30))
    warned = told(jinxiu)
    forget(jinxiu)
    enforce(now=at(11, 9))
    assert (warned, told(jinxiu)) == (
        [("technician", Kind.WARNING)],
        [("supervisor", Kind.ESCALATION), ("technician", Kind.ESCALATION)],
    )


def test_after_an_outage_every_level_is_recorded_and_people_are_told_once(jinxiu: Cast) -> None:
    ticket = jinxiu.file()
    with company_scope(jinxiu.company.pk):
        Deadline.objects.exclude(promise=PromiseKind.ACCEPTANCE).update(next_action_at=None)
    report = enforce(now=at(12, 9))
    rows = taken(jinxiu, ticket)
    assert report.steps == 4
    assert [(row.level, row.planned_at, row.taken_at) for row in rows] == [
        (level, moment, at(12, 9)) for level, moment in enumerate(ACCEPTANCE)
    ]
    assert [row.told for row in rows] == [[], [], [], [str(jinxiu.admin.pk)]]
    assert told(jinxiu) == [("admin", Kind.ESCALATION)]
    assert [
        (event.kind, event.data["level"], event.data["told"]) for event in events(jinxiu, ticket)
    ] == [
        (EventKind.WARNED, 0, []),
        (EventKind.BREACHED, 1, []),
        (EventKind.ESCALATED, 2, []),
        (EventKind.ESCALATED, 3, ["admin"]),
    ]


def test_event_says_what_was_promised_and_who_was_told(jinxiu: Cast) -> None:
    ticket = jinxiu.file()
    enforce(now=at(10, 9, 30))
    (event,) = events(jinxiu, ticket)
    assert (event.kind, event.at, event.by_id, event.via) == (
        EventKind.WARNED, at(10, 9, 30), None, "machine",
    )  # fmt: skip
    assert event.data == {
        "promise": "acceptance",
        "level": 0,
        "due_at": "2026-11-10T02:00:00+00:00",
        "told": ["supervisor"],
    }


def test_news_leads_to_the_ticket_and_leaves_by_email(jinxiu: Cast) -> None:
    ticket = jinxiu.file()
    enforce(now=at(10, 10))
    with company_scope(jinxiu.company.pk):
        (news,) = Notification.objects.filter(kind=Kind.ESCALATION)
        channels = list(
            Delivery.objects.filter(notification=news).values_list("channel", flat=True)
        )
    assert (news.message, news.path, news.created_at, channels) == (
        "%(number)s: the %(promise_label)s was due at %(due_at)s.",
        f"/jinxiu/tickets/{ticket.pk}/",
        at(10, 10),
        ["email"],
    )
    assert news.params == {
        "number": ticket.number,
        "title": ticket.title,
        "promise_label": "acceptance",
        "due_at": "2026-11-10T02:00:00+00:00",
    }


def test_emergency_counts_around_the_clock(jinxiu: Cast) -> None:
    """Saturday night: 30 minutes to accept, then two hours, then four more."""
    ticket = jinxiu.file(category=jinxiu.trapped, now=at(14, 1))
    enforce(now=at(14, 8))
    assert [row.planned_at for row in taken(jinxiu, ticket)] == [
        at(14, 1, 15), at(14, 1, 30), at(14, 3, 30), at(14, 7, 30),
    ]  # fmt: skip


def test_kept_paused_and_dropped_promises_never_act(jinxiu: Cast) -> None:
    with company_scope(jinxiu.company.pk):
        desk = jinxiu.actor("desk")
        waiting, done = jinxiu.file(), jinxiu.file(title="电梯有异响")
        for ticket in (waiting, done):
            accept(ticket=ticket, by=desk, now=TUESDAY)
            call_back(ticket=ticket, outcome="reached_satisfied", by=desk, now=TUESDAY)
        pause(ticket=waiting, reason="part", by=desk, now=TUESDAY)
        resolve(ticket=done, solution="换了钢丝绳", by=desk, now=TUESDAY)
        call_back(ticket=done, outcome="reached_satisfied", by=desk, now=TUESDAY)
        close(ticket=done, by=desk, now=TUESDAY)
    assert enforce(now=at(30, 9)) == EnforcementReport(steps=0, companies=0, failed=0)


def test_step_that_was_recorded_before_is_not_taken_again(jinxiu: Cast) -> None:
    """Belt and braces: even a row whose level was set back by hand."""
    ticket = jinxiu.file()
    enforce(now=at(10, 9, 30))
    with company_scope(jinxiu.company.pk):
        Deadline.objects.filter(promise=PromiseKind.ACCEPTANCE).update(
            next_level=0, next_action_at=at(10, 9, 30)
        )
    assert enforce(now=at(10, 9, 40)).steps == 0
    assert [event.kind for event in events(jinxiu, ticket)] == [EventKind.WARNED]
    assert told(jinxiu) == [("supervisor", Kind.WARNING)]
    row = deadline(jinxiu, ticket)
    assert (row.next_level, row.next_action_at) == (Level.BREACH, at(10, 10))


def test_row_looked_at_too_early_waits_for_its_moment(jinxiu: Cast) -> None:
    ticket = jinxiu.file()
    with company_scope(jinxiu.company.pk):
        ServicePolicy.objects.update(warn_before=20)
    assert enforce(now=at(10, 9, 30)).steps == 0
    assert deadline(jinxiu, ticket).next_action_at == at(10, 9, 40)


def test_rival_is_told_of_its_own_tickets_only(jinxiu: Cast, heyue: Cast) -> None:
    ours, theirs = jinxiu.file(), heyue.file(now=TUESDAY + timedelta(hours=1))
    enforce(now=at(10, 10))
    assert (len(taken(jinxiu, ours)), len(taken(heyue, theirs))) == (2, 0)
    assert told(heyue) == []
    assert events(heyue, theirs) == []
    enforce(now=at(10, 11))
    with company_scope(heyue.company.pk):
        (news,) = Notification.objects.filter(kind=Kind.ESCALATION)
        assert (news.recipient_id, news.path) == (
            heyue.supervisor.pk, f"/heyue/tickets/{theirs.pk}/",
        )  # fmt: skip


def test_row_that_fails_is_set_aside_for_an_hour_and_holds_up_nobody(jinxiu: Cast) -> None:
    ordinary = jinxiu.file()
    emergency = jinxiu.file(category=jinxiu.trapped)
    with company_scope(jinxiu.company.pk):
        CompanyCalendar.objects.update(week={})  # open no more: nothing can be counted
    report = enforce(now=at(10, 9, 30))
    assert (report.steps, report.failed) == (2, 1)
    assert (len(taken(jinxiu, ordinary)), len(taken(jinxiu, emergency))) == (0, 2)
    row = deadline(jinxiu, ordinary)
    assert (row.next_level, row.next_action_at) == (Level.WARNING, at(10, 10, 30))
    assert row.last_error.startswith("NeverOpens: nothing opens within two years of ")


def test_row_set_aside_is_taken_when_it_can_be(jinxiu: Cast) -> None:
    ordinary = jinxiu.file()
    with company_scope(jinxiu.company.pk):
        CompanyCalendar.objects.update(week={})
    enforce(now=at(10, 9, 30))
    with company_scope(jinxiu.company.pk):
        CompanyCalendar.objects.update(week=OFFICE_WEEK)
    assert enforce(now=at(10, 10, 29)).steps == 0
    assert enforce(now=at(10, 10, 30)).steps == 2
    row = deadline(jinxiu, ordinary)
    assert (row.next_level, row.next_action_at, row.last_error) == (2, at(10, 12), "")


def test_company_that_fails_holds_up_no_other(jinxiu: Cast, heyue: Cast) -> None:
    jinxiu.file()
    theirs = heyue.file()
    with company_scope(jinxiu.company.pk):
        CompanyCalendar.objects.all().delete()
        ServicePolicy.objects.all().delete()
    report = enforce(now=at(10, 9, 30))
    assert (report.steps, report.companies, report.failed) == (1, 2, 1)
    assert len(taken(heyue, theirs)) == 1


def test_batches_of_several_companies_take_turns(jinxiu: Cast, heyue: Cast) -> None:
    for cast in (jinxiu, heyue):
        for number in range(5):
            cast.file(title=f"电梯 {number}")
    assert enforce(now=at(10, 9, 30), batch=2) == EnforcementReport(10, 2, 0)


def test_pass_stops_between_two_batches(jinxiu: Cast) -> None:
    for number in range(5):
        jinxiu.file(title=f"电梯 {number}")
    answers = iter([False, True])
    assert enforce(now=at(10, 9, 30), batch=2, stop=lambda: next(answers)).steps == 2


@pytest.fixture
def query_count(jinxiu: Cast) -> dict[int, int]:
    """How many queries a pass needs for 1 and for 3 due deadlines."""
    counts = {}
    for tickets, hour in ((1, 9), (3, 14)):
        for number in range(tickets):
            jinxiu.file(title=f"电梯 {number}", now=at(10, hour))
        with company_scope(jinxiu.company.pk):
            Deadline.objects.exclude(promise=PromiseKind.ACCEPTANCE).update(next_action_at=None)
        enforce(now=at(10, hour, 29))
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert enforce(now=at(10, hour, 30)).steps == tickets
        counts[tickets] = len(queries)
    return counts


def test_pass_needs_the_same_queries_for_one_and_for_three(query_count: dict[int, int]) -> None:
    assert query_count[3] == query_count[1]


def test_pass_leaves_a_sign_of_life(jinxiu: Cast) -> None:
    enforce(now=at(10, 9))
    assert Heartbeat.objects.filter(name="enforcement").count() == 1


def test_time_comes_from_the_database(jinxiu: Cast) -> None:
    """Filed years ago by our clock, so everything is due by the database's."""
    ticket = jinxiu.file(now=datetime(2024, 11, 12, 9, tzinfo=SHANGHAI))
    enforce()
    assert [row.level for row in taken(jinxiu, ticket)] == [0, 1, 2, 3]


@contextmanager
def failing(*failures: tuple[str, Exception]) -> Iterator[None]:
    """The database answers the next statements about a table with an error, one after another."""
    left = list(failures)

    def execute(go_on: Any, sql: str, *rest: Any) -> Any:
        if left and left[0][0] in sql:
            raise left.pop(0)[1]
        return go_on(sql, *rest)

    with connection.execute_wrapper(execute):
        yield
    assert left == []


def test_database_that_is_not_well_puts_the_blame_on_no_row(jinxiu: Cast) -> None:
    ticket = jinxiu.file()
    away = OperationalError("the database is shutting down")
    for failures in (
        [("complaints_servicepolicy", away)],  # while planning
        [("INTO complaints_escalation", away)],  # while writing
        [("INTO complaints_escalation", DataError()), ("INTO complaints_escalation", away)],
    ):
        with failing(*failures):
            assert enforce(now=at(10, 9, 30)) == EnforcementReport(0, 1, 1)
        row = deadline(jinxiu, ticket)
        assert (row.next_action_at, row.last_error) == (at(10, 9, 30), "")
    assert enforce(now=at(10, 9, 30)).steps == 1
