"""What the dashboard says of figures: what got worse, and in which words. Without a database."""

from datetime import date
from uuid import UUID

import pytest
from django.utils.translation import override

from complaints.models.figure import NONE
from complaints.services.figures_days import Period
from complaints.services.figures_reading import COMMUNITY, Answer, Counts, Hands, Question
from reports.services.dashboard import Asked, Overview, worsening
from reports.services.measures import BY_NAME
from reports.views.numbers import change_of_count, change_of_rating, change_of_share

GARDEN, BAY = UUID(int=1), UUID(int=2)
CALLBACK = BY_NAME["callback"]


def answer(**communities: Counts) -> Answer:
    keys = {"garden": GARDEN, "bay": BAY, "nowhere": NONE}
    found = Answer()
    found.by[COMMUNITY] = {keys[name]: counts for name, counts in communities.items()}
    return found


def called(kept: int, missed: int) -> Counts:
    return Counts(filed=kept + missed, callback_kept=kept, callback_missed=missed)


def seen(now: Answer, before: Answer | None, **hands: Hands) -> Overview:
    period = Period(date(2026, 11, 1), date(2026, 11, 22))
    names = {COMMUNITY: {GARDEN: "阳光花园", BAY: "翡翠湾"}}
    keys = {"garden": GARDEN, "bay": BAY}
    held = {COMMUNITY: {keys[name]: each for name, each in hands.items()}}
    asked = Asked(Question(), period, period if before else None)
    return Overview(asked, now, before, held, names)


def told(found: Overview) -> list[tuple[str, str, int, int]]:
    with override("en"):
        return [
            (each.name, each.measure.name, each.before.whole, each.after.whole)
            for each in worsening(found)
        ]


def test_what_got_worse_is_named_what_weighs_most_first() -> None:
    before = answer(garden=called(190, 10), bay=called(95, 5))
    now = answer(garden=called(100, 100), bay=called(40, 60))
    assert told(seen(now, before)) == [
        ("Altogether", "callback", 300, 300),
        ("阳光花园", "callback", 200, 200),
        ("翡翠湾", "callback", 100, 100),
    ]


def test_what_may_be_chance_is_not_called_worse() -> None:
    before, now = answer(garden=called(190, 10)), answer(garden=called(186, 14))
    assert told(seen(now, before)) == []
    assert told(seen(answer(garden=called(2, 7)), before)) == []  # too few


def test_what_got_better_is_not_called_worse() -> None:
    low = Counts(filed=100, rated=100, low=40, stars=300)
    better = Counts(filed=100, rated=100, low=5, stars=450)
    assert told(seen(answer(garden=better), answer(garden=low))) == []
    worse = told(seen(answer(garden=low), answer(garden=better)))
    assert {(name, measure) for name, measure, *_n in worse} == {
        ("Altogether", "low"),
        ("阳光花园", "low"),
    }


def test_tickets_of_no_place_and_new_places_are_not_compared() -> None:
    before = answer(nowhere=called(200, 0))
    now = answer(nowhere=called(0, 100), bay=called(100, 0))
    assert [row[0] for row in told(seen(now, before))] == ["Altogether"]


def test_without_another_period_nothing_is_compared() -> None:
    found = seen(answer(garden=called(1, 1)), None)
    assert (told(found), found.can_compare) == ([], False)
    assert not seen(answer(), answer(garden=called(3, 3))).can_compare


def test_rows_hold_what_is_on_hand_without_any_figure() -> None:
    found = seen(answer(garden=called(3, 1)), None, bay=Hands(open=2, late=1))
    rows = [(row.name, row.now.filed, row.hands.open) for row in found.rows(COMMUNITY)]
    assert rows == [("阳光花园", 4, 0), ("翡翠湾", 0, 2)]
    assert found.in_hand == Hands(open=2, late=1)


@pytest.mark.parametrize(
    ("before", "after", "words", "tone"),
    [
        (called(95, 5), called(60, 40), "35.0 points worse", "late"),
        (called(60, 40), called(95, 5), "35.0 points better", "ok"),
        (called(95, 5), called(94, 6), "no clear change (1.0 points)", ""),
        (called(5, 0), called(94, 6), "too few to compare", ""),
        (None, called(94, 6), "", ""),
    ],
)
def test_a_change_is_said_in_words(
    before: Counts | None, after: Counts, words: str, tone: str
) -> None:
    with override("en"):
        change = change_of_share(CALLBACK, before, after)
    assert (change.text, change.tone) == (words, tone)


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        (Counts(rated=200, stars=900), Counts(rated=200, stars=600), "1.50 stars worse"),
        (Counts(rated=200, stars=600), Counts(rated=200, stars=900), "1.50 stars better"),
        (Counts(rated=20, stars=80), Counts(rated=20, stars=84), "no clear change (0.20 stars)"),
        (Counts(rated=2, stars=8), Counts(rated=20, stars=84), "too few to compare"),
        (Counts(), Counts(rated=20, stars=84), "too few to compare"),
        (None, Counts(), ""),
    ],
)
def test_stars_change_in_words(before: Counts | None, after: Counts, words: str) -> None:
    with override("en"):
        assert change_of_rating(before, after).text == words


@pytest.mark.parametrize(
    ("before", "words"),
    [(3, "2 more than before"), (7, "2 fewer than before"), (5, "as many as before")],
)
def test_a_count_changes_without_being_good_or_bad(before: int, words: str) -> None:
    with override("en"):
        change = change_of_count(Counts(filed=before), Counts(filed=5))
    assert (change.text, change.tone) == (words, "")
    assert change_of_count(None, Counts()).text == ""
