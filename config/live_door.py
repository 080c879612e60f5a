"""The door to the live streams: who may open one, how one goes on, how it ends.

Whether somebody may listen is asked of the portal itself, by the same address, once a minute.
"""

import asyncio
import io
import logging
import random
import re
import secrets
import sys
from collections.abc import Awaitable, Callable, MutableMapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, unquote_to_bytes
from uuid import UUID

from complaints.services.changes import OVERLAP, floor_of, moment_of
from complaints.services.presence import forget_presence
from complaints.views.live import LONGEST_WINDOW, OFFER, Grant, identity, place_of
from config.live import Full, Hub, Listener

logger = logging.getLogger(__name__)

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

ADDRESS = re.compile(r"/[-\w]+/live/")
HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store, no-transform"),
    (b"x-accel-buffering", b"no"),
    (b"x-content-type-options", b"nosniff"),
]
BEGINNING = datetime.fromtimestamp(0, UTC)
BEAT = 15.0
# Sessions end, roles change, companies are suspended: seen within so many seconds.
CHECK = (50.0, 70.0)
# After a restart everybody comes back, but not in the same moment.
RETRY = (2000, 6000)


@dataclass(frozen=True, slots=True)
class Answer:
    """What the portal says to somebody who knocks."""

    status: int
    headers: list[tuple[bytes, bytes]]
    body: bytes
    grant: Grant | None


class Knock:
    """Asks the portal, as a browser would."""

    def __init__(self, pages: Callable[..., Any]) -> None:
        self.pages = pages

    def __call__(self, scope: Scope) -> Answer:
        offered: list[Grant] = []
        said: list[Any] = []
        environ = {**environ_of(scope), OFFER: offered}
        chunks = self.pages(environ, lambda *answer: said.extend(answer))
        try:
            body = b"".join(chunks)
        finally:
            chunks.close()
        headers = [
            (name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in said[1]
        ]
        return Answer(int(said[0].split()[0]), headers, body, next(iter(offered), None))


def environ_of(scope: Scope) -> dict[str, Any]:
    """A request without a body, as WSGI has it."""
    host, port = scope.get("server") or ("localhost", 80)
    environ = {
        "REQUEST_METHOD": "GET",
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(scope["raw_path"]).decode("latin-1"),
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "SERVER_PROTOCOL": "HTTP/1.1",
        "SERVER_NAME": host,
        "SERVER_PORT": str(port),
        "REMOTE_ADDR": (scope.get("client") or ("", 0))[0],
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    for name, value in scope["headers"]:
        key = f"HTTP_{name.decode('latin-1').upper().replace('-', '_')}"
        if key not in ("HTTP_CONTENT_LENGTH", "HTTP_CONTENT_TYPE"):
            before = f"{environ[key]}," if key in environ else ""
            environ[key] = f"{before}{value.decode('latin-1')}"
    return environ


class Door:
    """Serves `/<company>/live/`."""

    def __init__(self, hub: Hub, knock: Callable[[Scope], Answer]) -> None:
        self.hub, self.knock = hub, knock

    @staticmethod
    def is_meant(scope: Scope) -> bool:
        """Whether a request is for a stream."""
        return scope["method"] == "GET" and ADDRESS.fullmatch(scope["path"]) is not None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        answer = await self.hub.in_thread(self.knock, scope)
        if answer.grant is None:
            await respond(send, answer.status, answer.headers, answer.body)
            return
        try:
            listener = self.hub.join(answer.grant, window=window(scope), after=after(scope))
        except Full:
            await respond(send, 503, [(b"retry-after", b"60")], b"")
            return
        stream = Stream(self, listener, scope)
        try:
            await stream.run(receive, send)
        finally:
            self.hub.leave(listener)
            await self.forget(listener)

    async def forget(self, listener: Listener) -> None:
        """Whoever leaves is not there any more."""
        grant = listener.grant
        if grant.ticket is not None:
            with suppress(RuntimeError):  # the threads ended with the server
                await self.hub.in_thread(
                    lambda ticket: forget_presence(
                        company=grant.company,
                        ticket=ticket,
                        member=grant.member.pk,
                        window=listener.window,
                    ),
                    grant.ticket,
                )


class Stream:
    """One open stream, from its first byte to its last."""

    def __init__(self, door: Door, listener: Listener, scope: Scope) -> None:
        self.door, self.listener, self.scope = door, listener, scope
        self.now = asyncio.get_running_loop().time
        self.check_at = self.now() + random.uniform(*CHECK)  # noqa: S311  spreads, hides nothing

    async def run(self, receive: Receive, send: Send) -> None:
        """Send what there is to say until somebody ends it."""
        await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
        retry = random.randint(*RETRY)  # noqa: S311  the same
        await self.write(send, f"retry: {retry}\n".encode() + self.listener.beat)
        left = asyncio.create_task(until_left(receive))
        try:
            while (words := await self.next(left)) is not None:
                await self.write(send, words)
        finally:
            left.cancel()
        await send({"type": "http.response.body", "body": b"", "more_body": False})

    async def write(self, send: Send, words: bytes) -> None:
        await send({"type": "http.response.body", "body": words, "more_body": True})

    async def next(self, left: "asyncio.Task[None]") -> bytes | None:
        """The next words: a message, or a beat when there was none for a while; None at the end."""
        waiting = asyncio.create_task(self.listener.messages.get())
        try:
            await asyncio.wait({waiting, left}, timeout=BEAT, return_when=asyncio.FIRST_COMPLETED)
            if left.done() or not await self.is_still_welcome():
                return None
            return waiting.result() if waiting.done() else self.listener.beat
        finally:
            waiting.cancel()

    async def is_still_welcome(self) -> bool:
        """Once a minute: whether the session, the role and the company are what they were."""
        if self.now() < self.check_at:
            return True
        self.check_at = self.now() + random.uniform(*CHECK)  # noqa: S311  the same
        answer = await self.door.hub.in_thread(self.door.knock, self.scope)
        if answer.grant is None:
            return False
        self.listener.grant = answer.grant
        return True


async def until_left(receive: Receive) -> None:
    """Wait until the browser has gone."""
    while (await receive())["type"] != "http.disconnect":
        pass


async def respond(send: Send, status: int, headers: list[tuple[bytes, bytes]], body: bytes) -> None:
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def asked(scope: Scope, name: str) -> str:
    """A word of the query."""
    query: str = scope["query_string"].decode("latin-1")
    return parse_qs(query).get(name, [""])[0]


def window(scope: Scope) -> str:
    """What a browser calls its window, or a name that nobody else has."""
    return asked(scope, "window")[:LONGEST_WINDOW] or secrets.token_hex(8)


def after(scope: Scope) -> UUID | None:
    """Where a stream goes on: where the page was made, or where the stream before it ended.

    In the latter case a little of it is told again, because transactions end in any order.
    """
    before = dict(scope["headers"]).get(b"last-event-id", b"").decode("latin-1")
    if found := identity(before or asked(scope, "resume")):
        return floor_of(max(moment_of(found, BEGINNING) - OVERLAP, BEGINNING))
    return place_of(asked(scope, "after"))
