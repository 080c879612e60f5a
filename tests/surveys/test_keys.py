"""A key stands for one thing for ever, whatever is dropped, added, copied or undone."""

from dataclasses import replace
from typing import Any

from surveys.models import Survey
from surveys.questionnaire import (
    Choice,
    Condition,
    Kind,
    Question,
    Questionnaire,
    Test as Asks,
    question_document,
)
from surveys.services.editing import add_question, copy_question, mark, remove, save_question
from surveys.services.survey import newest, questionnaire_of, rewrite
from tenancy.scope import company_scope
from tests.conftest import SignIn
from tests.factories.cast import TUESDAY, Cast
from tests.surveys.asking import planned, survey_of
from tests.surveys.test_builder import url

WAYS = [{"key": "c1", "text": "电话"}, {"key": "c2", "text": "微信"}, {"key": "c3", "text": "前台"}]
ONLY_THE_DESK = {"question": "q1", "test": "any_of", "choices": ["c3"]}
DESK: dict[str, Any] = {
    "sections": [
        {
            "title": "报修",
            "questions": [
                {"key": "q1", "kind": "single", "text": "怎么报修？", "choices": WAYS},
                {
                    "key": "q2",
                    "kind": "text",
                    "text": "前台哪里不好？",
                    "conditions": [ONLY_THE_DESK],
                },
            ],
        }
    ]
}


def acts(cast: Cast) -> dict[str, Any]:
    return {"by": cast.actor("manager"), "now": TUESDAY}


def asked(survey: Survey) -> Questionnaire:
    return questionnaire_of(newest(survey))[0]


def choices(survey: Survey) -> list[tuple[str, str]]:
    return [(each.key, each.text) for each in asked(survey).by_key["q1"].choices]


def saved(cast: Cast, survey: Survey, **more: Any) -> None:
    before = asked(survey).by_key["q1"]
    question = replace(before, **more)
    save_question(survey=survey, question=question, seen=mark(before), **acts(cast))


def test_choice_that_is_dropped_leaves_its_key_to_none(jinxiu: Cast, sign_in: SignIn) -> None:
    with company_scope(jinxiu.company.pk):
        survey = survey_of(jinxiu, document=DESK)
        planned(jinxiu, survey)
    client, there = sign_in(jinxiu.manager), url(jinxiu, "question", survey, "q1")
    lines = {"choices-key": ["c1", "c2"], "choices-text": ["电话", "微信"]}
    for more in ("", "电子邮件"):
        with company_scope(jinxiu.company.pk):
            seen = mark(asked(survey).by_key["q1"])
        sent = {"kind": "single", "text": "怎么报修？", "section": "s1", "seen": seen, **lines}
        client.post(there, {**sent, "more_choices": more})
    with company_scope(jinxiu.company.pk):
        assert choices(survey) == [("c1", "电话"), ("c2", "微信"), ("c4", "电子邮件")]
        # Nobody is led to the desk by another choice: that it waits for nothing is said instead.
        assert (newest(survey).number, newest(survey).is_sound) == (2, False)


def test_key_that_nobody_was_asked_is_not_given_again_either(scoped: Cast) -> None:
    survey = survey_of(scoped, document=DESK)
    ways = asked(survey).by_key["q1"].choices
    saved(scoped, survey, choices=ways[:2])
    saved(scoped, survey, choices=(Choice("", "邮件"), *ways[:2], Choice("", "短信")))
    assert choices(survey) == [("c4", "邮件"), ("c1", "电话"), ("c2", "微信"), ("c5", "短信")]
    # What comes back by its own key is itself.
    saved(scoped, survey, choices=ways)
    assert newest(survey).document["gone"] == ["q1.c4", "q1.c5"]


def test_rows_of_a_matrix_and_choices_of_new_questions_get_keys_too(scoped: Cast) -> None:
    survey = survey_of(scoped, document=DESK)
    rows = (Choice("", "门"), Choice("", "灯"))
    made = add_question(
        survey=survey, question=Question("", Kind.MATRIX, "？", rows=rows), section="s1",
        **acts(scoped),
    )  # fmt: skip
    assert [each.key for each in made.rows] == ["r1", "r2"]
    fewer = replace(made, rows=made.rows[:1])
    save_question(survey=survey, question=fewer, seen=mark(made), **acts(scoped))
    more = replace(fewer, rows=(*fewer.rows, Choice("", "梯")))
    save_question(survey=survey, question=more, seen=mark(fewer), **acts(scoped))
    assert [each.key for each in asked(survey).by_key["q3"].rows] == ["r1", "r3"]


def test_new_question_is_not_the_one_that_others_wait_for(scoped: Cast) -> None:
    survey = survey_of(scoped, document=DESK)
    new = Question("", Kind.RATING, "新的？")
    third = add_question(survey=survey, question=new, section="s1", **acts(scoped))
    remove(survey=survey, key=third.key, **acts(scoped))
    # Written by a colleague while the third was still there.
    waits = Condition("q3", Asks.AT_MOST, amount=2)
    before = asked(survey).by_key["q2"]
    save_question(
        survey=survey, question=replace(before, conditions=(waits,)), seen=mark(before),
        **acts(scoped),
    )  # fmt: skip
    made = add_question(survey=survey, question=new, section="s1", at=0, **acts(scoped))
    copy_question(survey=survey, key="q1", **acts(scoped))
    assert (made.key, newest(survey).is_sound) == ("q4", False)
    assert [each.key for each in asked(survey)] == ["q4", "q1", "q5", "q2"]


def test_whole_document_forgets_no_key(scoped: Cast) -> None:
    survey = survey_of(scoped, document=DESK)
    fewer = {"sections": [{"title": "报修", "questions": [
        question_document(replace(asked(survey).by_key["q1"], text="怎样报修？"))
    ]}]}  # fmt: skip
    for document in (fewer, {**fewer, "gone": []}):
        rewrite(survey=survey, document=document, **acts(scoped))
        assert newest(survey).document["gone"] == ["q2"]
    made = add_question(
        survey=survey, question=Question("", Kind.TEXT, "？"), section="s1", **acts(scoped)
    )
    assert made.key == "q3"
