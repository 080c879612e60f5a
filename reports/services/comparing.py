"""Whether a difference between two periods means anything, or is chance. Pure.

Shares: the score interval of Wilson (1927), and for a difference of two shares method 10 of
Newcombe (1998), which is made of two of those. Means of stars: a normal interval with the largest
variance that stars with this mean can have (Bhatia and Davis 2000), so that it errs to the safe
side.
"""

from dataclasses import dataclass
from enum import StrEnum
from math import sqrt
from statistics import NormalDist

Z = NormalDist().inv_cdf(0.975)  # 95 of 100
FEWEST = 10  # with fewer in either period nothing is compared
FEWEST_STARS, MOST_STARS = 1, 5


class Verdict(StrEnum):
    """What a difference says."""

    BETTER = "better"
    WORSE = "worse"
    UNCLEAR = "unclear"  # chance alone may have made it
    FEW = "few"  # there is too little to compare
    NONE = "none"  # nothing to compare with


@dataclass(frozen=True, slots=True)
class Share:
    """A part of a whole, e.g. promises kept."""

    part: int
    whole: int

    @property
    def value(self) -> float | None:
        return self.part / self.whole if self.whole else None


@dataclass(frozen=True, slots=True)
class Interval:
    """Between which values the truth lies."""

    low: float
    high: float


def wilson(share: Share, z: float = Z) -> Interval:
    """Between which shares the true one lies."""
    n, p = share.whole, share.part / share.whole
    middle = p + z * z / (2 * n)
    spread = z * sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    scale = 1 + z * z / n
    return Interval((middle - spread) / scale, (middle + spread) / scale)


def difference(before: Share, after: Share, z: float = Z) -> Interval:
    """Between which differences (after minus before) the true one lies."""
    old, new = before.part / before.whole, after.part / after.whole
    old_range, new_range = wilson(before, z), wilson(after, z)
    gap = new - old
    return Interval(
        gap - sqrt((new - new_range.low) ** 2 + (old_range.high - old) ** 2),
        gap + sqrt((new_range.high - new) ** 2 + (old - old_range.low) ** 2),
    )


def difference_of_means(
    before: float, n_before: int, after: float, n_after: int, z: float = Z
) -> Interval:
    """The same for stars on average."""
    spread = z * sqrt(_variance(before) / n_before + _variance(after) / n_after)
    return Interval(after - before - spread, after - before + spread)


def _variance(mean: float) -> float:
    return max((MOST_STARS - mean) * (mean - FEWEST_STARS), 0.0)


def judge(interval: Interval, *, more_is_better: bool) -> Verdict:
    """Better or worse, where chance alone would hardly do it."""
    if interval.low <= 0 <= interval.high:
        return Verdict.UNCLEAR
    return Verdict.BETTER if (interval.low > 0) == more_is_better else Verdict.WORSE


def compare(before: Share, after: Share, *, more_is_better: bool, z: float = Z) -> Verdict:
    """What the difference between two shares says."""
    if min(before.whole, after.whole) < FEWEST:
        return Verdict.FEW
    return judge(difference(before, after, z), more_is_better=more_is_better)


def strict(comparisons: int) -> float:
    """The z at which, of so many comparisons of what has not changed, hardly one looks changed:
    95 of 100 for all of them together (Bonferroni)."""
    return NormalDist().inv_cdf(1 - 0.025 / max(comparisons, 1))
