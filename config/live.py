"""Live streams: pages that stay open are told when something changed.

In each process one watcher for each company that somebody listens to reads the newest of the
timeline every two seconds, in a short transaction of its own. Nobody has to publish anything.
"""

import asyncio
import json
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.db import DatabaseError, close_old_connections

from complaints.services.changes import (
    MOST,
    OVERLAP,
    Change,
    changes_after,
    floor_of,
    is_quiet,
    moment_of,
    visible_tickets,
)
from complaints.services.presence import Present, note_presence, present
from complaints.views.live import LONGEST_MINUTES, Grant, told
from tenancy.scope import company_scope

logger = logging.getLogger(__name__)

EVERY = 2.0
# However many companies listen, a process looks so often in a second at most.
LOOKS = 15
AFTER_A_FAILURE = 10.0
# One person's windows, and everybody's in one process.
MOST_OF_ONE, MOST_OF_ALL = 6, 1000
# A listener that reads nothing for so many messages is told to look anew.
LONGEST_QUEUE = 50
# Presence fades by itself, so it is said again and again.
PRESENT_AGAIN = 15.0
THREADS = 2


class Full(Exception):
    """No more streams here; the page asks for news instead."""


@dataclass(slots=True, eq=False)
class Listener:
    """One open stream."""

    grant: Grant
    window: str
    after: UUID
    messages: asyncio.Queue[bytes | None] = field(
        default_factory=lambda: asyncio.Queue(LONGEST_QUEUE)
    )
    is_new: bool = True
    there: list[Present] | None = None
    said_at: float = 0.0

    @property
    def beat(self) -> bytes:
        """A sign of life. It carries the place to go on from."""
        return message("beat", {}, self.after)

    def say(self, message: bytes) -> None:
        """Put a message on its way; whoever does not read is told once that there is much."""
        if self.messages.full():
            while not self.messages.empty():
                self.messages.get_nowait()
            message = changed(self.after, [], many=True)
        self.messages.put_nowait(message)

    def end(self) -> None:
        """Say that nothing more will come."""
        while self.messages.full():
            self.messages.get_nowait()
        self.messages.put_nowait(None)


def message(event: str, body: dict[str, Any], number: UUID | None = None) -> bytes:
    """One message as browsers read it."""
    head = f"id: {number}\n" if number else ""
    return f"{head}event: {event}\ndata: {json.dumps(body)}\n\n".encode()


def changed(after: UUID, changes: list[dict[str, Any]], *, many: bool = False) -> bytes:
    return message("changed", {"many": many, "changes": changes}, after)


def attendance(there: list[Present], me: UUID) -> bytes:
    others = [{"name": each.name, "writes": each.writes} for each in there if each.member != me]
    return message("present", {"others": others})


@dataclass(slots=True)
class Room:
    """The listeners of one company, and what they have been told."""

    company: UUID
    listeners: set[Listener] = field(default_factory=set)
    # Events that were told already; nobody has looked yet when there is no such set.
    told: set[UUID] | None = None


@dataclass(frozen=True, slots=True)
class Look:
    """What one look at the database found. Whoever has just come may have missed something:
    None stands for more than can be told."""

    changes: list[Change]
    late: dict[Listener, list[Change] | None]
    visible: dict[UUID, frozenset[UUID]]
    there: dict[UUID, list[Present]]
    until: UUID


class Hub:
    """All streams of one process."""

    def __init__(
        self, *, every: float = EVERY, clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        self.every, self.clock = every, clock
        self.rooms: dict[UUID, Room] = {}
        self.watchers: dict[UUID, asyncio.Task[None]] = {}
        # Apart from the pages' threads: a busy hour of the pages silences nobody.
        self.threads = ThreadPoolExecutor(THREADS, thread_name_prefix="live")
        self.is_ending = False

    @property
    def count(self) -> int:
        return sum(len(room.listeners) for room in self.rooms.values())

    async def in_thread(self, act: Callable[..., Any], *arguments: Any) -> Any:
        """Something that waits for the database."""
        return await asyncio.get_running_loop().run_in_executor(self.threads, act, *arguments)

    def join(self, grant: Grant, *, window: str, after: UUID | None) -> Listener:
        """Begin to listen. Raises Full."""
        room = self.rooms.get(grant.company)
        mine = [] if room is None else [each for each in room.listeners if is_of(each, grant)]
        if self.is_ending or self.count >= MOST_OF_ALL or len(mine) >= MOST_OF_ONE:
            raise Full
        if room is None:
            room = self.rooms[grant.company] = Room(grant.company)
            self.watchers[grant.company] = asyncio.create_task(self.watch(room))
        listener = Listener(
            grant, window, after or floor_of(self.clock()), is_new=after is not None
        )
        room.listeners.add(listener)
        return listener

    def leave(self, listener: Listener) -> None:
        """Listen no longer; the last one ends the watch."""
        company = listener.grant.company
        room = self.rooms[company]
        room.listeners.discard(listener)
        if not room.listeners:
            del self.rooms[company]
            self.watchers.pop(company).cancel()

    def end(self) -> None:
        """The server ends: every stream does, at once."""
        self.is_ending = True
        for room in self.rooms.values():
            for listener in room.listeners:
                listener.end()

    async def watch(self, room: Room) -> None:
        """Look again and again while somebody listens."""
        while True:
            pause = max(self.every, len(self.rooms) / LOOKS)
            listeners = list(room.listeners)
            try:
                found = await self.in_thread(look, room, listeners, self.clock())
            except DatabaseError as error:
                logger.warning("Nothing can be told, the database is away: %s", error)
                pause = AFTER_A_FAILURE
            except Exception:
                # One company's trouble must not end its streams, which would all come back.
                logger.exception("Company %s could not be watched", room.company)
                pause = AFTER_A_FAILURE
            else:
                tell(room, listeners, found)
            await asyncio.sleep(pause)


def is_of(listener: Listener, grant: Grant) -> bool:
    return listener.grant.member.pk == grant.member.pk


def look(room: Room, listeners: list[Listener], now: datetime) -> Look:
    """What was written since the last look, and who may see it. Runs in a thread."""
    close_old_connections()
    overlapping = floor_of(now - OVERLAP)
    try:
        with company_scope(room.company):
            known = room.told or set()
            is_quiet_now = room.told is not None and is_quiet(overlapping, known)
            recent = [] if is_quiet_now else changes_after(overlapping)
            # The first look only finds out what is old.
            known = {each.event for each in recent} if room.told is None else known
            changes = [each for each in recent if each.event not in known]
            late = {each: missed(each, now) for each in listeners if each.is_new}
            tickets = {one.ticket for some in [changes, *late.values()] for one in some or ()}
            members = {each.grant.member.pk: each.grant.member for each in listeners}
            visible = visible_tickets(members.values(), list(tickets)) if tickets else {}
    finally:
        close_old_connections()
    # As long as they are read again.
    room.told = {each.event for each in recent} | {one for one in known if one > overlapping}
    return Look(changes, late, visible, attend(room.company, listeners), floor_of(now))


def missed(listener: Listener, now: datetime) -> list[Change] | None:
    """What happened between the page, or the stream before, and this stream."""
    away = now - moment_of(listener.after, now)
    if away.total_seconds() > LONGEST_MINUTES * 60:
        return None
    return changes_after(listener.after)


def attend(company: UUID, listeners: list[Listener]) -> dict[UUID, list[Present]]:
    """Say who is there, and ask who else is."""
    now = datetime.now(UTC).timestamp()
    tickets = set()
    for each in listeners:
        ticket = each.grant.ticket
        if ticket is None:
            continue
        tickets.add(ticket)
        if now - each.said_at >= PRESENT_AGAIN:
            each.said_at = now
            note_presence(
                company=company, ticket=ticket, member=each.grant.member, window=each.window
            )
    return present(company=company, tickets=tickets)


def tell(room: Room, listeners: list[Listener], found: Look) -> None:
    """Give each listener what concerns them."""
    for listener in listeners:
        if listener in room.listeners:
            news, many = news_for(listener, found)
            visible = found.visible.get(listener.grant.member.pk, frozenset())
            mine = told(news, listener.grant.member, visible)
            if mine or many:
                listener.say(changed(found.until, mine, many=many))
            listener.after, listener.is_new = found.until, False
            announce(listener, found.there)


def news_for(listener: Listener, found: Look) -> tuple[list[Change], bool]:
    """What a listener has not been told, and whether that is too much to be told."""
    if listener not in found.late:
        return found.changes, len(found.changes) >= MOST
    late = found.late[listener]
    if late is None:
        return [], True
    both = {each.event: each for each in [*late, *found.changes]}
    return list(both.values()), len(both) >= MOST


def announce(listener: Listener, there: dict[UUID, list[Present]]) -> None:
    """Say who else has the ticket open, when that has changed."""
    ticket = listener.grant.ticket
    if ticket is None or there.get(ticket, []) == listener.there:
        return
    listener.there = there.get(ticket, [])
    listener.say(attendance(listener.there, listener.grant.member.pk))
