"""The heartbeat of the machine that enforces, and of the one that counts."""

import time

from celery import shared_task

from complaints.services.enforcement import enforce
from complaints.services.figures_keeping import count_marked

# Below the soft time limit of a task; what is left then is for the next beat.
LONGEST_PASS = 200


@shared_task(name="complaints.enforce_deadlines")
def enforce_deadlines() -> None:
    """Take every step that is due. It may be lost or run twice: the database is the truth."""
    ends = time.monotonic() + LONGEST_PASS
    enforce(stop=lambda: time.monotonic() > ends)


@shared_task(name="complaints.count_figures")
def count_figures() -> None:
    """Count what is marked. It may be lost or run twice: a mark stays until its day is counted."""
    ends = time.monotonic() + LONGEST_PASS
    count_marked(stop=lambda: time.monotonic() > ends)
