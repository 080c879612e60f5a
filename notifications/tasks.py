"""The heartbeat of the outbox."""

import time

from celery import shared_task

from notifications.services.relaying import relay

# Below the soft time limit of a task; what is left then is for the next beat.
LONGEST_PASS = 120


@shared_task(name="notifications.relay")
def relay_notifications() -> None:
    """Send what is due. It may be lost or run twice: the outbox is the truth."""
    ends = time.monotonic() + LONGEST_PASS
    relay(stop=lambda: time.monotonic() > ends)
