"""Writing down who looked at, or changed, something sensitive."""

from datetime import datetime
from typing import Any

from django.db import models

from tenancy.models import AuditEntry
from tenancy.services.actor import Actor


def record(
    *, action: str, subject: models.Model, by: Actor, now: datetime, **detail: Any
) -> AuditEntry:
    """Write one entry of the audit log, e.g. action "reveal_phone" about an owner."""
    entry = AuditEntry(
        at=now,
        by=by.membership,
        action=action,
        subject=subject._meta.model_name or "",
        subject_id=subject.pk,
        detail=detail,
        address=by.address,
    )
    entry.save(force_insert=True)
    return entry
