"""Signs of life."""

from django.db import models

from tenancy.constraints import ReferenceTable


class Heartbeat(models.Model):
    """When a part of the installation (worker, beat, enforcement) last did its work."""

    name = models.CharField(max_length=40, primary_key=True)
    beat_at = models.DateTimeField()

    class Meta:
        constraints = [ReferenceTable(name="tenancy_heartbeat_everywhere")]

    def __str__(self) -> str:
        return f"{self.name} at {self.beat_at:%H:%M:%S}"
