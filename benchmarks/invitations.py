"""Twenty thousand homes are invited, every tenth number dead: written, then relayed."""

import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

from aiosmtpd.controller import Controller

from benchmarks.agent import Agent
from benchmarks.figures import Figure
from benchmarks.servers import Installation, free_port, manage
from benchmarks.sql_clients import cursor_on
from benchmarks.world import Size

WORLD = Size("invitations", 0)
SLUG = "letters"
HOMES = 20_000
WORKERS = 4
MOST_SECONDS = 60
DEAD = "+86170"
# What opening a wave writes, each table after those that it points to.
WRITTEN = [
    "surveys_invitation",
    "notifications_notification",
    "notifications_mailing",
    "notifications_delivery",
]


class Gateway:
    """A mail server that knows which numbers are dead, and counts what it takes."""

    def __init__(self) -> None:
        self.taken: Counter[str] = Counter()
        self.refused = 0

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, server: Any, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        if address.startswith(DEAD):
            self.refused += 1
            return "550 unknown"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        self.taken[envelope.rcpt_tos[0]] += 1
        return "250 OK"


@contextmanager
def gateway() -> Iterator[tuple[Gateway, int]]:
    """The stub on the loopback, and its port."""
    stub = Gateway()
    port = free_port()
    controller = Controller(stub, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield stub, port
    finally:
        controller.stop()


def measure(found: Installation) -> list[Figure]:
    """One wave for all of them; its rows once more in SQL; then four workers relay."""
    found.create(WORLD.database)
    manage(found, WORLD.database, "migrate", "--verbosity", "0")
    with ExitStack() as stack:
        stub, port = stack.enter_context(gateway())
        more = {"EMAIL_URL": f"smtp://127.0.0.1:{port}", "SMS_URL": "mail://"}
        agents = [stack.enter_context(Agent(found, WORLD.database, **more)) for _ in range(WORKERS)]
        agents[0].ask("found", slugs=[SLUG])
        agents[0].ask("homes", slug=SLUG, homes=HOMES)
        # A process that has done nothing yet, so that its memory is that of this alone.
        invited = agents[-1].ask("invite", slug=SLUG)
        bare = in_sql(found, invited["company"])
        seconds, reports = relayed(agents)
        states = agents[0].ask("letters", slug=SLUG)
    return lines(stub, invited, bare, seconds, reports, states)


def lines(
    stub: Gateway,
    invited: dict[str, Any],
    bare: float,
    seconds: float,
    reports: list[dict[str, Any]],
    states: dict[str, int],
) -> list[Figure]:
    """What the table says."""
    lost = abs(HOMES - invited["invited"]) + states.get("email waiting", 0)
    lost += states.get("sms waiting", 0)
    doubled = sum(stub.taken.values()) - len(stub.taken)
    sent = sum(report["sent"] for report in reports)
    return [
        Figure(
            f"{HOMES:,} invitations, every tenth number dead: from opening the wave to the written"
            " outbox",
            f"{invited['megabytes']:.0f} MiB more at its peak; the same rows in bare SQL"
            f" {bare:.1f} s",
            invited["seconds"],
            " s",
            MOST_SECONDS,
            facts={"ways": invited["ways"]},
        ),
        Figure(
            f"The same letters through a gateway on the loopback by {WORKERS} workers, letters a"
            " second",
            f"{seconds:.0f} s, {sent:,} taken, {stub.refused:,} refused",
            (sent + stub.refused) / seconds,
            facts={"states": states},
        ),
        Figure(
            "The same: letters lost, and letters doubled",
            ", ".join(f"{count:,} {name}" for name, count in sorted(states.items())),
            lost + doubled,
            "",
            0,
        ),
    ]


def in_sql(found: Installation, company: str) -> float:
    """The seconds that the same rows take as four statements, with nothing to be found out."""
    link = found.connect(WORLD.database, autocommit=False)
    cursor = link.cursor()
    for table in WRITTEN:
        cursor.execute(f"CREATE TEMPORARY TABLE kept_{table} AS SELECT * FROM {table}")
    for table in reversed(WRITTEN):
        cursor.execute(f"DELETE FROM {table} WHERE company_id = %s", [company])
    link.commit()
    began = time.perf_counter()
    for table in WRITTEN:
        names = columns(cursor, table)
        cursor.execute(f"INSERT INTO {table} ({names}) SELECT {names} FROM kept_{table}")
    link.commit()
    seconds = time.perf_counter() - began
    link.close()
    analyzed = cursor_on(found, WORLD.database)
    analyzed.execute("VACUUM ANALYZE")
    analyzed.connection.close()
    return seconds


def columns(cursor: Any, table: str) -> str:
    cursor.execute(f"SELECT * FROM {table} LIMIT 0")
    return ", ".join(f'"{column.name}"' for column in cursor.description)


def relayed(agents: list[Agent]) -> tuple[float, list[dict[str, Any]]]:
    """All workers at once, until nothing is due."""
    began = time.perf_counter()
    for agent in agents:
        agent.send("send")
    reports = [agent.hear() for agent in agents]
    return time.perf_counter() - began, reports
