"""A translation of what a text said before is told from a right one, wherever it goes."""

import copy
from dataclasses import replace
from typing import Any

from surveys.models import BankQuestion, Survey
from surveys.services.editing import copy_question, mark, put_back, remove, save_question
from surveys.services.survey import newest, questionnaire_of, rewrite
from tenancy.scope import company_scope
from tests.conftest import SignIn
from tests.factories.cast import TUESDAY, Cast
from tests.surveys.asking import DOCUMENT, survey_of
from tests.surveys.test_builder import url

ENGLISH = {"speed": "Are repairs done in time?", "words": "Anything else?"}
LIFTS = "电梯满意吗？"


def acts(cast: Cast) -> dict[str, Any]:
    return {"by": cast.actor("manager"), "now": TUESDAY}


def outdated(cast: Cast) -> Survey:
    """A survey that asks of lifts in Chinese, and was translated when it asked of repairs."""
    survey = survey_of(cast, document={**DOCUMENT, "translations": {"en": ENGLISH}})
    before = questionnaire_of(newest(survey))[0].by_key["speed"]
    save_question(
        survey=survey, question=replace(before, text=LIFTS), seen=mark(before), **acts(cast)
    )
    assert stale(survey) == {"en": ["speed"]}
    return survey


def stale(survey: Survey) -> Any:
    return newest(survey).document.get("stale")


def english(survey: Survey) -> list[str]:
    return [each.text for each in questionnaire_of(newest(survey))[0].in_language("en")]


def test_copy_is_not_translated_by_what_its_text_said_before(scoped: Cast) -> None:
    survey = outdated(scoped)
    for key in ("speed", "words"):
        copy_question(survey=survey, key=key, **acts(scoped))
    assert english(survey) == [LIFTS, LIFTS, "Anything else?", "Anything else?"]


def test_what_is_put_back_is_still_to_be_looked_over(jinxiu: Cast, sign_in: SignIn) -> None:
    with company_scope(jinxiu.company.pk):
        survey = outdated(jinxiu)
        before = newest(survey).document
    client, act = sign_in(jinxiu.manager), url(jinxiu, "survey_questions_act", survey)
    for key in ("speed", "s1"):
        client.post(act, {"act": f"delete {key}"})
        client.post(act, {"act": "back x"})
        with company_scope(jinxiu.company.pk):
            assert newest(survey).document == before


def test_looked_over_meanwhile_is_not_made_outdated_by_another_undo(scoped: Cast) -> None:
    survey = outdated(scoped)
    removed = remove(survey=survey, key="words", **acts(scoped))
    assert removed is not None
    assert removed.stale == {"en": []}
    put_back(survey=survey, removed=removed, **acts(scoped))
    assert stale(survey) == {"en": ["speed"]}


def test_bank_keeps_no_outdated_translation(jinxiu: Cast, sign_in: SignIn) -> None:
    with company_scope(jinxiu.company.pk):
        survey = outdated(jinxiu)
    client = sign_in(jinxiu.manager)
    for key in ("speed", "words"):
        client.post(url(jinxiu, "survey_questions_act", survey), {"act": f"keep {key}"})
    with company_scope(jinxiu.company.pk):
        rows = BankQuestion.objects.order_by("id")
        kept = {row.question["text"]: row.translations for row in rows}
    assert kept == {LIFTS: {}, "还想说什么？": {"en": {"q": "Anything else?"}}}


def test_whole_document_says_which_translations_it_leaves_behind(scoped: Cast) -> None:
    survey = survey_of(scoped, document={**DOCUMENT, "translations": {"en": ENGLISH}})
    document = copy.deepcopy(newest(survey).document)
    first, second = document["sections"][0]["questions"]
    first["text"] = LIFTS
    rewrite(survey=survey, document=document, **acts(scoped))
    assert (stale(survey), english(survey)[0]) == ({"en": ["speed"]}, LIFTS)
    # Who does not say which are outdated does not say that none is.
    second["text"], document["translations"]["en"]["words"] = "为什么？", "Why?"
    rewrite(survey=survey, document=document, **acts(scoped))
    assert (stale(survey), english(survey)) == ({"en": ["speed"]}, [LIFTS, "Why?"])
    rewrite(survey=survey, document={**document, "stale": {}}, **acts(scoped))
    assert (stale(survey), english(survey)[0]) == (None, ENGLISH["speed"])
    document["translations"]["en"]["speed"] = "Lifts?"
    rewrite(survey=survey, document={**document, "stale": {"en": ["words"]}}, **acts(scoped))
    assert (stale(survey), english(survey)) == ({"en": ["words"]}, ["Lifts?", "为什么？"])
