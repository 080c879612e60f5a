"""Filling one installation: rows first, then keys, indexes and references, all as the owner."""

import contextlib
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any

from benchmarks import rows
from benchmarks.agent import Agent
from benchmarks.servers import TEMPLATE, Installation, manage, settle
from benchmarks.world import COMPANIES, SEED, Size, slug_of, spread

WORKERS = 4
TUNING = ("synchronous_commit = off", "work_mem = '256MB'", "maintenance_work_mem = '512MB'",
          "max_parallel_maintenance_workers = 2")  # fmt: skip
# People and places have been there since then; the digits of the seed make it a moment.
SEED_MOMENT = datetime.fromisoformat(f"{str(SEED)[:4]}-01-01T00:00:00+08:00")
TICKETS_PER_UNIT = 4

REFERENCES = """
SELECT c.conrelid::regclass::text, quote_ident(c.conname), pg_get_constraintdef(c.oid)
FROM pg_constraint c WHERE c.contype = 'f'
AND (c.conrelid = ANY(%(tables)s::regclass[]) OR c.confrelid = ANY(%(tables)s::regclass[]))
"""
INDEXES = """
SELECT i.indrelid::regclass::text, quote_ident(r.relname), pg_get_indexdef(i.indexrelid),
    c.contype
FROM pg_index i JOIN pg_class r ON r.oid = i.indexrelid
LEFT JOIN pg_constraint c ON c.conindid = i.indexrelid AND c.contype IN ('p', 'u')
WHERE i.indrelid = ANY(%(tables)s::regclass[])
"""

# What the rows do not speak of is empty. The portal's own writing always says every column.
UNSPOKEN = """
SELECT format('ALTER TABLE %%I ALTER %%I SET DEFAULT %%L', table_name, column_name,
    CASE WHEN data_type = 'boolean' THEN 'false' WHEN data_type LIKE '%%int%%' THEN '0'
    WHEN data_type IN ('jsonb', 'ARRAY') THEN '{}' ELSE '' END)
FROM information_schema.columns
WHERE table_schema = 'public' AND table_name = ANY(%(tables)s) AND is_nullable = 'NO'
AND column_default IS NULL AND is_identity = 'NO'
AND data_type IN ('boolean', 'smallint', 'integer', 'bigint', 'text', 'character varying', 'jsonb',
    'ARRAY')
"""


def make_template(found: Installation) -> None:
    """Migrate once, and bring the companies on board by the portal's own services."""
    found.create(TEMPLATE)
    manage(found, TEMPLATE, "migrate", "--no-input")
    with Agent(found, TEMPLATE) as agent:
        agent.ask("found", slugs=[slug_of(rank) for rank in range(1, COMPANIES + 1)])


def generate(found: Installation, size: Size, anchor: datetime) -> float:
    """Make the database of one size; the seconds that took."""
    began = time.monotonic()
    found.create(size.database, TEMPLATE)
    facts = {"anchor": anchor, "seed": SEED_MOMENT, "parts": WORKERS}
    with Filler(found, size.database) as filler:
        filler.prepare(size)
        filler.leave_unspoken()
        with filler.without_indexes():
            filler.once(rows.ONCE, facts)
            filler.in_parts([rows.DRAFTS], facts)
            filler.once(["ANALYZE bench.ticket"], facts)
            filler.in_parts(rows.IN_PARTS, facts)
        filler.together(f"VACUUM ANALYZE {table}" for table in rows.FILLED)
        filler.once(["ANALYZE"])
    settle(found)
    return time.monotonic() - began


class Filler:
    """Several connections of the owner that fill one database together."""

    def __init__(self, found: Installation, database: str) -> None:
        self.links = [found.connect(database) for _ in range(WORKERS)]
        self.pool = ThreadPoolExecutor(WORKERS)
        for link in self.links:
            with link.cursor() as cursor:
                for setting in TUNING:
                    cursor.execute(f"SET {setting}")

    def __enter__(self) -> "Filler":
        return self

    def __exit__(self, *_: object) -> None:
        self.pool.shutdown()
        for link in self.links:
            link.close()

    def once(self, statements: Sequence[str], facts: dict[str, Any] | None = None) -> None:
        """One after the other."""
        with self.links[0].cursor() as cursor:
            for sql in statements:
                cursor.execute(sql, facts)

    def leave_unspoken(self) -> None:
        """Let a column be left out of the rows."""
        with self.links[0].cursor() as cursor:
            cursor.execute(UNSPOKEN, {"tables": rows.FILLED})
            for (statement,) in cursor.fetchall():
                cursor.execute(statement)

    def in_parts(self, statements: Sequence[str], facts: dict[str, Any]) -> None:
        """Every worker its part of every statement."""

        def fill(part: int) -> None:
            with self.links[part].cursor() as cursor:
                for sql in statements:
                    cursor.execute(sql, {**facts, "part": part})

        self.all_of(fill, range(WORKERS))

    def together(self, statements: Iterable[str]) -> None:
        """Each once, by whoever is free."""
        free = list(self.links)

        def run(sql: str) -> None:
            link = free.pop()
            try:
                with link.cursor() as cursor:
                    cursor.execute(sql)
            finally:
                free.append(link)

        self.all_of(run, statements)

    def all_of(self, task: Callable[[Any], None], subjects: Iterable[Any]) -> None:
        for future in [self.pool.submit(task, each) for each in subjects]:
            future.result()

    def prepare(self, size: Size) -> None:
        """The tools of the generator, and the companies with their sizes."""
        with self.links[0].cursor() as cursor:
            cursor.execute(rows.SET_UP)
            cursor.execute(rows.UNLOGGED)
            for rank, tickets in enumerate(spread(size.tickets), start=1):
                units = 20 + tickets // TICKETS_PER_UNIT
                cursor.execute(
                    "INSERT INTO bench.company SELECT %s, id, %s, %s, %s, %s"
                    " FROM tenancy_company WHERE slug = %s",
                    [rank, tickets, units, 2 + tickets // 2000, 1 + tickets // 10_000,
                     slug_of(rank)],
                )  # fmt: skip
            cursor.execute(rows.LISTS)

    @contextlib.contextmanager
    def without_indexes(self) -> Iterator[None]:
        """Rows come faster without keys, indexes and references; afterwards all are as before."""
        tables = {"tables": rows.FILLED}
        # It would begin while rows come in, and every reference would wait for it.
        self.once([f"ALTER TABLE {table} SET (autovacuum_enabled = off)" for table in rows.FILLED])
        with self.links[0].cursor() as cursor:
            cursor.execute(REFERENCES, tables)
            references = cursor.fetchall()
            cursor.execute(INDEXES, tables)
            indexes = cursor.fetchall()
            for table, name, _definition in references:
                cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
            for table, name, _definition, kind in indexes:
                owned = f"ALTER TABLE {table} DROP CONSTRAINT {name}"
                cursor.execute(owned if kind else f"DROP INDEX {name}")
        yield
        self.together(definition for _table, _name, definition, _kind in indexes)
        with self.links[0].cursor() as cursor:
            for table, name, _definition, kind in indexes:
                if kind:
                    what = "PRIMARY KEY" if kind == "p" else "UNIQUE"
                    cursor.execute(
                        f"ALTER TABLE {table} ADD CONSTRAINT {name} {what} USING INDEX {name}"
                    )
            for table, name, definition in references:
                cursor.execute(f"ALTER TABLE {table} ADD CONSTRAINT {name} {definition} NOT VALID")
        self.together(
            f"ALTER TABLE {table} VALIDATE CONSTRAINT {name}"
            for table, name, _definition in references
        )
        self.once([f"ALTER TABLE {table} RESET (autovacuum_enabled)" for table in rows.FILLED])
