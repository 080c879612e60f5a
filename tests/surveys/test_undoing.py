"""What was deleted comes back whole, whatever has been written in between."""

from dataclasses import replace
from typing import Any

import pytest

from surveys.models import Survey
from surveys.questionnaire import Kind, Question, Questionnaire, question_document
from surveys.services.editing import Removed, add_question, put_back, remove
from surveys.services.survey import newest, questionnaire_of, rewrite
from tenancy.scope import company_scope
from tests.conftest import SignIn
from tests.factories.cast import TUESDAY, Cast
from tests.surveys.asking import survey_of
from tests.surveys.test_builder import page_of, url

LOW = [{"question": "q3", "test": "at_most", "amount": 2}]
ENGLISH = {"s2": "Lifts", "s2.intro": "Tell us", "q3": "Quick?", "q2": "Why?"}
TWO: dict[str, Any] = {
    "sections": [
        {"key": "s1", "title": "服务", "questions": [
            {"key": "q1", "kind": "rating", "text": "一？"},
        ]},
        {"key": "s2", "title": "电梯", "intro": "请说", "questions": [
            {"key": "q3", "kind": "rating", "text": "三？"},
            {"key": "q2", "kind": "text", "text": "二？", "conditions": LOW},
        ]},
    ],
    "translations": {"en": ENGLISH},
    "stale": {"en": ["q2"]},
}  # fmt: skip
NEW = {"key": "s9", "title": "新", "questions": [
    {"key": "q3", "kind": "text", "text": "新的？"},
    {"key": "s2", "kind": "text", "text": "别的？"},
]}  # fmt: skip


def acts(cast: Cast) -> dict[str, Any]:
    return {"by": cast.actor("manager"), "now": TUESDAY}


def asked(survey: Survey) -> Questionnaire:
    return questionnaire_of(newest(survey))[0]


def keys(survey: Survey) -> str:
    found = asked(survey).sections
    return " | ".join(" ".join([one.key, *(each.key for each in one.questions)]) for one in found)


def without(cast: Cast, survey: Survey, key: str) -> Removed:
    found = remove(survey=survey, key=key, **acts(cast))
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("key", "expected"),
    [("q3", "s1 q1 q4 | s2 q3 q2"), ("s2", "s1 q1 q4 | s2 q3 q2")],
)
def test_what_is_added_in_between_hinders_no_undo(scoped: Cast, key: str, expected: str) -> None:
    survey = survey_of(scoped, document=TWO)
    removed = without(scoped, survey, key)
    new = Question("", Kind.RATING, "新的？")
    add_question(survey=survey, question=new, section="s1", **acts(scoped))
    assert put_back(survey=survey, removed=removed, **acts(scoped)) == key
    assert (keys(survey), newest(survey).is_sound) == (expected, True)
    found = newest(survey).document
    assert (found["translations"], found["stale"]) == ({"en": ENGLISH}, {"en": ["q2"]})


def test_keys_that_others_have_taken_stay_theirs(scoped: Cast) -> None:
    survey = survey_of(scoped, document=TWO)
    removed = without(scoped, survey, "s2")
    document = {**newest(survey).document, "sections": [NEW]}
    rewrite(survey=survey, document=document, **acts(scoped))
    assert put_back(survey=survey, removed=removed, **acts(scoped)) == "s10"
    assert (keys(survey), newest(survey).is_sound) == ("s9 q3 s2 | s10 q4 q2", True)
    lift, why = asked(survey).sections[1].questions
    assert (lift.text, [each.question for each in why.conditions]) == ("三？", ["q4"])
    words = {"s10": "Lifts", "s10.intro": "Tell us", "q4": "Quick?", "q2": "Why?"}
    found = newest(survey).document
    assert (found["translations"], found["stale"]) == ({"en": words}, {"en": ["q2"]})


def test_question_under_a_taken_key_comes_back_where_it_was(jinxiu: Cast, sign_in: SignIn) -> None:
    with company_scope(jinxiu.company.pk):
        survey = survey_of(jinxiu, document=TWO)
    client, act = sign_in(jinxiu.manager), url(jinxiu, "survey_questions_act", survey)
    client.post(act, {"act": "delete q3"})
    with company_scope(jinxiu.company.pk):
        document = newest(survey).document
        document["sections"][0]["questions"] = [
            question_document(replace(asked(survey).by_key["q1"], key="q3"))
        ]
        rewrite(survey=survey, document=document, **acts(jinxiu))
    assert client.post(act, {"act": "back x"})["Location"].endswith("#part-q4")
    with company_scope(jinxiu.company.pk):
        assert (keys(survey), asked(survey).by_key["q4"].text) == ("s1 q3 | s2 q4 q2", "三？")
    assert "Put it back" not in page_of(client, url(jinxiu, "survey_questions", survey))
