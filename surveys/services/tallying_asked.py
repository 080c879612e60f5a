"""Who was led by their answers to which questions: a question asked of some splits all the others.

How many answered it is how many gave the answers that it waits for. Where several wait for
answers to the same questions, their numbers laid together are a table of these answers; so
whoever met the one condition and not the other must be nobody or five, for every such table
(docs/adr/0021).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import reduce
from typing import Any

from django.db.models import BooleanField, Count, ExpressionWrapper, Q, QuerySet

from surveys.models import Response, ResponseMark, Wave
from surveys.questionnaire import Condition, Kind, Question, Questionnaire, Test
from surveys.services.cells import Scope

# Of more conditions that hang together nothing further is told: every answer would be its own.
MOST_TOGETHER = 10


@dataclass(frozen=True, slots=True)
class Knot:
    """Questions that hang together by their conditions, and the conditions that are told of."""

    questions: frozenset[str] = frozenset()
    conditions: frozenset[Condition] = frozenset()

    def tied(self, other: "Knot") -> "Knot":
        return Knot(self.questions | other.questions, self.conditions | other.conditions)


@dataclass
class Paths:
    """What is told so far of who was asked what; question by question in their order."""

    wave: Wave
    asked: Questionnaire
    knots: list[Knot] = field(default_factory=list)

    def parts(self, question: Question) -> list[dict[Scope, int]] | None:
        """The responses by place, one part for each way through the conditions that would be
        told of with this question; None where it must not be told at all."""
        conditions = self._knot(question).conditions
        if not conditions:
            return []
        kinds = {self.asked.by_key[each.question].kind for each in conditions}
        # Photographs hang on no response: who gave one is not known any more.
        if len(conditions) > MOST_TOGETHER or Kind.PHOTO in kinds:
            return None
        return _ways(self.wave, sorted(conditions, key=repr))

    def tell(self, question: Question) -> None:
        """This question is told somewhere."""
        if question.conditions:
            knot = self._knot(question)
            self.knots = [each for each in self.knots if not each.questions & knot.questions]
            self.knots.append(knot)

    def _knot(self, question: Question) -> Knot:
        """The knot that this question would tie."""
        if not question.conditions:
            return Knot()
        waits_for = {each.question for each in question.conditions}
        own = Knot(frozenset({question.key, *waits_for}), frozenset(question.conditions))
        touched: Iterable[Knot] = (each for each in self.knots if each.questions & own.questions)
        return reduce(Knot.tied, touched, own)


def _ways(wave: Wave, conditions: Sequence[Condition]) -> list[dict[Scope, int]]:
    """How many met and did not meet these conditions, by place; one query."""
    names = {f"met{number}": _met(wave, each) for number, each in enumerate(conditions)}
    rows = Response.objects.filter(wave=wave).annotate(**names).order_by()
    grouped = rows.values_list("community_id", "building_id", "group", *names)
    found: dict[tuple[bool, ...], dict[Scope, int]] = {}
    for community, building, group, *way, count in grouped.annotate(n=Count("*")):
        found.setdefault(tuple(way), {})[Scope(community, building, group)] = count
    return list(found.values())


def _met(wave: Wave, condition: Condition) -> Any:
    """Whether a response meets it."""
    marks = ResponseMark.objects.filter(wave=wave, question=condition.question)
    match condition.test:
        case Test.AT_LEAST:
            met = _in(marks.filter(number__gte=condition.amount))
        case Test.AT_MOST:
            met = _in(marks.filter(number__lte=condition.amount))
        case Test.ANY_OF:
            met = _in(marks.filter(choice__in=sorted(condition.choices)))
        case Test.NONE_OF:
            met = _in(marks) & ~_in(marks.filter(choice__in=sorted(condition.choices)))
        case _:
            met = _in(marks)
    return ExpressionWrapper(met, output_field=BooleanField())


def _in(marks: QuerySet[Any]) -> Q:
    return Q(pk__in=marks.values("response_id"))
