"""The server refuses to start wrongly set up, and says what to do."""

from typing import Any

from django.conf import settings
from django.core.checks import Error, Tags, register
from django.core.checks import Warning as CheckWarning
from django.db.utils import OperationalError

from tenancy.services.database import why_role_is_too_strong

DEMO_PASSWORD = "portal-demo-2026"  # noqa: S105 - public by design, refused outside the demo


@register(Tags.database)
def application_role_is_held_by_row_security(
    databases: Any = None, **_: Any
) -> list[Error | CheckWarning]:
    """E001: a role that could pass row security must never serve a company."""
    if not databases:
        return []
    try:
        reason = why_role_is_too_strong()
    except OperationalError as error:
        return [CheckWarning(f"database not reachable: {error}", id="tenancy.W001")]
    if not reason:
        return []
    return [
        Error(
            f"{reason}, so row security would not hold",
            hint="Point DATABASE_URL at a plain role; migrations use DATABASE_OWNER_URL.",
            id="tenancy.E001",
        )
    ]


@register(Tags.security, deploy=True)
def keys_are_set(**_: Any) -> list[Error]:
    """E002: personal data needs keys of its own."""
    if settings.FIELD_KEYS and settings.INDEX_KEY:
        return []
    return [Error("FIELD_KEYS and INDEX_KEY must be set", id="tenancy.E002")]
