"""Counting what may not happen too often: in Redis, for all processes together."""

import logging
import time
from dataclasses import dataclass
from functools import cache
from threading import Lock

from django.conf import settings
from django.core.cache import cache as django_cache
from redis import Redis
from redis.exceptions import RedisError

log = logging.getLogger(__name__)

_making = Lock()
# After a failure Redis is left alone for so long, or every request would wait for it.
REST_SECONDS = 5
PREFIX = "limit"


@dataclass(frozen=True, slots=True)
class Count:
    """How often something happened in the present window, and when the next one begins."""

    times: int
    seconds_left: int


class Unreachable(Exception):
    """Redis does not answer; the caller says what that means."""


class _Breaker:
    """Remembers that Redis was down a moment ago."""

    down_until = 0.0


def _redis() -> Redis:
    # Two threads that began together would each make a client, and the one that is thrown away
    # closes its connections while they are being used.
    with _making:
        return _made()


@cache
def _made() -> Redis:
    options = settings.CACHES["default"]
    return Redis.from_url(options["LOCATION"], **options.get("OPTIONS", {}))


def count(name: str, *, window: int, by: int = 1) -> Count:
    """Count one more of `name` in windows of so many seconds (by=0 only looks)."""
    now = time.time()
    if now < _Breaker.down_until:
        raise Unreachable
    number, begun = divmod(int(now), window)
    key = django_cache.make_key(f"{PREFIX}:{name}:{number}")
    try:
        with _redis().pipeline(transaction=False) as pipe:
            pipe.incrby(key, by)
            pipe.expire(key, window + 1)
            times, _ = pipe.execute()
    except (RedisError, OSError) as error:
        _Breaker.down_until = now + REST_SECONDS
        log.warning("Redis is not reachable, limits are not counted: %s", error)
        raise Unreachable from error
    return Count(times, window - begun)


def forget(name: str, *, window: int) -> None:
    """Begin the present window of `name` anew."""
    try:
        seen = count(name, window=window, by=0).times
        count(name, window=window, by=-seen)
    except Unreachable:
        return
