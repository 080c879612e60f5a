"""The document that a questionnaire is kept as, and everything that can be wrong with one."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from surveys.questionnaire.faults import Fault, Faulty
from surveys.questionnaire.logic import unreachable
from surveys.questionnaire.terms import (
    AMOUNTS,
    LONGEST_TEXT,
    MOST_CHOICES,
    MOST_QUESTIONS,
    SETS,
    WITH_CHOICES,
    Choice,
    Condition,
    Dimension,
    Kind,
    Question,
    Questionnaire,
    Section,
    Test,
)

LONGEST_PLACE = 64  # of two keys and a dot
KEY = re.compile(r"[a-z][a-z0-9_]{0,29}")


def write(questionnaire: Questionnaire) -> dict[str, Any]:
    """The document of a questionnaire; what `read` takes."""
    document = _whole(questionnaire)
    if questionnaire.stale:
        document["stale"] = {
            language: sorted(places) for language, places in questionnaire.stale.items()
        }
    if questionnaire.gone:
        document["gone"] = sorted(questionnaire.gone)
    return document


def _whole(questionnaire: Questionnaire) -> dict[str, Any]:
    return {
        "sections": [
            {
                "key": section.key,
                "title": section.title,
                "intro": section.intro,
                "questions": [question_document(each) for each in section.questions],
            }
            for section in questionnaire.sections
        ],
        "translations": {
            language: dict(words) for language, words in questionnaire.translations.items()
        },
    }


def question_document(question: Question) -> dict[str, Any]:
    """The part of a document that is one question."""
    return {
        "key": question.key,
        "kind": question.kind.value,
        "text": question.text,
        "help": question.help,
        "required": question.required,
        "shuffled": question.shuffled,
        "dimension": question.dimension.value if question.dimension else "",
        "choices": [{"key": each.key, "text": each.text} for each in question.choices],
        "rows": [{"key": each.key, "text": each.text} for each in question.rows],
        "conditions": [
            {
                "question": each.question,
                "test": each.test.value,
                "choices": sorted(each.choices),
                "amount": float(each.amount),
            }
            for each in question.conditions
        ],
    }


def read(document: object) -> Questionnaire:
    """A questionnaire that can be asked. Raises `Faulty` with everything that is wrong."""
    found, faults = examine(document)
    if faults:
        raise Faulty(faults)
    return found


# What can be wrong while somebody is still writing; anything else was never written by a person.
UNFINISHED = frozenset({
    "text_missing", "nothing_asked", "too_few_choices", "no_rows", "dimension_needs_rating",
    "asks_ahead", "asks_nothing", "test_does_not_fit", "unknown_choice", "never_asked",
})  # fmt: skip


def examine(document: object) -> tuple[Questionnaire, list[Fault]]:
    """As much of a questionnaire as can be made out, and everything that is wrong with it."""
    reader = _Reader()
    found = reader.questionnaire(document)
    faults = reader.faults
    if any(each.code not in UNFINISHED for each in faults):
        return found, faults
    faults += _against_each_other(found)
    # Nobody can say where a way leads that begins nowhere.
    if all(each.code in ("text_missing", "dimension_needs_rating") for each in faults):
        faults += [Fault(key, "never_asked") for key in unreachable(found)]
    return found, faults


class _Reader:
    """Takes a document apart and collects what is wrong with its parts."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []
        self.place = ""

    def wrong(self, code: str, detail: object = "") -> None:
        self.faults.append(Fault(self.place, code, str(detail)))

    # --- plain values ---

    def mapping(self, value: object) -> Mapping[str, Any]:
        if isinstance(value, Mapping):
            return value
        self.wrong("not_an_object")
        return {}

    def many(self, value: object) -> list[Any]:
        if isinstance(value, list | tuple):
            return list(value)
        if value is not None:
            self.wrong("not_a_list")
        return []

    def text(self, value: object, *, needed: bool = False) -> str:
        if value is None:
            value = ""
        if not isinstance(value, str) or "\x00" in value:
            self.wrong("not_a_text")
            return ""
        value = value.strip()
        if needed and not value:
            self.wrong("text_missing")
        if len(value) > LONGEST_TEXT:
            self.wrong("text_too_long", LONGEST_TEXT)
        return value

    def place_name(self, value: object) -> str:
        """A language, or a place that is translated."""
        if isinstance(value, str) and len(value) <= LONGEST_PLACE and "\x00" not in value:
            return value
        self.wrong("not_a_key")
        return ""

    def key(self, value: object, *, prefix: str, number: int) -> str:
        """A key of their own making, or the next free one."""
        if value in (None, ""):
            return f"{prefix}{number}"
        if isinstance(value, str) and KEY.fullmatch(value):
            return value
        self.wrong("not_a_key", value if isinstance(value, str) else "")
        return f"{prefix}{number}"

    def one_of(self, value: object, known: Any, code: str) -> Any:
        try:
            return known(value)
        except ValueError:
            self.wrong(code, value if isinstance(value, str) else "")
            return next(iter(known))

    def amount(self, value: object) -> float:
        if isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e12:
            return float(value)
        self.wrong("not_a_number")
        return 0

    # --- the parts ---

    def questionnaire(self, value: object) -> Questionnaire:
        document = self.mapping(value)
        sections = tuple(
            self.section(each, number)
            for number, each in enumerate(self.many(document.get("sections")), start=1)
        )
        self.place = ""
        translations: dict[str, dict[str, str]] = {}
        for language, words in self.mapping(document.get("translations") or {}).items():
            said = self.mapping(words)
            name = self.place_name(language)
            translations[name] = {self.place_name(at): self.text(text) for at, text in said.items()}
        stale = {
            self.place_name(language): frozenset(self.place_name(at) for at in self.many(places))
            for language, places in self.mapping(document.get("stale") or {}).items()
        }
        gone = frozenset(self.place_name(each) for each in self.many(document.get("gone")))
        return Questionnaire(sections, translations, stale, gone)

    def section(self, value: object, number: int) -> Section:
        self.place = f"s{number}"
        part = self.mapping(value)
        self.place = key = self.key(part.get("key"), prefix="s", number=number)
        title = self.text(part.get("title"), needed=True)
        intro = self.text(part.get("intro"))
        questions = self.many(part.get("questions"))
        return Section(
            key, title, intro, tuple(self.question(each, i) for i, each in enumerate(questions, 1))
        )

    def question(self, value: object, number: int) -> Question:
        self.place = f"q{number}"
        part = self.mapping(value)
        self.place = self.key(part.get("key"), prefix="q", number=number)
        dimension = part.get("dimension")
        return Question(
            key=self.place,
            kind=self.one_of(part.get("kind"), Kind, "unknown_kind"),
            text=self.text(part.get("text"), needed=True),
            help=self.text(part.get("help")),
            required=part.get("required") is True,
            shuffled=part.get("shuffled") is True,
            dimension=self.one_of(dimension, Dimension, "unknown_dimension") if dimension else None,
            choices=self.choices(part.get("choices"), "c"),
            rows=self.choices(part.get("rows"), "r"),
            conditions=tuple(self.condition(each) for each in self.many(part.get("conditions"))),
        )

    def choices(self, value: object, prefix: str) -> tuple[Choice, ...]:
        parts = [self.mapping(each) for each in self.many(value)]
        if len(parts) > MOST_CHOICES:
            self.wrong("too_many_choices", MOST_CHOICES)
        found = [
            Choice(
                self.key(each.get("key"), prefix=prefix, number=number),
                self.text(each.get("text"), needed=True),
            )
            for number, each in enumerate(parts[:MOST_CHOICES], start=1)
        ]
        if len({each.key for each in found}) < len(found):
            self.wrong("key_taken")
        return tuple(found)

    def condition(self, value: object) -> Condition:
        part = self.mapping(value)
        test = self.one_of(part.get("test"), Test, "unknown_test")
        return Condition(
            question=self.text(part.get("question"), needed=True),
            test=test,
            choices=frozenset(self.text(each) for each in self.many(part.get("choices"))),
            amount=self.amount(part.get("amount", 0)),
        )


def _against_each_other(found: Questionnaire) -> Iterator[Fault]:
    """What is wrong between the parts."""
    questions = list(found)
    if not questions:
        yield Fault("", "nothing_asked")
    if len(questions) > MOST_QUESTIONS:
        yield Fault("", "too_many_questions", str(MOST_QUESTIONS))
    keys = [section.key for section in found.sections] + [each.key for each in questions]
    for key in sorted({key for key in keys if keys.count(key) > 1}):
        yield Fault(key, "key_taken")
    earlier: dict[str, Question] = {}
    for question in questions:
        yield from _shape(question)
        for condition in question.conditions:
            yield from _leads(question, condition, earlier, found)
        earlier[question.key] = question


def _shape(question: Question) -> Iterator[Fault]:
    if question.kind in WITH_CHOICES and len(question.choices) < 2:
        yield Fault(question.key, "too_few_choices")
    if question.kind is Kind.MATRIX and not question.rows:
        yield Fault(question.key, "no_rows")
    # The index is made of marks from 1 to 5: nothing else can stand for a dimension.
    if question.dimension and question.kind not in (Kind.RATING, Kind.MATRIX):
        yield Fault(question.key, "dimension_needs_rating")


def _leads(
    question: Question, condition: Condition, earlier: Mapping[str, Question], found: Questionnaire
) -> Iterator[Fault]:
    """A condition may only ask what has been asked before: so nothing goes round in a circle."""
    before = earlier.get(condition.question)
    if before is None:
        known = condition.question in found.by_key
        yield Fault(question.key, "asks_ahead" if known else "asks_nothing", condition.question)
        return
    if condition.test in (Test.AT_LEAST, Test.AT_MOST):
        if before.kind not in AMOUNTS:
            yield Fault(question.key, "test_does_not_fit", condition.question)
    elif condition.test in (Test.ANY_OF, Test.NONE_OF):
        if before.kind not in SETS:
            yield Fault(question.key, "test_does_not_fit", condition.question)
        elif not condition.choices or condition.choices - before.choice_keys:
            yield Fault(question.key, "unknown_choice", condition.question)
