"""Surveys and their editions: what is asked, until somebody has answered it."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from surveys.models import Audience, Edition, OnePer, Survey
from surveys.questionnaire import Fault, Faulty, read, write
from tenancy.services.actor import Actor
from tenancy.services.audit import record
from tenancy.services.refusal import Refused
from tenancy.services.structure import save_new, tidy


class FaultyQuestionnaire(Refused):
    """What was written cannot be asked; `faults` says where and why, all at once."""

    code = "faulty_questionnaire"
    sentence = _("%(count)s places of the questionnaire need another look.")

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__(count=len(faults))
        self.faults = faults


class StaffHaveNoHousehold(Refused):
    """Staff are asked one by one."""

    code = "staff_have_no_household"
    sentence = _("Staff answer one by one: choose one answer for each person.")


def checked(document: object) -> dict[str, Any]:
    """The document in its full form. Raises `FaultyQuestionnaire`."""
    try:
        return write(read(document))
    except Faulty as caught:
        raise FaultyQuestionnaire(caught.faults) from caught


@transaction.atomic
def create_survey(
    *,
    title: str,
    document: object,
    by: Actor,
    now: datetime,
    audience: str = Audience.OWNERS,
    one_per: str = OnePer.HOUSEHOLD,
) -> Survey:
    """A survey with its first edition. Nobody has been asked yet."""
    if audience == Audience.STAFF and one_per == OnePer.HOUSEHOLD:
        raise StaffHaveNoHousehold
    whole = checked(document)
    survey = Survey(
        title=tidy(title),
        audience=audience,
        one_per=one_per,
        created_at=now,
    )
    save_new(survey)
    Edition(survey=survey, number=1, document=whole, changed_at=now).save(force_insert=True)
    record(action="create_survey", subject=survey, by=by, now=now, name=survey.title)
    return survey


@transaction.atomic
def rewrite(*, survey: Survey, document: object, by: Actor, now: datetime) -> Edition:
    """Ask it otherwise from now on.

    What nobody has answered yet is changed as it is; else there is a new edition, and what was
    answered keeps the one it was asked with.
    """
    whole = checked(document)
    Survey.objects.select_for_update(of=("self",)).get(pk=survey.pk)
    edition = newest(survey)
    if edition.document == whole:
        return edition
    if edition.frozen_on is None and not edition.waves.exists():
        edition.document, edition.changed_at = whole, now
        edition.save(update_fields=["document", "changed_at"])
    else:
        number = edition.number + 1
        edition = Edition(survey=survey, number=number, document=whole, changed_at=now)
        edition.save(force_insert=True)
    record(action="rewrite_survey", subject=survey, by=by, now=now, edition=edition.number)
    return edition


def newest(survey: Survey) -> Edition:
    """What would be asked today."""
    found: Edition = Edition.objects.filter(survey=survey).order_by("-number")[0]
    return found
