"""What few answers say: how often the interval holds the truth, and what is called a change."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, strategies as st
from scipy.stats import hypergeom

from surveys.measuring.comparing import change
from surveys.measuring.estimating import estimate
from surveys.measuring.few import variance_of_mean
from surveys.measuring.terms import Estimate, Verdict

ENDS = (0.0, 100.0)
ONE = np.ones((1, 1))
SOME = (5, 8, 10, 20, 40, 100)  # answers
DRAWN = 400  # samples of each kind: of 93 of 100 they may miss two more by luck
# How often each value from 0 to 100 is meant, of 1,000 people.
MOODS = {
    "one in twenty not content": {0: 20, 25: 30, 75: 250, 100: 700},
    "all or nothing, one in twenty": {0: 50, 100: 950},
    "all but one in twenty say four": {0: 30, 25: 20, 75: 950},
    "nine of ten": {0: 100, 100: 900},
    "in the middle": {0: 100, 25: 200, 50: 400, 75: 200, 100: 100},
    "half and half": {0: 500, 100: 500},
}
# How many there are in each building, and how many of them answer.
PLACES: dict[str, Callable[[int], list[tuple[int, int]]]] = {
    "alone": lambda n: [(3000, n)],
    "half of a small one": lambda n: [(2 * n, n)],
    "two buildings": lambda n: [(3 * n, n), (20 * n, n)],
    "one that many speak for": lambda n: [(900, n), (100, 35)],
}


def people(mood: dict[int, int], number: int) -> Any:
    """So many people of one mood."""
    shares = np.cumsum(list(mood.values())) / 1000
    ranks = (np.arange(number) + 0.5) / number
    return np.array(list(mood))[np.searchsorted(shares, ranks)].astype(float)


def drawn(everybody: Any, n: int, times: int, chance: np.random.Generator) -> Any:
    """So many answers of these people, a column for each time they were asked."""
    return np.column_stack([chance.permutation(everybody)[:n] for _each in range(times)])


def all_measured(answers: list[Any], sizes: list[int]) -> list[Estimate]:
    """Of each column of the answers of each building."""
    strata = np.repeat(range(len(answers)), [len(each) for each in answers])
    marks = np.concatenate(answers)
    return estimate(marks, strata, sizes, np.eye(marks.shape[1]), ENDS)


def measured(answers: list[Any], sizes: list[int]) -> Estimate:
    (found,) = all_measured([each[:, None] for each in answers], sizes)
    return found


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("mood", MOODS)
def test_interval_of_few_holds_the_truth(mood: str, place: str) -> None:
    """Drawn again and again; 95 of 100 are meant, and 93 at least come true but for luck."""
    chance = np.random.default_rng(17)
    for n in SOME:
        design = PLACES[place](n)
        everybody = [people(MOODS[mood], size) for size, _n in design]
        truth = np.concatenate(everybody).mean()
        answers = [
            drawn(every, some, DRAWN, chance)
            for every, (_size, some) in zip(everybody, design, strict=True)
        ]
        found = all_measured(answers, [size for size, _n in design])
        assert all(0 <= each.low < each.high <= 100 for each in found)
        held = sum(each.low - 1e-9 <= truth <= each.high + 1e-9 for each in found)
        assert held / DRAWN >= 0.91, (mood, place, n, held / DRAWN)


@pytest.mark.parametrize("content", [0.5, 0.9, 0.95])
@pytest.mark.parametrize("size", [120, 400, 1000, 1_000_000])
def test_interval_of_yes_and_no_holds_the_truth_exactly_so_often(content: float, size: int) -> None:
    """Every number of contented that a sample can have, each as often as it comes."""
    number = round(content * size)
    for n in SOME:
        marks = 100.0 * (np.arange(n)[:, None] < np.arange(n + 1))
        found = all_measured([marks], [size])
        often = hypergeom.pmf(np.arange(n + 1), size, number, n)
        holds = [each.low - 1e-9 <= 100 * number / size <= each.high + 1e-9 for each in found]
        assert (often * holds).sum() >= 0.9295, n


def test_ten_of_one_mind_are_not_everybody() -> None:
    ten = measured([np.full(10, 100.0)], [1000])

    # Exactly (Clopper and Pearson 1934) at least 69 of 100 are content; the mean is not moved.
    assert (ten.value, ten.high) == (100, 100)
    assert 69 < ten.low < 80


def test_two_waves_of_ten_equal_marks_are_no_change() -> None:
    for was, now in ((100.0, 75.0), (75.0, 100.0), (100.0, 100.0)):
        found = change(*(measured([np.full(10, each)], [1000]) for each in (was, now)))
        assert (found.verdict, found.chance > 0.05) == (Verdict.CHANCE, True)
        assert found.low < 0 < found.high
    # From one end to the other is more than chance, and of forty a step is.
    for n, was in ((10, 0.0), (40, 75.0)):
        marks = (np.full(n, was), np.full(n, 100.0))
        found = change(*(measured([each], [1000]) for each in marks))
        assert found.verdict is Verdict.REAL


@pytest.mark.parametrize("mood", MOODS)
def test_nothing_has_changed_and_seldom_is_a_change_told(mood: str) -> None:
    chance = np.random.default_rng(5)
    everybody = people(MOODS[mood], 2000)
    for some in ((10, 10), (10, 40), (20, 100), (40, 40)):
        waves = [all_measured([drawn(everybody, n, DRAWN, chance)], [2000]) for n in some]
        found = [change(*pair).verdict for pair in zip(*waves, strict=True)]
        assert found.count(Verdict.REAL) / DRAWN <= 0.085, (mood, some)


def test_census_leaves_nothing_to_chance_and_little_short_of_it() -> None:
    marks = np.repeat([0.0, 100.0], [10, 190])

    widths = []
    for n in (100, 150, 190, 199, 200):
        found = measured([np.random.default_rng(2).permutation(marks)[:n]], [200])
        widths.append(found.high - found.low)
    assert widths == sorted(widths, reverse=True)
    assert widths[-1] == 0 < widths[-2] < 2
    # Nobody is left out of one building, of the other one is: then something is open.
    both = measured([np.full(9, 100.0), np.full(10, 100.0)], [9, 11])
    assert both.low < 100


def test_many_answers_that_differ_widen_nothing() -> None:
    chance = np.random.default_rng(3)
    marks: Any = chance.integers(0, 5, size=(400, 1)) * 25.0
    strata = np.zeros(400, dtype=int)

    (plain,) = estimate(marks, strata, [10**9], ONE)
    (found,) = estimate(marks, strata, [10**9], ONE, ENDS)

    assert (found.value, found.error) == pytest.approx((plain.value, plain.error), rel=0.002)


@given(
    st.lists(st.sampled_from([0.0, 25.0, 50.0, 75.0, 100.0]), min_size=2, max_size=30),
    st.integers(0, 60),
)
def test_interval_stays_on_the_scale_around_its_value(marks: list[float], more: int) -> None:
    found = measured([np.array(marks)], [len(marks) + more])
    assert 0 <= found.low <= found.value <= found.high <= 100
    assert (found.low == found.high) == (more == 0)


@given(st.floats(0, 100), st.integers(2, 200), st.floats(0.01, 0.99))
def test_more_answers_leave_less_open(value: float, answers: int, unheard: float) -> None:
    def of(number: int, share: float) -> float:
        return variance_of_mean(value, 0, number, ENDS, unheard=share)

    assert 0 < of(2 * answers, unheard) < of(answers, unheard) < of(answers, 1)
    assert of(answers, 0) == 0
    assert of(answers, unheard) == pytest.approx(
        variance_of_mean(100 - value, 0, answers, ENDS, unheard=unheard)
    )
