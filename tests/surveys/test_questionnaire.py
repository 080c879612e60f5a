"""Questionnaires as values: what can be asked, of whom, and what counts as an answer."""

from contextlib import suppress
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from surveys.questionnaire import (
    Fault,
    Faulty,
    Kind,
    Mark,
    Questionnaire,
    read,
    shown,
    take,
    unreachable,
    write,
)
from surveys.questionnaire.answering import asked_so_far


def question(key: str, kind: str = "rating", **more: Any) -> dict[str, Any]:
    return {"key": key, "kind": kind, "text": f"How is {key}?", **more}


def choices(*keys: str) -> list[dict[str, str]]:
    return [{"key": key, "text": key.title()} for key in keys]


def asks(*questions: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"sections": [{"key": "s", "title": "Service", "questions": list(questions)}], **more}


def when(key: str, test: str, *chosen: str, amount: float = 0) -> dict[str, Any]:
    return {"question": key, "test": test, "choices": list(chosen), "amount": amount}


def faults(document: object) -> list[tuple[str, str]]:
    with pytest.raises(Faulty) as caught:
        read(document)
    return [(fault.place, fault.code) for fault in caught.value.faults]


EVERY_KIND = asks(
    question("lift"),
    question("friend", "score", required=True),
    question("via", "single", choices=choices("phone", "desk"), shuffled=True),
    question("wants", "multiple", choices=choices("garden", "gym", "parking")),
    question("care", "matrix", rows=choices("clean", "safe"), dimension="tangibles"),
    question("order", "ranking", choices=choices("green", "quiet")),
    question("words", "text", conditions=[when("lift", "at_most", amount=2)]),
    question("years", "number"),
    question("since", "date"),
    question("look", "photo"),
)


def test_document_comes_back_as_it_was() -> None:
    found = read(EVERY_KIND)
    assert read(write(found)) == found
    assert [each.kind for each in found] == list(Kind)


def test_keys_are_given_to_what_has_none() -> None:
    found = read({"sections": [{"title": "A", "questions": [{"kind": "text", "text": "B"}]}]})
    assert [section.key for section in found.sections] == ["s1"]
    assert list(found.by_key) == ["q1"]


def test_other_language_says_what_is_translated_and_leaves_the_rest() -> None:
    document = asks(
        question("via", "single", choices=choices("phone", "desk"), help="Once."),
        translations={"en": {"via": "By what way?", "via.desk": "At the desk", "s": "Our service"}},
    )
    found = read(document).in_language("en")
    asked = found.by_key["via"]
    assert (found.sections[0].title, asked.text, asked.help) == (
        "Our service",
        "By what way?",
        "Once.",
    )
    assert [each.text for each in asked.choices] == ["Phone", "At the desk"]
    assert read(document).in_language("fr") == read(document)
    assert list(read(document).texts()) == ["s", "via", "via.help", "via.phone", "via.desk"]


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        ([], [("", "not_an_object")]),
        ({"sections": 3}, [("", "not_a_list")]),
        (asks(question("A b")), [("q1", "not_a_key")]),
        (asks(question("lift", "smell")), [("lift", "unknown_kind")]),
        (asks(question("lift", text="")), [("lift", "text_missing")]),
        (asks(question("lift", text="x" * 1001)), [("lift", "text_too_long")]),
        (asks(question("lift", text="a\x00b")), [("lift", "not_a_text")]),
        (asks(question("lift", dimension="beauty")), [("lift", "unknown_dimension")]),
        (asks(question("n", "number", dimension="empathy")), [("n", "dimension_needs_rating")]),
        (asks(question("v", "single", choices=choices("a"))), [("v", "too_few_choices")]),
        (asks(question("v", "single", choices=choices("a", "a"))), [("v", "key_taken")]),
        (asks(question("m", "matrix")), [("m", "no_rows")]),
        (asks(question("a"), question("a")), [("a", "key_taken")]),
        (asks(question("s")), [("s", "key_taken")]),
        (
            asks(question("v", "single", choices=choices(*(f"c{n}" for n in range(51))))),
            [("v", "too_many_choices")],
        ),
        (asks(*(question(f"q{n}") for n in range(301))), [("", "too_many_questions")]),
        (
            asks(question("a"), question("b", conditions=[when("a", "at_least", amount=True)])),
            [("b", "not_a_number")],
        ),
        (
            asks(question("a"), question("b", conditions=[when("a", "sounds_like")])),
            [("b", "unknown_test")],
        ),
    ],
)
def test_what_is_wrong_is_said_by_a_code(document: object, expected: list[tuple[str, str]]) -> None:
    assert faults(document) == expected


def test_everything_wrong_is_said_at_once() -> None:
    document = asks(question("a", "smell"), question("b", text=""))
    assert faults(document) == [("a", "unknown_kind"), ("b", "text_missing")]


@pytest.mark.parametrize(
    ("condition", "code"),
    [
        (when("b", "answered"), "asks_ahead"),
        (when("a", "answered"), "asks_ahead"),
        (when("z", "answered"), "asks_nothing"),
        (when("words", "at_least", amount=3), "test_does_not_fit"),
        (when("words", "any_of", "x"), "test_does_not_fit"),
        (when("via", "any_of", "smoke"), "unknown_choice"),
        (when("via", "none_of"), "unknown_choice"),
    ],
)
def test_condition_asks_what_was_asked_before(condition: dict[str, Any], code: str) -> None:
    """Nobody can wait for what comes later: a circle cannot be drawn."""
    document = asks(
        question("words", "text"),
        question("via", "single", choices=choices("phone", "desk")),
        question("a", conditions=[condition]),
        question("b", conditions=[when("a", "answered")]),
    )
    assert faults(document) == [("a", code)]


@pytest.mark.parametrize(
    "conditions",
    [
        [when("lift", "at_least", amount=6)],
        [when("lift", "at_least", amount=4), when("lift", "at_most", amount=3)],
        [when("lift", "at_least", amount=3.2), when("lift", "at_most", amount=3.8)],
        [when("years", "at_least", amount=10), when("years", "at_most", amount=9)],
        [when("via", "any_of", "phone"), when("via", "any_of", "desk")],
        [when("via", "none_of", "phone", "desk")],
        [when("wants", "any_of", "gym"), when("wants", "none_of", "gym")],
        [when("wants", "none_of", "gym", "garden")],
    ],
)
def test_question_that_nobody_could_be_asked_is_found(conditions: list[dict[str, Any]]) -> None:
    before = (
        question("lift"),
        question("years", "number"),
        question("via", "single", choices=choices("phone", "desk")),
        question("wants", "multiple", choices=choices("gym", "garden")),
    )
    assert faults(asks(*before, question("b", conditions=conditions))) == [("b", "never_asked")]


def test_way_is_closed_further_up_the_chain() -> None:
    """B is asked of the content, C of those who answered B and are not content."""
    document = asks(
        question("lift"),
        question("b", conditions=[when("lift", "at_least", amount=4)]),
        question("c", conditions=[when("b", "answered"), when("lift", "at_most", amount=2)]),
        question("d", conditions=[when("c", "answered")]),
    )
    assert faults(document) == [("c", "never_asked"), ("d", "never_asked")]


def test_two_choices_of_many_can_be_wanted_together() -> None:
    document = asks(
        question("wants", "multiple", choices=choices("gym", "garden")),
        question(
            "b", conditions=[when("wants", "any_of", "gym"), when("wants", "any_of", "garden")]
        ),
    )
    assert unreachable(read(document)) == []


def keys_shown(document: dict[str, Any], **given: Any) -> list[str]:
    return [each.key for each in shown(read(document), given)]


def test_condition_follows_the_answers() -> None:
    document = asks(
        question("lift"),
        question("why", "text", conditions=[when("lift", "at_most", amount=2)]),
        question("via", "single", choices=choices("phone", "desk")),
        question("desk", conditions=[when("via", "none_of", "phone")]),
        question("more", "text", conditions=[when("why", "answered")]),
    )
    assert keys_shown(document) == ["lift", "via"]
    assert keys_shown(document, lift=2, via="desk") == ["lift", "why", "via", "desk"]
    assert keys_shown(document, lift=2, why="Dirty")[-1] == "more"
    # What was written before the mark was changed is no answer any more.
    assert keys_shown(document, lift=5, why="Dirty") == ["lift", "via"]


def test_answers_come_apart_into_marks() -> None:
    given = {
        "lift": "2", "friend": 10, "via": "desk", "wants": ["gym", "gym", "parking"],
        "care": {"clean": "4", "safe": 5, "other": 1}, "order": ["quiet", "green"],
        "words": " Es stinkt 😡 ", "years": "1,200.5", "since": "2020-02-29", "unknown": "x",
    }  # fmt: skip
    assert take(read(EVERY_KIND), given) == [
        Mark("lift", number=Decimal(2)),
        Mark("friend", number=Decimal(10)),
        Mark("via", choice="desk"),
        Mark("wants", choice="gym"),
        Mark("wants", choice="parking"),
        Mark("care", row="clean", number=Decimal(4)),
        Mark("care", row="safe", number=Decimal(5)),
        Mark("order", choice="quiet", number=Decimal(1)),
        Mark("order", choice="green", number=Decimal(2)),
        Mark("words", text="Es stinkt 😡"),
        Mark("years", number=Decimal("1200.5")),
        Mark("since", text="2020-02-29"),
    ]


def test_numbers_of_a_chinese_keyboard_are_numbers() -> None:
    marks = take(read(EVERY_KIND), {"friend": 1, "lift": 1, "years": " １，２００．５ "})
    assert Mark("years", number=Decimal("1200.5")) in marks


@pytest.mark.parametrize(
    ("key", "value", "code"),
    [
        ("lift", 0, "not_on_the_scale"),
        ("lift", 6, "not_on_the_scale"),
        ("lift", True, "not_on_the_scale"),
        ("lift", "9" * 5000, "not_on_the_scale"),
        ("friend", "many", "not_on_the_scale"),
        ("via", "smoke", "unknown_choice"),
        ("via", ["phone"], "unknown_choice"),
        ("wants", ["gym", "smoke"], "unknown_choice"),
        ("wants", {"gym": 1}, "unknown_choice"),
        ("order", ["quiet"], "rank_all"),
        ("care", ["clean"], "not_on_the_scale"),
        ("care", {"clean": "9"}, "not_on_the_scale"),
        ("years", "NaN", "not_a_number"),
        # Rounded up it would be one more than a column takes, and stop the count of a whole wave.
        ("years", "99999999999.99999", "not_a_number"),
        ("years", "-999999999999.99999", "not_a_number"),
        ("years", "1e400", "not_a_number"),
        ("years", "1_000", "not_a_number"),
        ("since", "2021-02-29", "not_a_date"),
        ("words", 5, "not_a_text"),
        ("words", "x" * 2001, "text_too_long"),
        ("order", {"green": "1", "quiet": "1"}, "rank_all"),
        ("order", {"green": "1"}, "rank_all"),
    ],
)
def test_wrong_answer_is_said_by_a_code(key: str, value: object, code: str) -> None:
    with pytest.raises(Faulty) as caught:
        take(read(EVERY_KIND), {"friend": 1, "lift": 1, key: value})
    assert [(fault.place, fault.code) for fault in caught.value.faults] == [(key, code)]


def test_gap_is_allowed_until_it_is_sent() -> None:
    document = asks(
        question("care", "matrix", rows=choices("clean", "safe"), required=True),
        question("why", "text", required=True, conditions=[when("lift2", "answered")]),
        question("lift", required=True),
    )
    document["sections"][0]["questions"].insert(0, question("lift2"))
    half = {"care": {"clean": 3}}
    assert take(read(document), half, final=False) == [Mark("care", "clean", number=Decimal(3))]
    with pytest.raises(Faulty) as caught:
        take(read(document), half)
    # What is not shown is not missing.
    assert caught.value.faults == [Fault("care", "answer_missing"), Fault("lift", "answer_missing")]


def test_nonsense_for_a_question_that_is_not_shown_stops_nobody() -> None:
    document = asks(
        question("lift"), question("why", conditions=[when("lift", "at_most", amount=2)])
    )
    assert take(read(document), {"lift": 5, "why": "x"}) == [Mark("lift", number=Decimal(5))]


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda part: st.lists(part, max_size=4) | st.dictionaries(st.text(), part, max_size=4),
    max_leaves=8,
)
# A machine that is busy draws slowly.
patient = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


@patient
@given(ANYTHING, st.sampled_from([None, "kind", "choices", "conditions", "rows", "text", "key"]))
def test_strange_documents_are_read_or_refused(value: Any, at: str | None) -> None:
    document = value if at is None else asks({**question("a", "single"), at: value})
    with suppress(Faulty):
        assert isinstance(read(document), Questionnaire)


@patient
@given(st.sampled_from(list(read(EVERY_KIND).by_key)), ANYTHING)
def test_strange_answers_are_taken_or_refused(key: str, value: Any) -> None:
    with suppress(Faulty):
        marks = take(read(EVERY_KIND), {"friend": 3, key: value})
        assert {mark.question for mark in marks} <= {"friend", key}


def test_ranking_may_come_as_places_and_a_photo_leaves_no_mark() -> None:
    given = {"friend": 7, "order": {"green": "2", "quiet": "1"}, "look": "whatever"}
    assert [
        (each.question, each.choice, int(each.number or 0))
        for each in take(read(EVERY_KIND), given)
    ] == [
        ("friend", "", 7),
        ("order", "quiet", 1),
        ("order", "green", 2),
    ]
    nothing = {"friend": 7, "order": {"green": "", "quiet": ""}}
    assert [each.question for each in take(read(EVERY_KIND), nothing)] == ["friend"]


def test_asked_so_far_follows_the_answers_and_forgives_what_is_wrong() -> None:
    keys = [each.key for each in asked_so_far(read(EVERY_KIND), {"lift": "2", "friend": "many"})]
    assert "words" in keys
    assert "words" not in [each.key for each in asked_so_far(read(EVERY_KIND), {"lift": "9"})]
