"""Ten thousand homes answer at once through the public form, beside bare SQL of the same rows."""

import http.client
import random
import threading
import time
from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from benchmarks.agent import Agent
from benchmarks.figures import Figure, against
from benchmarks.load import FORK, ClientFailed, connected
from benchmarks.servers import Installation, manage, web
from benchmarks.sql_clients import cursor_on
from benchmarks.world import Size

WORLD = Size("answers", 0)
SLUG = "answers"
HOMES, CLIENTS, PROCESSES = 10_000, 64, 8
AGAIN = 10  # every tenth link is sent by two at once
TIMES_SQL = 25
WORDS = "物业回应很快，就是三号楼的电梯还是常坏，希望早点换。"
SENT, USED = 302, 409

CLAIM = """
SELECT id, wave_id, building_id FROM surveys_invitation
WHERE company_id = %s AND secret_hash = %s FOR UPDATE
"""
STAGE = "SELECT stage FROM surveys_wave WHERE company_id = %s AND id = %s"
DROP = "INSERT INTO surveys_ballot (company_id, id, wave_id, sealed) VALUES (%s, %s, %s, %s)"
USE = """
UPDATE surveys_invitation SET is_used = true, unfinished = '' WHERE company_id = %s AND id = %s
"""

# Answers with one link; whether it was the one that counts.
Answer = Callable[[str], bool]


def measure(found: Installation) -> list[Figure]:
    """The rush by HTTP, then the same invitations once more in SQL."""
    found.create(WORLD.database)
    manage(found, WORLD.database, "migrate", "--verbosity", "0")
    manage(found, WORLD.database, "collectstatic", "--no-input", "--verbosity", "0")
    with Agent(found, WORLD.database) as agent:
        agent.ask("found", slugs=[SLUG])
        asked = agent.ask("survey", slug=SLUG, homes=HOMES)
        secrets, wave = asked["secrets"], asked["wave"]
        with web(found, WORLD) as port:
            body = filled_in(asked["keys"])
            seconds, taken, turned_away = rush(lambda: by_form(port, body), with_doubles(secrets))
        counts = agent.ask("heard", slug=SLUG, wave=wave)
        bare, rows = in_sql(found, wave, secrets)
    lost = HOMES - counts["used"]
    doubled = counts["ballots"] - counts["used"]
    rate, sql = HOMES / seconds, HOMES / bare
    return [
        against(
            f"{HOMES:,} answers through the public form, {CLIENTS} at once: times slower than the"
            " bare SQL of the same rows",
            f"{seconds:.1f} s, {rate:,.0f}/s; bare SQL {sql:,.0f}/s",
            rate / sql,
            TIMES_SQL,
            rows=rows,
        ),
        Figure(
            "The same: answers lost, and answers doubled",
            f"{taken:,} sent, {turned_away:,} of a second person with the same link turned away;"
            f" {counts['ballots']:,} in the box",
            abs(lost) + abs(doubled),
            "",
            0,
        ),
    ]


def filled_in(keys: Sequence[str]) -> bytes:
    """What a browser sends."""
    fields = [("act", "send"), *(("seen", key) for key in keys)]
    fields += [(f"q-{key}", "4") for key in keys if key.startswith("r")]
    fields += [("q-via", "phone"), ("q-words", WORDS)]
    return urlencode(fields).encode()


def with_doubles(secrets: Sequence[str]) -> list[str]:
    """Every link, and every tenth once more right after it."""
    order = list(secrets)
    random.Random(1).shuffle(order)
    return [each for at, one in enumerate(order) for each in ([one] * (1 + (at % AGAIN == 0)))]


def by_form(port: int, body: bytes) -> Answer:
    link = connected(port)
    headers = {"Host": "localhost", "Content-Type": "application/x-www-form-urlencoded"}

    def answer(secret: str) -> bool:
        path = f"/{SLUG}/s/{secret}/"
        try:
            link.request("POST", path, body, headers)
            got = link.getresponse()
        except (http.client.RemoteDisconnected, ConnectionResetError, BrokenPipeError):
            link.close()  # idle for too long; nothing had been read
            link.request("POST", path, body, headers)
            got = link.getresponse()
        content = got.read()
        if got.status not in (SENT, USED):
            raise ClientFailed(f"{path} answers {got.status}: {content[:300]!r}")
        return got.status == SENT

    return answer


def in_sql(found: Installation, wave: str, secrets: Sequence[str]) -> tuple[float, dict[str, int]]:
    """The seconds that the same rows take by hand: claim, drop, look, use, commit."""
    cursor = cursor_on(found, WORLD.database)
    cursor.execute("SELECT company_id FROM surveys_wave WHERE id = %s", [wave])
    company = cursor.fetchone()[0]
    cursor.execute("SELECT sealed FROM surveys_ballot WHERE wave_id = %s LIMIT 1", [wave])
    sealed = cursor.fetchone()[0]
    cursor.execute("DELETE FROM surveys_ballot WHERE wave_id = %s", [wave])
    cursor.execute("UPDATE surveys_invitation SET is_used = false WHERE wave_id = %s", [wave])
    cursor.execute("SELECT secret_hash FROM surveys_invitation WHERE wave_id = %s", [wave])
    hashes = [row[0] for row in cursor.fetchall()]
    if len(hashes) != len(secrets):
        raise ValueError(f"{len(hashes)} invitations and {len(secrets)} links")

    def client() -> Answer:
        link = found.connect(WORLD.database, autocommit=False)
        own = link.cursor()

        def answer(secret_hash: str) -> bool:
            own.execute(CLAIM, [company, secret_hash])
            invitation, asked, _building = own.fetchone()
            own.execute(DROP, [company, str(uuid4()), asked, sealed])
            own.execute(STAGE, [company, asked])
            own.fetchone()
            own.execute(USE, [company, invitation])
            link.commit()
            return True

        return answer

    seconds, taken, _none = rush(client, hashes)
    return seconds, {"surveys_ballot": taken, "surveys_invitation": taken}


def rush(make: Callable[[], Answer], links: Sequence[str]) -> tuple[float, int, int]:
    """All links by so many clients: the seconds it took, answers that counted, and others."""
    ready = FORK.Barrier(CLIENTS + 1)
    pipes = []
    each = CLIENTS // PROCESSES
    for number in range(PROCESSES):
        ours, theirs = FORK.Pipe(duplex=False)
        shares = [links[number * each + at :: CLIENTS] for at in range(each)]
        process = FORK.Process(target=crowd, args=(make, shares, ready, theirs), daemon=True)
        process.start()
        theirs.close()
        pipes.append(ours)
    ready.wait(120)
    began = time.perf_counter()
    told: list[Any] = [pipe.recv() for pipe in pipes]
    seconds = time.perf_counter() - began
    if failed := [words for words in told if isinstance(words, str)]:
        raise ClientFailed(failed[0])
    return seconds, sum(one for one, _other in told), sum(other for _one, other in told)


def crowd(
    make: Callable[[], Answer], shares: Sequence[Sequence[str]], ready: Any, out: Any
) -> None:
    """The clients of one process, a thread and a connection each."""
    counts: list[tuple[int, int]] = []
    errors: list[str] = []

    def one(share: Sequence[str]) -> None:
        try:
            answer = make()
            ready.wait(120)
            counted = [answer(link) for link in share]
            counts.append((counted.count(True), counted.count(False)))
        except Exception as error:
            ready.abort()
            errors.append(f"{type(error).__name__}: {error}")

    people = [threading.Thread(target=one, args=(share,)) for share in shares]
    for each in people:
        each.start()
    for each in people:
        each.join()
    sums = sum(one for one, _other in counts), sum(other for _one, other in counts)
    out.send(errors[0] if errors else sums)
