"""The heartbeat of the workers."""

from celery import shared_task

from tenancy.services.heartbeat import note_pulse


@shared_task(name="tenancy.beat_pulse")
def beat_pulse() -> None:
    """A worker did something that beat asked for: both are alive, and so is what is between."""
    note_pulse("worker")
