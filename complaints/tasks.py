"""The heartbeat of the machine that enforces."""

import time

from celery import shared_task

from complaints.services.enforcement import enforce

# Below the soft time limit of a task; what is left then is for the next beat.
LONGEST_PASS = 200


@shared_task(name="complaints.enforce_deadlines")
def enforce_deadlines() -> None:
    """Take every step that is due. It may be lost or run twice: the database is the truth."""
    ends = time.monotonic() + LONGEST_PASS
    enforce(stop=lambda: time.monotonic() > ends)
