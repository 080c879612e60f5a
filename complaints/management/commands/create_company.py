"""`manage.py create_company`: put a property company on board."""

import json
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from complaints.services.onboarding import bring_on_board
from tenancy.services.refusal import Refused


class Command(BaseCommand):
    """Make a company with categories, promises, calendar, departments and its first admin."""

    help = (
        "Create a company with sensible default categories, promises, calendar and departments,"
        " and its first admin."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slug", help="its part of the address: a-z, 0-9 and hyphens")
        parser.add_argument("--name", required=True, help="the company's name, e.g. 锦绣物业")
        parser.add_argument("--admin", required=True, help="username of the first admin")
        parser.add_argument("--json", action="store_true", help="answer in JSON")

    def handle(self, *_: Any, **options: Any) -> None:
        try:
            new = bring_on_board(slug=options["slug"], name=options["name"], admin=options["admin"])
        except Refused as refusal:
            raise CommandError(str(refusal)) from refusal
        told = {
            "id": str(new.company.id),
            "slug": new.company.slug,
            "name": new.company.name,
            "address": f"{settings.PUBLIC_URL}/{new.company.slug}/",
            "admin": options["admin"].strip(),
            "password": new.password,
        }
        self.stdout.write(json.dumps(told, ensure_ascii=False) if options["json"] else _say(told))


def _say(told: dict[str, str]) -> str:
    lines = [f"{told['name']} is on board: {told['address']}", f"admin: {told['admin']}"]
    if told["password"]:
        lines.append(f"password (shown this once): {told['password']}")
    else:
        lines.append("password: unchanged, the account existed")
    return "\n".join(lines)
