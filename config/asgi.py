"""The application as the server runs it: pages in threads, live streams in the event loop.

Pages are synchronous code, one short transaction each. Their threads are few and stay, and so do
their database connections. A stream occupies no thread: it only waits.
"""

import asyncio
import os
import signal
from types import FrameType
from typing import Any, cast

from a2wsgi import WSGIMiddleware
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

pages = get_wsgi_application()

from config.live import Hub  # noqa: E402  needs the applications
from config.live_door import Door, Knock, Message, Receive, Scope, Send  # noqa: E402
from tenancy.services.database import make_sure_role_is_weak  # noqa: E402

make_sure_role_is_weak()

THREADS = 8

hub = Hub()
live = Door(hub, Knock(pages))
threads: Any = WSGIMiddleware(cast(Any, pages), workers=THREADS)


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    """Each request to where it belongs."""
    if scope["type"] == "lifespan":
        await live_and_die(receive, send)
    elif scope["type"] == "http":
        scope = cleaned(scope)
        await (live if Door.is_meant(scope) else threads)(scope, receive, send)
    else:
        await send({"type": "websocket.close", "code": 1000})


def cleaned(scope: Scope) -> Scope:
    """The request without what WSGI would misread.

    There `X_Forwarded_For` and `X-Forwarded-For` have one name, and only the latter is the
    proxy's. Addresses are bytes; WSGI has them as Latin-1.
    """
    headers = [(name, value) for name, value in scope["headers"] if b"_" not in name]
    return {**scope, "headers": headers}


async def live_and_die(receive: Receive, send: Send) -> None:
    """Before the server waits for its open connections, streams must end by themselves."""
    loop = asyncio.get_running_loop()
    before = signal.getsignal(signal.SIGTERM)

    def end(number: int, frame: FrameType | None) -> None:
        loop.call_soon_threadsafe(hub.end)
        if callable(before):
            before(number, frame)

    signal.signal(signal.SIGTERM, end)
    await receive()
    await send({"type": "lifespan.startup.complete"})
    message: Message = await receive()
    assert message["type"] == "lifespan.shutdown"  # noqa: S101  there is nothing else to hear
    hub.threads.shutdown(wait=False, cancel_futures=True)
    await send({"type": "lifespan.shutdown.complete"})
