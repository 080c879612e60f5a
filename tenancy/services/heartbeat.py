"""Signs of life, by the database's own clock."""

from tenancy.models import Heartbeat
from tenancy.services.clock import database_now


def note_pulse(name: str) -> None:
    """Note that this part of the installation (worker, enforcement …) is alive now."""
    Heartbeat.objects.bulk_create(
        [Heartbeat(name=name, beat_at=database_now())],
        update_conflicts=True,
        unique_fields=["name"],
        update_fields=["beat_at"],
    )
