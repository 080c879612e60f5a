"""Stratified estimates: from the answers of each stratum to what everybody thinks.

Cochran, Sampling Techniques (3rd ed., 1977), chapter 5, and for means of partly answered
questions, which are ratios, the linearised variance of Woodruff (1971); as in Lohr, Sampling:
Design and Analysis (2nd ed., 2010), chapters 3, 4 and 9. Where it is known between which ends
marks lie, few answers that hardly differ are not taken for certainty (`surveys.measuring.few`).
"""

import itertools
import math
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtrit

from surveys.measuring.few import variance_of_mean
from surveys.measuring.terms import Estimate

CONFIDENCE = 0.95
FEWEST = 2  # answers without which a stratum says nothing about its own spread

Numbers = NDArray[np.float64]
Places = NDArray[np.int64]


def merge(answered: Sequence[int], fewest: int = FEWEST) -> list[int]:
    """For each stratum the number of the one it is counted in.

    A stratum with too few answers is counted together with its neighbour, the next one, the last
    with the one before; strata come in an order in which neighbours are alike.
    """
    merged: list[int] = []
    held = 0  # answers of the merged stratum that is being filled
    number = -1
    for count in answered:
        if number < 0 or held >= fewest:
            number, held = number + 1, 0
        held += count
        merged.append(number)
    if held < fewest and number > 0:
        merged = [min(each, number - 1) for each in merged]
    return merged


def estimate(
    marks: Numbers,
    strata: Places,
    population: Sequence[int],
    shares: Numbers,
    ends: tuple[float, float] | None = None,
) -> list[Estimate]:
    """Weighted sums of the means of items, one for each column of `shares`.

    `marks` has a row for each answer and a column for each item, NaN where nothing was said;
    `strata` the stratum of each row, from 0; `population` how many there are in each stratum;
    `shares` how much each item (row) counts in each sum (column); `ends` between what all marks
    lie, if that is known: then each column of `shares` adds up to one. Every item that counts has
    an answer, every stratum at least two or a population of its answers alone.
    """
    order = np.argsort(strata, kind="stable")
    marks, strata = marks[order], strata[order]
    people = np.asarray(population, dtype=float)
    answers = np.bincount(strata, minlength=len(people)).astype(float)
    # Nobody answers for fewer than themselves.
    people = np.maximum(people, answers)
    weight = np.divide(people, answers, out=np.zeros_like(people), where=answers > 0)
    slices = _slices(answers)
    said, total = _sums(marks, slices, weight)
    counts = (shares != 0).any(axis=1)
    means = np.divide(total, said, out=np.zeros_like(total), where=counts)
    pull = np.divide(shares, said[:, None], out=np.zeros_like(shares), where=counts[:, None])
    variance = _variance(marks, slices, people, means, pull)
    values = (means @ shares).tolist()
    who = _who(marks, shares)
    freedom = [float(max(n - int((answers > 0).sum()), 1)) for n in who]
    if ends is not None:
        weights = _weights(marks, slices, people, pull)
        variance = _of_few(values, variance, weights, ends, float(people.sum()))
        freedom = [min(each, most) for each, (*_n, most) in zip(freedom, weights, strict=True)]
    return [
        interval(*each, round(people.sum()), ends)
        for each in zip(values, map(math.sqrt, variance), freedom, who, strict=True)
    ]


def _of_few(
    values: Iterable[float],
    variance: Iterable[float],
    weights: Iterable[tuple[float, float, float]],
    ends: tuple[float, float],
    people: float,
) -> list[float]:
    """The variance of each sum where few have answered, or all alike (`few`)."""
    return [
        variance_of_mean(value, spread, n, ends, unheard=unheard, people=people)
        for value, spread, (n, unheard, _most) in zip(values, variance, weights, strict=True)
    ]


def _who(marks: Numbers, shares: Numbers) -> list[int]:
    """How many answered anything of what counts in each sum."""
    given = ~np.isnan(marks)
    return [int(given[:, column != 0].any(axis=1).sum()) for column in shares.T]


def _slices(answers: Numbers) -> list[slice]:
    """The rows of each stratum, one stratum after the other."""
    edges = np.concatenate([[0], np.cumsum(answers)]).astype(int)
    return [slice(first, last) for first, last in itertools.pairwise(edges.tolist())]


def _sums(marks: Numbers, slices: list[slice], weight: Numbers) -> tuple[Numbers, Numbers]:
    """Of each item: for how many it was answered, and the sum of their marks, both weighed up."""
    said, total = np.zeros(marks.shape[1]), np.zeros(marks.shape[1])
    for part, each in zip(slices, weight, strict=True):
        said += each * (~np.isnan(marks[part])).sum(axis=0)
        total += each * np.nansum(marks[part], axis=0)
    return said, total


def _variance(
    marks: Numbers, slices: list[slice], people: Numbers, means: Numbers, pull: Numbers
) -> list[float]:
    """Of each sum: the spread of what each answer pulls it by, stratum by stratum.

    N² (1 − n/N) s²/n, added up: who has been asked without exception leaves nothing to chance.
    """
    variance = np.zeros(pull.shape[1])
    for part, size in zip(slices, people, strict=True):
        n = part.stop - part.start
        if n < FEWEST:
            continue
        pulled = _times(np.nan_to_num(marks[part] - means), pull)
        variance += size**2 * (1 - n / size) * pulled.var(axis=0, ddof=1) / n
    found: list[float] = variance.tolist()
    return found


def _weights(
    marks: Numbers, slices: list[slice], people: Numbers, pull: Numbers
) -> list[tuple[float, float, float]]:
    """Of each sum: how many answers of equal weight would say as much (Kish, 1965), what share of
    people said nothing, as their answers weigh, and the degrees of freedom at most.

    Five answers that stand for nine of ten people have the freedom of five, however many answers
    there are elsewhere (Satterthwaite, 1946, with strata that are spread alike).
    """
    squares, unheard, freedom = np.zeros((3, pull.shape[1]))
    for part, size in zip(slices, people, strict=True):
        n = part.stop - part.start
        if not n:
            continue
        said = (~np.isnan(marks[part])).astype(float)
        weighs = ((size / n * _times(said, pull)) ** 2).sum(axis=0)
        squares += weighs
        unheard += (1 - n / size) * weighs
        freedom += ((1 - n / size) * weighs) ** 2 / max(n - 1, 1)
    most = np.divide(unheard**2, freedom, out=np.full_like(freedom, np.inf), where=freedom > 0)
    found: list[tuple[float, float, float]] = list(
        zip((1 / squares).tolist(), (unheard / squares).tolist(), most.tolist(), strict=True)
    )
    return found


def _times(rows: Numbers, columns: Numbers) -> Numbers:
    """The product of two small tables.

    Not by `@`, which shares each of them out among all cores: strata are many and small, and on
    a busy machine sharing out took ten times as long as multiplying.
    """
    found: Numbers = np.einsum("ij,jk->ik", rows, columns)
    return found


def interval(
    value: float,
    error: float,
    freedom: float,
    answered: int,
    population: int,
    ends: tuple[float, float] | None = None,
) -> Estimate:
    """The estimate with its 95 % interval by Student's t, nowhere beyond the ends of the scale."""
    margin = float(stdtrit(freedom, (1 + CONFIDENCE) / 2)) * error
    low, high = value - margin, value + margin
    if ends is not None:
        low, high = max(low, ends[0]), min(high, ends[1])
    return Estimate(value, error, freedom, low, high, answered, population)
