"""The numbers behind the index, held against published examples and against each other."""

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st
from statsmodels.stats.weightstats import CompareMeans, DescrStatsW

from surveys.measuring.comparing import change
from surveys.measuring.estimating import estimate, interval, merge
from surveys.measuring.terms import Verdict

# Lohr, Sampling: Design and Analysis (2nd ed., 2010), table 3.2 and example 3.2: acres of farms in
# 1992, a stratified sample of 300 counties. Region: counties, of them drawn, mean, deviation.
AGSTRAT = {
    "NC": (1054, 103, 300_504.16, 172_099.8),
    "NE": (220, 21, 97_629.81, 87_449.8),
    "S": (1382, 135, 211_315.04, 231_489.7),
    "W": (422, 41, 662_295.51, 629_433.4),
}


def with_moments(n: int, mean: float, deviation: float) -> Any:
    """So many numbers with just this mean and this standard deviation."""
    ranks = np.arange(n) - (n - 1) / 2
    return mean + deviation * ranks / ranks.std(ddof=1)


def agstrat() -> tuple[Any, Any, list[int]]:
    drawn = [with_moments(n, mean, sd) for _size, n, mean, sd in AGSTRAT.values()]
    strata = np.repeat(range(4), [len(each) for each in drawn])
    return np.concatenate(drawn)[:, None], strata, [each[0] for each in AGSTRAT.values()]


def test_stratified_sample_of_a_textbook_is_reproduced() -> None:
    marks, strata, sizes = agstrat()

    (mean,) = estimate(marks, strata, sizes, np.ones((1, 1)))

    # Published: mean 295,561 with standard error 16,380, total 909,736,035 with 50,417,248.
    assert (round(mean.value), round(mean.error)) == (295_561, 16_380)
    assert sum(sizes) * mean.value == pytest.approx(909_736_035, abs=10_000)  # of rounded means
    assert sum(sizes) * mean.error == pytest.approx(50_417_248, abs=100)
    # R's survey package, with n − H = 296 degrees of freedom: 263,325 to 327,796.5.
    assert (mean.freedom, round(mean.low), round(mean.high, -1)) == (296, 263_325, 327_800)
    assert (mean.answered, mean.population) == (300, 3078)
    weights = [round(size / n, 2) for size, n, *_rest in AGSTRAT.values()]
    assert weights == [10.23, 10.48, 10.24, 10.29]


def test_order_of_answers_changes_nothing() -> None:
    marks, strata, sizes = agstrat()
    mixed = np.random.default_rng(1).permutation(len(marks))

    (one,) = estimate(marks, strata, sizes, np.ones((1, 1)))
    (other,) = estimate(marks[mixed], strata[mixed], sizes, np.ones((1, 1)))

    assert (one.value, one.error) == pytest.approx((other.value, other.error))


def test_one_stratum_of_very_many_is_what_the_library_says() -> None:
    marks: Any = np.array([20.0, 40, 40, 60, 80, 100, 100])

    (mine,) = estimate(marks[:, None], np.zeros(7, dtype=int), [10**12], np.ones((1, 1)))
    theirs = DescrStatsW(marks)

    assert mine.error == pytest.approx(theirs.std_mean)
    assert (mine.low, mine.high) == pytest.approx(theirs.tconfint_mean())


def test_who_has_asked_everybody_leaves_nothing_to_chance() -> None:
    marks = np.array([[0.0], [50], [100]])

    (whole,) = estimate(marks, np.zeros(3, dtype=int), [3], np.ones((1, 1)))

    assert (whole.value, whole.low, whole.high) == (50, 50, 50)


def test_only_one_there_is_speaks_for_themselves() -> None:
    (alone,) = estimate(np.array([[75.0]]), np.zeros(1, dtype=int), [1], np.ones((1, 1)))

    assert (alone.value, alone.error, alone.population) == (75, 0, 1)


def test_large_stratum_counts_for_its_people_not_its_answers() -> None:
    marks = np.array([[100.0]] * 8 + [[0.0]] * 2)
    strata = np.array([0] * 8 + [1] * 2)

    (weighed,) = estimate(marks, strata, [10, 90], np.ones((1, 1)))

    assert weighed.value == pytest.approx(10)


def test_gaps_take_nothing_from_other_items_and_widen_the_margin() -> None:
    chance = np.random.default_rng(7)
    marks: Any = chance.integers(0, 5, size=(400, 2)) * 25.0
    gaps = marks.copy()
    gaps[:300, 1] = np.nan
    strata, sizes = np.zeros(400, dtype=int), [100_000]
    shares = np.array([[1.0, 0, 0.5], [0, 1.0, 0.5]])

    whole = estimate(marks, strata, sizes, shares)
    partly = estimate(gaps, strata, sizes, shares)

    assert partly[0] == whole[0]
    assert partly[1].value == pytest.approx(np.nanmean(gaps[:, 1]))
    assert partly[1].error == pytest.approx(2 * whole[1].error, rel=0.1)  # of a quarter of them
    assert partly[2].value == pytest.approx((partly[0].value + partly[1].value) / 2)
    assert [each.answered for each in partly] == [400, 100, 400]


def test_linearised_margin_is_that_of_the_jackknife() -> None:
    """The same variance by another road: each answer left out in turn (Lohr, section 9.3)."""
    chance = np.random.default_rng(3)
    marks: Any = chance.integers(0, 5, size=(120, 3)) * 25.0
    marks[chance.random(marks.shape) < 0.2] = np.nan
    strata = np.repeat([0, 1], [70, 50])
    sizes = [7 * 10**7, 2 * 10**7]  # so many that the correction for a finite number is none
    shares = np.array([[0.5], [0.3], [0.2]])

    (linear,) = estimate(marks, strata, sizes, shares)
    spread = 0.0
    for stratum in (0, 1):
        rows = np.flatnonzero(strata == stratum)
        each = [
            estimate(np.delete(marks, row, 0), np.delete(strata, row), sizes, shares)[0].value
            for row in rows
        ]
        spread += (len(rows) - 1) / len(rows) * sum((one - linear.value) ** 2 for one in each)

    assert linear.error == pytest.approx(math.sqrt(spread), rel=0.02)


def test_thin_strata_are_counted_with_their_neighbour() -> None:
    assert merge([5, 1, 4, 0, 0, 3]) == [0, 1, 1, 2, 2, 2]
    assert merge([1, 5]) == [0, 0]
    assert merge([5, 1]) == [0, 0]
    assert merge([5, 1, 0]) == [0, 0, 0]
    assert merge([1]) == [0]
    assert merge([]) == []


@given(st.lists(st.integers(0, 9), max_size=30))
def test_no_merged_stratum_is_thin_unless_all_are(answered: list[int]) -> None:
    merged = merge(answered)
    sums = [0] * (max(merged, default=-1) + 1)
    for number, count in zip(merged, answered, strict=True):
        sums[number] += count
    assert merged == sorted(merged)
    assert len(sums) == 1 or all(each >= 2 for each in sums)


@settings(max_examples=60)
@given(
    st.lists(st.integers(0, 4), min_size=4, max_size=40),
    st.integers(0, 1000),
    st.integers(1, 4),
)
def test_estimate_lies_within_the_marks_and_its_interval(
    given_marks: list[int], more: int, parts: int
) -> None:
    marks: Any = np.array(given_marks)[:, None] * 25.0
    strata = np.arange(len(marks)) % min(parts, len(marks) // 2)
    sizes = [int((strata == each).sum()) + more for each in range(strata.max() + 1)]

    (found,) = estimate(marks, strata, sizes, np.ones((1, 1)))

    assert marks.min() - 1e-9 <= found.value <= marks.max() + 1e-9
    assert found.low <= found.value <= found.high
    assert found.population == len(marks) + more * len(sizes)


def test_interval_holds_the_truth_as_often_as_it_says() -> None:
    """Drawn again and again from 2,000 homes in two buildings that do not think alike."""
    chance = np.random.default_rng(11)
    everybody = [chance.binomial(4, 0.8, 1500) * 25.0, chance.binomial(4, 0.3, 500) * 25.0]
    truth = np.concatenate(everybody).mean()
    strata = np.repeat([0, 1], [60, 40])
    held = 0
    for _each in range(1000):
        drawn = [chance.choice(every, n, replace=False) for every, n in zip(everybody, (60, 40))]  # noqa: B905
        (found,) = estimate(np.concatenate(drawn)[:, None], strata, [1500, 500], np.ones((1, 1)))
        held += found.low <= truth <= found.high
    assert 930 <= held <= 970


# --- changes ---


def test_change_is_welchs_test() -> None:
    before, after = np.array([40.0, 50, 60, 70, 30] * 4), np.array([60.0, 80, 70, 90] * 4)
    sides = [
        interval(each.mean(), float(DescrStatsW(each).std_mean), len(each) - 1, len(each), 10**6)
        for each in (before, after)
    ]

    found = change(*sides)

    compared = CompareMeans(DescrStatsW(after), DescrStatsW(before))
    _t, chance, _freedom = compared.ttest_ind(usevar="unequal")
    assert found.difference == pytest.approx(25)
    assert found.chance == pytest.approx(chance)
    assert (found.low, found.high) == pytest.approx(compared.tconfint_diff(usevar="unequal"))
    assert found.verdict is Verdict.REAL


def test_what_may_be_said_of_a_change() -> None:
    def side(value: float, error: float, answered: int = 100) -> Any:
        return interval(value, error, 99, answered, 1000)

    assert change(side(70, 2), side(73, 2)).verdict is Verdict.CHANCE
    assert change(side(70, 2), side(80, 2)).verdict is Verdict.REAL
    assert change(side(70, 2), side(90, 2, answered=9)).verdict is Verdict.TOO_FEW
    # Everybody said everything, both times.
    assert change(side(70, 0), side(71, 0)).verdict is Verdict.REAL
    assert change(side(70, 0), side(70, 0)).verdict is Verdict.CHANCE


@given(st.floats(0, 100), st.floats(0, 100), st.floats(0.01, 20), st.floats(0.01, 20))
def test_interval_of_a_change_and_its_verdict_say_the_same(
    was: float, now: float, error_was: float, error_now: float
) -> None:
    found = change(interval(was, error_was, 50, 60, 500), interval(now, error_now, 50, 60, 500))
    holds_none = found.low <= 0 <= found.high
    assert found.low <= found.difference <= found.high
    if not math.isclose(found.chance, 0.05, rel_tol=1e-6):
        assert holds_none == (found.verdict is Verdict.CHANCE)
    backwards = change(interval(now, error_now, 50, 60, 500), interval(was, error_was, 50, 60, 500))
    assert backwards.chance == pytest.approx(found.chance)
