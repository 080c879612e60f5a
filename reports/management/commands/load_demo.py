"""`manage.py load_demo`: the demo world."""

import time
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from reports.services.demo.company import COMPANIES
from reports.services.demo.world import load
from tenancy.services.clock import database_now
from tenancy.services.database import refresh_statistics
from tenancy.services.refusal import Refused


class Command(BaseCommand):
    """Make the two demo companies, unless they are there already."""

    help = "Make the two demo companies with a year of tickets behind them. Existing ones are kept."

    # They take as long as a hundred tickets, and `migrate` has just done them.
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--now", type=datetime.fromisoformat, help="the present of the demo world (ISO 8601)"
        )

    def handle(self, *_: Any, **options: Any) -> None:
        began = time.monotonic()

        def say(line: str) -> None:
            self.stdout.write(f"    {time.monotonic() - began:5.1f} s  {line}")
            self.stdout.flush()

        try:
            made = load(now=options["now"] or database_now(), say=say)
        except Refused as refusal:
            raise CommandError(str(refusal)) from refusal
        if made and settings.DATABASE_OWNER is not None:
            refresh_statistics()
        for blueprint in COMPANIES:
            if blueprint.slug not in made:
                say(f"{blueprint.name}: kept as it is")
