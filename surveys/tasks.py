"""The heartbeat of the machine that moves waves."""

import time

from celery import shared_task

from surveys.services.moving import move_all
from tenancy.services.database import alone

# After so many seconds what is left is for the next beat; a wave that was begun is finished.
LONGEST_PASS = 150
# Counting 100,000 answers takes a quarter of an hour, and is done entirely or not at all.
LONGEST_COUNT = 3 * 3600


@shared_task(
    name="surveys.move_waves", soft_time_limit=LONGEST_COUNT, time_limit=LONGEST_COUNT + 60
)
def move_waves() -> None:
    """Open, remind, close and finish what is due. It may be lost or run twice.

    One at a time in the whole installation: a count holds one worker, and never all of them. For
    the same reason it does no harm that the broker gives a long one to somebody else as well.
    """
    ends = time.monotonic() + LONGEST_PASS
    with alone("surveys.move_waves") as mine:
        if mine:
            move_all(stop=lambda: time.monotonic() > ends)
