"""The machine that enforces: how long a pass takes, and how many steps it takes a second."""

import statistics
import time
from collections.abc import Sequence
from contextlib import ExitStack
from datetime import datetime
from typing import Any

from benchmarks import statements
from benchmarks.agent import Agent
from benchmarks.figures import Figure
from benchmarks.load import FORK
from benchmarks.servers import Installation, settle
from benchmarks.sql_clients import cursor_on
from benchmarks.world import Size

FLAT = 1.5
STEPS_PER_SECOND = 2_000
WORKERS = 4
BATCH = 500
FEW = 100
FEW_COMPANIES = 20
MANY = 100_000

# Everything that was closed, paused or resolved is open again, its resolution owed next month.
OPEN_TICKETS = """
UPDATE complaints_ticket t SET status = 'accepted', closed_at = NULL, resolved_at = NULL,
    next_due_at = d.due_at
FROM (SELECT %(now)s + interval '1 day' * (5 + abs(hashtext(id::text)) %% 30) AS due_at, id,
    company_id FROM complaints_ticket WHERE status IN ('closed', 'paused', 'resolved')) d
WHERE t.company_id = d.company_id AND t.id = d.id
AND abs(hashtext(t.id::text)) %% %(parts)s = %(part)s
"""
OPEN_DEADLINES = """
UPDATE complaints_deadline d SET met_at = NULL, paused_at = NULL, next_level = 0,
    due_at = t.next_due_at, next_action_at = t.next_due_at - interval '2 hours'
FROM complaints_ticket t
WHERE t.company_id = d.company_id AND t.id = d.ticket_id AND d.promise = 'resolution'
AND d.next_action_at IS NULL AND t.status = 'accepted'
AND t.next_due_at > %(now)s + interval '1 day'
AND abs(hashtext(d.ticket_id::text)) %% %(parts)s = %(part)s
"""
# The candidates: running promises on which no step has been taken, in an order of chance. Some
# are kept for the passes with a few due, and stand last in the order of the large ones.
CANDIDATES = """
CREATE TABLE bench.due AS SELECT *,
    row_number() OVER (ORDER BY is_kept, md5(ticket_id::text)) AS place
FROM (SELECT *, rank BETWEEN 3 AND 2 + %(companies)s AND own_place <= 100 AS is_kept
    FROM (SELECT d.company_id, d.id, d.ticket_id, c.rank,
            row_number() OVER (PARTITION BY d.company_id ORDER BY md5(d.id::text)) AS own_place
        FROM complaints_deadline d JOIN bench.company c USING (company_id)
        WHERE d.promise = 'resolution' AND d.next_action_at > %(now)s
        AND NOT EXISTS (SELECT 1 FROM complaints_escalation e
            WHERE e.company_id = d.company_id AND e.deadline_id = d.id)) AS each) AS marked;
CREATE INDEX ON bench.due (place);
"""
# They fell due five minutes ago; the warning was taken before. One step each is to be taken.
MAKE_DUE = """
UPDATE complaints_deadline d SET next_level = 1, due_at = %(now)s - interval '5 minutes',
    starts_at = %(now)s - interval '5 days', next_action_at = %(now)s - interval '5 minutes'
FROM bench.due b WHERE d.company_id = b.company_id AND d.id = b.id AND {which}
"""
FEW_OF_SOME = (
    "b.rank BETWEEN 3 AND 2 + %(companies)s AND b.own_place > %(turn)s * %(each)s"
    " AND b.own_place <= (%(turn)s + 1) * %(each)s"
)
A_RUN = "b.place > %(after)s AND b.place <= %(after)s + %(count)s"
WRITTEN = ["complaints_escalation", "complaints_ticketevent", "notifications_notification",
           "notifications_delivery"]  # fmt: skip


def run_together(found: Installation, size: Size, sql: str, facts: dict[str, Any]) -> None:
    """One statement in parts, each worker its own."""

    def part(number: int) -> None:
        cursor = cursor_on(found, size.database)
        cursor.execute("SET synchronous_commit = off")
        cursor.execute(sql, {**facts, "part": number, "parts": WORKERS})

    started = [FORK.Process(target=part, args=(number,)) for number in range(WORKERS)]
    for process in started:
        process.start()
    for process in started:
        process.join()
        if process.exitcode:
            raise RuntimeError("a statement failed; its words are above")


def open_everything(found: Installation, size: Size, now: datetime) -> int:
    """Reopen every ticket, so that as many promises run as there are tickets; how many do."""
    for sql in (OPEN_TICKETS, OPEN_DEADLINES):
        run_together(found, size, sql, {"now": now})
    cursor = cursor_on(found, size.database)
    cursor.execute(CANDIDATES, {"now": now, "companies": FEW_COMPANIES})
    for table in ("complaints_ticket", "complaints_deadline"):
        cursor.execute(f"VACUUM ANALYZE {table}")
    cursor.execute("SELECT count(DISTINCT ticket_id) FROM complaints_deadline"
                   " WHERE next_action_at IS NOT NULL")  # fmt: skip
    opened: int = cursor.fetchone()[0]
    cursor.connection.close()
    return opened


def measure_few(
    found: Installation, sizes: Sequence[Size], now: datetime, times: int
) -> list[Figure]:
    """A hundred due in twenty companies, whatever else is open."""
    opened = {size: open_everything(found, size, now) for size in sizes}
    settle(found)
    product: dict[Size, list[float]] = {size: [] for size in sizes}
    bare: dict[Size, list[float]] = {size: [] for size in sizes}
    with ExitStack() as stack:
        agents = {size: stack.enter_context(Agent(found, size.database)) for size in sizes}
        cursors = {size: cursor_on(found, size.database) for size in sizes}
        for turn in range(times + 1):
            for size in sizes:
                make_few_due(cursors[size], 2 * turn, now)
                report = agents[size].ask("steps", now=now.isoformat())
                expect_steps(report, FEW)
                make_few_due(cursors[size], 2 * turn + 1, now)
                seconds, _steps = bare_pass(cursors[size], now)
                if turn:  # the first one warms up
                    product[size].append(report["seconds"])
                    bare[size].append(seconds)
    return few_lines(sizes, opened, product, bare)


def make_few_due(cursor: Any, turn: int, now: datetime) -> None:
    facts = {"now": now, "turn": turn, "companies": FEW_COMPANIES, "each": FEW // FEW_COMPANIES}
    cursor.execute(MAKE_DUE.format(which=FEW_OF_SOME), facts)
    if cursor.rowcount != FEW:
        raise ValueError(f"{cursor.rowcount} deadlines became due and not {FEW}")
    cursor.execute("ANALYZE complaints_deadline")


def expect_steps(report: dict[str, Any], count: int) -> None:
    if report["steps"] != count or report["failed"]:
        raise ValueError(f"{count} steps were due; {report}")


def few_lines(
    sizes: Sequence[Size],
    opened: dict[Size, int],
    product: dict[Size, list[float]],
    bare: dict[Size, list[float]],
) -> list[Figure]:
    base = statistics.median(product[sizes[0]])
    figures = []
    for size in sizes:
        took, sql = statistics.median(product[size]), statistics.median(bare[size])
        figures.append(
            Figure(
                f"Enforcement, {FEW} due among {opened[size]:,} open, against {opened[sizes[0]]:,}",
                f"{took * 1000:,.0f} ms, bare SQL {sql * 1000:,.0f} ms",
                took / base,
                "×",
                FLAT if size is not sizes[0] else None,
                facts={"seconds": product[size], "sql_seconds": bare[size]},
            )
        )
    return figures


def bare_pass(cursor: Any, now: datetime) -> tuple[float, int]:
    """The same pass in bare SQL: the companies, then batch after batch of each."""
    began, steps = time.perf_counter(), 0
    cursor.execute(statements.COMPANIES_DUE, {"now": now})
    due = [row[0] for row in cursor.fetchall()]
    while due:
        company = due.pop(0)
        facts = {"company": company, "now": now, "batch": BATCH}
        cursor.execute(statements.ENFORCE_BATCH, facts)
        claimed, taken = cursor.fetchone()
        steps += taken
        if claimed == BATCH:
            due.append(company)
    return time.perf_counter() - began, steps


def measure_many(found: Installation, size: Size, now: datetime) -> list[Figure]:
    """A backlog, taken by four workers together; then as large a one in bare SQL."""
    many = min(MANY, size.tickets // 10)
    cursor = cursor_on(found, size.database)
    with ExitStack() as stack:
        agents = [stack.enter_context(Agent(found, size.database)) for _ in range(WORKERS)]
        for number, agent in enumerate(agents):  # each has taken a step before, as workers have
            make_run_due(cursor, 2 * many + number, 1, now)
            expect_steps(agent.ask("steps", now=now.isoformat()), 1)
        make_run_due(cursor, 0, many, now)
        settle(found)
        before = counted(cursor)
        seconds, steps = work_together(agents, now)
    written = since(cursor, before)
    make_run_due(cursor, many, many, now)
    settle(found)
    before = counted(cursor)
    bare_seconds, bare_steps = bare_together(found, size, now)
    bare_written = since(cursor, before)
    for taken in (steps, bare_steps, written["complaints_escalation"]):
        if taken != many:
            raise ValueError(f"{many} steps were due: {steps} and {bare_steps} taken, {written}")
    bare_rate = many / bare_seconds
    return [
        Figure(
            f"Enforcement of {many:,} due at once by {WORKERS} workers, steps a second",
            f"{seconds:.1f} s, bare SQL {bare_rate:,.0f}/s",
            many / seconds,
            "",
            STEPS_PER_SECOND if many == MANY else None,
            at_least=True,
            facts={"written": written, "bare_written": bare_written, "bare_rate": bare_rate},
        )
    ]


def make_run_due(cursor: Any, after: int, count: int, now: datetime) -> None:
    """So many deadlines of all companies, the larger ones' more often."""
    facts = {"now": now, "after": after, "count": count}
    cursor.execute(MAKE_DUE.format(which=A_RUN), facts)
    if cursor.rowcount != count:
        raise ValueError(f"{cursor.rowcount} deadlines became due and not {count}")
    cursor.execute("VACUUM ANALYZE complaints_deadline")


def since(cursor: Any, before: dict[str, int]) -> dict[str, int]:
    """How many rows each table has gained."""
    return {table: rows - before[table] for table, rows in counted(cursor).items()}


def counted(cursor: Any) -> dict[str, int]:
    found = {}
    for table in WRITTEN:
        cursor.execute(f"SELECT count(*) FROM {table}")
        found[table] = cursor.fetchone()[0]
    return found


def work_together(agents: Sequence[Agent], now: datetime) -> tuple[float, int]:
    """The portal's processes begin at the same moment; until the last one finds nothing."""
    began = time.perf_counter()
    for agent in agents:
        agent.send("steps", now=now.isoformat())
    reports = [agent.hear() for agent in agents]
    return time.perf_counter() - began, sum(report["steps"] for report in reports)


def bare_together(found: Installation, size: Size, now: datetime) -> tuple[float, int]:
    """The same by as many clients of bare SQL."""
    ready, queue = FORK.Barrier(WORKERS + 1), FORK.SimpleQueue()

    def part() -> None:
        cursor = cursor_on(found, size.database)
        ready.wait(60)
        _seconds, steps = bare_pass(cursor, now)
        queue.put(steps)

    started = [FORK.Process(target=part) for _ in range(WORKERS)]
    for process in started:
        process.start()
    ready.wait(60)
    began = time.perf_counter()
    steps = sum(queue.get() for _ in started)
    seconds = time.perf_counter() - began
    for process in started:
        process.join()
    return seconds, steps
