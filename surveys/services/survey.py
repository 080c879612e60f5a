"""Surveys and their editions: what is asked, until somebody has answered it."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from itertools import chain, count
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from surveys.models import Audience, Edition, OnePer, Survey
from surveys.questionnaire import UNFINISHED, Fault, Questionnaire, editing, examine, write
from surveys.services.survey_faults import said
from surveys.services.titles import laid_on
from tenancy.models import Company
from tenancy.scope import require_company_id
from tenancy.services.actor import Actor
from tenancy.services.audit import record
from tenancy.services.refusal import Refused
from tenancy.services.structure import change, save_new, tidy


class FaultyQuestionnaire(Refused):
    """What was written cannot be asked; `faults` says where and why, all at once."""

    code = "faulty_questionnaire"
    sentence = _("%(count)s places of the questionnaire need another look.")

    def __init__(self, faults: list[Fault], asked: Questionnaire) -> None:
        super().__init__(count=len(faults))
        self.faults, self.asked = faults, asked

    def __str__(self) -> str:
        return said(self.faults[0], self.asked) if len(self.faults) == 1 else super().__str__()


class StaffHaveNoHousehold(Refused):
    """Staff are asked one by one."""

    code = "staff_have_no_household"
    sentence = _("Staff answer one by one: choose one answer for each person.")


class ChangedMeanwhile(Refused):
    """Somebody else has changed it since it was read. Nothing was overwritten."""

    code = "changed_meanwhile"
    sentence = _("Somebody has changed this meanwhile. Look at it as it is now, and save again.")


class NotSound(Refused):
    """Questions nobody could answer as they are."""

    code = "questionnaire_not_sound"
    sentence = _("The questionnaire cannot be asked yet: look at the marked places first.")


class HasBeenAsked(Refused):
    """What somebody was asked stays."""

    code = "has_been_asked"
    sentence = _("It has been asked already: whom a survey asks does not change any more.")


def checked(document: object, *, unfinished: bool = False) -> tuple[dict[str, Any], bool]:
    """The document in its full form, and whether it can be asked.

    Raises `FaultyQuestionnaire`; what somebody is still writing may be `unfinished`.
    """
    found, faults = examine(document)
    allowed = UNFINISHED if unfinished else frozenset()
    refused = [each for each in faults if each.code not in allowed]
    if refused:
        raise FaultyQuestionnaire(refused, found)
    return write(found), not faults


def company_language() -> str:
    """The one that a company writes in."""
    language: str = Company.objects.get(pk=require_company_id()).language
    return language or settings.LANGUAGE_CODE


def free_title(title: str) -> str:
    """This title, or with the first number behind it that no survey bears yet."""
    taken = set(Survey.objects.filter(title__startswith=title).values_list("title", flat=True))
    numbered = (f"{title} {number}" for number in count(2))
    return next(each for each in chain([title], numbered) if each not in taken)


@transaction.atomic
def create_survey(
    *,
    title: str,
    document: object,
    by: Actor,
    now: datetime,
    audience: str = Audience.OWNERS,
    one_per: str = OnePer.HOUSEHOLD,
    language: str = "",
    titles: Mapping[str, str] | None = None,
    unfinished: bool = False,
) -> Survey:
    """A survey with its first edition. Nobody has been asked yet.

    `titles` is what it is called in other languages.
    """
    if audience == Audience.STAFF and one_per == OnePer.HOUSEHOLD:
        raise StaffHaveNoHousehold
    whole, is_sound = checked(document, unfinished=unfinished)
    survey = Survey(
        title=tidy(title),
        audience=audience,
        one_per=one_per,
        language=language or company_language(),
        created_at=now,
    )
    survey.titles = laid_on(survey, survey.title, titles or {})
    save_new(survey)
    Edition(survey=survey, number=1, document=whole, is_sound=is_sound, changed_at=now).save(
        force_insert=True
    )
    record(action="create_survey", subject=survey, by=by, now=now, name=survey.title)
    return survey


@transaction.atomic
def change_survey(*, survey: Survey, by: Actor, now: datetime, **facts: Any) -> Survey:
    """Name it otherwise, ask others or otherwise, or lay it aside; waves stay as planned.

    `titles` are translations of the title: language → text, an empty one is taken away.
    """
    row = claimed(survey)
    if "title" in facts:
        facts["title"] = tidy(facts["title"])
    if "titles" in facts:
        facts["titles"] = laid_on(row, facts.get("title", row.title), facts["titles"])
    audience = facts.get("audience", row.audience)
    if audience == Audience.STAFF and facts.get("one_per", row.one_per) == OnePer.HOUSEHOLD:
        raise StaffHaveNoHousehold
    if audience != row.audience and row.waves.exists():
        raise HasBeenAsked
    change(row, facts, by, now)
    return row


@transaction.atomic
def copy_survey(*, survey: Survey, title: str, by: Actor, now: datetime) -> Survey:
    """The newest questions in a survey of their own."""
    return create_survey(
        title=title,
        document=newest(survey).document,
        by=by,
        now=now,
        audience=survey.audience,
        one_per=survey.one_per,
        language=survey.language,
        unfinished=True,
    )


@transaction.atomic
def rewrite(
    *,
    survey: Survey,
    document: object,
    by: Actor,
    now: datetime,
    seen: str = "",
    unfinished: bool = False,
) -> Edition:
    """Ask it otherwise from now on.

    What nobody has been asked yet is changed as it is; else there is a new edition, and what was
    answered keeps the one it was asked with. Whoever says what they have `seen` overwrites
    nothing else. Translations that stay while their text changes are to be looked over, and so is
    what was, unless the document says itself which are (`stale`).
    """
    whole, is_sound = checked(document, unfinished=unfinished)
    claimed(survey)
    edition = newest(survey)
    if seen and seen != mark_of(edition.document):
        raise ChangedMeanwhile
    before, after = questionnaire_of(edition)[0], examine(whole)[0]
    if isinstance(document, Mapping) and "stale" not in document:
        after = replace(after, stale=before.stale)
    whole = write(editing.remembered(before, editing.doubted(before, after)))
    return keep(edition, whole, is_sound, by=by, now=now)


def keep(
    edition: Edition, document: dict[str, Any], is_sound: bool, *, by: Actor, now: datetime
) -> Edition:
    """The edition with another document; a new one if it has been asked. Its survey is claimed."""
    if edition.document == document and edition.is_sound == is_sound:
        return edition
    if is_open_to_change(edition):
        edition.document, edition.is_sound, edition.changed_at = document, is_sound, now
        edition.save(update_fields=["document", "is_sound", "changed_at"])
    else:
        edition = Edition(
            survey_id=edition.survey_id,
            number=edition.number + 1,
            document=document,
            is_sound=is_sound,
            changed_at=now,
        )
        edition.save(force_insert=True)
    record(action="rewrite_survey", subject=edition.survey, by=by, now=now, edition=edition.number)
    return edition


def is_open_to_change(edition: Edition) -> bool:
    """Whether nobody has been asked this edition, and nobody is about to be."""
    return edition.frozen_on is None and not edition.waves.exists()


def claimed(survey: Survey) -> Survey:
    """The survey, locked for a change."""
    found: Survey = Survey.objects.select_for_update(of=("self",)).get(pk=survey.pk)
    return found


def newest(survey: Survey) -> Edition:
    """What would be asked today, once it is sound."""
    found: Edition = (
        Edition.objects.select_related("survey").filter(survey=survey).order_by("-number")[0]
    )
    return found


def to_ask(survey: Survey) -> Edition:
    """The edition that a wave asks; whoever writes waits until the wave is there."""
    claimed(survey)
    edition = newest(survey)
    if not edition.is_sound:
        raise NotSound
    return edition


def mark_of(value: object) -> str:
    """A short mark of something written: another mark, other words."""
    text = json.dumps(value, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def questionnaire_of(edition: Edition) -> tuple[Questionnaire, list[Fault]]:
    """What an edition asks, and what is wrong with it."""
    return examine(edition.document)
