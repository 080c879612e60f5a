"""A questionnaire as a page lays it out: what was answered, what is wrong, in which order."""

import json
import random
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.functional import Promise as LazyText
from django.utils.translation import gettext_lazy as _

from surveys.questionnaire import Choice, Fault, Kind, Question, Questionnaire
from surveys.questionnaire.answering import LONGEST_ANSWER, asked_so_far

# What to do about each fault of an answer. `detail` is what the fault says of itself.
SENTENCES: Mapping[str, str | LazyText] = {
    "answer_missing": _("Please answer this question."),
    "not_on_the_scale": _("Please choose one of the marks from %(detail)s."),
    "unknown_choice": _("Please choose one of what is offered."),
    "rank_all": _("Please give every item a place of its own, or none of them any."),
    "not_a_number": _("Please write a number, for example 12 or 3.5."),
    "not_a_date": _("Please write a date, for example 2026-11-30."),
    "not_a_text": _("Please write a text."),
    "text_too_long": _("Please write at most %(detail)s characters."),
    "not_a_photo": _("This file is not a photo that can be read (JPEG, PNG, WebP or GIF)."),
    "too_many_photos": _("This questionnaire carries no more photos. Take one out first."),
    "file_too_large": _("This photo is too large: at most 15 MB."),
    "file_empty": _("There is nothing in this file. Please choose another one."),
}
# How a choice begins that means none of those before it, in any language of the portal.
OTHER = ("其他", "其它", "other", "something else")
Words = Mapping[str, Mapping[str, str]]  # language → place → text
ENDS: Mapping[Kind, tuple[str | LazyText, str | LazyText]] = {
    Kind.RATING: (_("Very dissatisfied"), _("Very satisfied")),
    Kind.MATRIX: (_("Very dissatisfied"), _("Very satisfied")),
    Kind.SCORE: (_("Lowest"), _("Highest")),
}


@dataclass(frozen=True, slots=True)
class Option:
    """Something to choose."""

    key: str
    text: str
    is_chosen: bool = False
    place: str = ""  # in a ranking, as it was given


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a matrix, with its own marks."""

    name: str
    text: str
    options: Sequence[Option]
    is_missing: bool = False


@dataclass(frozen=True, slots=True)
class Asked:
    """One question on the page."""

    question: Question
    is_asked: bool  # as far as is known from the answers
    value: str = ""
    options: Sequence[Option] = ()
    rows: Sequence[Row] = ()
    places: Sequence[int] = ()
    has_photo: bool = False
    sentences: list[str] = field(default_factory=list)

    @property
    def name(self) -> str:
        """Of its field in the form."""
        return f"q-{self.question.key}"

    @property
    def template(self) -> str:
        return f"surveys/question_{self.question.kind.value}.html"

    @property
    def ends(self) -> Sequence[str | LazyText]:
        """What the lowest and the highest mark mean."""
        return ENDS.get(self.question.kind, ())

    @property
    def most(self) -> int:
        """Characters of a text."""
        return LONGEST_ANSWER

    @property
    def conditions(self) -> str:
        """When it is asked, for the script that shows and hides while somebody answers."""
        if not self.question.conditions:
            return ""
        return json.dumps(
            [
                {
                    "question": each.question,
                    "test": each.test.value,
                    "choices": sorted(each.choices),
                    "amount": each.amount,
                }
                for each in self.question.conditions
            ]
        )


@dataclass(frozen=True, slots=True)
class Part:
    """A section on the page."""

    title: str
    intro: str
    questions: Sequence[Asked]

    @property
    def is_asked(self) -> bool:
        """Whether anything in it is."""
        return any(each.is_asked for each in self.questions)


def laid_out(
    questionnaire: Questionnaire,
    given: Mapping[str, Any],
    *,
    seed: str = "",
    faults: Iterable[Fault] = (),
    photos: Container[str] = (),
    without: Container[str] = (),
) -> list[Part]:
    """Every question with what was answered; those that are not asked yet are marked as such.

    Whoever has the same seed sees shuffled choices in the same order each time.
    """
    asked = {each.key for each in asked_so_far(questionnaire, given)}
    wrong: dict[str, list[str]] = {}
    for fault in faults:
        wrong.setdefault(fault.place, []).append(sentence_of(fault))
    return [
        Part(
            section.title,
            section.intro,
            [
                _asked(
                    each,
                    given.get(each.key),
                    seed,
                    questionnaire.translations,
                    is_asked=each.key in asked,
                    has_photo=each.key in photos,
                    sentences=wrong.get(each.key, []),
                )
                for each in section.questions
                if each.key not in without
            ],
        )
        for section in questionnaire.sections
    ]


def sentence_of(fault: Fault) -> str:
    """What somebody should do about it."""
    return str(SENTENCES.get(fault.code, fault.code)) % {"detail": fault.detail}


def _asked(question: Question, value: Any, seed: str, words: Words, **more: Any) -> Asked:
    return Asked(
        question,
        value=value if isinstance(value, str) else "" if value is None else str(value),
        options=_options(question, value, seed, words),
        rows=_rows(question, value, seed, words, is_wrong=bool(more["sentences"])),
        places=range(1, len(question.choices) + 1) if question.kind is Kind.RANKING else (),
        **more,
    )


def _options(question: Question, value: Any, seed: str, words: Words) -> list[Option]:
    if question.kind in (Kind.RATING, Kind.SCORE):
        return _marks(question, value)
    places = _places(value) if question.kind is Kind.RANKING else {}
    chosen = {value} if isinstance(value, str) else set(value or ())
    return [
        Option(each.key, each.text, each.key in chosen, places.get(each.key, ""))
        for each in shuffled(question, question.choices, seed, words)
    ]


def _places(value: Any) -> dict[str, str]:
    if isinstance(value, Mapping):
        return {str(key): str(place) for key, place in value.items()}
    if isinstance(value, list | tuple):
        return {str(key): str(place) for place, key in enumerate(value, start=1)}
    return {}


def _rows(question: Question, value: Any, seed: str, words: Words, *, is_wrong: bool) -> list[Row]:
    given = value if isinstance(value, Mapping) else {}
    return [
        Row(
            f"q-{question.key}-{row.key}",
            row.text,
            _marks(question, given.get(row.key)),
            is_missing=is_wrong and not given.get(row.key),
        )
        for row in shuffled(question, question.rows, seed, words)
    ]


def _marks(question: Question, value: Any) -> list[Option]:
    return [Option(str(mark), str(mark), str(mark) == str(value)) for mark in question.scale]


def shuffled(
    question: Question, choices: Sequence[Choice], seed: str, words: Words
) -> Sequence[Choice]:
    """The choices in the order in which this person sees them; “other” stays at the end."""
    if not question.shuffled or not seed or not choices:
        return choices
    end = choices[-1]
    others = {end.text, *(said.get(f"{question.key}.{end.key}", "") for said in words.values())}
    is_other = any(text.casefold().startswith(OTHER) for text in others)
    mixed, last = (choices[:-1], [end]) if is_other else (choices, [])
    chance = random.Random(f"{seed}:{question.key}")  # noqa: S311 - an order, not a secret
    return [*chance.sample(mixed, len(mixed)), *last]
