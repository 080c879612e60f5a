"""`manage.py enforce_deadlines`: what the workers do every 30 seconds, without Celery."""

import json
import signal
import threading
from argparse import ArgumentParser
from dataclasses import asdict
from datetime import datetime
from types import FrameType
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import Error, close_old_connections

from complaints.services.enforcement import EnforcementReport, enforce


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
        """Pass after pass until SIGTERM or SIGINT, which take effect between two batches."""
        ended = threading.Event()

        def end(_signal: int, _frame: FrameType | None) -> None:
            ended.set()

        before = {each: signal.signal(each, end) for each in (signal.SIGTERM, signal.SIGINT)}
        while not ended.is_set():
            self.attempt(ended, as_json)
            ended.wait(seconds)
        for each, handler in before.items():
            signal.signal(each, handler)

    def attempt(self, ended: threading.Event, as_json: bool) -> None:
        """One pass; a database that is away is tried again at the next one."""
        close_old_connections()
        try:
            self.tell(enforce(stop=ended.is_set), as_json)
        except Error as error:
            self.stderr.write(f"The pass failed: {error}")

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
