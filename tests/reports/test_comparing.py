"""When a difference means something: the intervals of the literature, and what is said of them."""

import pytest

from reports.services.comparing import (
    Share,
    Verdict,
    compare,
    difference,
    difference_of_means,
    judge,
    strict,
    wilson,
)


# Newcombe, Statistics in Medicine 17 (1998): table I (single proportions, score method) and
# table II (differences, method 10).
@pytest.mark.parametrize(
    ("part", "whole", "low", "high"),
    [
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_wilson_is_as_published(part: int, whole: int, low: float, high: float) -> None:
    found = wilson(Share(part, whole))
    assert [found.low, found.high] == pytest.approx([low, high], abs=1e-4)


@pytest.mark.parametrize(
    ("after", "before", "low", "high"),
    [
        ((56, 70), (48, 80), 0.0524, 0.3339),
        ((9, 10), (3, 10), 0.1705, 0.8090),
        ((6, 7), (2, 7), 0.0582, 0.8062),
        ((5, 56), (0, 29), -0.0381, 0.1926),
        ((0, 10), (0, 10), -0.2775, 0.2775),
        ((10, 10), (0, 10), 0.6075, 1.0),
    ],
)
def test_difference_is_as_published(
    after: tuple[int, int], before: tuple[int, int], low: float, high: float
) -> None:
    found = difference(Share(*before), Share(*after))
    assert [found.low, found.high] == pytest.approx([low, high], abs=1e-4)


@pytest.mark.parametrize(
    ("before", "after", "verdict"),
    [
        (Share(48, 80), Share(56, 70), Verdict.BETTER),
        (Share(56, 70), Share(48, 80), Verdict.WORSE),
        (Share(60, 80), Share(56, 70), Verdict.UNCLEAR),
        (Share(9, 9), Share(0, 70), Verdict.FEW),
        (Share(0, 0), Share(0, 0), Verdict.FEW),
    ],
)
def test_a_difference_is_called_what_it_is(before: Share, after: Share, verdict: Verdict) -> None:
    assert compare(before, after, more_is_better=True) == verdict


def test_fewer_is_better_where_the_measure_is_a_bad_thing() -> None:
    assert compare(Share(56, 70), Share(48, 80), more_is_better=False) == Verdict.BETTER


def test_many_comparisons_raise_the_bar() -> None:
    assert strict(1) == pytest.approx(1.96, abs=0.001)
    assert strict(1000) == pytest.approx(4.06, abs=0.01)


def test_stars_differ_only_beyond_what_they_can_vary() -> None:
    assert judge(difference_of_means(4.0, 20, 4.2, 20), more_is_better=True) == Verdict.UNCLEAR
    assert judge(difference_of_means(3.0, 200, 4.5, 200), more_is_better=True) == Verdict.BETTER
    assert judge(difference_of_means(5.0, 20, 4.0, 400), more_is_better=True) == Verdict.WORSE
