"""What a survey says in other languages: looked through, written, proposed, sent out and back."""

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from surveys.models import Edition, Survey
from surveys.questionnaire import Questionnaire, editing
from surveys.questionnaire.terms import LONGEST_TEXT
from surveys.services.editing import edit
from surveys.services.survey import (
    ChangedMeanwhile,
    claimed,
    mark_of,
    newest,
    questionnaire_of,
)
from surveys.services.wording import WAYS, rewritten
from tenancy.services.actor import Actor
from tenancy.services.refusal import Refused

LARGEST_FILE = 2_000_000  # bytes
HEADINGS = ("place", "original", "translation")
FORMULA = ("=", "+", "-", "@", "\t")


class UnknownLanguage(Refused):
    """A language that the portal does not speak, or the one it is written in."""

    code = "unknown_language"
    sentence = _("A survey is translated into the other languages of the portal.")


class NotATable(Refused):
    """A file that is no table of words."""

    code = "not_a_table"
    sentence = _(
        "This is no table of words. Download the table, fill in its third column and send it back"
        " as CSV (UTF-8)."
    )


class NothingToProposeFrom(Refused):
    """Chinese can be proposed from the other writing only."""

    code = "nothing_to_propose_from"
    sentence = _("A proposal is made from one way of writing Chinese to the other only.")


@dataclass(frozen=True, slots=True)
class Line:
    """One text and what it is in another language."""

    place: str
    original: str
    translation: str
    is_stale: bool = False  # the original has changed since


def languages_of(survey: Survey) -> list[str]:
    """The languages it can be translated into."""
    return [code for code, _name in settings.LANGUAGES if code != survey.language]


def lines_of(asked: Questionnaire, language: str) -> list[Line]:
    """Every text beside its translation."""
    words, stale = asked.translations.get(language, {}), asked.stale.get(language, frozenset())
    return [
        Line(place, text, words.get(place, ""), place in stale)
        for place, text in asked.texts().items()
    ]


def missing(asked: Questionnaire, language: str) -> int:
    """How many texts nobody has translated yet."""
    return sum(not line.translation for line in lines_of(asked, language))


def stale(asked: Questionnaire, language: str) -> int:
    """How many translations say what the original does not say any more."""
    return len(asked.stale.get(language, ()))


def to_look_over(survey: Survey, asked: Questionnaire) -> list[tuple[str, int]]:
    """Languages with translations that are not used until somebody looks at them, and how many."""
    found = [(language, stale(asked, language)) for language in languages_of(survey)]
    return [(language, number) for language, number in found if number]


def mark_of_words(asked: Questionnaire, language: str) -> str:
    """What somebody says who has seen these translations."""
    return mark_of(dict(asked.translations.get(language, {})))


@transaction.atomic
def save_words(
    *,
    survey: Survey,
    language: str,
    words: Mapping[str, str],
    by: Actor,
    now: datetime,
    seen: str = "",
    right: Iterable[str] = (),
) -> Edition:
    """Say these places like this in that language; an empty text takes a translation away.

    What is `right` was looked over, and stays although its original has changed.

    Raises `ChangedMeanwhile` if the translations are no longer as they were `seen`.
    """
    if language not in languages_of(survey):
        raise UnknownLanguage
    tidy = {place: text.replace("\x00", "").strip() for place, text in words.items()}

    def change(asked: Questionnaire) -> Questionnaire:
        if seen and seen != mark_of_words(asked, language):
            raise ChangedMeanwhile
        return editing.looked_over(editing.with_words(asked, {language: tidy}), language, right)

    return edit(survey=survey, change=change, by=by, now=now)


@transaction.atomic
def propose_words(*, survey: Survey, language: str, by: Actor, now: datetime) -> int:
    """Fill what is missing or outdated in one way of writing Chinese from the other.

    Answers how many texts it was.
    """
    claimed(survey)
    asked, _faults = questionnaire_of(newest(survey))
    source = next((one for one, other in WAYS if other == language), "")
    if not source or language == survey.language:
        raise NothingToProposeFrom
    known = asked.texts() if source == survey.language else asked.translations.get(source, {})
    if not known:
        raise NothingToProposeFrom
    words = {
        line.place: rewritten(known[line.place], source, language)
        for line in lines_of(asked, language)
        if (line.is_stale or not line.translation) and known.get(line.place)
    }
    save_words(survey=survey, language=language, words=words, by=by, now=now)
    return len(words)


def table_of(asked: Questionnaire, language: str) -> str:
    """The words as a table for whoever translates; a spreadsheet runs nothing of it."""
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow(HEADINGS)
    for line in lines_of(asked, language):
        writer.writerow([line.place, _harmless(line.original), _harmless(line.translation)])
    return "\ufeff" + file.getvalue()


def read_table(content: bytes, asked: Questionnaire) -> tuple[dict[str, str], int]:
    """The translations of a table that came back, and how many lines fit nothing that is asked."""
    try:
        rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    except (UnicodeDecodeError, csv.Error) as error:
        raise NotATable from error
    if not rows or tuple(each.strip().lower() for each in rows[0][:3]) != HEADINGS:
        raise NotATable
    places = asked.texts()
    found: dict[str, str] = {}
    strange = 0
    for row in rows[1:]:
        place, text = row[0] if row else "", row[2].strip() if len(row) > 2 else ""
        if place in places and len(text) <= LONGEST_TEXT:
            found |= {place: _plain(text)} if text else {}
        elif place or text:
            strange += 1
    return found, strange


def _harmless(text: str) -> str:
    return f"'{text}" if text.startswith(FORMULA) else text


def _plain(text: str) -> str:
    return text[1:] if text.startswith("'") and text[1:].startswith(FORMULA) else text
