"""Measuring one wave: from the marks of its answers to figures with their intervals.

Loaded only by whoever measures: it brings numpy and scipy along, which takes seconds.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from surveys.measuring.estimating import Numbers, estimate, merge
from surveys.measuring.terms import Estimate
from surveys.models import Tally, Wave, WaveStratum
from surveys.services.cells import LEAST, WHOLE, Scope
from surveys.services.index_items import Item
from surveys.services.index_rows import NOTHING, Answers, answers_of, floats

STEP = 25.0  # from one mark to the next, of 0 to 100
ENDS = (0.0, 100.0)
ALL = ""  # in the place of a dimension: the whole


@dataclass(frozen=True, slots=True)
class Figure:
    """What is thought in one place of one dimension, or of the whole."""

    scope: Scope
    dimension: str
    estimate: Estimate
    items: list[dict[str, Any]]


class Measurement:
    """The figures of one wave by certain weights, of every place of which they may be told.

    A dimension is the mean of the means of its items, the whole is the mean of the dimensions
    that were asked, by their weights. So nothing goes into a figure that the results of single
    items do not tell: where one item may not be told of a place, neither may its figures.
    """

    def __init__(
        self,
        wave: Wave,
        items: Sequence[Item],
        weights: Mapping[str, int],
        whole: Item | None = None,
    ) -> None:
        told = told_of(wave)
        self.wave = wave
        self.items = [each for each in items if WHOLE in told.get((each.question, each.row), ())]
        # What was asked about the whole; it is in no figure, drivers are held against it.
        self.whole = whole
        of_items = [frozenset(told[each.question, each.row]) for each in self.items]
        self.told = frozenset[Scope].intersection(*of_items) if of_items else frozenset()
        asked = {each.dimension for each in self.items}
        self.weights = {name: weight for name, weight in weights.items() if name in asked}

    @cached_property
    def answers(self) -> Answers:
        return answers_of(self.wave, [*self.items, *([self.whole] if self.whole else [])])

    @property
    def marks(self) -> NDArray[np.uint8]:
        """Those of the items alone."""
        return self.answers.marks[:, : len(self.items)]

    @cached_property
    def population(self) -> dict[Scope, int]:
        """How many could have been asked, from where."""
        rows = WaveStratum.objects.filter(wave=self.wave)
        places = rows.values_list("community_id", "building_id", "group", "population")
        return {Scope(*place): people for *place, people in places} or {WHOLE: self.wave.invited}

    @property
    def shares(self) -> Numbers:
        """How much each item counts in the whole, in each dimension, and in itself."""
        columns = [self.share_in(ALL), *(self.share_in(name) for name in self.weights)]
        return np.column_stack([*columns, np.eye(len(self.items))])

    def share_in(self, dimension: str) -> list[float]:
        number = Counter(each.dimension for each in self.items)
        whole = sum(self.weights.values()) or 1
        return [
            self.weights[each.dimension] / whole / number[each.dimension]
            if dimension == ALL
            else (each.dimension == dimension) / number[each.dimension]
            for each in self.items
        ]

    def figures(self) -> list[Figure]:
        """The whole and every dimension, of everybody and of every place."""
        return [
            figure for scope in sorted(self.told, key=str) for figure in self._figures_of(scope)
        ]

    def _figures_of(self, scope: Scope) -> list[Figure]:
        inside = np.array([within(each, scope) for each in self.answers.scopes])
        chosen = inside[self.answers.at]
        strata, sizes, _merged = self.strata(scope)
        marks = (floats(self.marks[chosen]) - 1) * STEP
        found = estimate(marks, strata[chosen], sizes, self.shares, ENDS)
        names = [ALL, *self.weights]
        items = [
            {
                "question": item.question,
                "row": item.row,
                "dimension": item.dimension,
                "mean": float(each.value) / STEP + 1,
                "n": each.answered,
            }
            for item, each in zip(self.items, found[len(names) :], strict=True)
        ]
        return [
            Figure(
                scope,
                name,
                each,
                [item for item in items if item["dimension"] == name],
            )
            for name, each in zip(names, found, strict=False)
        ]

    @cached_property
    def row_weights(self) -> Numbers:
        """For how many people each answer stands."""
        strata, sizes, _merged = self.strata(WHOLE)
        answered = np.bincount(strata, minlength=len(sizes))
        people = np.maximum(np.array(sizes, dtype=float), answered)
        each: Numbers = (people / np.maximum(answered, 1))[strata]
        return each

    # --- strata ---

    def strata(self, scope: Scope) -> tuple[NDArray[np.int64], list[int], int]:
        """The stratum of each answer in a scope, how many people are in each, and how many strata
        had to be counted with a neighbour."""
        of = self.stratum_of
        if scope.group and not self.is_crossed:
            of = _everybody
        people: Counter[Any] = Counter()
        for place, size in self.population.items():
            if within(place, scope):
                people[of(place)] += size
        answered: Counter[Any] = Counter()
        rows = np.bincount(self.answers.at, minlength=len(self.answers.scopes))
        for place, count in zip(self.answers.scopes, rows.tolist(), strict=True):
            if within(place, scope):
                answered[of(place)] += count
        names = sorted(people.keys() | answered.keys(), key=str)
        numbers = merge([answered[each] for each in names])
        sizes = [0] * (max(numbers, default=-1) + 1)
        for name, number in zip(names, numbers, strict=True):
            sizes[number] += people[name]
        number_of = dict(zip(names, numbers, strict=True))
        at = [number_of.get(of(place), 0) for place in self.answers.scopes]
        return np.array(at, dtype=np.int64)[self.answers.at], sizes, len(names) - len(sizes)

    @cached_property
    def stratum_of(self) -> Callable[[Scope], Any]:
        """Which stratum an answer from somewhere belongs to.

        Only what is told apart is weighed apart: whoever knows a weighted and a plain mean would
        else find out what was said in a place of which nothing is told. So strata are the places
        that are told, and what is left of each; groups within them where each holds enough.
        """
        if self.is_crossed:
            return lambda each: (self._place(each), self._group(each))
        return self._place

    @cached_property
    def is_crossed(self) -> bool:
        """Whether groups may be weighed apart in each place.

        Only where as many as may be told marked each item from wherever it was marked: a sum
        across places and groups is then never one of fewer.
        """
        if not any(each.group for each in self.told):
            return False
        given, at = self.marks != NOTHING, self.answers.at
        counts = np.array([given[at == n].sum(axis=0) for n in range(len(self.answers.scopes))])
        return not ((counts > 0) & (counts < LEAST)).any()

    def _place(self, each: Scope) -> Scope:
        """The smallest place around somebody that is told."""
        finest = Scope(each.community, each.building)
        for place in (finest, Scope(each.community)):
            if place in self.told:
                return place
        return WHOLE

    def _group(self, each: Scope) -> str:
        return each.group if Scope(group=each.group) in self.told else ""


def _everybody(_each: Scope) -> Any:
    return WHOLE


def within(each: Scope, scope: Scope) -> bool:
    """Whether an answer from `each` is one of `scope`."""
    return all(wanted in (None, "", found) for found, wanted in zip(each, scope, strict=True))


def told_of(wave: Wave) -> dict[tuple[str, str], set[Scope]]:
    """Of whom each mark may be told: what tallies were written of (`surveys.services.tallying`)."""
    rows = Tally.objects.filter(wave=wave, choice="", number=None).exclude(question="")
    found: dict[tuple[str, str], set[Scope]] = {}
    for question, row, *place in rows.values_list(
        "question", "row", "community_id", "building_id", "group"
    ):
        found.setdefault((question, row), set()).add(Scope(*place))
    return found
