"""Doing something beside the request, so that nobody waits for it and its length tells nothing.

For what may be lost and is not worth a row: a code, a letter about the account. What must not be
lost is a row first, see `notifications`.
"""

import logging
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from threading import BoundedSemaphore

log = logging.getLogger(__name__)

THREADS = 2
# A gateway that hangs must not fill the memory: beyond so many, what is asked for is dropped.
MOST_WAITING = 200

_places = BoundedSemaphore(MOST_WAITING)
_threads = ThreadPoolExecutor(THREADS, thread_name_prefix="aside")
_going_on: set["Future[None]"] = set()


def aside(what: Callable[[], None]) -> None:
    """Do it soon, in a thread of its own. It may not ask the database."""
    if not _places.acquire(blocking=False):
        log.error("Too much is waiting to be sent; something was dropped.")
        return
    job = _threads.submit(_try, what)
    _going_on.add(job)
    job.add_done_callback(_leave)


def settle() -> None:
    """Wait until everything begun so far is done."""
    wait(set(_going_on))


def _try(what: Callable[[], None]) -> None:
    try:
        what()
    except Exception:
        log.exception("Something beside a request failed.")


def _leave(job: "Future[None]") -> None:
    _going_on.discard(job)
    _places.release()
