"""`manage.py relay_notifications`: what the workers do every ten seconds, without Celery."""

import json
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from notifications.services.relaying import RelayReport, relay
from tenancy.services.repeating import repeat


class Command(BaseCommand):
    """Sends the e-mails and SMS that are due."""

    help = "Send every e-mail and SMS that is due and print how many there were."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--every", type=float, metavar="SECONDS", help="go on for ever")
        parser.add_argument("--json", action="store_true", help="print JSON, one line per pass")

    def handle(self, *args: Any, **options: Any) -> None:
        seconds = options["every"]
        if seconds is None:
            self.tell(relay(), options["json"])
        elif seconds > 0:
            self.go_on(seconds, options["json"])
        else:
            raise CommandError("--every needs some seconds")

    def go_on(self, seconds: float, as_json: bool) -> None:
        """Pass after pass; being asked to end takes effect between two letters."""
        repeat(
            lambda ended: self.tell(relay(stop=ended), as_json),
            every=seconds,
            failed=lambda error: self.stderr.write(f"The pass failed: {error}"),
        )

    def tell(self, report: RelayReport, as_json: bool) -> None:
        if as_json:
            self.stdout.write(json.dumps(asdict(report)))
        else:
            self.stdout.write(
                f"{report.sent} sent, {report.postponed} postponed, {report.dead} given up, "
                f"{report.dropped} dropped in {report.companies} companies, "
                f"{report.failed} companies failed"
            )
        self.stdout.flush()
