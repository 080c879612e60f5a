"""What the index is made of: the items of each dimension, and what was asked about the whole."""

from collections.abc import Iterable
from dataclasses import dataclass

from surveys.questionnaire import Dimension, Kind, Question, Questionnaire

# Who is asked about the whole in several ways is taken at the first of these words.
OF_THE_WHOLE = ("overall", "recommend", "nps")
SCALES = (Kind.RATING, Kind.SCORE)


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that gets one mark: a question, or a row of a matrix."""

    question: str
    row: str = ""
    dimension: str = ""  # none: it is about the whole


def items_of(questionnaire: Questionnaire) -> list[Item]:
    """Every item of every dimension, dimension by dimension."""
    asked = list(questionnaire)
    return [
        Item(question.key, row, dimension.value)
        for dimension in Dimension
        for question in asked
        if question.dimension is dimension
        for row in _rows(question)
    ]


def _rows(question: Question) -> Iterable[str]:
    return (row.key for row in question.rows) if question.kind is Kind.MATRIX else ("",)


def whole_of(questionnaire: Questionnaire) -> Item | None:
    """What was asked about the service as a whole: a mark that belongs to no dimension."""
    found = [
        each
        for each in questionnaire
        if each.kind in SCALES and each.dimension is None and not each.conditions
    ]
    found.sort(key=lambda each: _rank(each.key))
    return Item(found[0].key) if found else None


def _rank(key: str) -> int:
    return OF_THE_WHOLE.index(key) if key in OF_THE_WHOLE else len(OF_THE_WHOLE)


def wording(questionnaire: Questionnaire, question: str, row: str = "") -> str:
    """How an item was put, in the words of the questionnaire."""
    asked = questionnaire.by_key.get(question)
    if asked is None:
        return question
    part = next((each.text for each in asked.rows if each.key == row), "")
    return f"{asked.text} – {part}" if part else asked.text
