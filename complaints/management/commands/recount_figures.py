"""`manage.py recount_figures`: what the workers do every minute, without Celery; and the proof."""

import json
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from complaints.services.figures_keeping import (
    CountingReport,
    count_marked,
    differences,
    recount_company,
)
from tenancy.models import Company
from tenancy.scope import company_scope
from tenancy.services.repeating import repeat


class Command(BaseCommand):
    """Counts the days whose tickets changed; with `--anew` every day."""

    help = "Count the figures of every day whose tickets changed."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--every", type=float, metavar="SECONDS", help="go on for ever")
        parser.add_argument("--json", action="store_true", help="print JSON, one line per pass")
        parser.add_argument(
            "--anew", nargs="?", const="", metavar="COMPANY",
            help="count every day, of one company or of all, e.g. after tickets came in in bulk",
        )  # fmt: skip
        parser.add_argument(
            "--check", action="store_true", help="compare what is kept with a recount, then end"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["check"]:
            self.check_figures()
        elif options["anew"] is not None:
            self.anew(options["anew"])
        elif options["every"] is None:
            self.tell(count_marked(), options["json"])
        elif options["every"] > 0:
            self.go_on(options["every"], options["json"])
        else:
            raise CommandError("--every needs some seconds")

    def go_on(self, seconds: float, as_json: bool) -> None:
        """Pass after pass; being asked to end takes effect between two companies."""
        repeat(
            lambda ended: self.tell(count_marked(stop=ended), as_json),
            every=seconds,
            failed=lambda error: self.stderr.write(f"The pass failed: {error}"),
        )

    def anew(self, slug: str) -> None:
        companies = Company.objects.filter(slug=slug) if slug else Company.objects.all()
        if slug and not companies:
            raise CommandError(f"There is no company {slug!r}.")
        for company in companies.order_by("slug"):
            self.stdout.write(f"{company.slug}: {recount_company(company.pk)} days counted")

    def check_figures(self) -> None:
        wrong = 0
        for company in Company.objects.order_by("slug"):
            with company_scope(company.pk):
                found = differences()
            self.stdout.write(f"{company.slug}: {found} figures differ from a recount")
            wrong += found
        if wrong:
            raise CommandError("Count them anew with --anew, and report it: this is a fault.")

    def tell(self, report: CountingReport, as_json: bool) -> None:
        if as_json:
            self.stdout.write(json.dumps(asdict(report)))
        else:
            self.stdout.write(
                f"{report.days} days in {report.companies} companies, {report.failed} failed"
            )
        self.stdout.flush()
