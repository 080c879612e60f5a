"""Questions that are asked of some: their numbers, laid beside each other, tell on nobody."""

import itertools
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext

from surveys.models import Invitation, Tally, Wave, Way
from surveys.services.answering import answer
from surveys.services.inviting import secret_of
from surveys.services.tallying import tally
from surveys.services.tallying_asked import MOST_TOGETHER
from tests.factories.cast import Cast
from tests.surveys.asking import TODAY, counted, opened, street, survey_of
from tests.surveys.test_results_tallying import told

Said = dict[str, Any]
TENANT, CAR = ({"question": key, "test": "any_of", "choices": ["a"]} for key in ("x", "y"))
CONTENT = {"question": "sat", "test": "at_least", "amount": 4}


def either(key: str) -> Said:
    choices = [{"key": "a", "text": "是"}, {"key": "b", "text": "否"}]
    return {"kind": "single", "text": f"{key}？", "key": key, "choices": choices}


def rated(key: str, *conditions: Said) -> Said:
    return {"kind": "rating", "text": f"{key}？", "key": key, "conditions": list(conditions)}


def asked(cast: Cast, questions: list[Said], answers: dict[str, list[Said]]) -> Wave:
    """A wave in which every home of each building says something, counted and told."""
    for building, said in answers.items():
        street(cast, building, len(said))
    document = {"sections": [{"title": "服务", "questions": questions}]}
    wave = opened(cast, survey_of(cast, document=document))
    for building, said in answers.items():
        homes = Invitation.objects.filter(wave=wave, building__name=building).order_by("id")
        for home, given in zip(homes, said, strict=True):
            answer(secret=secret_of(home), given=given, way=Way.LINK, today=TODAY)
    counted(cast, wave)
    wave.refresh_from_db()
    tally(wave=wave)
    return wave


def led(said: Said) -> Said:
    """With the answers to the questions that these answers lead to."""
    tenant, car, content = said["x"] == "a", said["y"] == "a", said["sat"] >= 4
    ways = {"z1": tenant and car, "z2": tenant and content, "z3": tenant and car and content}
    return said | {key: 3 for key, way in ways.items() if way}


def test_numbers_of_who_was_asked_single_nobody_out(scoped: Cast) -> None:
    """Eight tenants, seven of them with a car: of the eighth, who has none, no more is told.

    Of all that is asked there are five at least, and yet z2 - z3 would be that one's answer.
    """
    tenants: list[Said] = [{"x": "a", "y": "a", "sat": 5 if n % 4 else 2} for n in range(7)]
    owners: list[Said] = [{"x": "b", "y": "ab"[n % 2], "sat": 4 if n % 2 else 1} for n in range(4)]
    one: Said = {"x": "a", "y": "b", "sat": 5}
    questions = [
        either("x"), either("y"), rated("sat"),
        rated("z1", TENANT, CAR), rated("z2", TENANT, CONTENT), rated("z3", TENANT, CAR, CONTENT),
    ]  # fmt: skip
    asked(scoped, questions, {"8栋": [led(each) for each in (one, *tenants, *owners)]})
    assert [bool(told(key)) for key in ("x", "y", "sat")] == [True] * 3
    assert [told(key) for key in ("z1", "z2", "z3")] == [{}] * 3


def test_whoever_was_not_asked_is_nobody_or_five(scoped: Cast) -> None:
    """Asked of all but three, its marks beside those of all would be theirs."""
    questions = [either("x"), rated("z", TENANT), either("y"), rated("w", CAR)]
    said = [
        {"x": "a", "z": 3} if n < 9 else {"x": "b"} for n in range(12)
    ]  # fmt: skip
    cars = [{"y": "a", "w": 2} if n < 7 else {"y": "b"} for n in range(12)]
    both = [one | other for one, other in zip(said, cars, strict=True)]
    asked(scoped, questions, {"8栋": both})
    assert (told("z"), told("w")[("", "", None)]) == ({}, 7)


def test_two_that_wait_for_the_same_answers_single_nobody_out(scoped: Cast) -> None:
    """Asked of six and of nine: what three more said of the same is not to be had."""
    three = either("x") | {"choices": [{"key": key, "text": key} for key in "abc"]}
    wider = {**TENANT, "choices": ["a", "b"]}
    said: list[Said] = (
        [{"x": "a", "z": 4, "w": 4}] * 6 + [{"x": "b", "w": 1}] * 3 + [{"x": "c"}] * 5
    )
    asked(scoped, [three, rated("z", TENANT), rated("w", wider)], {"8栋": said})
    assert (told("z")[("", "", None)], told("w")) == (6, {})


def test_questions_about_different_things_do_not_hinder_each_other(scoped: Cast) -> None:
    """Who has no car and who is a tenant is nowhere laid side by side: both are told of."""
    questions = [either("x"), rated("z", TENANT), either("y"), rated("w", CAR)]
    said = [
        {"x": "a" if n < 7 else "b", "y": "a" if 1 <= n < 8 else "b"}
        | ({"z": 3} if n < 7 else {}) | ({"w": 3} if 1 <= n < 8 else {})
        for n in range(14)
    ]  # fmt: skip
    asked(scoped, questions, {"8栋": said})
    assert told("z")[("", "", None)] == told("w")[("", "", None)] == 7


def test_where_the_first_answer_is_not_told_neither_is_what_followed(scoped: Cast) -> None:
    """Five of the first building answered, three of the second: what the five said next would
    tell how many of them there were, and so of the three."""
    low = {"question": "speed", "test": "at_most", "amount": 2}
    questions = [rated("speed"), rated("why", low), rated("other")]
    few = [{"speed": 5} if n < 3 else {"other": 4} for n in range(8)]
    wave = asked(scoped, questions, {"8栋": [{"speed": 1, "why": 2}] * 5, "9栋": few})
    assert told("why", community=scoped.community)[("", "", None)] == 5
    places = Tally.objects.filter(wave=wave, building__isnull=False)
    assert set(places.values_list("question", "building__name")) == {
        ("", "8栋"), ("", "9栋"), ("other", "9栋"),
    }  # fmt: skip


def test_what_was_not_asked_of_few_in_a_building_is_not_told_there(scoped: Cast) -> None:
    """Six of ten were asked in the one, six of eight in the other: the two would stand alone."""
    questions = [either("x"), rated("z", TENANT)]
    answers = {
        name: [{"x": "a", "z": 3}] * 6 + [{"x": "b"}] * rest
        for name, rest in (("8栋", 5), ("9栋", 2))
    }
    asked(scoped, questions, answers)
    here = {"community": scoped.community}
    assert told("z", **here)[("", "", None)] == 12
    assert Tally.objects.filter(question="z", building__isnull=False).count() == 0
    assert Tally.objects.filter(question="x", building__isnull=False).exists()


def test_every_test_of_a_condition_is_counted_as_it_was_asked(scoped: Cast) -> None:
    """Each of these is asked of all but three, by another test: none is told."""
    many = either("m") | {"kind": "multiple"}
    tests: dict[str, Said] = {
        "any": {"question": "x", "test": "any_of", "choices": ["a"]},
        "none": {"question": "x", "test": "none_of", "choices": ["b"]},
        "least": {"question": "sat", "test": "at_least", "amount": 2},
        "most": {"question": "bad", "test": "at_most", "amount": 4},
        "said": {"question": "m", "test": "answered"},
    }
    questions = [either("x"), rated("sat"), rated("bad"), many]
    questions += [rated(key, condition) for key, condition in tests.items()]
    most = {"x": "a", "sat": 3, "bad": 3, "m": ["a"], **dict.fromkeys(tests, 3)}
    asked(scoped, questions, {"8栋": [most] * 9 + [{"x": "b", "sat": 1, "bad": 5}] * 3})
    assert {key: told(key) for key in tests} == {key: {} for key in tests}


def test_what_hangs_together_too_much_is_not_told(scoped: Cast) -> None:
    """Each waits for one answer more: after ten, no further one is told."""
    keys = [f"k{n}" for n in range(MOST_TOGETHER + 2)]
    questions = [rated(keys[0])] + [
        rated(key, {"question": before, "test": "at_least", "amount": 1})
        for before, key in itertools.pairwise(keys)
    ]
    asked(scoped, questions, {"8栋": [dict.fromkeys(keys, 3)] * 6})
    assert [bool(told(key)) for key in keys] == [True] * (MOST_TOGETHER + 1) + [False]


def test_ways_to_what_is_told_nowhere_are_not_counted(scoped: Cast) -> None:
    """Four met the condition, and what follows is told of nobody: no response is looked at."""
    follows = rated("v", {"question": "z", "test": "at_least", "amount": 1})
    questions = [either("x"), rated("z", TENANT), follows, either("y"), rated("w", CAR)]
    few = [{"x": "a", "z": 3, "v": 3} if n < 4 else {"x": "b"} for n in range(12)]
    said = [each | ({"y": "a", "w": 4} if n < 6 else {"y": "b"}) for n, each in enumerate(few)]
    with CaptureQueriesContext(connection) as captured:
        asked(scoped, questions, {"8栋": said})
    assert [bool(told(key)) for key in ("x", "z", "v", "w")] == [True, False, False, True]
    assert sum('"met0"' in each["sql"] for each in captured) == 1
