"""`explain_deadline`: when a promise made at a moment would be due, and why."""

import json
from argparse import ArgumentParser
from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from complaints.models import Kind, PromiseKind, Ticket, Urgency
from complaints.services.promises import Clockwork
from tenancy.calendar import Explanation, explain
from tenancy.models import Community, Company
from tenancy.scope import company_scope


class Command(BaseCommand):
    """Prints the due time of a promise and each step of the counting."""

    help = "When would a promise of a company be due, if a ticket came in at a moment, and why?"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--company", required=True, help="short name, e.g. jinxiu")
        parser.add_argument("--promise", required=True, choices=PromiseKind.values)
        parser.add_argument("--from", dest="start", required=True, help="ISO 8601 with offset")
        parser.add_argument("--kind", choices=Kind.values, default=Kind.COMPLAINT.value)
        parser.add_argument("--urgency", choices=Urgency.values, default=Urgency.NORMAL.value)
        parser.add_argument("--community", default="", help="name of a community with own days")
        parser.add_argument("--json", action="store_true", help="machine-readable")

    def handle(self, *args: Any, **options: Any) -> None:
        start = moment(options["start"])
        company = Company.objects.filter(slug=options["company"]).first()
        if company is None:
            raise CommandError(f"There is no company {options['company']!r}.")
        with company_scope(company.pk):
            explanation = self.explanation(start, options)
        if options["json"]:
            self.stdout.write(json.dumps(explanation.as_dict(), ensure_ascii=False))
            return
        for step in explanation.steps:
            counted = f"  counts {step.counted}" if step.counted else ""
            self.stdout.write(
                f"{step.at:%Y-%m-%d %H:%M} – {step.until:%Y-%m-%d %H:%M}  "
                f"{step.kind.value} {step.name}{counted}"
            )
        self.stdout.write(f"Due at {explanation.due_at.isoformat()}")

    def explanation(self, start: datetime, options: dict[str, Any]) -> Explanation:
        community_id = None
        if options["community"]:
            community = Community.objects.filter(name=options["community"]).first()
            if community is None:
                raise CommandError(f"There is no community {options['community']!r}.")
            community_id = community.pk
        clockwork = Clockwork()
        like = Ticket(kind=options["kind"], urgency=options["urgency"])
        span = clockwork.span(options["promise"], like)
        if span is None:
            raise CommandError("Nothing is promised for such a ticket.")
        return explain(clockwork.calendar(span.measure, community_id), start, span)


def moment(text: str) -> datetime:
    """An aware ISO 8601 moment; says what is wrong otherwise."""
    try:
        value = datetime.fromisoformat(text)
    except ValueError as error:
        raise CommandError(f"Not an ISO 8601 moment: {text!r}") from error
    if value.tzinfo is None:
        raise CommandError("Give the offset too, e.g. 2026-09-30T16:00+08:00")
    return value
