"""Work that goes on for ever: pass after pass, until somebody asks it to end."""

import signal
import threading
from collections.abc import Callable
from types import FrameType

from django.db import Error, close_old_connections

# Asks whether the work should end, for a pass that has a good moment to do so.
Asked = Callable[[], bool]


def repeat(
    attempt: Callable[[Asked], None], *, every: float, failed: Callable[[Error], None]
) -> None:
    """Make an attempt every so many seconds until SIGTERM or SIGINT; call it in the main thread.

    A database that is away is told to `failed` and asked again at the next attempt.
    """
    ended = threading.Event()

    def end(_signal: int, _frame: FrameType | None) -> None:
        ended.set()

    before = {each: signal.signal(each, end) for each in (signal.SIGTERM, signal.SIGINT)}
    try:
        while not ended.is_set():
            close_old_connections()
            try:
                attempt(ended.is_set)
            except Error as error:
                failed(error)
            ended.wait(every)
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)
