"""Filing a ticket through the API, beside the bare SQL of the same rows."""

import json
from itertools import count
from typing import Any
from uuid import uuid4

from benchmarks import statements
from benchmarks.agent import Agent
from benchmarks.figures import Figure, against
from benchmarks.lists import Pace, sample_facts, with_token
from benchmarks.load import CLIENTS, Act, Client, connected, fetch, rounds
from benchmarks.servers import Installation, web
from benchmarks.sql_clients import cursor_on
from benchmarks.world import Size, slug_of

TIMES_SQL = 20
TITLE = "三号楼电梯又停了"
DESCRIPTION = "今天早上开始，电梯停在一楼不动，老人上下楼不方便，请尽快派人来看。"
# What one creation leaves, counted to be sure that both sides write the same.
WRITTEN = ["complaints_ticket", "complaints_deadline", "complaints_ticketevent",
           "notifications_notification", "notifications_delivery"]  # fmt: skip

# Units whose owner has an account, so that somebody is told; a category that makes three promises.
PLACES = """
SELECT c.id, u.id, u.community_id, o.id, o.membership_id
FROM tenancy_company c
JOIN owners_owner o ON o.company_id = c.id AND o.membership_id IS NOT NULL
JOIN owners_ownership w ON w.company_id = c.id AND w.owner_id = o.id
JOIN owners_unit u ON u.company_id = c.id AND u.id = w.unit_id
WHERE c.slug = %s LIMIT 50
"""
CATEGORY = """
SELECT id, kind, urgency, department_id FROM complaints_category
WHERE company_id = %s AND kind = 'repair' AND urgency = 'normal' ORDER BY position LIMIT 1
"""
DESK = "SELECT id FROM tenancy_membership WHERE company_id = %s AND 'desk' = ANY(roles)"
EXPLANATION = "SELECT explanation FROM complaints_deadline WHERE explanation <> '{}' LIMIT 1"


def measure(found: Installation, size: Size, pace: Pace) -> list[Figure]:
    """Eight clients, each filing for one of the eight largest companies."""
    slugs = [slug_of(rank) for rank in range(1, CLIENTS + 2) if rank != 2]
    with Agent(found, size.database) as agent:
        tokens = [with_token(agent, slug) for slug in slugs]
    cursor = cursor_on(found, size.database)
    worlds = [facts_of(cursor, slug) for slug in slugs]
    with web(found, size) as port:
        api = filing(port, slugs, tokens, worlds)
        written = rows_per_call(cursor, api)
        cursor.execute(EXPLANATION)
        explanation = json.dumps(cursor.fetchone()[0])
        bare = inserting(found, size, worlds, explanation)
        if (bare_rows := rows_per_call(cursor, bare)) != written:
            raise ValueError(f"not the same rows: {written} and {bare_rows}")
        samples = rounds({"api": api, "sql": bare}, pace.seconds, pace.times)
    product, sql = samples["api"], samples["sql"]
    return [
        against(
            "Ticket creation through the API (ticket, 3 deadlines, event, notification, delivery):"
            " times slower than the bare SQL of the same rows",
            f"{product.rate:,.0f}/s (p50 {product.p50:.1f}, p95 {product.p95:.1f} ms), bare SQL"
            f" {sql.rate:,.0f}/s (p50 {sql.p50:.1f} ms)",
            product.rate / sql.rate,
            TIMES_SQL,
            rows=written,
            samples={name: sample_facts(each) for name, each in samples.items()},
        )
    ]


def facts_of(cursor: Any, slug: str) -> dict[str, Any]:
    """What a new ticket of one company refers to."""
    cursor.execute(PLACES, [slug])
    places = cursor.fetchall()
    company = places[0][0]
    cursor.execute(CATEGORY, [company])
    category = cursor.fetchone()
    cursor.execute(DESK, [company])
    return {
        "company": company,
        "places": [row[1:] for row in places],
        "category": category,
        "desk": cursor.fetchone()[0],
    }


def rows_per_call(cursor: Any, client: Client) -> dict[str, int]:
    """How many rows one call leaves in each table."""
    act = client(0)
    act()
    before = counted(cursor)
    act()
    return {table: rows - before[table] for table, rows in counted(cursor).items()}


def counted(cursor: Any) -> dict[str, int]:
    found = {}
    for table in WRITTEN:
        cursor.execute(f"SELECT count(*) FROM {table}")
        found[table] = cursor.fetchone()[0]
    return found


def filing(
    port: int, slugs: list[str], tokens: list[dict[str, str]], worlds: list[dict[str, Any]]
) -> Client:
    """Clients that file through the API."""

    def client(number: int) -> Act:
        link, world = connected(port), worlds[number]
        path = f"/{slugs[number]}/api/v1/tickets/"
        headers = {**tokens[number], "Content-Type": "application/json"}
        turns = count()

        def act() -> None:
            unit, *_rest = world["places"][next(turns) % len(world["places"])]
            sent = {
                "unit": str(unit),
                "kind": world["category"][1],
                "category": str(world["category"][0]),
                "channel": "phone",
                "title": TITLE,
                "description": DESCRIPTION,
            }
            fetch(link, "POST", path, headers, json.dumps(sent).encode(), expected=201)

        return act

    return client


def inserting(
    found: Installation, size: Size, worlds: list[dict[str, Any]], explanation: str
) -> Client:
    """Clients that write the same rows in one transaction."""

    def client(number: int) -> Act:
        link, world = found.connect(size.database, autocommit=False), worlds[number]
        cursor = link.cursor()
        category, kind, urgency, department = world["category"]
        turns = count()

        def act() -> None:
            unit, community, owner, member = world["places"][next(turns) % len(world["places"])]
            facts = {
                "company": world["company"], "counter": "ticket:sql", "ticket": str(uuid4()),
                "told": str(uuid4()), "kind": kind, "category": category, "urgency": urgency,
                "department": department, "unit": unit, "community": community, "owner": owner,
                "member": member, "desk": world["desk"], "title": TITLE,
                "description": DESCRIPTION, "explanation": explanation,
                "params": json.dumps({"number": "0", "title": TITLE}),
            }  # fmt: skip
            cursor.execute(statements.NEXT_NUMBER, facts)
            facts["number"] = f"sql-{cursor.fetchone()[0]}"
            for sql in statements.WRITES:
                cursor.execute(sql, facts)
            link.commit()

        return act

    return client
