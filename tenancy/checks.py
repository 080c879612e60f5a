"""The server refuses to start wrongly set up, and says what to do."""

from typing import Any

from django.conf import settings
from django.core.checks import Error, Tags, register

from tenancy.postgresql.base import RoleTooStrong
from tenancy.services.database import make_sure_role_is_weak

DEMO_PASSWORD = "portal-demo-2026"  # noqa: S105 - public by design, refused outside the demo


@register(Tags.database)
def role_is_held_by_row_security(databases: Any = None, **_: Any) -> list[Error]:
    """E001: a role that could pass row security must never serve a company."""
    if not databases:
        return []
    try:
        make_sure_role_is_weak()
    except RoleTooStrong as error:
        hint = "Migrations use DATABASE_OWNER_URL; everything else needs a plain role."
        return [Error(str(error), hint=hint, id="tenancy.E001")]
    return []


@register(Tags.security, deploy=True)
def keys_are_set(**_: Any) -> list[Error]:
    """E002: personal data needs keys of its own."""
    if settings.FIELD_KEYS and settings.INDEX_KEY:
        return []
    return [Error("FIELD_KEYS and INDEX_KEY must be set", id="tenancy.E002")]
