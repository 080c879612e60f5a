"""Writing a questionnaire piece by piece, several people at once.

Each piece is laid on what is there when its turn comes: two people at two questions hinder
nobody. Two at the same question: the second is told, and has lost nothing. Faults are kept and
shown; what has faults is not asked.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from surveys.models import Edition, Survey
from surveys.questionnaire import (
    Question,
    Questionnaire,
    Section,
    editing,
    examine,
    question_document,
    write,
)
from surveys.services.survey import (
    ChangedMeanwhile,
    checked,
    claimed,
    keep,
    mark_of,
    newest,
    questionnaire_of,
)
from tenancy.services.actor import Actor
from tenancy.services.refusal import Refused

Change = Callable[[Questionnaire], Questionnaire]


class PartGone(Refused):
    """Somebody has deleted it meanwhile."""

    code = "part_gone"
    sentence = _("Somebody has deleted this meanwhile. What you wrote is still here: copy it.")


@dataclass(frozen=True, slots=True)
class Removed:
    """What was deleted, so that it can be put back where it was."""

    place: str  # the section of a question; nothing for a section
    at: int
    document: dict[str, Any]
    words: dict[str, dict[str, str]] = field(default_factory=dict)
    stale: dict[str, list[str]] = field(default_factory=dict)  # of these words

    @property
    def name(self) -> str:
        return str(self.document.get("text") or self.document.get("title") or "")


@transaction.atomic
def edit(*, survey: Survey, change: Change, by: Actor, now: datetime) -> Edition:
    """Lay one change on the newest edition. What cannot be kept raises `FaultyQuestionnaire`."""
    claimed(survey)
    edition = newest(survey)
    asked, _faults = questionnaire_of(edition)
    found = editing.remembered(asked, editing.tidied(editing.doubted(asked, change(asked))))
    whole, is_sound = checked(write(found), unfinished=True)
    return keep(edition, whole, is_sound, by=by, now=now)


def keys_of(survey: Survey) -> set[str]:
    """Every key that something of the survey has ever had, be it gone since."""
    found: set[str] = set()
    for document in survey.editions.values_list("document", flat=True):
        found.update(document.get("gone", ()))
        for section in document["sections"]:
            found.add(section["key"])
            for question in section["questions"]:
                found.add(question["key"])
                parts = (*question["choices"], *question["rows"])
                found.update(f"{question['key']}.{part['key']}" for part in parts)
    return found


def mark(question: Question) -> str:
    """What somebody says who has seen a question as it is."""
    return mark_of(question_document(question))


@transaction.atomic
def add_question(
    *,
    survey: Survey,
    question: Question,
    section: str,
    by: Actor,
    now: datetime,
    at: int | None = None,
    words: editing.Words | None = None,
) -> Question:
    """A question more, under a key that none has had. Without sections there is one now."""
    claimed(survey)
    key = editing.free("q", keys_of(survey))
    found = editing.keyed(replace(question, key=key), ())

    def change(asked: Questionnaire) -> Questionnaire:
        asked, home = _with_home(survey, asked, section)
        asked = editing.place(asked, found, section=home, at=at)
        return editing.with_words(asked, editing.renamed(words or {}, question.key, key))

    edit(survey=survey, change=change, by=by, now=now)
    return found


@transaction.atomic
def save_question(
    *, survey: Survey, question: Question, seen: str, by: Actor, now: datetime, section: str = ""
) -> Edition:
    """A question with other words, kind, choices or conditions; in another section if one is named.

    Choices and rows without a key are new. Raises `ChangedMeanwhile` if the question is no longer
    as it was `seen`.
    """

    def change(asked: Questionnaire) -> Questionnaire:
        before = asked.by_key.get(question.key)
        if before is None:
            raise PartGone
        if mark(before) != seen and before != question:
            raise ChangedMeanwhile
        asked = editing.put(asked, editing.keyed(question, keys_of(survey)))
        home = editing.section_of(asked, question.key)
        there = editing.section_of(asked, section) if section else None
        if there is None or there == home:
            return asked
        return editing.bring(asked, question.key, section=there.key, at=len(there.questions))

    return edit(survey=survey, change=change, by=by, now=now)


@transaction.atomic
def add_section(*, survey: Survey, section: Section, by: Actor, now: datetime) -> Section:
    """A section more, the last one, under a key that none has had."""
    claimed(survey)
    found = replace(section, key=editing.free("s", keys_of(survey)))
    edit(survey=survey, change=lambda it: editing.place_section(it, found), by=by, now=now)
    return found


@transaction.atomic
def copy_question(*, survey: Survey, key: str, by: Actor, now: datetime) -> Edition:
    """The same question again, right behind itself, with the translations that are right."""
    claimed(survey)
    new = editing.free("q", keys_of(survey))

    def change(asked: Questionnaire) -> Questionnaire:
        home, question = editing.section_of(asked, key), asked.by_key.get(key)
        if home is None or question is None:
            return asked
        at = home.questions.index(question) + 1
        twin = replace(question, key=new)
        asked = editing.place(asked, twin, section=home.key, at=at)
        words = editing.renamed(editing.words_of(asked, [key]), key, new)
        return editing.with_words(asked, words)

    return edit(survey=survey, change=change, by=by, now=now)


@transaction.atomic
def remove(*, survey: Survey, key: str, by: Actor, now: datetime) -> Removed | None:
    """Delete a question, or a section with its questions; nothing if somebody else has."""
    claimed(survey)
    asked, _faults = questionnaire_of(newest(survey))
    home = editing.section_of(asked, key)
    if home is None:
        return None
    document = _document_of(asked, key) or {}
    keys = [each.key for each in home.questions]
    parts = [key, *keys] if home.key == key else [key]
    words = editing.words_of(asked, parts, outdated=True)
    stale = editing.stale_of(asked, parts)
    if home.key == key:
        at, place = asked.sections.index(home), ""
        edit(survey=survey, change=lambda it: editing.drop_section(it, key), by=by, now=now)
    else:
        at, place = keys.index(key), home.key
        edit(survey=survey, change=lambda it: editing.drop(it, key), by=by, now=now)
    return Removed(place, at, document, words, stale)


@transaction.atomic
def put_back(*, survey: Survey, removed: Removed, by: Actor, now: datetime) -> str:
    """What was deleted, where it was, unless it is there; its key.

    A key that somebody has given to something else meanwhile stays with that. A question whose
    section is gone comes to the end of the last one.
    """
    claimed(survey)
    asked, _faults = questionnaire_of(newest(survey))
    key = str(removed.document["key"])
    if _document_of(asked, key) == removed.document:
        return key
    is_section = not removed.place
    part = removed.document if is_section else {"key": "s", "questions": [removed.document]}
    found = examine({"sections": [part], "translations": removed.words, "stale": removed.stale})[0]
    names = _other_names(asked, found, keys_of(survey))
    found = editing.under(found, names)

    def change(asked: Questionnaire) -> Questionnaire:
        (section,) = found.sections
        if is_section:
            asked = editing.place_section(asked, section, at=removed.at)
        else:
            asked, home = _with_home(survey, asked, removed.place)
            at = removed.at if home == removed.place else None
            asked = editing.place(asked, section.questions[0], section=home, at=at)
        return editing.with_stale(editing.with_words(asked, found.translations), found.stale)

    edit(survey=survey, change=change, by=by, now=now)
    return names.get(key, key)


def _other_names(asked: Questionnaire, part: Questionnaire, had: set[str]) -> dict[str, str]:
    """A key that none has had for each of the part's that is taken."""
    taken = {*asked.by_key, *(one.key for one in asked.sections)}
    had, names = had | part.keys(), {}
    for key in [*(one.key for one in part.sections), *part.by_key]:
        if key in taken:
            names[key] = editing.free("q" if key in part.by_key else "s", had)
            had.add(names[key])
    return names


def _with_home(survey: Survey, asked: Questionnaire, section: str) -> tuple[Questionnaire, str]:
    """The section of that key; if it is gone the last one; without sections there is one now."""
    keys = [one.key for one in asked.sections]
    if section in keys:
        return asked, section
    if keys:
        return asked, keys[-1]
    home = editing.free("s", keys_of(survey))
    return editing.place_section(asked, Section(home, str(_("Questions")))), home


def _document_of(asked: Questionnaire, key: str) -> dict[str, Any] | None:
    """The document of the question or section of that key."""
    if key in asked.by_key:
        return question_document(asked.by_key[key])
    sections: list[dict[str, Any]] = write(asked)["sections"]
    return next((each for each in sections if each["key"] == key), None)
