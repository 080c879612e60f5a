"""The bank of questions: what the company keeps for later, and what the templates ask."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from owners.services.folding import fold
from surveys.models import BankQuestion, Survey
from surveys.models.bank import LONGEST_TOPIC
from surveys.questionnaire import (
    Question,
    Questionnaire,
    Section,
    editing,
    examine,
    question_document,
)
from surveys.services.editing import add_question
from surveys.services.survey import FaultyQuestionnaire
from surveys.services.templates import templates
from tenancy.services.actor import Actor
from tenancy.services.audit import record
from tenancy.services.refusal import Refused
from tenancy.services.structure import tidy

MOST = 1000  # more than that is read through by nobody
KEY = "q"  # of a question that is in no survey


class BankFull(Refused):
    """More questions than anybody finds the right one among."""

    code = "bank_full"
    sentence = _("There are %(most)s questions in the bank already. Delete one first.")


class KeptAlready(Refused):
    """The same question twice would be found twice."""

    code = "kept_already"
    sentence = _("This question is in the bank already.")


class NotInTheBank(Refused):
    """Somebody has deleted it meanwhile, or there never was one."""

    code = "not_found"
    status = 404
    sentence = _("There is nothing here.")


@dataclass(frozen=True, slots=True)
class Offer:
    """A question that can be taken into a survey."""

    name: str  # what a page says to take it: an id, or template/question
    topic: str
    question: Question
    words: editing.Words
    says: str  # in any language, to be searched
    row: BankQuestion | None = None


@transaction.atomic
def keep_question(
    *,
    question: Question,
    words: editing.Words,
    topic: str,
    language: str,
    by: Actor,
    now: datetime,
) -> BankQuestion:
    """Keep a copy of a question for later, with its translations and without its conditions."""
    if BankQuestion.objects.count() >= MOST:
        raise BankFull(most=MOST)
    alone = replace(question, key=KEY, conditions=())
    asked, faults = examine(_alone(question_document(alone), words))
    if faults:
        raise FaultyQuestionnaire(faults, asked)
    asked = editing.tidied(asked)
    (found,) = asked
    row = BankQuestion(
        topic=tidy(topic)[:LONGEST_TOPIC],
        language=language,
        question=question_document(found),
        translations=asked.translations,
        words=_words(asked, topic),
        fingerprint=_fingerprint(found),
        created_at=now,
    )
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:
        raise KeptAlready from error
    record(action="keep_question", subject=row, by=by, now=now, name=str(row)[:100])
    return row


@transaction.atomic
def forget_question(*, row: BankQuestion, by: Actor, now: datetime) -> None:
    """Take a question out of the bank; surveys that have it keep it."""
    found = BankQuestion.objects.select_for_update(of=("self",)).filter(pk=row.pk).first()
    if found is None:
        return  # by a colleague, at the same moment
    record(action="forget_question", subject=found, by=by, now=now, name=str(found)[:100])
    found.delete()


@transaction.atomic
def take_from_bank(
    *,
    survey: Survey,
    names: Iterable[str],
    section: str,
    rows: Any,
    by: Actor,
    now: datetime,
) -> list[Question]:
    """Copies of these questions at the end of a section, with their translations."""
    offers = [offered(rows, name, survey.language) for name in names]
    return [
        add_question(
            survey=survey, question=each.question, section=section, words=each.words, by=by, now=now
        )
        for each in offers
    ]


def bank(rows: Any, *, language: str, words: str = "", dimension: str = "") -> list[Offer]:
    """What can be taken: the company's own of these rows first, then that of the templates."""
    wanted = fold(words)
    if dimension:
        rows = rows.filter(question__dimension=dimension)
    if wanted:
        rows = rows.filter(words__contains=wanted)
    own = [offer_of(row) for row in rows.order_by("-created_at", "-id")[:MOST]]
    fitting = (
        each
        for each in offers_of_templates(language)
        if wanted in each.says and dimension in ("", each.question.dimension)
    )
    return [*own, *fitting]


def offered(rows: Any, name: str, language: str) -> Offer:
    """The offer of that name. Raises `NotInTheBank`."""
    for each in offers_of_templates(language):
        if each.name == name:
            return each
    try:
        row = rows.filter(pk=UUID(name)).first()
    except ValueError:
        row = None
    if row is None:
        raise NotInTheBank
    return offer_of(row)


def offer_of(row: BankQuestion) -> Offer:
    """A kept question, as it was kept."""
    asked, _faults = examine(_alone(row.question, row.translations))
    return Offer(str(row.pk), row.topic, next(iter(asked)), asked.translations, row.words, row)


@cache
def offers_of_templates(language: str) -> tuple[Offer, ...]:
    """Every question of the templates that stands for itself."""
    return tuple(_of_templates(language))


def _of_templates(language: str) -> Iterator[Offer]:
    seen: set[str] = set()
    for template in templates(language):
        asked = template.questionnaire
        for section in asked.sections:
            for each in section.questions:
                if _fingerprint(each) in seen:
                    continue
                seen.add(_fingerprint(each))
                words = editing.renamed(editing.words_of(asked, [each.key]), each.key, KEY)
                alone = replace(each, key=KEY, conditions=())
                says = _words(
                    Questionnaire((Section("s", "", "", (alone,)),), words), section.title
                )
                yield Offer(f"{template.code}.{each.key}", section.title, alone, words, says)


def _alone(document: Mapping[str, Any], words: editing.Words) -> dict[str, Any]:
    section = {"key": "s", "title": "s", "questions": [document]}
    return {"sections": [section], "translations": words}


def _fingerprint(question: Question) -> str:
    document = question_document(replace(question, key=KEY, conditions=()))
    text = json.dumps(document, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def _words(asked: Questionnaire, topic: str) -> str:
    said = [text for words in asked.translations.values() for text in words.values()]
    return fold("\n".join([topic, *asked.texts().values(), *said]))
