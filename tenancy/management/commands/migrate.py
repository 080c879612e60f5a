"""`migrate`, run as the role that owns the tables."""

from typing import Any

from django.conf import settings
from django.core.management.commands.migrate import Command as DjangoMigrate
from django.db import connections


class Command(DjangoMigrate):
    """Django's `migrate` under DATABASE_OWNER_URL: the application's role may not change tables."""

    requires_system_checks: Any = []

    def handle(self, *args: Any, **options: Any) -> None:
        link = connections[options["database"]]
        kept = dict(link.settings_dict)
        owner = {key: settings.DATABASE_OWNER[key] for key in ("USER", "PASSWORD", "HOST", "PORT")}
        link.close()
        link.settings_dict.update(owner)
        try:
            super().handle(*args, **options)
        finally:
            link.close()
            link.settings_dict.update(kept)
