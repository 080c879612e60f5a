"""Ten thousand homes answer at once through the public form, beside bare SQL of the same rows."""

import http.client
import random
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from statistics import median
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
ROUNDS = 4  # by the form and by hand in turns: what else the machine does slows both
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

ANSWERED = "SELECT secret_hash FROM surveys_invitation WHERE is_used AND wave_id = %s"
BALLOTS = "SELECT id::text FROM surveys_ballot WHERE wave_id = %s"

# Answers with one link; whether it was the one that counts.
Answer = Callable[[str], bool]


def measure(found: Installation) -> list[Figure]:
    """The rush by HTTP, a quarter at a time, and each quarter once more in SQL."""
    found.create(WORLD.database)
    manage(found, WORLD.database, "migrate", "--verbosity", "0")
    manage(found, WORLD.database, "collectstatic", "--no-input", "--verbosity", "0")
    heard = Heard()
    with Agent(found, WORLD.database) as agent:
        agent.ask("found", slugs=[SLUG])
        asked = agent.ask("survey", slug=SLUG, homes=HOMES)
        secrets, wave = asked["secrets"], asked["wave"]
        by_hand = ByHand(found, wave)
        with web(found, WORLD) as port:
            body = filled_in(asked["keys"])
            for number in range(ROUNDS):
                links = with_doubles(secrets[number::ROUNDS])
                seconds, taken, turned_away = rush(lambda: by_form(port, body), links)
                counts = agent.ask("heard", slug=SLUG, wave=wave)
                heard.add(seconds, by_hand.again(), taken, turned_away)
                heard.compare(counts, expected=HOMES * (number + 1) // ROUNDS)
    return heard.figures()


@dataclass
class Heard:
    """What came of the rounds."""

    by_form: list[float] = field(default_factory=list)
    by_hand: list[float] = field(default_factory=list)
    taken: int = 0
    turned_away: int = 0
    lost: int = 0
    doubled: int = 0

    def add(self, by_form: float, by_hand: float, taken: int, turned_away: int) -> None:
        self.by_form.append(by_form)
        self.by_hand.append(by_hand)
        self.taken += taken
        self.turned_away += turned_away

    def compare(self, counts: dict[str, int], expected: int) -> None:
        self.lost = max(self.lost, abs(expected - counts["used"]))
        self.doubled = max(self.doubled, abs(counts["ballots"] - counts["used"]))

    def figures(self) -> list[Figure]:
        slower = [one / other for one, other in zip(self.by_form, self.by_hand, strict=True)]
        seconds, bare = sum(self.by_form), sum(self.by_hand)
        return [
            against(
                f"{HOMES:,} answers through the public form, {CLIENTS} at once: times slower than"
                f" the bare SQL of the same rows, the median of {ROUNDS} rounds",
                f"{seconds:.1f} s, {HOMES / seconds:,.0f}/s; bare SQL {HOMES / bare:,.0f}/s;"
                f" rounds {', '.join(f'{each:.1f}' for each in sorted(slower))}",
                1 / median(slower),
                TIMES_SQL,
                rows={"surveys_ballot": HOMES, "surveys_invitation": HOMES},
            ),
            Figure(
                "The same: answers lost, and answers doubled",
                f"{self.taken:,} sent, {self.turned_away:,} of a second person with the same link"
                " turned away",
                self.lost + self.doubled,
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


class ByHand:
    """The rows of each round once more: claim, drop, look, use, commit."""

    def __init__(self, found: Installation, wave: str) -> None:
        self.found, self.wave = found, wave
        self.cursor = cursor_on(found, WORLD.database)
        self.cursor.execute("SELECT company_id FROM surveys_wave WHERE id = %s", [wave])
        self.company = self.cursor.fetchone()[0]
        self.hashes: set[str] = set()
        self.ballots: set[str] = set()

    def again(self) -> float:
        """Take back what this round has brought, and do it by hand; the seconds it takes."""
        used = self._rows(
            "SELECT secret_hash FROM surveys_invitation WHERE is_used AND wave_id = %s"
        )
        hashes = used - self.hashes
        ballots = (
            self._rows("SELECT id::text FROM surveys_ballot WHERE wave_id = %s") - self.ballots
        )
        sql = "SELECT sealed FROM surveys_ballot WHERE id = %s"
        self.cursor.execute(sql, [next(iter(ballots))])
        sealed = self.cursor.fetchone()[0]
        sql = "DELETE FROM surveys_ballot WHERE id = ANY(%s::uuid[])"
        self.cursor.execute(sql, [list(ballots)])
        sql = "UPDATE surveys_invitation SET is_used = false WHERE secret_hash = ANY(%s)"
        self.cursor.execute(sql, [list(hashes)])
        seconds, taken, _none = rush(lambda: self.client(sealed), sorted(hashes))
        if taken != len(hashes):
            raise ValueError(f"{taken} of {len(hashes)} by hand")
        self.hashes = used
        self.ballots = self._rows(BALLOTS)
        return seconds

    def _rows(self, sql: str) -> set[str]:
        self.cursor.execute(sql, [self.wave])
        return {row[0] for row in self.cursor.fetchall()}

    def client(self, sealed: str) -> Answer:
        link = self.found.connect(WORLD.database, autocommit=False)
        own = link.cursor()

        def answer(secret_hash: str) -> bool:
            own.execute(CLAIM, [self.company, secret_hash])
            invitation, asked, _building = own.fetchone()
            own.execute(DROP, [self.company, str(uuid4()), asked, sealed])
            own.execute(STAGE, [self.company, asked])
            own.fetchone()
            own.execute(USE, [self.company, invitation])
            link.commit()
            return True

        return answer


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
