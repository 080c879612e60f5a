"""`migrate`, run as the role that owns the tables."""

from typing import Any

from django.core.management.commands.migrate import Command as DjangoMigrate

from tenancy.management.ordering import CompanyAutodetector
from tenancy.services.database import as_owner


class Command(DjangoMigrate):
    """Django's `migrate` under DATABASE_OWNER_URL: the application's role may not change tables."""

    requires_system_checks: Any = []
    autodetector = CompanyAutodetector

    def handle(self, *args: Any, **options: Any) -> None:
        with as_owner(options["database"]):
            super().handle(*args, **options)
