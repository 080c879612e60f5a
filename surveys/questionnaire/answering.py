"""What somebody answered: checked, and taken apart into marks."""

import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from surveys.questionnaire.faults import Fault, Faulty
from surveys.questionnaire.logic import shown
from surveys.questionnaire.terms import Kind, Question, Questionnaire

LONGEST_ANSWER = 2000
LARGEST = Decimal(10) ** 11  # its class of round numbers still fits a column


@dataclass(frozen=True, slots=True)
class Mark:
    """The smallest thing that was said: one choice, one row's rating, one place, one text."""

    question: str
    row: str = ""  # of a matrix
    choice: str = ""
    number: Decimal | None = None  # a rating, an amount, or the place in a ranking from 1
    text: str = ""


def take(
    questionnaire: Questionnaire, given: Mapping[str, object], *, final: bool = True
) -> list[Mark]:
    """The marks of somebody's answers, of the questions they were asked and no others.

    Raises `Faulty` with every question that is not answered rightly. What is not `final` may have
    gaps: it is saved to be continued.
    """
    clean, faults = _cleaned(questionnaire, given)
    asked = shown(questionnaire, clean)
    if final:
        spoilt = {fault.place for fault in faults}
        gaps = (each for each in asked if each.required and not _is_whole(each, clean))
        faults += [Fault(each.key, "answer_missing") for each in gaps if each.key not in spoilt]
    asked_keys = {each.key for each in asked}
    faults = [fault for fault in faults if fault.place in asked_keys]
    if faults:
        raise Faulty(faults)
    return [
        mark
        for question in asked
        if question.key in clean and question.kind is not Kind.PHOTO
        for mark in _marks(question, clean[question.key])
    ]


def asked_so_far(questionnaire: Questionnaire, given: Mapping[str, object]) -> list[Question]:
    """The questions somebody is asked who has answered so far; what is wrong says nothing yet."""
    clean, _faults = _cleaned(questionnaire, given)
    return shown(questionnaire, clean)


def _cleaned(
    questionnaire: Questionnaire, given: Mapping[str, object]
) -> tuple[dict[str, Any], list[Fault]]:
    clean, faults = {}, []
    for question in questionnaire:
        try:
            value = _clean(question, given.get(question.key))
        except _WrongError as wrong:
            faults.append(Fault(question.key, wrong.code, wrong.detail))
        else:
            if value not in (None, "", [], {}):
                clean[question.key] = value
    return clean, faults


class _WrongError(Exception):
    def __init__(self, code: str, detail: object = "") -> None:
        super().__init__(code)
        self.code, self.detail = code, str(detail)


def _is_whole(question: Question, clean: Mapping[str, Any]) -> bool:
    value = clean.get(question.key)
    if question.kind is Kind.MATRIX:
        return value is not None and len(value) == len(question.rows)
    return value is not None


def _clean(question: Question, value: object) -> Any:
    """The value in the shape of its kind; nothing if nothing was said."""
    if value in (None, "", [], {}):
        return None
    return CLEANERS.get(question.kind, _text)(question, value)


def _on_scale(question: Question, value: object) -> int:
    scale = question.scale
    try:
        mark = int(str(value))
    except ValueError:
        mark = -1
    if isinstance(value, bool) or len(str(value)) > 2 or mark not in scale:
        raise _WrongError("not_on_the_scale", f"{scale[0]}–{scale[-1]}")
    return mark


def _choice(question: Question, value: object) -> str:
    if not isinstance(value, str) or value not in question.choice_keys:
        raise _WrongError("unknown_choice")
    return value


def _choices(question: Question, value: object) -> list[str]:
    if isinstance(value, str):
        value = [value]
    if not isinstance(value, list | tuple) or len(value) > len(question.choices):
        raise _WrongError("unknown_choice")
    return list(dict.fromkeys(_choice(question, each) for each in value))


def _ranking(question: Question, value: object) -> list[str]:
    """The choices in their order; they may come as the place of each, from 1."""
    if isinstance(value, Mapping):
        value = _in_order(question, value)
    ranked = _choices(question, value)
    if not ranked:
        return []
    if len(ranked) != len(question.choices):
        raise _WrongError("rank_all")
    return ranked


def _in_order(question: Question, places: Mapping[Any, object]) -> list[Any]:
    taken = {str(place).strip(): choice for choice, place in places.items() if place}
    wanted = [str(place) for place in range(1, len(question.choices) + 1)]
    if not taken:
        return []
    if len(places) != len(wanted) or set(taken) != set(wanted):
        raise _WrongError("rank_all")
    return [taken[place] for place in wanted]


def _matrix(question: Question, value: object) -> dict[str, int]:
    if not isinstance(value, Mapping):
        raise _WrongError("not_on_the_scale")
    given = {row.key: value.get(row.key) for row in question.rows}
    return {key: _on_scale(question, each) for key, each in given.items() if each not in (None, "")}


def _number(_question: Question, value: object) -> Decimal:
    # Chinese keyboards type digits and commas of full width; the page reads them alike.
    text = unicodedata.normalize("NFKC", str(value)).strip().replace(",", "")
    if "_" in text:
        raise _WrongError("not_a_number")
    try:
        number = Decimal(text).quantize(Decimal("0.0001"))
    except InvalidOperation:
        raise _WrongError("not_a_number") from None
    # What is rounded up is measured after it was.
    if isinstance(value, bool) or not number.is_finite() or abs(number) >= LARGEST:
        raise _WrongError("not_a_number")
    return number


def _date(_question: Question, value: object) -> str:
    try:
        return date.fromisoformat(str(value).strip()).isoformat()
    except ValueError:
        raise _WrongError("not_a_date") from None


def _photo(_question: Question, _value: object) -> str:
    """That there is one. What it shows lies apart, and nothing joins it to the other answers."""
    return "photo"


def _text(_question: Question, value: object) -> str:
    if not isinstance(value, str):
        raise _WrongError("not_a_text")
    # PostgreSQL keeps no NUL, and nobody has typed one.
    text = value.replace("\x00", "").strip()
    if len(text) > LONGEST_ANSWER:
        raise _WrongError("text_too_long", LONGEST_ANSWER)
    return text


CLEANERS: Mapping[Kind, Callable[[Question, object], Any]] = {
    Kind.RATING: _on_scale,
    Kind.SCORE: _on_scale,
    Kind.SINGLE: _choice,
    Kind.MULTIPLE: _choices,
    Kind.RANKING: _ranking,
    Kind.MATRIX: _matrix,
    Kind.NUMBER: _number,
    Kind.DATE: _date,
    Kind.PHOTO: _photo,
}


def _marks(question: Question, value: Any) -> Iterator[Mark]:
    match question.kind:
        case Kind.RATING | Kind.SCORE | Kind.NUMBER:
            yield Mark(question.key, number=Decimal(value))
        case Kind.SINGLE:
            yield Mark(question.key, choice=value)
        case Kind.MULTIPLE:
            yield from (Mark(question.key, choice=each) for each in value)
        case Kind.RANKING:
            for place, each in enumerate(value, start=1):
                yield Mark(question.key, choice=each, number=Decimal(place))
        case Kind.MATRIX:
            for row, mark in value.items():
                yield Mark(question.key, row=row, number=Decimal(mark))
        case _:
            yield Mark(question.key, text=value)
