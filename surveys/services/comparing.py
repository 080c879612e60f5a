"""Results side by side: waves of one survey, or the communities, buildings and groups of a wave.

A part is held against everybody else of the whole that it belongs to, a wave against the one
before it: so both sides are different people, or the same at different times, and never one in
the other. Waves that asked different people are not held against each other, nor questions that
offered different choices.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from surveys.measuring.few import variance_of_mean
from surveys.questionnaire import Kind
from surveys.services.comparable import Pair
from surveys.services.comparing_chance import (
    FEWEST,
    RARE,
    Sample,
    chance_of_means,
    chance_of_shares,
)
from surveys.services.results import Item, Results


class Measure(StrEnum):
    """What of an item is compared."""

    MEAN = "mean"
    SHARE = "share"
    PLACE = "place"
    MEDIAN = "median"


class Against(StrEnum):
    """What each column is held against."""

    WHOLE = "whole"  # everybody else of the first column, which holds all the others
    BEFORE = "before"  # the column before it
    NOTHING = ""


class Verdict(StrEnum):
    """What a difference says."""

    BETTER = "better"
    WORSE = "worse"
    MORE = "more"  # of a choice, which is neither good nor bad
    LESS = "less"
    UNCLEAR = "unclear"  # chance alone may have made it
    FEW = "few"
    NONE = ""


@dataclass(frozen=True, slots=True)
class Cell:
    """One figure of one column."""

    value: float
    n: int
    verdict: Verdict = Verdict.NONE


@dataclass(frozen=True, slots=True)
class Row:
    """One item, or one choice of it, in all columns; none where nothing may be told."""

    item: Item
    choice: str
    measure: Measure
    cells: Sequence[Cell | None]
    # Whether a wave offered other choices than the one before it: then nothing is said of either.
    choices_differ: bool = False


def compared(columns: Sequence[Results], against: Against) -> list[Row]:
    """Every item of the last column, the newest wave, beside what the others say of it."""
    rows = [
        (item, choice, measure)
        for item in columns[-1 if against is Against.BEFORE else 0].items.values()
        for choice, measure in _measures(item)
    ]
    tests = max(len(rows) * (len(columns) - 1), 1)
    others = asked_others(columns) if against is Against.BEFORE else [False] * len(columns)
    marked = list(zip(columns, others, strict=True))
    return [_row(each, marked, against, RARE / tests) for each in rows]


def asked_others(columns: Sequence[Results]) -> list[bool]:
    """Of each wave, whether it asked other people there than the one before it."""
    later = [
        not Pair(before.wave, column.wave).same_people(column.place.scope)
        for before, column in pairwise(columns)
    ]
    return [False, *later][: len(columns)]


def _measures(item: Item) -> list[tuple[str, Measure]]:
    if item.question.scale:
        return [("", Measure.MEAN)]
    if item.question.kind is Kind.RANKING:
        return [(each.key, Measure.PLACE) for each in item.bars]
    if item.question.choices:
        return [(each.key, Measure.SHARE) for each in item.bars]
    return [("", Measure.MEDIAN)] if item.median is not None else []


def _row(
    asked: tuple[Item, str, Measure],
    columns: Sequence[tuple[Results, bool]],
    against: Against,
    rare: float,
) -> Row:
    item, choice, measure = asked
    found: list[Cell | None] = []
    before: Item | None = None
    choices_differ = False
    for column, others in columns:
        if others:
            before = None  # what came before was said by others
        here = column.items.get(item.key)
        if here is None or here.question.kind is not item.question.kind:
            found.append(None)
            continue
        value = _value(here, choice, measure)
        verdict = Verdict.NONE
        if before and before.question.choice_keys != here.question.choice_keys:
            # Whoever could choose something else chose otherwise: a choice that was not there
            # was not chosen by none.
            choices_differ = True
        elif before and against:
            verdict = VERDICTS[measure](here, before, choice, against is Against.WHOLE, rare)
        found.append(None if value is None else Cell(value, here.n, verdict))
        if before is None or against is Against.BEFORE:
            before = here
    return Row(item, choice, measure, found, choices_differ)


def _value(item: Item, choice: str, measure: Measure) -> float | None:
    if measure is Measure.MEAN:
        return item.mean
    if measure is Measure.MEDIAN:
        return None if item.median is None else float(item.median)
    bar = next((each for each in item.bars if each.key == choice), None)
    if bar is None:
        return None
    return bar.share if measure is Measure.SHARE else float(bar.number or 0)


def _of_means(item: Item, first: Item, _choice: str, parts: bool, rare: float) -> Verdict:
    """Of a part against the rest, or of one against another."""
    one = dict(item.marks)
    other = dict(first.marks)
    if parts:
        other = {mark: count - one[mark] for mark, count in other.items()}
    samples = _sample(one), _sample(other)
    if any(each.n < FEWEST for each in samples):
        return Verdict.FEW
    if chance_of_means(*samples) >= rare:
        return Verdict.UNCLEAR
    better = samples[0].mean > samples[1].mean
    return Verdict.BETTER if better else Verdict.WORSE


def _sample(counts: dict[int, int]) -> Sample:
    """Marks with their counts; those nobody gave are there too, so the ends of the scale are."""
    n = sum(counts.values())
    if n < FEWEST:
        return Sample(n, 0, 0)
    mean = sum(mark * count for mark, count in counts.items()) / n
    spread = sum(count * (mark - mean) ** 2 for mark, count in counts.items()) / (n - 1)
    # Ten who say the same are not sure to be the same as everybody.
    return Sample(n, mean, n * variance_of_mean(mean, spread / n, n, (min(counts), max(counts))))


def _of_shares(item: Item, first: Item, choice: str, parts: bool, rare: float) -> Verdict:
    one, other = _part(item, choice), _part(first, choice)
    if parts:
        other = other[0] - one[0], other[1] - one[1]
    if min(one[1], other[1]) < FEWEST:
        return Verdict.FEW
    # A share is a mean of yes and no. Ten beside thousands are not as many answers as all of
    # them: the pooled test takes two rare ones among ten for more than they are.
    samples = [_sample({0: n - part, 1: part}) for part, n in (one, other)]
    if max(chance_of_shares(one, other), chance_of_means(*samples)) >= rare:
        return Verdict.UNCLEAR
    return Verdict.MORE if one[0] / one[1] > other[0] / other[1] else Verdict.LESS


def _part(item: Item, choice: str) -> tuple[int, int]:
    return next((each.count for each in item.bars if each.key == choice), 0), item.n


def _of_nothing(*_told: object) -> Verdict:
    """Of medians and places it cannot be said from what is kept."""
    return Verdict.NONE


VERDICTS: dict[Measure, Callable[[Item, Item, str, bool, float], Verdict]] = {
    Measure.MEAN: _of_means,
    Measure.SHARE: _of_shares,
    Measure.PLACE: _of_nothing,
    Measure.MEDIAN: _of_nothing,
}
