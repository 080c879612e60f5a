"""Writing a questionnaire piece by piece, alone and with others."""

from dataclasses import replace
from typing import Any

import pytest

from surveys.models import Edition, Survey
from surveys.questionnaire import (
    Choice,
    Condition,
    Kind,
    Question,
    Questionnaire,
    Section,
    Test as Asks,
    editing,
    read,
)
from surveys.services.editing import (
    PartGone,
    add_question,
    copy_question,
    edit,
    mark,
    put_back,
    remove,
    save_question,
)
from surveys.services.survey import (
    ChangedMeanwhile,
    FaultyQuestionnaire,
    HasBeenAsked,
    NotSound,
    StaffHaveNoHousehold,
    change_survey,
    mark_of,
    newest,
    questionnaire_of,
    rewrite,
    to_ask,
)
from surveys.services.survey_faults import by_place
from tests.factories.cast import TUESDAY, Cast
from tests.surveys.asking import DOCUMENT, planned, survey_of

WORDED: dict[str, Any] = {**DOCUMENT, "translations": {"en": {"speed": "Quick?", "s1": "Service"}}}
WAITS = Condition("speed", Asks.AT_MOST, amount=2)


def acts(cast: Cast) -> dict[str, Any]:
    return {"by": cast.actor("manager"), "now": TUESDAY}


def asked(survey: Survey) -> Questionnaire:
    return questionnaire_of(newest(survey))[0]


def keys(survey: Survey) -> list[tuple[str, list[str]]]:
    return [(one.key, [each.key for each in one.questions]) for one in asked(survey).sections]


def places(survey: Survey) -> dict[str, list[str]]:
    found, faults = questionnaire_of(newest(survey))
    return by_place(faults, found)


# --- values ---


def sections(*counts: int) -> Questionnaire:
    """Sections a, b, … with so many questions each."""
    return Questionnaire(
        tuple(
            Section(
                name, name, "", tuple(Question(f"{name}{n}", Kind.TEXT, "?") for n in range(count))
            )
            for name, count in zip("abc", counts, strict=False)
        )
    )


def order(found: Questionnaire) -> str:
    return " | ".join(" ".join(each.key for each in one.questions) for one in found.sections)


@pytest.mark.parametrize(
    ("key", "steps", "expected"),
    [
        ("a0", 1, "a1 a0 | b0"),
        ("a1", -1, "a1 a0 | b0"),
        ("a1", 1, "a0 | a1 b0"),
        ("b0", -1, "a0 a1 b0 | "),
        ("a0", -1, "a0 a1 | b0"),
        ("b0", 1, "a0 a1 | b0"),
        ("gone", 1, "a0 a1 | b0"),
        ("a", 1, "a0 a1 | b0"),
    ],
)
def test_question_moves_over_the_edge_of_its_section(key: str, steps: int, expected: str) -> None:
    assert order(editing.move(sections(2, 1), key, steps)) == expected


@pytest.mark.parametrize(
    ("key", "steps", "expected"),
    [
        ("a", 1, "b0 | a0 | c0"),
        ("c", -1, "a0 | c0 | b0"),
        ("a", -1, "a0 | b0 | c0"),
        ("x", 1, "a0 | b0 | c0"),
    ],
)
def test_section_moves_with_its_questions(key: str, steps: int, expected: str) -> None:
    assert order(editing.move_section(sections(1, 1, 1), key, steps)) == expected


def test_only_earlier_questions_can_be_waited_for() -> None:
    found = sections(2, 2)
    assert [[each.key for each in editing.earlier(found, at)] for at in ("b1", "a", "x")] == [
        ["a0", "a1", "b0"],
        ["a0", "a1"],
        ["a0", "a1", "b0", "b1"],
    ]


def test_key_that_is_gone_is_not_given_again() -> None:
    assert editing.free("q", {"q1", "q9", "speed", "q1.c2", "q" + "9" * 40}) == "q10"


# --- in a survey ---


def test_empty_survey_grows_by_questions_and_is_asked_when_it_is_sound(scoped: Cast) -> None:
    survey = survey_of(scoped, document={"sections": []}, unfinished=True)
    assert places(survey) == {"": ["There is no question yet."]}
    with pytest.raises(NotSound):
        to_ask(survey)
    made = add_question(
        survey=survey, question=Question("", Kind.SINGLE, "哪里？"), section="", **acts(scoped)
    )
    assert keys(survey) == [("s1", ["q1"])]
    assert places(survey) == {"q1": ["There is nothing to choose: two choices at least."]}
    whole = replace(made, choices=(Choice("c1", "大门"), Choice("c2", "电梯")))
    save_question(survey=survey, question=whole, seen=mark(made), **acts(scoped))
    assert (places(survey), to_ask(survey).number) == ({}, 1)


def test_two_at_two_questions_hinder_nobody_and_two_at_one_are_told(scoped: Cast) -> None:
    survey = survey_of(scoped)
    speed, words = asked(survey)
    mine, theirs = replace(speed, text="快吗？"), replace(speed, text="及时吗？")
    save_question(survey=survey, question=theirs, seen=mark(speed), **acts(scoped))
    other = replace(words, text="说说看")
    save_question(survey=survey, question=other, seen=mark(words), **acts(scoped))
    with pytest.raises(ChangedMeanwhile):
        save_question(survey=survey, question=mine, seen=mark(speed), **acts(scoped))
    assert [each.text for each in asked(survey)] == ["及时吗？", "说说看"]
    # Saying the same twice is no conflict; nor is overwriting what one has seen.
    save_question(survey=survey, question=theirs, seen="", **acts(scoped))
    save_question(survey=survey, question=mine, seen=mark(theirs), **acts(scoped))
    gone = replace(mine, key="q99")
    with pytest.raises(PartGone):
        save_question(survey=survey, question=gone, seen="", **acts(scoped))


def test_whole_document_overwrites_only_what_was_seen(scoped: Cast) -> None:
    survey = survey_of(scoped)
    seen = mark_of(newest(survey).document)
    rewrite(survey=survey, document=WORDED, seen=seen, **acts(scoped))
    with pytest.raises(ChangedMeanwhile):
        rewrite(survey=survey, document=DOCUMENT, seen=seen, **acts(scoped))


def test_planned_edition_stays_and_the_change_makes_another(scoped: Cast) -> None:
    survey = survey_of(scoped)
    wave = planned(scoped, survey)
    copy_question(survey=survey, key="speed", **acts(scoped))
    assert [each.number for each in Edition.objects.order_by("number")] == [1, 2]
    assert len(read(wave.edition.document).by_key) == 2
    copy_question(survey=survey, key="speed", **acts(scoped))
    assert keys(survey) == [("s1", ["speed", "q2", "q1", "words"])]
    assert newest(survey).number == 2


def test_copy_has_its_translations_and_a_key_that_none_had(scoped: Cast) -> None:
    survey = survey_of(scoped, document=WORDED)
    copy_question(survey=survey, key="speed", **acts(scoped))
    copy_question(survey=survey, key="gone", **acts(scoped))
    assert asked(survey).translations["en"]["q1"] == "Quick?"


def test_what_is_deleted_can_be_put_back_where_it_was(scoped: Cast) -> None:
    survey = survey_of(scoped, document=WORDED)
    before = newest(survey).document
    for key, name in (("speed", "报修处理及时吗？"), ("s1", "服务")):
        removed = remove(survey=survey, key=key, **acts(scoped))
        assert removed is not None
        assert removed.name == name
        assert newest(survey).document != before
        for _twice in range(2):
            put_back(survey=survey, removed=removed, **acts(scoped))
        assert newest(survey).document == before
    assert remove(survey=survey, key="gone", **acts(scoped)) is None


def test_what_was_in_a_section_that_is_gone_comes_to_the_last_one(scoped: Cast) -> None:
    survey = survey_of(scoped)
    speed = remove(survey=survey, key="speed", **acts(scoped))
    words = remove(survey=survey, key="words", **acts(scoped))
    remove(survey=survey, key="s1", **acts(scoped))
    for removed in (words, speed):
        assert removed is not None
        put_back(survey=survey, removed=removed, **acts(scoped))
    assert keys(survey) == [("s2", ["words", "speed"])]


def test_question_before_the_one_it_waits_for_is_kept_and_marked(scoped: Cast) -> None:
    survey = survey_of(scoped)
    words = asked(survey).by_key["words"]
    waits = replace(words, conditions=(WAITS,))
    save_question(survey=survey, question=waits, seen=mark(words), **acts(scoped))
    assert newest(survey).is_sound
    edit(survey=survey, change=lambda it: editing.move(it, "words", -1), **acts(scoped))
    assert not newest(survey).is_sound
    assert places(survey) == {
        "words": [
            "It waits for the answer to “报修处理及时吗？”, which comes later. Move it behind that "
            "question, or take the condition away."
        ]
    }
    itself = replace(waits, conditions=(Condition("words", Asks.ANSWERED),))
    save_question(survey=survey, question=itself, seen=mark(waits), **acts(scoped))
    assert places(survey) == {"words": ["It waits for its own answer."]}


def test_more_than_three_hundred_questions_are_refused_and_nothing_is_lost(scoped: Cast) -> None:
    many = [{"kind": "text", "text": f"{n}？", "key": f"t{n}"} for n in range(300)]
    survey = survey_of(scoped, document={"sections": [{"title": "多", "questions": many}]})
    with pytest.raises(FaultyQuestionnaire) as caught:
        copy_question(survey=survey, key="t0", **acts(scoped))
    assert str(caught.value) == "There are too many questions: 300 at most."
    assert len(asked(survey).by_key) == 300


def test_question_goes_to_another_section(scoped: Cast) -> None:
    survey = survey_of(scoped)
    edit(
        survey=survey,
        change=lambda it: editing.place_section(it, Section("s2", "其他")),
        **acts(scoped),
    )
    words = asked(survey).by_key["words"]
    there: dict[str, Any] = {"question": words, "seen": mark(words), **acts(scoped)}
    save_question(survey=survey, section="s2", **there)
    save_question(survey=survey, section="s2", **there)
    save_question(survey=survey, section="gone", **there)
    assert keys(survey) == [("s1", ["speed"]), ("s2", ["words"])]


def test_whom_a_survey_asks_changes_until_somebody_is_asked(scoped: Cast) -> None:
    survey = survey_of(scoped)
    with pytest.raises(StaffHaveNoHousehold):
        change_survey(survey=survey, audience="staff", **acts(scoped))
    planned(scoped, survey)
    change_survey(survey=survey, title=" 新  名 ", **acts(scoped))
    assert Survey.objects.get().title == "新 名"
    with pytest.raises(HasBeenAsked):
        change_survey(survey=survey, audience="staff", one_per="person", **acts(scoped))
