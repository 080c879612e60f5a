"""The words of a questionnaire."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cached_property

MOST_QUESTIONS = 300
MOST_CHOICES = 50
LONGEST_TEXT = 1000
TITLE = ":title"  # the place of what the whole is called; no key begins like this


class Kind(StrEnum):
    """How a question is answered."""

    RATING = "rating"  # 1 to 5
    SCORE = "score"  # 0 to 10
    SINGLE = "single"
    MULTIPLE = "multiple"
    MATRIX = "matrix"  # rows, each rated 1 to 5
    RANKING = "ranking"
    TEXT = "text"
    NUMBER = "number"
    DATE = "date"
    PHOTO = "photo"


SCALES: Mapping[Kind, range] = {
    Kind.RATING: range(1, 6),
    Kind.SCORE: range(11),
    Kind.MATRIX: range(1, 6),
}
WITH_CHOICES = frozenset({Kind.SINGLE, Kind.MULTIPLE, Kind.RANKING})


class Dimension(StrEnum):
    """The five dimensions of service quality (Parasuraman, Zeithaml and Berry, 1988)."""

    RELIABILITY = "reliability"
    RESPONSIVENESS = "responsiveness"
    ASSURANCE = "assurance"
    EMPATHY = "empathy"
    TANGIBLES = "tangibles"


class Test(StrEnum):
    """What a condition asks of an earlier answer."""

    __test__ = False  # for pytest, which collects by name

    ANY_OF = "any_of"
    NONE_OF = "none_of"
    AT_LEAST = "at_least"
    AT_MOST = "at_most"
    ANSWERED = "answered"


# Which tests can be asked of which kinds.
SETS = frozenset({Kind.SINGLE, Kind.MULTIPLE})
AMOUNTS = frozenset({Kind.RATING, Kind.SCORE, Kind.NUMBER})


@dataclass(frozen=True, slots=True)
class Choice:
    """One of several things to choose, or one row of a matrix."""

    key: str
    text: str


@dataclass(frozen=True, slots=True)
class Condition:
    """What must have been answered before. An earlier question that was not shown meets nothing."""

    question: str
    test: Test
    choices: frozenset[str] = frozenset()
    amount: float = 0


@dataclass(frozen=True, slots=True)
class Question:
    """One question. Its key stays the same in every edition, so that waves can be compared."""

    key: str
    kind: Kind
    text: str
    help: str = ""
    required: bool = False
    shuffled: bool = False  # choices in another order for each person
    dimension: Dimension | None = None
    choices: tuple[Choice, ...] = ()
    rows: tuple[Choice, ...] = ()
    conditions: tuple[Condition, ...] = ()  # all of them must be met

    @property
    def scale(self) -> range:
        """The marks that can be given; empty for kinds that are no scale."""
        return SCALES.get(self.kind, range(0))

    @property
    def choice_keys(self) -> frozenset[str]:
        return frozenset(each.key for each in self.choices)


@dataclass(frozen=True, slots=True)
class Section:
    """Questions that belong together, under one heading."""

    key: str
    title: str
    intro: str = ""
    questions: tuple[Question, ...] = ()


@dataclass(frozen=True)
class Questionnaire:
    """Everything that is asked, in its order, in the language it was written in and in others."""

    sections: tuple[Section, ...] = ()
    # language → place ("q1", "q1.help", "q1.good", "s1", "s1.intro") → text
    translations: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    # language → places whose text has changed since they were translated
    stale: Mapping[str, frozenset[str]] = field(default_factory=dict)
    # Keys ("q3", "s2", "q1.c4") of what was here once: nothing else is ever called so.
    gone: frozenset[str] = frozenset()
    # What the whole is called, where somebody reads it; it is kept beside the document, not in it.
    title: str = ""

    def __iter__(self) -> Iterator[Question]:
        for section in self.sections:
            yield from section.questions

    @cached_property
    def by_key(self) -> Mapping[str, Question]:
        return {question.key: question for question in self}

    def keys(self) -> set[str]:
        """Every key in use: of sections, of questions, and of their choices and rows."""
        found = {section.key for section in self.sections} | set(self.by_key)
        return found | {
            f"{each.key}.{part.key}" for each in self for part in (*each.choices, *each.rows)
        }

    def texts(self) -> dict[str, str]:
        """Every text by its place: what there is to translate."""
        found = {TITLE: self.title}
        for section in self.sections:
            found[section.key] = section.title
            found[f"{section.key}.intro"] = section.intro
            for each in section.questions:
                found[each.key] = each.text
                found[f"{each.key}.help"] = each.help
                for part in (*each.choices, *each.rows):
                    found[f"{each.key}.{part.key}"] = part.text
        return {place: text for place, text in found.items() if text}

    def in_language(self, language: str, own: str = "") -> "Questionnaire":
        """The same in another language; what nobody has translated stays as it was written.

        So does what was translated before its text was changed: people must not be asked another
        question because they read another language. Whoever says in which language it was written
        (`own`) is given the other writing of Chinese rather than nothing they can read.
        """
        if language not in self.translations and own and _kin(own) != _kin(language):
            kin = (other for other in self.translations if _kin(other) == _kin(language))
            language = next(kin, language)
        words = self._fresh(language)
        if not words:
            return self

        def said(place: str, text: str) -> str:
            return words.get(place) or text

        def parts(key: str, them: tuple[Choice, ...]) -> tuple[Choice, ...]:
            return tuple(replace(each, text=said(f"{key}.{each.key}", each.text)) for each in them)

        def question(each: Question) -> Question:
            return replace(
                each,
                text=said(each.key, each.text),
                help=said(f"{each.key}.help", each.help),
                choices=parts(each.key, each.choices),
                rows=parts(each.key, each.rows),
            )

        sections = tuple(
            replace(
                section,
                title=said(section.key, section.title),
                intro=said(f"{section.key}.intro", section.intro),
                questions=tuple(question(each) for each in section.questions),
            )
            for section in self.sections
        )
        return replace(self, sections=sections, title=said(TITLE, self.title))

    def _fresh(self, language: str) -> dict[str, str]:
        """What was translated, and has not been written otherwise since."""
        stale = self.stale.get(language, frozenset())
        known = self.translations.get(language, {})
        return {place: text for place, text in known.items() if place not in stale}


def _kin(language: str) -> str:
    """A language without its writing or country."""
    return language.partition("-")[0]
