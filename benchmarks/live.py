"""200 open live streams beside normal load, and pages under threads alone, in one run."""

import asyncio
import http.client
import json
import os
import statistics
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any
from uuid import uuid4

from benchmarks.agent import Agent
from benchmarks.creation import DESCRIPTION, TITLE, facts_of
from benchmarks.figures import Figure
from benchmarks.lists import QUEUE, Pace, sample_facts, with_session, with_token
from benchmarks.load import FORK, Client, Sample, connected, drive, fetch, getting, middle
from benchmarks.servers import Installation, manage, serving
from benchmarks.sql_clients import cursor_on
from benchmarks.world import LARGEST, Size, slug_of
from config.commands import WEB

STREAMS, COMPANIES = 200, 50
# What served the pages before there were streams.
THREADS = [
    "gunicorn", "config.wsgi:application", "--worker-class", "gthread", "--threads", "8",
    "--no-control-socket",
]  # fmt: skip
TICKETS, PAUSE = 30, 0.3
LATEST_P95 = 4.0  # seconds: two looks
AS_QUICK = 0.9
PATIENCE = 60
# Servers differ by a tenth, and a busy machine by more: long turns, and many of them. What others
# do on the machine hardly changes how much of a processor a page needs.
PACE = Pace(1.5, 5)
TICKS = os.sysconf("SC_CLK_TCK")
CONNECTIONS = "SELECT count(*) FROM pg_stat_activity WHERE datname = %s AND usename = 'portal_app'"


@dataclass(frozen=True, slots=True)
class Heard:
    """A message that a stream received."""

    at: float
    ticket: str


def listen(port: int, cookies: Sequence[str], ready: Any, out: Connection) -> None:
    """The life of all listeners: open the streams, hear until told to end, tell what was heard."""
    heard: list[Heard] = []
    try:
        asyncio.run(hear_all(port, cookies, ready, out, heard))
    except Exception as error:
        ready.set()
        out.send(f"{type(error).__name__}: {error}")
    else:
        out.send(heard)


async def hear_all(
    port: int, cookies: Sequence[str], ready: Any, out: Connection, heard: list[Heard]
) -> None:
    streams = [await opened(port, *each) for each in cookies]
    tasks = [asyncio.create_task(hear(reader, heard)) for reader, _writer in streams]
    ready.set()
    await asyncio.get_running_loop().run_in_executor(None, out.recv)
    for task in tasks:
        task.cancel()
    for _reader, writer in streams:
        writer.close()


async def opened(
    port: int, slug: str, cookie: str
) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """One stream that has begun."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    head = f"GET /{slug}/live/?window={uuid4()} HTTP/1.1\r\nHost: localhost\r\nCookie: {cookie}\r\n"
    writer.write(f"{head}\r\n".encode())
    status = await asyncio.wait_for(reader.readline(), PATIENCE)
    if b" 200 " not in status:
        raise ConnectionError(f"/{slug}/live/ answers {status!r}")
    return reader, writer


async def hear(reader: asyncio.StreamReader, heard: list[Heard]) -> None:
    while line := await reader.readline():
        if line.startswith(b"data:") and b'"changes"' in line:
            at = time.time()
            found = json.loads(line[5:])["changes"]
            heard += [Heard(at, each["ticket"]) for each in found if each["kind"] == "filed"]


@contextmanager
def listeners(port: int, cookies: Sequence[tuple[str, str]]) -> Iterator[list[Heard]]:
    """So many open streams for the length of the block; what they heard, afterwards."""
    heard: list[Heard] = []
    ready = FORK.Event()
    ours, theirs = FORK.Pipe()
    process = FORK.Process(target=listen, args=(port, cookies, ready, theirs))
    process.start()
    try:
        if not ready.wait(PATIENCE):
            raise TimeoutError("the streams did not open")
        yield heard
    finally:
        ours.send("enough")
        answer = ours.recv()
        process.join()
    if isinstance(answer, str):
        raise ConnectionError(answer)
    heard += answer


def memory(leader: int) -> float:
    """What a server and its workers hold, in MiB; what they share is counted once."""
    pids = [leader, *(int(pid) for pid in children(leader))]
    kilobytes = 0
    for pid in pids:
        rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
        kilobytes += next(int(line.split()[1]) for line in rollup.splitlines() if "Pss:" in line)
    return kilobytes / 1024


def processor(leader: int) -> float:
    """How much of a processor a server and its workers have used, in milliseconds."""
    used = 0
    for pid in (str(leader), *children(leader)):
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        used += int(fields[11]) + int(fields[12])
    return used * 1000 / TICKS


def children(pid: int) -> list[str]:
    return Path(f"/proc/{pid}/task/{pid}/children").read_text().split()


def connections(cursor: Any, size: Size) -> int:
    cursor.execute(CONNECTIONS, [size.database])
    return int(cursor.fetchone()[0])


def measure(found: Installation, size: Size) -> list[Figure]:
    """The queue page under three servers in turns, then the delay of the news."""
    manage(found, size.database, "collectstatic", "--no-input", "--verbosity", "0")
    cursor = cursor_on(found, size.database)
    slugs = [slug_of(rank) for rank in range(1, COMPANIES + 1)]
    with Agent(found, size.database) as agent:
        cookies = {slug: with_session(agent, slug)["Cookie"] for slug in slugs}
        token = with_token(agent, LARGEST)
    streams = [(slug, cookies[slug]) for slug in slugs] * (STREAMS // COMPANIES)
    page = QUEUE.path.format(slug=LARGEST)
    headers = {"Cookie": cookies[LARGEST]}
    with ExitStack() as stack:
        old, old_pid = stack.enter_context(serving(found, size, THREADS, "threads"))
        port, pid = stack.enter_context(serving(found, size, WEB, "live"))
        threads = Arm(old_pid, getting(old, page, headers, QUEUE.mark, 50))
        live = Arm(pid, getting(port, page, headers, QUEUE.mark, 50))
        samples, facts = in_turns(threads, live, port, streams, (cursor, size))
        delays = delayed(port, streams, token, facts_of(cursor, LARGEST))
    return figures(samples, facts, delays)


@dataclass(slots=True)
class Arm:
    """A server under load, and what each page took of a processor, turn by turn."""

    pid: int
    client: Client
    took: dict[str, list[float]] = field(default_factory=dict)

    def drive(self, name: str) -> Sample:
        before = processor(self.pid)
        sample = drive(self.client, PACE.seconds)
        took = (processor(self.pid) - before) / sample.count
        self.took.setdefault(name, []).append(took)
        return sample


def in_turns(
    threads: Arm, live: Arm, port: int, streams: Sequence[tuple[str, str]],
    database: tuple[Any, Size],
) -> tuple[dict[str, Sample], dict[str, float]]:  # fmt: skip
    """Threads, no stream, 200 streams: back and forth, so that a busy moment hits all."""
    found: dict[str, list[Sample]] = {"threads": [], "none": [], "streams": []}
    facts: dict[str, float] = {}
    for turn in range(PACE.times + 1):
        for name in list(found)[:: 1 if turn % 2 == 0 else -1]:
            if name != "streams":
                found[name].append((threads if name == "threads" else live).drive(name))
                continue
            before = {"mib_none": memory(live.pid), "connections_none": connections(*database)}
            with listeners(port, streams):
                time.sleep(1)
                after = {"mib": memory(live.pid), "connections": connections(*database)}
                found[name].append(live.drive(name))
            facts = facts or {**before, **after}
    # The first turn warms everything up.
    took = {
        name: statistics.median(each[1:]) for name, each in {**threads.took, **live.took}.items()
    }
    facts |= {f"ms_{name}": each for name, each in took.items()}
    return {name: middle(samples[1:]) for name, samples in found.items()}, facts


def delayed(
    port: int,
    streams: Sequence[tuple[str, str]],
    token: dict[str, str],
    world: dict[str, Any],
) -> list[float]:
    """From the answer to whoever files a ticket to each listener of the company, in seconds."""
    filed: dict[str, float] = {}
    with listeners(port, streams) as heard:
        time.sleep(3)
        link = connected(port)
        for number in range(TICKETS):
            filed[file_one(link, token, world, number)] = time.time()
            time.sleep(PAUSE)
        time.sleep(5)
    mine = [each for each in heard if each.ticket in filed]
    listening = sum(slug == LARGEST for slug, _cookie in streams)
    if len({(each.ticket, each.at) for each in mine}) < TICKETS * listening:
        raise ValueError(f"{len(mine)} messages instead of {TICKETS * listening}")
    return sorted(max(each.at - filed[each.ticket], 0.0) for each in mine)


def file_one(
    link: http.client.HTTPConnection, token: dict[str, str], world: dict[str, Any], number: int
) -> str:
    unit, *_rest = world["places"][number % len(world["places"])]
    body = {
        "kind": world["category"][1],
        "category": str(world["category"][0]),
        "channel": "phone",
        "title": TITLE,
        "description": DESCRIPTION,
        "unit": str(unit),
    }
    sent = {**token, "Content-Type": "application/json", "Idempotency-Key": str(uuid4())}
    path = f"/{LARGEST}/api/v1/tickets/"
    answer = json.loads(fetch(link, "POST", path, sent, json.dumps(body).encode(), expected=201))
    return str(answer["id"])


def figures(
    samples: dict[str, Sample], facts: dict[str, float], delays: list[float]
) -> list[Figure]:
    told = {name: sample_facts(each) for name, each in samples.items()}
    return [
        beside(
            "Desk queue page: processor under threads alone against the process with streams",
            (samples["threads"], facts["ms_threads"]),
            (samples["none"], facts["ms_none"]),
            {**told, **facts},
        ),
        beside(
            f"Desk queue page: processor without streams against beside {STREAMS} of them",
            (samples["none"], facts["ms_none"]),
            (samples["streams"], facts["ms_streams"]),
            {},
        ),
        lateness(delays),
        Figure(
            f"{STREAMS} streams: memory of all web processes",
            f"{facts['mib']:.1f} MiB against {facts['mib_none']:.1f} MiB",
            (facts["mib"] - facts["mib_none"]) * 1024 / STREAMS,
            " KiB for each",
        ),
        Figure(
            f"{STREAMS} streams: database connections of both servers",
            f"{facts['connections']:.0f} against {facts['connections_none']:.0f}",
            facts["connections"] - facts["connections_none"],
            " more",
        ),
    ]


def beside(
    what: str, old: tuple[Sample, float], new: tuple[Sample, float], facts: dict[str, Any]
) -> Figure:
    """Pages under two conditions: at most a tenth may be lost."""
    measured = " against ".join(f"{ms:.1f} ms a page, {spoken(each)}" for each, ms in (old, new))
    return Figure(what, measured, old[1] / new[1], "×", AS_QUICK, at_least=True, facts=facts)


def lateness(delays: list[float]) -> Figure:
    p50, p95 = statistics.median(delays), delays[int(len(delays) * 0.95)]
    return Figure(
        f"From a ticket filed to its news on a stream, {len(delays)} messages, p95",
        f"p50 {p50:.2f} s, p95 {p95:.2f} s, at most {delays[-1]:.2f} s",
        p95,
        " s",
        LATEST_P95,
    )


def spoken(sample: Sample) -> str:
    return f"{sample.rate:,.0f}/s (p50 {sample.p50:.1f}, p95 {sample.p95:.1f} ms)"
