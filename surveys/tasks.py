"""The heartbeat of the machine that moves waves."""

import time

from celery import shared_task

from surveys.services.moving import move_all

# Below the soft time limit of a task; what is left then is for the next beat.
LONGEST_PASS = 150


@shared_task(name="surveys.move_waves")
def move_waves() -> None:
    """Open, remind, close and finish what is due. It may be lost or run twice."""
    ends = time.monotonic() + LONGEST_PASS
    move_all(stop=lambda: time.monotonic() > ends)
