"""When a survey is asked again, and what its waves are called."""

import calendar
from datetime import date, datetime

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _, gettext_lazy, override

from surveys.models import Survey
from tenancy.models import Company
from tenancy.services.actor import Actor
from tenancy.services.audit import record
from tenancy.services.refusal import Refused

QUARTER, HALF, YEAR = 3, 6, 12
RHYTHMS = (QUARTER, HALF, YEAR)


class WrongRhythm(Refused):
    """Neither every quarter, nor every half-year, nor every year."""

    code = "wrong_rhythm"
    status = 400
    sentence = gettext_lazy("A survey is asked again after 3, 6 or 12 months, or not by itself.")


class RhythmIsEverybodys(Refused):
    """Somebody who looks after some communities would have all of them asked, or not."""

    code = "rhythm_is_everybodys"
    sentence = gettext_lazy(
        "How often a survey is asked again holds in every community. Somebody who looks after "
        "all of them sets it; leave it as it is."
    )


def is_everybodys(by: Actor) -> bool:
    """Whether they may decide for every community."""
    return by.membership is None or by.membership.all_communities


@transaction.atomic
def set_rhythm(
    *, survey: Survey, repeats_months: int | None, open_days: int, by: Actor, now: datetime
) -> Survey:
    """Ask it again by itself, so many months after each wave and for so many days; or not."""
    if not is_everybodys(by):
        raise RhythmIsEverybodys
    if repeats_months is not None and repeats_months not in RHYTHMS:
        raise WrongRhythm
    row: Survey = Survey.objects.select_for_update(of=("self",)).get(pk=survey.pk)
    before = {"repeats_months": row.repeats_months, "open_days": row.open_days}
    after = {"repeats_months": repeats_months, "open_days": open_days}
    if before != after:
        row.repeats_months, row.open_days = repeats_months, open_days
        row.save(update_fields=list(after))
        record(
            action="set_rhythm", subject=row, by=by, now=now, name=row.title,
            before=before, after=after,
        )  # fmt: skip
    return row


def months_after(day: date, months: int) -> date:
    """The same day so many months later, or the last of that month."""
    number = day.year * 12 + day.month - 1 + months
    year, month = number // 12, number % 12 + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def months_between(day: date, later: date) -> int:
    """How many months on the calendar lie between two days, whatever days they are."""
    return (later.year - day.year) * 12 + later.month - day.month


def free_name(survey: Survey, day: date) -> str:
    """What a wave of that day is called, in the company's language; a number where it is taken."""
    company = Company.objects.get(pk=survey.company_id)
    with override(company.language or settings.LANGUAGE_CODE):
        name = period_name(day, survey.repeats_months or HALF)
    taken = set(survey.waves.filter(name__startswith=name).values_list("name", flat=True))
    found, number = name, 1
    while found in taken:
        number += 1
        found = f"{name} ({number})"
    return found


def period_name(day: date, months: int) -> str:
    """The year, half-year or quarter that a wave is named after."""
    if months == QUARTER:
        number = (day.month - 1) // QUARTER + 1
        return _("quarter %(number)s of %(year)s") % {"number": number, "year": day.year}
    if months == HALF:
        first, second = _("first half of %(year)s"), _("second half of %(year)s")
        return (first if day.month <= HALF else second) % {"year": day.year}
    return _("year %(year)s") % {"year": day.year}
