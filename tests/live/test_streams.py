"""Live streams: what each listener hears, and when they hear no more."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID

import pytest
from asgiref.sync import sync_to_async
from django.contrib.sessions.models import Session
from django.db import OperationalError, close_old_connections, connections
from django.utils import timezone

from complaints.models import Ticket
from complaints.services import changes, handling
from complaints.services.changes import floor_of
from config import live, live_door
from config.live_door import Door
from tenancy.models import Company
from tenancy.scope import company_scope
from tests.factories.cast import Cast
from tests.live.conftest import Browser

pytestmark = pytest.mark.django_db(transaction=True)
Browse = Callable[..., Browser]


def played(story: Callable[[], Awaitable[None]]) -> None:
    """Run a story in an event loop of its own, and in a thread: a browser's tests keep another."""
    with ThreadPoolExecutor(max_workers=1) as pool:
        pool.submit(lambda: asyncio.run(story())).result()  # type: ignore[arg-type]


def in_thread(act: Callable[[], Any]) -> Awaitable[Any]:
    """Something that others do meanwhile, over a connection of their own."""

    def do() -> Any:
        try:
            return act()
        finally:
            connections.close_all()

    return sync_to_async(do, thread_sensitive=False)()


def events(browser: Browser, kind: str) -> list[Any]:
    """What a stream has said so far, of one kind."""
    found = []
    for part in browser.text.split("\n\n"):
        lines = dict(line.split(": ", 1) for line in part.split("\n") if ": " in line)
        if lines.get("event") == kind:
            found.append(json.loads(lines["data"]))
    return found


def told(browser: Browser) -> list[tuple[str, str, bool]]:
    return [
        (each["kind"], each["by"], each["mine"])
        for said in events(browser, "changed")
        for each in said["changes"]
    ]


def test_each_listener_hears_what_they_may_see(jinxiu: Cast, heyue: Cast, browse: Browse) -> None:
    desk, technician, rival = (
        browse(jinxiu.desk),
        browse(jinxiu.technician),
        browse(heyue.desk, path="/heyue/live/"),
    )

    def file_one() -> None:
        with company_scope(jinxiu.company.pk):
            ticket = jinxiu.file(by="desk")
            Ticket.objects.filter(pk=ticket.pk).update(department=None)
            handling.accept(ticket=ticket, by=jinxiu.actor("supervisor"), now=timezone.now())

    async def story() -> None:
        for each in (desk, technician, rival):
            await each.open()
            assert (each.status, each.headers["content-type"]) == (
                200,
                "text/event-stream; charset=utf-8",
            )
        await asyncio.sleep(0.2)
        await in_thread(file_one)
        await desk.until(lambda: len(told(desk)) == 2)
        await asyncio.sleep(0.2)
        for each in (desk, technician, rival):
            await each.leave()

    played(story)
    assert told(desk) == [("filed", "desk", True), ("accepted", "supervisor", False)]
    assert (told(technician), told(rival)) == ([], [])


def test_what_happened_before_is_told_to_whoever_was_away(jinxiu: Cast, browse: Browse) -> None:
    since = floor_of(timezone.now() - timedelta(seconds=1))
    jinxiu.file()
    fresh = browse(jinxiu.desk)
    page = browse(jinxiu.desk, f"after={since}")
    back = browse(jinxiu.desk, last_event_id=str(since))
    again = browse(jinxiu.desk, f"resume={since}")

    async def story() -> None:
        for each in (fresh, page, back, again):
            await each.open()
        for each in (page, back, again):
            await each.until(lambda each=each: bool(told(each)))  # type: ignore[misc]
        await asyncio.sleep(0.1)
        for each in (fresh, page, back, again):
            await each.leave()

    played(story)
    assert [len(told(each)) for each in (fresh, page, back, again)] == [0, 1, 1, 1]


def test_whoever_was_away_for_long_looks_anew(jinxiu: Cast, browse: Browse) -> None:
    desk = browse(jinxiu.desk, f"resume={floor_of(timezone.now() - timedelta(hours=1))}")

    async def story() -> None:
        await desk.open()
        await desk.until(lambda: bool(events(desk, "changed")))
        await desk.leave()

    played(story)
    assert events(desk, "changed") == [{"many": True, "changes": []}]


def test_more_than_can_be_told_is_a_reason_to_look(
    jinxiu: Cast, browse: Browse, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (changes, live):
        monkeypatch.setattr(module, "MOST", 2)
    desk = browse(jinxiu.desk)

    async def story() -> None:
        await desk.open()
        await asyncio.sleep(0.1)
        for _number in range(3):
            await in_thread(jinxiu.file)
        await asyncio.sleep(0.3)
        await desk.leave()

    played(story)
    assert told(desk) != []


def test_who_else_has_the_ticket_open_is_said(jinxiu: Cast, browse: Browse) -> None:
    ticket = jinxiu.file()
    desk = browse(jinxiu.desk, f"ticket={ticket.pk}&window=a")
    admin = browse(jinxiu.admin, f"ticket={ticket.pk}")

    def last(browser: Browser) -> list[str]:
        said = events(browser, "present")
        return [each["name"] for each in said[-1]["others"]] if said else ["nothing yet"]

    async def story() -> None:
        await desk.open()
        await desk.until(lambda: last(desk) == [])
        await admin.open()
        await desk.until(lambda: last(desk) == ["admin"])
        await admin.until(lambda: last(admin) == ["desk"])
        await admin.leave()
        await desk.until(lambda: last(desk) == [])
        await desk.leave()

    played(story)


@pytest.mark.parametrize(
    ("who", "path", "query", "status"),
    [
        (None, "/jinxiu/live/", "", 302),
        ("owner", "/jinxiu/live/", "", 403),
        ("desk", "/heyue/live/", "", 404),
        ("desk", "/nowhere/live/", "", 404),
        ("desk", "/jinxiu/live/", f"ticket={UUID(int=7)}", 404),
        ("desk", "/jinxiu/live/", "ticket=%FF", 404),
    ],
)
def test_nobody_listens_who_may_not(
    jinxiu: Cast, browse: Browse, who: str | None, path: str, query: str, status: int
) -> None:
    browser = browse(jinxiu.members[who] if who else None, query, path=path)
    played(browser.open)
    assert (browser.status, browser.is_over) == (status, True)


def end_session(cast: Cast) -> None:
    Session.objects.all().delete()


def suspend(cast: Cast) -> None:
    Company.objects.filter(pk=cast.company.pk).update(is_active=False)


def demote(cast: Cast) -> None:
    with company_scope(cast.company.pk):
        cast.desk.roles = ["owner"]
        cast.desk.save()


@pytest.mark.parametrize("act", [end_session, suspend, demote])
def test_a_stream_ends_with_the_right_to_it(
    jinxiu: Cast, browse: Browse, monkeypatch: pytest.MonkeyPatch, act: Callable[[Cast], None]
) -> None:
    monkeypatch.setattr(live_door, "CHECK", (0.0, 0.0))
    monkeypatch.setattr(live_door, "BEAT", 0.05)
    desk = browse(jinxiu.desk)

    async def story() -> None:
        await desk.open()
        await desk.until(lambda: len(events(desk, "beat")) > 1)
        assert not desk.is_over
        await in_thread(partial(act, jinxiu))
        await desk.until(lambda: desk.is_over)

    played(story)


def test_one_person_opens_only_so_many(
    jinxiu: Cast, browse: Browse, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "MOST_OF_ONE", 2)
    browsers = [browse(jinxiu.desk) for _number in range(3)] + [browse(jinxiu.admin)]

    async def story() -> None:
        for each in browsers:
            await each.open()
        for each in browsers:
            await each.leave()

    played(story)
    assert [each.status for each in browsers] == [200, 200, 503, 200]


def test_the_server_ends_all_streams_at_once(jinxiu: Cast, browse: Browse, door: Door) -> None:
    browsers = [browse(jinxiu.desk), browse(jinxiu.admin)]

    async def story() -> None:
        for each in browsers:
            await each.open()
        door.hub.end()
        for each in browsers:
            await each.until(lambda each=each: each.is_over)  # type: ignore[misc]
        late = browse(jinxiu.desk)
        await late.open()
        assert late.status == 503

    played(story)
    assert (door.hub.rooms, door.hub.watchers) == ({}, {})


@pytest.mark.parametrize("error", [OperationalError("away"), RuntimeError("a bug of ours")])
def test_a_look_that_fails_ends_no_stream(
    jinxiu: Cast, browse: Browse, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    monkeypatch.setattr(live, "AFTER_A_FAILURE", 0.05)
    real, failures = changes.changes_after, [error]

    def fail_once(after: Any) -> Any:
        if failures:
            raise failures.pop()
        return real(after)

    monkeypatch.setattr(live, "changes_after", fail_once)
    desk = browse(jinxiu.desk)

    async def story() -> None:
        await desk.open()
        await asyncio.sleep(0.3)
        await in_thread(jinxiu.file)
        await desk.until(lambda: bool(told(desk)))
        await desk.leave()

    played(story)
    assert failures == []


def test_whoever_does_not_read_is_told_once_that_there_is_much() -> None:
    close_old_connections()

    async def story() -> None:
        listener = live.Listener(None, "a", floor_of(timezone.now()))  # type: ignore[arg-type]
        for number in range(live.LONGEST_QUEUE + 1):
            listener.say(f"{number}".encode())
        assert b'"many": true' in (listener.messages.get_nowait() or b"")
        assert listener.messages.empty()
        for _number in range(live.LONGEST_QUEUE):
            listener.say(b"x")
        listener.end()

    played(story)
