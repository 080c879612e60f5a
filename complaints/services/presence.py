"""Who has a ticket open right now. It lives in Redis, and without Redis nobody is shown."""

import json
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from uuid import UUID

from django.conf import settings
from redis import Redis
from redis.exceptions import RedisError

from tenancy.models import Membership

# A stream says every few seconds that it is there; who has been silent for so long is gone.
SILENCE = 40
# "Is writing" is said again while somebody goes on writing.
WRITING = 12
REST_SECONDS = 5
LOOKS, WRITES = "looks", "writes"


@dataclass(frozen=True, slots=True)
class Present:
    """A member who has the ticket open."""

    member: UUID
    name: str
    writes: bool


class _Breaker:
    """Remembers that Redis was down a moment ago."""

    down_until = 0.0


@cache
def _redis() -> Redis:
    options = settings.CACHES["default"]
    return Redis.from_url(options["LOCATION"], **options.get("OPTIONS", {}))


@contextmanager
def _spared() -> Iterator[None]:
    """Presence is a courtesy: what goes wrong with it hurts nobody."""
    try:
        yield
    except (RedisError, OSError):
        _Breaker.down_until = time.monotonic() + REST_SECONDS


def _is_down() -> bool:
    return time.monotonic() < _Breaker.down_until


def _key(company: UUID, ticket: UUID) -> str:
    prefix = settings.CACHES["default"].get("KEY_PREFIX", "")
    return f"{prefix}:present:{company}:{ticket}"


def note_presence(
    *, company: UUID, ticket: UUID, member: Membership, window: str, state: str = LOOKS
) -> None:
    """This member has the ticket open in a window, or writes on it."""
    if _is_down():
        return
    said = json.dumps([member.name, time.time()])
    with _spared(), _redis().pipeline(transaction=False) as pipe:
        pipe.hset(_key(company, ticket), f"{member.pk}:{state}:{window}", said)
        pipe.expire(_key(company, ticket), SILENCE)
        pipe.execute()


def forget_presence(*, company: UUID, ticket: UUID, member: UUID, window: str) -> None:
    """The window was closed."""
    if _is_down():
        return
    with _spared():
        fields = [f"{member}:{state}:{window}" for state in (LOOKS, WRITES)]
        _redis().hdel(_key(company, ticket), *fields)


def present(*, company: UUID, tickets: Iterable[UUID]) -> dict[UUID, list[Present]]:
    """Who has each of the tickets open, by name."""
    asked = list(tickets)
    if not asked or _is_down():
        return {}
    answers: list[dict[bytes, bytes]] = []
    with _spared(), _redis().pipeline(transaction=False) as pipe:
        for ticket in asked:
            pipe.hgetall(_key(company, ticket))
        answers = pipe.execute()
    now = time.time()
    return {ticket: _read(said, now) for ticket, said in zip(asked, answers, strict=False)}


def _read(said: dict[bytes, bytes], now: float) -> list[Present]:
    """Each member once, however many windows they have open."""
    found: dict[UUID, Present] = {}
    for field, value in said.items():
        member, state, _window = field.decode().split(":", 2)
        name, at = json.loads(value)
        if now - at > (WRITING if state == WRITES else SILENCE):
            continue
        pk = UUID(member)
        writes = state == WRITES or (pk in found and found[pk].writes)
        found[pk] = Present(pk, name, writes)
    return sorted(found.values(), key=lambda each: (each.name, each.member))
