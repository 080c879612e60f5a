"""Clients that ask as fast as they are answered: eight processes, a connection each."""

import http.client
import multiprocessing
import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Any

CLIENTS = 8
WARM_UP = 0.3
# Threads of the parent would not survive it, but the parent has none while clients run.
FORK = multiprocessing.get_context("fork")

Act = Callable[[], None]
# Makes what one client does again and again; given its number, called in its own process.
Client = Callable[[int], Act]


@dataclass(frozen=True, slots=True)
class Sample:
    """What all clients together got done."""

    rate: float  # a second
    p50: float  # milliseconds
    p95: float
    count: int


class ClientFailed(Exception):
    """A client could not do its work; the message is its error."""


def drive(client: Client, seconds: float, clients: int = CLIENTS) -> Sample:
    """Let the clients work for so long."""
    ready = FORK.Barrier(clients)
    pipes, started = [], []
    for number in range(clients):
        ours, theirs = FORK.Pipe(duplex=False)
        process = FORK.Process(target=work, args=(client, number, seconds, ready, theirs))
        process.start()
        theirs.close()
        pipes.append(ours)
        started.append(process)
    answers = [receive(pipe) for pipe in pipes]
    for process in started:
        process.join()
    if failed := [each for each in answers if isinstance(each, str)]:
        # Those who only waited for the one that failed say that the barrier broke.
        raise ClientFailed(min(failed, key=lambda words: words.startswith("BrokenBarrier")))
    return summed([each for each in answers if not isinstance(each, str)])


def receive(pipe: Connection) -> list[float] | str:
    try:
        answer: list[float] | str = pipe.recv()
    except EOFError:
        return "a client ended without a word"
    return answer


def work(client: Client, number: int, seconds: float, ready: Any, out: Connection) -> None:
    """One client's life: connect, warm up, wait for the others, work."""
    try:
        act = client(number)
        warm = time.perf_counter() + WARM_UP
        while time.perf_counter() < warm:
            act()
        ready.wait(60)
        took = []
        now = began = time.perf_counter()
        while now - began < seconds:
            act()
            after = time.perf_counter()
            took.append(after - now)
            now = after
        out.send(took)
    except Exception as error:
        ready.abort()
        out.send(f"{type(error).__name__}: {error}")


def summed(times: Sequence[Sequence[float]]) -> Sample:
    """All clients' times as one sample."""
    everything = sorted(each for client in times for each in client)
    rate = sum(len(client) / sum(client) for client in times)
    return Sample(
        rate,
        p50=everything[len(everything) // 2] * 1000,
        p95=everything[int(len(everything) * 0.95)] * 1000,
        count=len(everything),
    )


def rounds(arms: Mapping[str, Client], seconds: float, times: int) -> dict[str, Sample]:
    """Each arm so often, in turns, so that a busy moment of the machine hits all; the medians."""
    found: dict[str, list[Sample]] = {name: [] for name in arms}
    for turn in range(times):
        # Back and forth, so that none always follows the same one.
        for name in list(arms)[:: 1 if turn % 2 == 0 else -1]:
            found[name].append(drive(arms[name], seconds))
    return {name: middle(samples) for name, samples in found.items()}


def middle(samples: Sequence[Sample]) -> Sample:
    """The median of several samples."""
    return Sample(
        rate=statistics.median(each.rate for each in samples),
        p50=statistics.median(each.p50 for each in samples),
        p95=statistics.median(each.p95 for each in samples),
        count=sum(each.count for each in samples),
    )


def getting(port: int, path: str, headers: Mapping[str, str], mark: bytes, marks: int) -> Client:
    """Clients that fetch one address over a connection that stays open.

    Every answer must be a 200, and the first holds `mark` so many times: a page of 50 rows.
    """

    def client(_number: int) -> Act:
        link = connected(port)
        body = fetch(link, "GET", path, headers)
        if body.count(mark) != marks:
            raise ClientFailed(f"{path} shows {body.count(mark)} rows and not {marks}")

        def act() -> None:
            fetch(link, "GET", path, headers)

        return act

    return client


def connected(port: int) -> http.client.HTTPConnection:
    link = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    link.connect()
    return link


def fetch(
    link: http.client.HTTPConnection,
    method: str,
    path: str,
    headers: Mapping[str, str],
    body: bytes | None = None,
    expected: int = 200,
) -> bytes:
    """One request; anything but the expected status is an error."""
    named = {"Host": "localhost", **headers}
    try:
        link.request(method, path, body, named)
        answer = link.getresponse()
    except (http.client.RemoteDisconnected, ConnectionResetError, BrokenPipeError):
        # The server closes what was idle for two seconds; every client connects again then.
        link.close()
        link.request(method, path, body, named)
        answer = link.getresponse()
    content = answer.read()
    if answer.status != expected:
        raise ClientFailed(f"{path} answers {answer.status}: {content[:300]!r}")
    return content
