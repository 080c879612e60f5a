"""Keeping the figures: a change marks its day, a pass counts the marked days anew.

Both may happen at any time and as often as they like. A mark is written in the transaction of the
change; the pass takes marks away in the transaction that counts their days, after it has seen
them. So a day without a mark is a day whose figures are right.
"""

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import connection, transaction
from django.db.models import Max, Min

from complaints.models import EventKind, FigureBook, FigureMark, Ticket
from complaints.services.figures_days import (
    ONE_DAY,
    day_of,
    days_of,
    month_of,
    next_month,
    start_of,
)
from complaints.services.figures_sql import (
    DIFFERENCES,
    REPLACE_DAYS,
    REPLACE_FACTS,
    REPLACE_MONTHS,
)
from tenancy.models import Company
from tenancy.models.base import uuid7
from tenancy.scope import company_scope, require_company_id
from tenancy.services.clock import database_now

logger = logging.getLogger(__name__)

# Nothing is counted of these.
UNCOUNTED = frozenset({
    EventKind.COMMENTED, EventKind.NOTED, EventKind.ATTACHED, EventKind.URGED, EventKind.WARNED,
    EventKind.BREACHED, EventKind.SEEN,
})  # fmt: skip
AT_ONCE = 14  # days in one statement


def mark(tickets: Iterable[Ticket]) -> None:
    """These tickets have changed: the figures of their days are to be counted anew."""
    moments = {ticket.created_at for ticket in tickets}
    FigureMark.objects.bulk_create(FigureMark(filed_at=moment) for moment in sorted(moments))


@dataclass(frozen=True, slots=True)
class CountingReport:
    """What one pass did: days counted, companies looked at, and those that failed."""

    days: int
    companies: int
    failed: int


def never() -> bool:
    """Go on until nothing is left."""
    return False


def count_marked(*, stop: Callable[[], bool] = never) -> CountingReport:
    """Count what is marked, of every company, one short transaction each.

    Call it outside any company.
    """
    days = failed = 0
    companies = companies_to_count()
    for company_id in companies:
        if stop():
            break
        try:
            with company_scope(company_id):
                days += count_company()
        except Exception:
            logger.exception("The figures of company %s could not be counted", company_id)
            failed += 1
    return CountingReport(days, len(companies), failed)


def companies_to_count() -> list[UUID]:
    """The companies with something to count: ids only, asked over all of them."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT company_id FROM complaints_companies_to_count()")
        return [row[0] for row in cursor.fetchall()]


@transaction.atomic
def count_company(*, anew: bool = False) -> int:
    """Count the marked days of the company being served, or all of them; how many there were.

    Whoever comes while somebody else is counting finds nothing to do.
    """
    company = Company.objects.get(pk=require_company_id())
    zone = ZoneInfo(company.zone)
    book = take_book(company.zone, wait=anew)
    if book is None:
        return 0
    moments = take_marks()
    if anew or book.zone != company.zone or not book.has_facts:
        days = all_days(zone)
        # Also what lies outside: before a move to another zone, or of tickets that are gone.
        forget_figures()
    else:
        days = sorted({day_of(moment, zone) for moment in moments})
    count_days(days, zone)
    now = database_now()
    FigureBook.objects.update(zone=company.zone, counted_at=now, facts_at=now)
    return len(days)


@transaction.atomic
def recount_all() -> int:
    """Count every day of the company anew, e.g. after tickets were loaded in bulk."""
    return count_company(anew=True)


def differences() -> int:
    """How many kept figures of the company differ from a recount of the same moment: none."""
    zone = Company.objects.values_list("zone", flat=True).get(pk=require_company_id())
    days = all_days(ZoneInfo(zone))
    with connection.cursor() as cursor:
        cursor.execute(
            DIFFERENCES,
            {**windows(days, ZoneInfo(zone)), "zone": zone, "company": require_company_id()},
        )
        found: int = cursor.fetchone()[0]
    return found


@dataclass(frozen=True, slots=True)
class Book:
    """The book while it is being written in."""

    zone: str
    has_facts: bool  # not a new one, nor one whose last pass knew of none


def take_book(zone: str, *, wait: bool) -> Book | None:
    """Lock the book until the transaction ends; None when somebody else writes in it."""
    _run(MAKE_BOOK, {"id": uuid7(), "zone": zone})
    rows = FigureBook.objects.select_for_update(skip_locked=not wait, of=("self",))
    found = rows.first()
    return None if found is None else Book(found.zone, found.facts_at == found.counted_at)


MAKE_BOOK = """
INSERT INTO complaints_figurebook (company_id, id, zone, counted_at)
VALUES (%(company)s, %(id)s, %(zone)s, now()) ON CONFLICT (company_id) DO NOTHING
"""
TAKE_MARKS = "DELETE FROM complaints_figuremark WHERE company_id = %(company)s RETURNING filed_at"
FORGET = "DELETE FROM complaints_figure WHERE company_id = %(company)s"
FORGET_FACTS = "DELETE FROM complaints_figurefact WHERE company_id = %(company)s"


def take_marks() -> set[datetime]:
    """Take away the marks that are there now; later statements see what they stand for."""
    with connection.cursor() as cursor:
        cursor.execute(TAKE_MARKS, {"company": require_company_id()})
        return {row[0] for row in cursor.fetchall()}


def forget_figures() -> None:
    """Begin with an empty book."""
    _run(FORGET, {})
    _run(FORGET_FACTS, {})


def all_days(zone: ZoneInfo) -> list[date]:
    """From the day of the oldest ticket to that of the newest."""
    found = Ticket.objects.aggregate(oldest=Min("created_at"), newest=Max("created_at"))
    if found["oldest"] is None:
        return []
    return days_of(day_of(found["oldest"], zone), day_of(found["newest"], zone))


def count_days(days: list[date], zone: ZoneInfo) -> None:
    """Replace the facts and figures of these days, and the figures of their months."""
    for start in range(0, len(days), AT_ONCE):
        part = days[start : start + AT_ONCE]
        _run(REPLACE_FACTS, windows(part, zone))
        _run(REPLACE_DAYS, {"days": part})
    for month in sorted({month_of(day) for day in days}):
        _run(REPLACE_MONTHS, {"month": month, "next": next_month(month)})


def windows(days: list[date], zone: ZoneInfo) -> dict[str, Any]:
    """Days with the moments between which they lie, as the statements want them."""
    return {
        "days": days,
        "starts": [start_of(day, zone) for day in days],
        "ends": [start_of(day + ONE_DAY, zone) for day in days],
    }


def _run(sql: str, values: dict[str, Any]) -> int:
    with connection.cursor() as cursor:
        cursor.execute(sql, {**values, "company": require_company_id()})
        return int(cursor.rowcount)
