"""`manage.py move_waves`: what the workers do every few minutes, without Celery."""

import json
from argparse import ArgumentParser, ArgumentTypeError
from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand

from surveys.services.moving import MovingReport, move_all
from tenancy.services.repeating import repeat


class Command(BaseCommand):
    """Opens, reminds, closes and finishes the waves whose day has come."""

    help = "Move every wave whose day has come, and print how many there were."

    def add_arguments(self, parser: ArgumentParser) -> None:
        what = parser.add_mutually_exclusive_group()
        what.add_argument(
            "--now", type=moment, help="act as if it were this moment (ISO 8601 with an offset)"
        )
        what.add_argument("--every", type=seconds, metavar="SECONDS", help="go on for ever")
        parser.add_argument("--json", action="store_true", help="print JSON, one line per pass")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["every"] is None:
            self.tell(move_all(now=options["now"]), options["json"])
            return
        repeat(
            lambda ended: self.tell(move_all(stop=ended), options["json"]),
            every=options["every"],
            failed=lambda error: self.stderr.write(f"The pass failed: {error}"),
        )

    def tell(self, report: MovingReport, as_json: bool) -> None:
        found = asdict(report)
        words = ", ".join(f"{count} {name}" for name, count in found.items())
        self.stdout.write(json.dumps(found) if as_json else words)
        self.stdout.flush()


def moment(text: str) -> datetime:
    """An aware moment out of its ISO 8601 spelling."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError as error:
        raise ArgumentTypeError(f"not ISO 8601: {text}") from error
    if found.utcoffset() is None:
        raise ArgumentTypeError("needs an offset, e.g. 2026-09-30T16:00+08:00")
    return found


def seconds(text: str) -> float:
    """How long to wait between two passes."""
    found = float(text)
    if found <= 0:
        raise ArgumentTypeError("needs some seconds")
    return found
