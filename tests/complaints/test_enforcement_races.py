"""The machine beside people who work, on connections of their own; and all or nothing."""

import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import datetime

import pytest
from django.db import connection, transaction

from complaints.models import Deadline, Escalation, PromiseKind, TicketEvent
from complaints.services.enforcement import EnforcementReport, enforce
from complaints.services.handling import accept
from complaints.services.lifecycle import claim
from notifications.models import Delivery, Kind, Notification
from tenancy.models import Heartbeat
from tenancy.scope import company_scope
from tests.databases import owner
from tests.factories.cast import SHANGHAI, Cast

pytestmark = pytest.mark.django_db(transaction=True)

WARNING = datetime(2026, 11, 10, 9, 30, tzinfo=SHANGHAI)


def elsewhere(work: Callable[[], EnforcementReport]) -> EnforcementReport:
    """Do something on a connection of its own; it must not have to wait for this one."""
    found: list[EnforcementReport] = []

    def run() -> None:
        with closing(connection):
            found.append(work())

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    thread.join(10)
    assert found, "it waited for a lock"
    return found[0]


@contextmanager
def news_that_cannot_be_written(title: str) -> Iterator[None]:
    """The database refuses to warn of one ticket."""
    table = "ALTER TABLE notifications_notification"
    with owner() as cursor:
        cursor.connection.autocommit = True
        cursor.execute(
            f"{table} ADD CONSTRAINT broken"
            " CHECK (kind <> 'warning' OR params->>'title' <> %s) NOT VALID",
            [title],
        )
        try:
            yield
        finally:
            cursor.execute(f"{table} DROP CONSTRAINT broken")


@contextmanager
def table_that_cannot_be_written(table: str) -> Iterator[None]:
    """Somebody holds a lock, and statements give up soon."""
    with connection.cursor() as mine, owner() as cursor:
        mine.execute("SET statement_timeout = '300ms'")
        cursor.execute(f"LOCK TABLE {table} IN EXCLUSIVE MODE")
        try:
            yield
        finally:
            mine.execute("RESET statement_timeout")


def written(cast: Cast) -> tuple[int, int, int, int]:
    """Steps, events, news and e-mails of the machine."""
    with company_scope(cast.company.pk):
        news = Notification.objects.filter(kind__in=(Kind.WARNING, Kind.ESCALATION))
        return (
            Escalation.objects.count(),
            TicketEvent.objects.filter(via="machine").count(),
            news.count(),
            Delivery.objects.filter(notification__in=news).count(),
        )


def test_promise_kept_at_the_last_moment_is_left_alone(jinxiu: Cast) -> None:
    """Accepting has locked the deadline: the machine does not wait, and finds it kept later."""
    ticket = jinxiu.file()
    with company_scope(jinxiu.company.pk):
        accept(ticket=ticket, by=jinxiu.actor("desk"), now=WARNING)
        assert elsewhere(lambda: enforce(now=WARNING)) == EnforcementReport(0, 1, 0)
    assert enforce(now=WARNING) == EnforcementReport(0, 0, 0)


def test_machine_need_not_wait_for_somebody_who_works_on_the_ticket(jinxiu: Cast) -> None:
    """Otherwise both could wait for each other: they for the deadline, it for the ticket."""
    ticket = jinxiu.file()
    with company_scope(jinxiu.company.pk):
        claim(ticket)
        assert elsewhere(lambda: enforce(now=WARNING)).steps == 1
        accept(ticket=ticket, by=jinxiu.actor("desk"), now=WARNING)
    with company_scope(jinxiu.company.pk):
        row = Deadline.objects.get(promise=PromiseKind.ACCEPTANCE)
    assert (row.met_at, row.next_level, row.next_action_at) == (WARNING, 1, None)


def test_two_passes_at_once_share_the_work(jinxiu: Cast) -> None:
    for number in range(4):
        jinxiu.file(title=f"电梯 {number}")
    with transaction.atomic(), company_scope(jinxiu.company.pk):
        mine = list(
            Deadline.objects.filter(promise=PromiseKind.ACCEPTANCE)
            .order_by("id")
            .select_for_update()[:2]
        )
        assert elsewhere(lambda: enforce(now=WARNING)).steps == 2
    assert len(mine) == 2
    assert enforce(now=WARNING).steps == 2
    assert written(jinxiu) == (4, 4, 4, 4)


def test_step_that_cannot_be_told_is_not_taken(jinxiu: Cast) -> None:
    """Event and news are written with the step, or none of them; the others are not held up."""
    good, bad = jinxiu.file(), jinxiu.file(title="说不出口")
    with news_that_cannot_be_written("说不出口"):
        assert enforce(now=WARNING) == EnforcementReport(steps=1, companies=1, failed=1)
    assert written(jinxiu) == (1, 1, 1, 1)
    with company_scope(jinxiu.company.pk):
        taken = Escalation.objects.get()
        row = Deadline.objects.get(ticket_id=bad.pk, promise=PromiseKind.ACCEPTANCE)
    assert taken.ticket_id == good.pk
    assert (row.next_level, row.next_action_at) == (0, WARNING.replace(hour=10))
    assert row.last_error.startswith("IntegrityError: ")
    assert enforce(now=WARNING.replace(hour=10)).failed == 0


def test_company_that_cannot_be_served_leaves_no_sign_of_life(jinxiu: Cast) -> None:
    """The database is not well: no row is to blame, so none is set aside."""
    jinxiu.file()
    with table_that_cannot_be_written("complaints_escalation"):
        assert enforce(now=WARNING) == EnforcementReport(steps=0, companies=1, failed=1)
    assert not Heartbeat.objects.exists()
    assert written(jinxiu) == (0, 0, 0, 0)
    assert enforce(now=WARNING) == EnforcementReport(steps=1, companies=1, failed=0)
    assert Heartbeat.objects.count() == 1
