"""A browser's end of a live stream, without a network between."""

import asyncio
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.wsgi import get_wsgi_application
from django.test import Client

from config.live import Hub
from config.live_door import Door, Knock, Scope
from tenancy.models import Membership
from tests.conftest import SignIn

QUICK = 0.02
PATIENCE = 10.0


class Browser:
    """Asks for one stream and reads what comes."""

    def __init__(self, door: Door, scope: Scope) -> None:
        self.door, self.scope = door, scope
        self.status = 0
        self.headers: dict[str, str] = {}
        self.text = ""
        self.has_left = asyncio.Event()
        self.task: asyncio.Task[None] | None = None

    async def receive(self) -> dict[str, Any]:
        await self.has_left.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: Any) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            self.headers = {name.decode(): value.decode() for name, value in message["headers"]}
        else:
            self.text += message["body"].decode()

    async def open(self) -> None:
        """Ask, and wait for the first words or for a refusal."""
        self.task = asyncio.create_task(self.door(self.scope, self.receive, self.send))
        await self.until(lambda: bool(self.text) or self.is_over)

    @property
    def is_over(self) -> bool:
        assert self.task is not None
        return self.task.done()

    async def until(self, happened: Callable[[], bool]) -> None:
        async with asyncio.timeout(PATIENCE):
            while not happened():
                await asyncio.sleep(QUICK / 2)

    async def leave(self) -> None:
        self.has_left.set()
        assert self.task is not None
        await asyncio.wait_for(self.task, PATIENCE)


@pytest.fixture
def door() -> Iterator[Door]:
    """The streams of a process of its own, which looks often."""
    hub = Hub(every=QUICK)
    yield Door(hub, Knock(get_wsgi_application()))
    hub.threads.shutdown()


def scope_of(client: Client, path: str, query: str = "", **headers: str) -> Scope:
    cookies = "; ".join(f"{name}={each.value}" for name, each in client.cookies.items())
    named = {"host": "testserver", "cookie": cookies, **headers}
    return {
        "type": "http",
        "method": "GET",
        "path": path,
        "raw_path": path.encode(),
        "query_string": query.encode(),
        "headers": [
            (name.replace("_", "-").encode(), value.encode()) for name, value in named.items()
        ],
        "server": ("testserver", 80),
        "client": ("127.0.0.1", 5000),
    }


@pytest.fixture
def browse(door: Door) -> Callable[..., Browser]:
    """`browse(jinxiu.desk, "ticket=…")`: a browser of a member that asks for a stream."""

    def fresh(
        member: Membership | None, query: str = "", path: str = "/jinxiu/live/", **headers: str
    ) -> Browser:
        client = SignIn()(member) if member else Client()
        return Browser(door, scope_of(client, path, query, **headers))

    return fresh
