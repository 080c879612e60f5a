"""`manage.py enforce_deadlines`: what the workers do every 30 seconds, without Celery."""

import json
from argparse import ArgumentParser
from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from complaints.services.enforcement import EnforcementReport, enforce
from tenancy.services.repeating import repeat


class Command(BaseCommand):
    """Takes every step that is due: warnings, breaches, escalations."""

    help = "Take every step that is due and print how many there were."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--now", help="act as if it were this moment (ISO 8601 with an offset)")
        parser.add_argument("--every", type=float, metavar="SECONDS", help="go on for ever")
        parser.add_argument("--json", action="store_true", help="print JSON, one line per pass")

    def handle(self, *args: Any, **options: Any) -> None:
        now = moment(options["now"]) if options["now"] else None
        if options["every"] is None:
            self.tell(enforce(now=now), options["json"])
            return
        if now or options["every"] <= 0:
            raise CommandError("--every needs some seconds, and goes by the database's clock")
        self.go_on(options["every"], options["json"])

    def go_on(self, seconds: float, as_json: bool) -> None:
        """Pass after pass; being asked to end takes effect between two batches."""
        repeat(
            lambda ended: self.tell(enforce(stop=ended), as_json),
            every=seconds,
            failed=lambda error: self.stderr.write(f"The pass failed: {error}"),
        )

    def tell(self, report: EnforcementReport, as_json: bool) -> None:
        if as_json:
            self.stdout.write(json.dumps(asdict(report)))
        else:
            self.stdout.write(
                f"{report.steps} steps in {report.companies} companies, {report.failed} failed"
            )
        self.stdout.flush()


def moment(text: str) -> datetime:
    """An aware moment out of its ISO 8601 spelling."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError as error:
        raise CommandError(f"--now is not ISO 8601: {text}") from error
    if found.utcoffset() is None:
        raise CommandError("--now needs an offset, e.g. 2026-09-30T16:00+08:00")
    return found
