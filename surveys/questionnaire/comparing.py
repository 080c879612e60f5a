"""What is different between two editions."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from surveys.questionnaire.document import question_document
from surveys.questionnaire.terms import Choice, Question, Questionnaire, Section


class Difference(StrEnum):
    """What became of a section or a question."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    MOVED = "moved"


@dataclass(frozen=True, slots=True)
class Detail:
    """One thing about it that is different."""

    name: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Change:
    """A section or a question that is not as it was."""

    difference: Difference
    text: str
    is_section: bool = False
    details: tuple[Detail, ...] = ()


def compare(before: Questionnaire, after: Questionnaire) -> list[Change]:
    """The differences, in the order of the later edition; what is gone comes last."""
    return [*_sections(before, after), *_questions(before, after)]


def _sections(before: Questionnaire, after: Questionnaire) -> Iterator[Change]:
    old = {each.key: each for each in before.sections}
    new = {each.key: each for each in after.sections}
    for key, each in new.items():
        if key not in old:
            yield Change(Difference.ADDED, each.title, is_section=True)
        elif details := tuple(_headings(old[key], each)):
            yield Change(Difference.CHANGED, each.title, is_section=True, details=details)
    for key in old.keys() - new.keys():
        yield Change(Difference.REMOVED, old[key].title, is_section=True)


def _headings(before: Section, after: Section) -> Iterator[Detail]:
    if before.title != after.title:
        yield Detail("title", before.title, after.title)
    if before.intro != after.intro:
        yield Detail("intro", before.intro, after.intro)


def _questions(before: Questionnaire, after: Questionnaire) -> Iterator[Change]:
    old, new = before.by_key, after.by_key
    moved = _moved([key for key in old if key in new], [key for key in new if key in old])
    for key, each in new.items():
        if key not in old:
            yield Change(Difference.ADDED, each.text)
        elif details := tuple(_details(old[key], each)):
            yield Change(Difference.CHANGED, each.text, details=details)
        elif key in moved:
            yield Change(Difference.MOVED, each.text)
    for key, each in old.items():
        if key not in new:
            yield Change(Difference.REMOVED, each.text)


def _moved(before: list[str], after: list[str]) -> set[str]:
    """Those that stand otherwise among the others: as few as explain it."""
    places = [before.index(key) for key in after]
    # The longest run that still stands in its order; the rest was moved round it.
    best: list[tuple[int, int]] = []  # (length, previous index)
    for at, place in enumerate(places):
        length, previous = max(
            ((best[i][0], i) for i in range(at) if places[i] < place), default=(0, -1)
        )
        best.append((length + 1, previous))
    at = max(range(len(best)), key=lambda i: best[i][0], default=-1)
    kept: set[str] = set()
    while at >= 0:
        kept.add(after[at])
        at = best[at][1]
    return set(after) - kept


def _details(before: Question, after: Question) -> Iterator[Detail]:
    for name in ("text", "help", "kind", "dimension", "required", "shuffled"):
        old, new = getattr(before, name), getattr(after, name)
        if old != new:
            yield Detail(name, str(old or ""), str(new or ""))
    for name in ("choices", "rows"):
        was, now = _lines(getattr(before, name)), _lines(getattr(after, name))
        if getattr(before, name) != getattr(after, name):
            yield Detail(name, was, now)
    if before.conditions != after.conditions:
        yield Detail("conditions", _waits(before), _waits(after))


def _lines(choices: tuple[Choice, ...]) -> str:
    return " / ".join(each.text for each in choices)


def _waits(question: Question) -> str:
    return " + ".join(
        f"{each['question']} {each['test']}" for each in question_document(question)["conditions"]
    )
