"""Stratified estimates: from the answers of each stratum to what everybody thinks.

Cochran, Sampling Techniques (3rd ed., 1977), chapter 5, and for means of partly answered
questions, which are ratios, the linearised variance of Woodruff (1971); as in Lohr, Sampling:
Design and Analysis (2nd ed., 2010), chapters 3, 4 and 9.
"""

import itertools
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtrit

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
    marks: Numbers, strata: Places, population: Sequence[int], shares: Numbers
) -> list[Estimate]:
    """Weighted sums of the means of items, one for each column of `shares`.

    `marks` has a row for each answer and a column for each item, NaN where nothing was said;
    `strata` the stratum of each row, from 0; `population` how many there are in each stratum;
    `shares` how much each item (row) counts in each sum (column). Every item that counts has an
    answer, every stratum at least two or a population of its answers alone.
    """
    order = np.argsort(strata, kind="stable")
    marks, strata = marks[order], strata[order]
    people = np.asarray(population, dtype=float)
    answers = np.bincount(strata, minlength=len(people)).astype(float)
    # Nobody answers for fewer than themselves.
    people = np.maximum(people, answers)
    weight = np.divide(people, answers, out=np.zeros_like(people), where=answers > 0)
    edges = np.concatenate([[0], np.cumsum(answers)]).astype(int)
    slices = [slice(first, last) for first, last in itertools.pairwise(edges.tolist())]
    said, total = _sums(marks, slices, weight)
    counts = (shares != 0).any(axis=1)
    means = np.divide(total, said, out=np.zeros_like(total), where=counts)
    pull = np.divide(shares, said[:, None], out=np.zeros_like(shares), where=counts[:, None])
    variance = _variance(marks, slices, people, means, pull)
    given = ~np.isnan(marks)
    who = [int(given[:, column != 0].any(axis=1).sum()) for column in shares.T]
    lived_in = int((answers > 0).sum())
    return [
        interval(value, float(np.sqrt(spread)), max(n - lived_in, 1), n, round(people.sum()))
        for value, spread, n in zip((means @ shares).tolist(), variance, who, strict=True)
    ]


def _sums(marks: Numbers, slices: list[slice], weight: Numbers) -> tuple[Numbers, Numbers]:
    """Of each item: for how many it was answered, and the sum of their marks, both weighed up."""
    said, total = np.zeros(marks.shape[1]), np.zeros(marks.shape[1])
    for part, each in zip(slices, weight, strict=True):
        said += each * (~np.isnan(marks[part])).sum(axis=0)
        total += each * np.nansum(marks[part], axis=0)
    return said, total


def _variance(
    marks: Numbers, slices: list[slice], people: Numbers, means: Numbers, pull: Numbers
) -> Numbers:
    """Of each sum: the spread of what each answer pulls it by, stratum by stratum.

    N² (1 − n/N) s²/n, added up: who has been asked without exception leaves nothing to chance.
    """
    variance = np.zeros(pull.shape[1])
    for part, size in zip(slices, people, strict=True):
        n = part.stop - part.start
        if n < FEWEST:
            continue
        pulled = np.nan_to_num(marks[part] - means) @ pull
        variance += size**2 * (1 - n / size) * pulled.var(axis=0, ddof=1) / n
    return variance


def interval(
    value: float, error: float, freedom: float, answered: int, population: int
) -> Estimate:
    """The estimate with its 95 % interval by Student's t."""
    margin = float(stdtrit(freedom, (1 + CONFIDENCE) / 2)) * error
    return Estimate(value, error, freedom, value - margin, value + margin, answered, population)
