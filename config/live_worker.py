"""The worker of gunicorn that serves pages and live streams in one process."""

from typing import Any

from uvicorn_worker import UvicornWorker


class LiveWorker(UvicornWorker):  # type: ignore[misc]  # publishes no types
    """An event loop for the streams; pages run in its threads (`config.asgi`)."""

    CONFIG_KWARGS: dict[str, Any] = {
        "loop": "asyncio",
        "http": "h11",
        "lifespan": "on",
        # Who may be believed about the visitor's address is decided in one place: TRUSTED_PROXIES.
        "proxy_headers": False,
        "server_header": False,
        "access_log": False,
        "timeout_graceful_shutdown": 10,
    }
