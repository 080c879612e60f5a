"""`manage.py export_company`: a whole company as one file."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from tenancy.models import Company
from tenancy.services.exporting import archive, note_export
from tenancy.services.refusal import Refused


class Command(BaseCommand):
    """Write what the operators' page would send, where a download would take too long."""

    help = (
        "Write a company's tables and uploads into a ZIP file. It is recorded, and its admins hear."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slug", help="the company's short name")
        parser.add_argument("file", type=Path, help="where to write it; it must not exist yet")
        parser.add_argument("--reason", required=True, help="why; the company reads it")
        parser.add_argument("--personal", action="store_true", help="phones and ids in clear")

    def handle(self, *_: Any, **options: Any) -> None:
        company = Company.objects.filter(slug=options["slug"]).first()
        if company is None:
            raise CommandError(f"There is no company called {options['slug']}.")
        now, personal = timezone.now(), options["personal"]
        try:
            with options["file"].open("xb") as file:
                note_export(
                    company=company, user=None, reason=options["reason"], personal=personal, now=now
                )
                file.writelines(archive(company=company, personal=personal, now=now))
        except FileExistsError as error:
            raise CommandError(f"{options['file']} exists already.") from error
        except Refused as refusal:
            options["file"].unlink()
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(f"{options['file']}: {options['file'].stat().st_size} bytes")
