"""Making the demo world, company by company; what is there already is left alone."""

from collections.abc import Callable, Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from complaints.services.figures_keeping import recount_all
from complaints.services.onboarding import bring_on_board
from reports.services.demo.asking import Asking
from reports.services.demo.company import COMPANIES, Blueprint
from reports.services.demo.estate import build
from reports.services.demo.history import Chronicle
from reports.services.demo.jobs import Round
from reports.services.demo.kept_views import keep_views
from reports.services.demo.neighbours import add_neighbours
from reports.services.demo.operator import look_once, operator
from reports.services.demo.people import names
from reports.services.demo.staff import Office, hash_once, let_in, person, send_on_leave
from reports.services.demo.telling import Telling
from tenancy.models import Company
from tenancy.scope import company_scope
from tenancy.services.refusal import Refused

LANGUAGE = "zh-hans"  # whatever language the installation speaks
Say = Callable[[str], None]


class NotADemo(Refused):
    """Made-up companies with a password that everybody knows have no place in production."""

    code = "not_a_demo"
    sentence = _("The demo world is loaded only where the setting DEMO is on.")


def load(*, now: datetime, say: Say, blueprints: Iterable[Blueprint] = COMPANIES) -> list[str]:
    """Make the demo companies that are missing, each of them entirely or not at all."""
    if not settings.DEMO:
        raise NotADemo
    missing = [
        blueprint
        for blueprint in blueprints
        if not Company.objects.filter(slug=blueprint.slug).exists()
    ]
    password_hash = hash_once() if missing else ""
    for blueprint in missing:
        found(blueprint, now=now, password_hash=password_hash, say=say)
    return [blueprint.slug for blueprint in missing]


@transaction.atomic
def found(blueprint: Blueprint, *, now: datetime, password_hash: str, say: Say) -> None:
    """One company with its people and its year."""
    admin = person("admin", names(blueprint.block)[-1], blueprint, 999, password_hash)
    admin.save(force_insert=True)
    company = bring_on_board(
        slug=blueprint.slug,
        name=blueprint.name,
        admin=admin.username,
        week=blueprint.week,
        moves_weekends=blueprint.moves_weekends,
    ).company
    company.hotline, company.language = blueprint.hotline, LANGUAGE
    company.save(update_fields=["hotline", "language"])
    with company_scope(company.id):
        houses = build(blueprint, now.astimezone(ZoneInfo(company.zone)).date())
        staff = Office(blueprint, company, password_hash).hire_everybody(houses.communities)
        send_on_leave(staff.hands["工程部"][-1], cover=staff.hands["工程部"][1], now=now)
        keep_views(staff, now)
        look_once(company, operator(password_hash), now)
        account = let_in(blueprint, houses, password_hash)
        say(f"{blueprint.name}: {len(houses.units)} units, {len(houses.owners)} owners")
        tickets = Chronicle(blueprint, houses, staff, now).write(account)
        add_neighbours(blueprint, account, now=now)
        tickets += Round(houses, staff, now).tell()
        waves = Asking(staff, now, seed=blueprint.block).tell(blueprint.sample)
        recount_all()
        Telling(staff, now).tell(waves[0])
        say(f"{blueprint.name}: {tickets} tickets")
