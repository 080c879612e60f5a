"""What moves the whole, held against a published example."""

import io
import warnings
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from surveys.measuring import driving
from surveys.measuring.driving import drivers, importance
from surveys.measuring.terms import Finding

# Mosteller and Tukey, Data Analysis and Regression (1977), pp. 549–551, "swiss" in R: fertility,
# agriculture, examination, education, Catholic and infant mortality of 47 provinces about 1888.
SWISS = """
80.2 17 15 12 9.96 22.2; 83.1 45.1 6 9 84.84 22.2; 92.5 39.7 5 5 93.4 20.2
85.8 36.5 12 7 33.77 20.3; 76.9 43.5 17 15 5.16 20.6; 76.1 35.3 9 7 90.57 26.6
83.8 70.2 16 7 92.85 23.6; 92.4 67.8 14 8 97.16 24.9; 82.4 53.3 12 7 97.67 21
82.9 45.2 16 13 91.38 24.4; 87.1 64.5 14 6 98.61 24.5; 64.1 62 21 12 8.52 16.5
66.9 67.5 14 7 2.27 19.1; 68.9 60.7 19 12 4.43 22.7; 61.7 69.3 22 5 2.82 18.7
68.3 72.6 18 2 24.2 21.2; 71.7 34 17 8 3.3 20; 55.7 19.4 26 28 12.11 20.2
54.3 15.2 31 20 2.15 10.8; 65.1 73 19 9 2.84 20; 65.5 59.8 22 10 5.23 18
65 55.1 14 3 4.52 22.4; 56.6 50.9 22 12 15.14 16.7; 57.4 54.1 20 6 4.2 15.3
72.5 71.2 12 1 2.4 21; 74.2 58.1 14 8 5.23 23.8; 72 63.5 6 3 2.56 18
60.5 60.8 16 10 7.72 16.3; 58.3 26.8 25 19 18.46 20.9; 65.4 49.5 15 8 6.1 22.5
75.5 85.9 3 2 99.71 15.1; 69.3 84.9 7 6 99.68 19.8; 77.3 89.7 5 2 100 18.3
70.5 78.2 12 6 98.96 19.4; 79.4 64.9 7 3 98.22 20.2; 65 75.9 9 9 99.06 17.8
92.2 84.6 3 3 99.46 16.3; 79.3 63.1 13 13 96.83 18.1; 70.4 38.4 26 12 5.62 20.3
65.7 7.7 29 11 13.79 20.5; 72.7 16.7 22 13 11.22 18.9; 64.4 17.6 35 32 16.92 23
77.6 37.6 15 7 4.97 20; 67.6 18.7 25 7 8.65 19.5; 35 1.2 37 53 42.34 18
44.7 46.6 16 29 50.43 18.2; 42.8 27.7 22 29 58.33 19.3
"""
# R's package relaimpo on it, calc.relimp(…, type = "lmg"); Grömping, Journal of Statistical
# Software 17 (2006), 1, prints the same.
LMG = [0.05709122, 0.17117303, 0.26013468, 0.10557015, 0.11276592]
EXPLAINED = 0.7067350


def swiss() -> Any:
    return np.loadtxt(io.StringIO(SWISS.replace(";", "\n")))


def test_published_shares_of_a_published_regression() -> None:
    data = swiss()

    found = drivers(data[:, 1:], data[:, 0], np.ones(47))

    shares = {each.item: each.share * found.explained for each in found.drivers}
    assert found.explained == pytest.approx(EXPLAINED, abs=1e-7)
    assert [shares[item] for item in range(5)] == pytest.approx(LMG, abs=1e-6)
    assert [each.item for each in found.drivers] == [2, 1, 4, 3, 0]
    assert found.drivers[0].correlation == pytest.approx(-0.6637889)


def test_sample_of_orders_comes_close_to_all_of_them(monkeypatch: pytest.MonkeyPatch) -> None:
    data = swiss()
    among = np.corrcoef(np.column_stack([data[:, 1:], data[:, 0]]), rowvar=False)
    monkeypatch.setattr(driving, "EXACTLY", 0)

    shares = importance(among)

    assert shares.sum() == pytest.approx(EXPLAINED, abs=1e-6)
    assert shares == pytest.approx(LMG, abs=0.01)
    assert importance(among).tolist() == shares.tolist()  # the same answers, the same shares


def answers(people: int, items: int, seed: int = 0) -> tuple[Any, Any]:
    chance = np.random.default_rng(seed)
    mood = chance.normal(size=(people, 1))
    marks = np.clip(np.round(3 + mood + chance.normal(size=(people, items))), 1, 5)
    return marks, np.clip(np.round(marks[:, 0] * 0.7 + marks[:, 1] * 0.3), 1, 5)


def test_strongest_comes_first_and_weights_count() -> None:
    marks, whole = answers(400, 4)
    weights = np.ones(400)

    found = drivers(marks, whole, weights)

    assert found.finding is Finding.FOUND
    assert [each.item for each in found.drivers[:2]] == [0, 1]
    assert sum(each.share for each in found.drivers) == pytest.approx(1)
    # Counted twice or weighed twice is the same picture.
    doubled = np.repeat([1.0, 2.0], 200)
    twice = drivers(
        np.vstack([marks, marks[200:]]), np.concatenate([whole, whole[200:]]), np.ones(600)
    )
    weighed = drivers(marks, whole, doubled)
    assert weighed.explained == pytest.approx(twice.explained)
    assert [e.share for e in weighed.drivers] == pytest.approx([e.share for e in twice.drivers])


def test_many_items_are_looked_at_quickly_and_add_up() -> None:
    marks, whole = answers(2000, 50)
    found = drivers(marks, whole, np.ones(2000))
    assert len(found.drivers) == 50
    assert found.drivers[0].item == 0
    assert sum(each.share for each in found.drivers) == pytest.approx(1)


def test_what_cannot_be_looked_at_is_left_out_and_said() -> None:
    marks, whole = answers(200, 5)
    marks[:, 2] = 4
    marks[:150, 3] = np.nan
    marks[:7, 0] = np.nan  # who skipped one item is left out with all of their answers

    found = drivers(marks, whole, np.ones(200))

    assert found.left_out == {2: "all_alike", 3: "asked_of_few"}
    assert {each.item for each in found.drivers} == {0, 1, 4}
    assert found.answered == 193


def test_items_that_say_the_same_share_what_they_explain() -> None:
    marks, whole = answers(200, 3)
    twins = np.column_stack([marks, marks[:, 0]])

    found = drivers(twins, whole, np.ones(200))

    shares = {each.item: each.share for each in found.drivers}
    assert shares[0] == pytest.approx(shares[3], rel=1e-3)
    assert {each.item: each.is_shared for each in found.drivers} == {
        0: True, 1: False, 2: False, 3: True
    }  # fmt: skip


def test_item_that_is_the_whole_explains_it_all() -> None:
    marks, _whole = answers(200, 2)

    found = drivers(marks, marks[:, 1], np.ones(200))

    assert found.finding is Finding.FOUND
    assert found.explained == pytest.approx(1)
    assert found.drivers[0].item == 1


def test_nothing_is_made_up_where_there_is_nothing() -> None:
    marks, whole = answers(200, 4)
    none = np.full(200, np.nan)
    noise = np.random.default_rng(5).permutation(whole)

    assert drivers(marks[:25], whole[:25], np.ones(25)).finding is Finding.TOO_FEW
    assert drivers(marks, none, np.ones(200)).finding is Finding.TOO_FEW
    assert drivers(marks, np.full(200, 3.0), np.ones(200)).finding is Finding.ALL_ALIKE
    assert drivers(marks * 0, whole, np.ones(200)).finding is Finding.ALL_ALIKE
    assert drivers(marks, noise, np.ones(200)).finding is Finding.NOTHING_MOVES


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**6), st.integers(0, 80), st.integers(1, 13), st.floats(0, 0.6))
def test_whatever_was_answered_is_shared_out_or_a_reason_given(
    seed: int, people: int, items: int, gaps: float
) -> None:
    chance = np.random.default_rng(seed)
    marks = chance.integers(1, chance.integers(2, 7), size=(people, items)).astype(float)
    marks[chance.random(marks.shape) < gaps] = np.nan
    whole = chance.integers(0, 3, size=people).astype(float)

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = drivers(marks, whole, np.ones(people))

    if found.finding is Finding.FOUND:
        assert sum(each.share for each in found.drivers) == pytest.approx(1)
        assert all(each.share >= -1e-9 for each in found.drivers)
        assert {each.item for each in found.drivers} | set(found.left_out) == set(range(items))
    else:
        assert found.drivers == ()
