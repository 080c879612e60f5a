"""Telling those who ask what the machine did with their waves while they were elsewhere."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_noop

from notifications.models import Kind
from notifications.services.telling import tell
from surveys.models import Stage, Survey, Wave
from surveys.services.wave import reaches
from tenancy.models import Company, Membership
from tenancy.permissions import TABLE, Can
from tenancy.scope import require_company_id

COUNTED = gettext_noop("The results of “%(title)s”, %(name)s, are there.")
TOO_FEW = gettext_noop("Too few answered “%(title)s”, %(name)s: its box was never opened.")
PLANNED = gettext_noop("“%(title)s” is asked again from %(opens_on)s: %(name)s is planned.")
NOT_PLANNED = gettext_noop("“%(title)s” could not be planned again: please look at it.")
NOBODY = gettext_noop("“%(title)s”, %(name)s, could not open: there is nobody to ask.")
MISSED = gettext_noop("The days of “%(title)s”, %(name)s, have passed, and nobody was asked.")
WHO = sorted(role for role, cans in TABLE.items() if Can.SET_SURVEYS in cans)


def tell_of_results(wave: Wave, now: datetime) -> None:
    """It is over; there are results, or there are none."""
    _tell(wave, COUNTED if wave.stage == Stage.COUNTED else TOO_FEW, "results", now)


def tell_of_plan(wave: Wave, now: datetime) -> None:
    """The machine has planned it."""
    _tell(wave, PLANNED, "planned", now, opens_on=wave.opens_on.isoformat())


def tell_of_nobody(wave: Wave, now: datetime) -> None:
    """Its day has come, and there is nobody to ask; told once, however often it is tried."""
    _tell(wave, NOBODY, "nobody", now)


def tell_of_missed(wave: Wave, now: datetime) -> None:
    """Its days have passed; told once, and again if it is planned otherwise and missed again."""
    _tell(wave, MISSED, f"missed-{wave.closes_on.isoformat()}", now)


def tell_of_survey(survey: Survey, wave: Wave, now: datetime) -> None:
    """After this wave the next could not be planned."""
    _tell(wave, NOT_PLANNED, "not-planned", now, path=f"surveys/{survey.pk}/")


def _tell(wave: Wave, message: str, step: str, now: datetime, path: str = "", **more: Any) -> None:
    members = Membership.objects.active().filter(roles__overlap=WHO)
    slug = Company.objects.values_list("slug", flat=True).get(pk=require_company_id())
    tell(
        recipients=[member.pk for member in members if reaches(member, wave)],
        kind=Kind.SURVEY,
        message=message,
        params={"title": wave.survey.title, "name": wave.name, **more},
        path=f"/{slug}/{path or f'surveys/waves/{wave.pk}/'}",
        dedupe_key=f"wave:{wave.pk}:{step}",
        now=now,
    )
