"""What row security costs: the same statements as the role it holds, and as one it does not."""

import statistics
import time
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from benchmarks import statements
from benchmarks.figures import Figure
from benchmarks.servers import Installation
from benchmarks.world import Size, slug_of

MOST = 1.15
COMPANIES = 40


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement, run with the company and one of its tickets."""

    name: str
    sql: str


STATEMENTS = [
    Statement(
        "point read",
        "SELECT * FROM complaints_ticket WHERE company_id = %(company)s AND id = %(ticket)s",
    ),
    Statement("queue page of 50", statements.ONE_TABLE),
    Statement("API list of 50 with names and deadlines", statements.API_LIST),
    Statement(
        "update one",
        "UPDATE complaints_ticket SET urged_at = now()"
        " WHERE company_id = %(company)s AND id = %(ticket)s",
    ),
    Statement("insert one", statements.NEW_EVENT),
]
TICKETS = """
SELECT c.id, t.id, t.filed_by_id FROM tenancy_company c CROSS JOIN LATERAL (
    SELECT id, filed_by_id FROM complaints_ticket WHERE company_id = c.id
    ORDER BY id LIMIT 25) t
WHERE c.slug = ANY(%s) ORDER BY md5(t.id::text)
"""
OPEN_COMPANIES = [1, *range(3, 3 + COMPANIES)]


def measure(found: Installation, size: Size, times: int) -> list[Figure]:
    """Each statement in turns, a transaction each: BEGIN, SET LOCAL, the statement, COMMIT."""
    held = found.connect(size.database, owner=False).cursor()
    free = found.connect(size.database, owner=True).cursor()
    free.execute(TICKETS, [[slug_of(rank) for rank in OPEN_COMPANIES]])
    subjects = [
        {"company": str(company), "ticket": str(ticket), "desk": str(desk), "params": "{}",
         "mark": str(uuid4())}
        for company, ticket, desk in free.fetchall()
    ]  # fmt: skip
    figures = [measure_one(each, held, free, subjects, times) for each in STATEMENTS]
    held.connection.close()
    free.connection.close()
    return figures


def measure_one(
    statement: Statement, held: Any, free: Any, subjects: list[dict[str, str]], times: int
) -> Figure:
    """Alternately with and without, each pair on the same ticket; medians of all."""
    took: dict[int, list[float]] = {id(held): [], id(free): []}
    for turn in range(times + 50):
        subject = subjects[turn % len(subjects)]
        for cursor in (held, free) if turn % 2 else (free, held):
            seconds = once(cursor, statement.sql, subject)
            if turn >= 50:  # the first ones warm the caches
                took[id(cursor)].append(seconds)
    on, off = (statistics.median(took[id(each)]) * 1e6 for each in (held, free))
    return Figure(
        f"Row security on against off: {statement.name}",
        f"{on:,.0f} µs against {off:,.0f} µs, median of {times:,} pairs",
        on / off,
        "×",
        MOST,
    )


def once(cursor: Any, sql: str, subject: dict[str, str]) -> float:
    """The time of the statement alone, inside a transaction of its own."""
    cursor.execute("BEGIN")
    cursor.execute(f"SET LOCAL app.company = '{subject['company']}'")
    began = time.perf_counter()
    cursor.execute(sql, subject)
    if cursor.description:
        cursor.fetchall()
    took = time.perf_counter() - began
    cursor.execute("COMMIT")
    return took
