"""Celery: the heartbeat that makes the machine look at the database."""

import logging
import os
import time
from typing import Any

from celery import Celery
from celery.beat import PersistentScheduler
from celery.signals import worker_ready
from django.db import DatabaseError, close_old_connections, connection, transaction

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

logger = logging.getLogger(__name__)

app = Celery("portal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

PULSE_SECONDS = 10


def record_pulse(name: str) -> None:
    """Note in the database that this part of the machine is alive now."""
    close_old_connections()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO tenancy_heartbeat (name, beat_at) VALUES (%s, now())"
            " ON CONFLICT (name) DO UPDATE SET beat_at = excluded.beat_at",
            [name],
        )


@worker_ready.connect
def worker_is_ready(**_: object) -> None:
    """The first sign of life; from then on each pulse is a task that the worker did.

    What fell due while no worker was there is looked at now, not at the next interval.
    """
    record_pulse("worker")
    app.send_task("complaints.enforce_deadlines", expires=25)


class PulsingScheduler(PersistentScheduler):
    """Beat that says it is alive by itself, so that a dead worker does not make it look dead."""

    pulsed_at = float("-inf")

    def tick(self, *args: Any, **kwargs: Any) -> float:
        self.pulse()
        return float(super().tick(*args, **kwargs))

    def pulse(self) -> None:
        if time.monotonic() - self.pulsed_at < PULSE_SECONDS:
            return
        self.pulsed_at = time.monotonic()
        try:
            record_pulse("beat")
        except DatabaseError as error:
            # The schedule goes on: the tasks find out for themselves whether there is a database.
            logger.warning("Beat could not record its pulse: %s", error)
