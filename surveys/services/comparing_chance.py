"""Whether two groups differ by more than chance would make them. Pure.

Means of marks: the test of Welch (1947). Shares: the pooled two-proportion test, and that of
means beside it. Among many comparisons the bar is raised (Bonferroni). Few answers that hardly
differ are not taken for certainty: whoever makes a sample sees to it (`surveys.measuring.few`).
"""

from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist

FEWEST = 10  # with fewer on either side nothing is said
RARE = 0.05


@dataclass(frozen=True, slots=True)
class Sample:
    """So many values with this mean and variance."""

    n: int
    mean: float
    variance: float


def chance_of_means(one: Sample, other: Sample) -> float:
    """How often chance alone makes means differ so much."""
    errors = one.variance / one.n, other.variance / other.n
    gap = one.mean - other.mean
    if not sum(errors):
        return 1.0 if gap == 0 else 0.0
    t = abs(gap) / sqrt(sum(errors))
    freedom = sum(errors) ** 2 / (errors[0] ** 2 / (one.n - 1) + errors[1] ** 2 / (other.n - 1))
    return two_sided_t(t, freedom)


def chance_of_shares(one: tuple[int, int], other: tuple[int, int]) -> float:
    """The same for so many of so many."""
    (part, n), (part_of_other, m) = one, other
    pooled = (part + part_of_other) / (n + m)
    error = sqrt(pooled * (1 - pooled) * (1 / n + 1 / m))
    gap = abs(part / n - part_of_other / m)
    return 2 * (1 - NormalDist().cdf(gap / error)) if error else 1.0


def two_sided_t(t: float, freedom: float) -> float:
    """How often Student's t lies beyond ±t."""
    # Brings numpy along: only whoever compares waits for it.
    from scipy.special import stdtr  # noqa: PLC0415

    return 2 * float(stdtr(freedom, -abs(t)))
