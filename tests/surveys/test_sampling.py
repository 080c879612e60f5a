"""Drawing a sample, and telling groups apart without telling on anybody."""

from hypothesis import given, strategies as st

from surveys.services.cells import LEAST, kept
from surveys.services.sampling import allocate, draw
from surveys.services.wave_preview import hint

SIZES = st.dictionaries(st.text(max_size=3), st.integers(0, 500), max_size=12)


def test_shares_follow_the_size_by_the_largest_remainders() -> None:
    # Hamilton's method: quotas 4.4, 3.3 and 2.3 of ten.
    assert allocate({"a": 44, "b": 33, "c": 23}, 10) == {"a": 5, "b": 3, "c": 2}


def test_more_than_there_are_is_everybody() -> None:
    assert allocate({"a": 3, "b": 0}, 10) == {"a": 3, "b": 0}


def test_what_even_everybody_asked_would_not_tell_is_said() -> None:
    """Of 712 homes ±3 takes 428 answers: if one in two answers, all of them give 356."""
    near, far = hint(5, 712, 0.5), hint(3, 712, 0.5)
    assert (near.answers, near.asked) == (250, 500)
    assert (far.answers, far.asked, round(far.best, 1)) == (428, None, 3.7)


@given(SIZES, st.integers(0, 3000))
def test_every_share_is_its_quota_rounded_up_or_down(sizes: dict[str, int], total: int) -> None:
    shares = allocate(sizes, total)
    everybody = sum(sizes.values())
    assert sum(shares.values()) == min(total, everybody)
    for stratum, share in shares.items():
        assert 0 <= share <= sizes[stratum]
        if total < everybody:
            assert abs(share - sizes[stratum] * total / everybody) < 1


def test_same_seed_draws_the_same_and_another_seed_others() -> None:
    people = {"a": range(100), "b": range(100, 150)}
    first = draw(people, 30, "2026")
    assert first == draw(people, 30, "2026")
    assert first != draw(people, 30, "2027")
    assert (len(set(first)), sum(person < 100 for person in first)) == (30, 20)


def test_small_group_takes_the_next_smallest_with_it() -> None:
    assert kept({"a": 10, "b": 8, "c": 2}) == {"a"}
    assert kept({"a": 10, "b": 8, "c": 3, "d": 2}) == {"a", "b"}
    assert kept({"a": 10, "b": 8}) == {"a", "b"}
    assert kept({"a": 6, "c": 1}) == frozenset()
    assert kept({}) == frozenset()


@given(st.dictionaries(st.integers(), st.integers(0, 40), max_size=15))
def test_nothing_small_is_told_or_left_over(counts: dict[int, int]) -> None:
    told = kept(counts)
    left = sum(count for group, count in counts.items() if group not in told)
    assert all(counts[group] >= LEAST for group in told)
    assert left == 0 or left >= LEAST or not told
