"""What a survey says in other languages: looked through, written, proposed, sent out and back."""

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from surveys.models import Edition, Survey
from surveys.questionnaire import Questionnaire, editing
from surveys.questionnaire.terms import LONGEST_TEXT, TITLE
from surveys.services.editing import edit
from surveys.services.survey import (
    ChangedMeanwhile,
    change_survey,
    claimed,
    mark_of,
    newest,
    questionnaire_of,
)
from surveys.services.titles import (
    LONGEST as LONGEST_TITLE,
    UnknownLanguage,
    languages_of,
    titled,
)
from surveys.services.wording import WAYS, rewritten
from tenancy.services.actor import Actor
from tenancy.services.refusal import Refused

LARGEST_FILE = 2_000_000  # bytes
HEADINGS = ("place", "original", "translation")
FORMULA = ("=", "+", "-", "@", "\t")


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

    @property
    def longest(self) -> int:
        """So many letters a translation has at most."""
        return longest(self.place)


def longest(place: str) -> int:
    return LONGEST_TITLE if place == TITLE else LONGEST_TEXT


def to_translate(survey: Survey) -> Questionnaire:
    """What a survey asks today and what it is called: every text that somebody reads."""
    return titled(survey, questionnaire_of(newest(survey))[0])


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


def to_look_over(survey: Survey, questions: Questionnaire) -> list[tuple[str, int]]:
    """Languages with translations that are not used until somebody looks at them, and how many."""
    asked = titled(survey, questions)
    found = [(language, stale(asked, language)) for language in languages_of(survey)]
    return [(language, number) for language, number in found if number]


def mark_of_words(asked: Questionnaire, language: str) -> str:
    """What somebody says who has seen these translations, and what they are translations of."""
    return mark_of([asked.texts(), dict(asked.translations.get(language, {}))])


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

    Raises `ChangedMeanwhile` if texts or translations are no longer as they were `seen`.
    """
    if language not in languages_of(survey):
        raise UnknownLanguage
    row = claimed(survey)
    if seen and seen != mark_of_words(to_translate(row), language):
        raise ChangedMeanwhile
    tidy = {place: _typed(text) for place, text in words.items()}
    title = tidy.pop(TITLE, None)
    right = set(right)
    if title is not None and (title != row.titles.get(language, {}).get("text") or TITLE in right):
        change_survey(survey=row, titles={language: title}, by=by, now=now)

    def change(asked: Questionnaire) -> Questionnaire:
        return editing.looked_over(editing.with_words(asked, {language: tidy}), language, right)

    return edit(survey=survey, change=change, by=by, now=now)


@transaction.atomic
def propose_words(*, survey: Survey, language: str, by: Actor, now: datetime) -> int:
    """Fill what is missing or outdated in one way of writing Chinese from the other.

    Answers how many texts it was.
    """
    asked = to_translate(claimed(survey))
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
    """The translations of a table that came back, and how many lines fit nothing that is asked.

    So does what was translated from another text than there is today: it says another thing.
    """
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
        if place in places and not text:
            continue
        is_today = len(row) > 1 and _words(_plain(row[1])) == _words(places.get(place, ""))
        if place in places and is_today and len(text) <= longest(place):
            found[place] = _plain(text)
        elif place or text:
            strange += 1
    return found, strange


def _words(text: str) -> list[str]:
    """A text whatever a spreadsheet made of its spaces and line ends."""
    return text.split()


def _typed(text: str) -> str:
    """As it is kept: browsers send line ends in another way than they were given them."""
    return text.replace("\x00", "").replace("\r\n", "\n").strip()


def _harmless(text: str) -> str:
    return f"'{text}" if text.startswith(FORMULA) else text


def _plain(text: str) -> str:
    return text[1:] if text.startswith("'") and text[1:].startswith(FORMULA) else text
