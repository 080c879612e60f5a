"""Clients that do the same work in bare SQL."""

from collections.abc import Callable
from typing import Any

import psycopg2
import psycopg2.extras

from benchmarks import statements
from benchmarks.load import Act, Client
from benchmarks.servers import Installation

psycopg2.extras.register_uuid()


def cursor_on(found: Installation, database: str, *, owner: bool = True) -> Any:
    """A connection of one client's own; every statement is a transaction."""
    return found.connect(database, owner=owner).cursor()


def company_id(found: Installation, database: str, slug: str) -> str:
    cursor = cursor_on(found, database)
    cursor.execute("SELECT id::text FROM tenancy_company WHERE slug = %s", [slug])
    known: str = cursor.fetchone()[0]
    cursor.connection.close()
    return known


def reading(found: Installation, database: str, slug: str, read: "Reader") -> Client:
    """Clients that read the same page of one company again and again."""
    company = company_id(found, database, slug)

    def client(_number: int) -> Act:
        cursor = cursor_on(found, database)
        return lambda: read(cursor, company)

    return client


Reader = Callable[[Any, str], None]


def read_api_list(cursor: Any, company: str) -> None:
    """Fifty open tickets as JSON, and whether there are more."""
    cursor.execute(statements.API_LIST, {"company": company})
    expect(cursor.fetchall(), 51)


def read_one_table(cursor: Any, company: str) -> None:
    """The same without names and deadlines."""
    cursor.execute(statements.ONE_TABLE, {"company": company})
    expect(cursor.fetchall(), 50)


def read_queue(cursor: Any, company: str) -> None:
    """The queue page's rows and promises."""
    cursor.execute(statements.QUEUE_ROWS, {"company": company})
    found = cursor.fetchall()
    expect(found, 51)
    tickets = [row[0] for row in found[:50]]
    cursor.execute(statements.QUEUE_PROMISES, {"company": company, "tickets": tickets})
    cursor.fetchall()


def expect(rows: list[Any], count: int) -> None:
    if len(rows) != count:
        raise ValueError(f"{len(rows)} rows and not {count}")
