"""Which questions somebody is asked, and which nobody ever could be."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from math import inf
from typing import Any

from surveys.questionnaire.terms import Condition, Kind, Question, Questionnaire, Test


def shown(questionnaire: Questionnaire, given: Mapping[str, Any]) -> list[Question]:
    """The questions that somebody with these answers is asked, in their order.

    `given` is question key → a number, a choice's key, a set or list of keys, or a text. What was
    answered to a question that is not shown counts as not answered.
    """
    found: list[Question] = []
    heard: dict[str, Any] = {}
    for question in questionnaire:
        if all(_meets(each, heard.get(each.question)) for each in question.conditions):
            found.append(question)
            if given.get(question.key) not in (None, "", [], (), {}):
                heard[question.key] = given[question.key]
    return found


def _meets(condition: Condition, answer: Any) -> bool:
    if answer is None:
        return False
    if condition.test in (Test.AT_LEAST, Test.AT_MOST):
        if not isinstance(answer, int | float | Decimal):
            return False
        least = condition.test is Test.AT_LEAST
        return answer >= condition.amount if least else answer <= condition.amount
    chosen = {answer} if isinstance(answer, str) else set(answer) if _is_many(answer) else set()
    if condition.test is Test.ANY_OF:
        return bool(chosen & condition.choices)
    return condition.test is Test.ANSWERED or not chosen & condition.choices


def _is_many(answer: Any) -> bool:
    return isinstance(answer, list | tuple | set | frozenset)


@dataclass(frozen=True, slots=True)
class Room:
    """What an earlier answer may still be, after some conditions were laid on it."""

    question: Question
    least: float = -inf
    most: float = inf
    refused: frozenset[str] = frozenset()
    wanted: tuple[frozenset[str], ...] = ()  # of each set, one must have been chosen

    def under(self, condition: Condition) -> "Room":
        match condition.test:
            case Test.AT_LEAST:
                return replace(self, least=max(self.least, condition.amount))
            case Test.AT_MOST:
                return replace(self, most=min(self.most, condition.amount))
            case Test.ANY_OF:
                return replace(self, wanted=(*self.wanted, condition.choices))
            case Test.NONE_OF:
                return replace(self, refused=self.refused | condition.choices)
            case _:
                return self

    @property
    def is_empty(self) -> bool:
        """Whether no answer is left that meets all of it."""
        scale = self.question.scale
        if scale:
            return not any(self.least <= mark <= self.most for mark in scale)
        if self.question.kind is Kind.NUMBER:
            return self.least > self.most
        left = self.question.choice_keys - self.refused
        if self.question.kind is Kind.SINGLE:
            for wanted in self.wanted:
                left &= wanted
            return not left
        if self.question.kind is Kind.MULTIPLE:
            return not left or any(not wanted & left for wanted in self.wanted)
        return False


def unreachable(questionnaire: Questionnaire) -> list[str]:
    """The keys of questions that nobody can be asked, whatever they answer.

    A question is asked only if everything it depends on was asked, and so on back to the
    beginning: the conditions of the whole chain are laid on the earlier answers together, and one
    that leaves no answer over closes the way.

    A chain is a set of conditions, one bit for each: three hundred questions that all wait for
    each other are looked through while somebody writes.
    """
    bits: dict[Condition, int] = {}
    about: dict[str, int] = {}  # of each earlier question: the conditions that ask it
    for condition in (each for question in questionnaire for each in question.conditions):
        bit = bits.setdefault(condition, 1 << len(bits))
        about[condition.question] = about.get(condition.question, 0) | bit
    is_closed = _Closed(questionnaire, bits)
    chains: dict[str, int] = {}
    closed: dict[str, None] = {}
    for question in questionnaire:
        chain = 0
        for each in question.conditions:
            chain |= bits[each] | chains.get(each.question, 0)
        chains[question.key] = chain
        # One that waits for a single other one adds to that one's way only what it asks itself.
        waits_for = {each.question for each in question.conditions}
        narrowed = waits_for if len(waits_for) < 2 else about.keys()
        if not waits_for.isdisjoint(closed) or any(
            is_closed(key, chain & about[key]) for key in narrowed
        ):
            closed[question.key] = None
    return list(closed)


class _Closed:
    """Whether conditions on one earlier question leave it no answer; each set is tried once."""

    def __init__(self, questionnaire: Questionnaire, bits: Mapping[Condition, int]) -> None:
        self.questionnaire, self.bits = questionnaire, bits
        self.known: dict[tuple[str, int], bool] = {}

    def __call__(self, key: str, laid: int) -> bool:
        if not laid:
            return False
        if (key, laid) not in self.known:
            room = Room(self.questionnaire.by_key[key])
            for condition, bit in self.bits.items():
                if bit & laid:
                    room = room.under(condition)
            self.known[key, laid] = room.is_empty
        return self.known[key, laid]
