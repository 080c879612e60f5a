"""Keeping the figures: a change marks its day, a pass counts the marked days anew.

Both may happen at any time and as often as they like. A mark is written in the transaction of the
change; the pass takes marks away in the transaction that counts their days, after it has seen
them. So a day without a mark is a day whose figures are right.

A pass goes by slices of a few days, the newest first, each in a transaction of its own. To count
everything anew is to mark every day: whoever asks meanwhile is answered as exactly as ever, and
what breaks off in the middle goes on with the next pass.
"""

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import connection, transaction
from django.db.models import Max, Min

from complaints.models import EventKind, FigureBook, FigureMark, Ticket
from complaints.services.figures_days import (
    FIRST,
    LAST,
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
    EventKind.BREACHED, EventKind.SEEN, EventKind.CALL_RATED,
})  # fmt: skip
SLICE = 14  # days that are counted in one transaction


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
    """Count what is marked, of every company, one short transaction for each slice.

    They take turns, so that nobody's day waits for somebody else's year. Call it outside any
    company.
    """
    days = failed = 0
    companies = waiting = companies_to_count()
    while waiting and not stop():
        company_id, *waiting = waiting
        try:
            with company_scope(company_id):
                found = count_slice()
        except Exception:
            logger.exception("The figures of company %s could not be counted", company_id)
            failed += 1
            continue
        days += found
        if found == SLICE:
            waiting = [*waiting, company_id]
    return CountingReport(days, len(companies), failed)


def companies_to_count() -> list[UUID]:
    """The companies with something to count: ids only, asked over all of them."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT company_id FROM complaints_companies_to_count()")
        return [row[0] for row in cursor.fetchall()]


@transaction.atomic
def count_slice(*, wait: bool = False) -> int:
    """Count the newest marked days of the company being served, a slice at most; how many.

    Whoever comes while somebody else is counting finds nothing to do, or waits.
    """
    company = Company.objects.get(pk=require_company_id())
    zone = ZoneInfo(company.zone)
    book = take_book(company.zone, wait=wait)
    if book is None:
        return 0
    if book.zone != company.zone or not book.has_facts:
        begin_anew(zone)
    days = marked_days(zone)[:SLICE]
    take_marks(days, zone)
    count_days(days, zone)
    now = database_now()
    FigureBook.objects.update(zone=company.zone, counted_at=now, facts_at=now)
    return len(days)


def count_company(*, wait: bool = False) -> int:
    """Count all marked days of the company being served; how many there were."""
    days = found = count_slice(wait=wait)
    while found == SLICE:
        found = count_slice(wait=wait)
        days += found
    return days


@transaction.atomic
def recount_all() -> int:
    """Count every day of the company being served anew, all at once."""
    mark_all()
    return count_company(wait=True)


def recount_company(company_id: UUID) -> int:
    """Count every day of a company anew, e.g. after tickets were loaded in bulk, slice by slice.

    Call it outside any company.
    """
    days, found = 0, SLICE
    with company_scope(company_id):
        mark_all()
    while found == SLICE:
        with company_scope(company_id):
            found = count_slice(wait=True)
        days += found
    return days


def mark_all() -> None:
    """From now on nothing that is kept is relied on, until it has been counted anew."""
    zone = Company.objects.values_list("zone", flat=True).get(pk=require_company_id())
    take_book(zone, wait=True)
    begin_anew(ZoneInfo(zone))


def begin_anew(zone: ZoneInfo) -> None:
    """Mark every day from the oldest ticket to the newest, and forget what lies outside: from
    before a move to another zone, or of tickets that are gone."""
    days = all_days(zone)
    around = {"first": days[0], "last": days[-1]} if days else {"first": LAST, "last": FIRST}
    _run(FORGET, {**around, "first_month": month_of(around["first"])})
    _run(FORGET_FACTS, around)
    FigureMark.objects.bulk_create(FigureMark(filed_at=start_of(day, zone)) for day in days)


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
TAKE_MARKS = """
DELETE FROM complaints_figuremark m
USING unnest(%(starts)s::timestamptz[], %(ends)s::timestamptz[]) AS w (starts, ends)
WHERE m.company_id = %(company)s AND m.filed_at >= w.starts AND m.filed_at < w.ends
"""
# A month is kept under its first day.
FORGET = """
DELETE FROM complaints_figure WHERE company_id = %(company)s AND (day > %(last)s
    OR day < CASE grain WHEN 'day' THEN %(first)s ELSE %(first_month)s END)
"""
FORGET_FACTS = """
DELETE FROM complaints_figurefact
WHERE company_id = %(company)s AND day NOT BETWEEN %(first)s AND %(last)s
"""


def marked_days(zone: ZoneInfo) -> list[date]:
    """The days whose tickets have changed, the newest first: those are looked at most."""
    moments = FigureMark.objects.values_list("filed_at", flat=True).distinct()
    return sorted({day_of(moment, zone) for moment in moments}, reverse=True)


def take_marks(days: list[date], zone: ZoneInfo) -> None:
    """Take away the marks of these days; later statements see what they stand for."""
    _run(TAKE_MARKS, windows(days, zone))


def all_days(zone: ZoneInfo) -> list[date]:
    """From the day of the oldest ticket to that of the newest."""
    found = Ticket.objects.aggregate(oldest=Min("created_at"), newest=Max("created_at"))
    if found["oldest"] is None:
        return []
    return days_of(day_of(found["oldest"], zone), day_of(found["newest"], zone))


def count_days(days: list[date], zone: ZoneInfo) -> None:
    """Replace the facts and figures of these days, and the figures of their months."""
    _run(REPLACE_FACTS, windows(days, zone))
    _run(REPLACE_DAYS, {"days": days})
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
