"""The bank of questions: kept once, found again, taken from."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from surveys.models import BankQuestion, Survey
from surveys.questionnaire import Question
from surveys.questionnaire.terms import Kind
from surveys.services import bank as bank_service
from surveys.services.bank import BankFull, KeptAlready, forget_question, keep_question
from surveys.services.survey import FaultyQuestionnaire
from tenancy.scope import company_scope
from tests.conftest import SignIn
from tests.factories.cast import TUESDAY, Cast
from tests.surveys.test_builder import HTMX, asked, made, page_of, url

ENGLISH = {"s1": "Service", "speed": "Quick?", "words": "Anything else?"}


def chinese(cast: Cast, **more: Any) -> Survey:
    return made(cast, language="zh-hans", **more)


def test_bank_is_searched_and_taken_from(jinxiu: Cast, heyue: Cast, sign_in: SignIn) -> None:
    client, survey = sign_in(jinxiu.manager), chinese(jinxiu)
    act = url(jinxiu, "survey_questions_act", survey)
    client.post(act, {"act": "keep speed"}, headers=HTMX)
    client.post(act, {"act": "keep gone"})
    again = client.post(act, {"act": "keep speed"}, headers=HTMX).content.decode()
    assert "in the bank already" in again
    numbers = []
    for kept in (1, 3):
        with company_scope(jinxiu.company.pk):
            for n in range(BankQuestion.objects.count(), kept):
                question = Question("q", Kind.TEXT, f"第{n}")
                by: Any = {"by": jinxiu.actor("manager"), "now": TUESDAY}
                keep_question(question=question, words={}, topic="", language="zh-hans", **by)
        page_of(client, url(jinxiu, "bank"))
        with CaptureQueriesContext(connection) as queries:
            page = page_of(client, url(jinxiu, "bank") + f"?into={survey.pk}&section=s1")
        assert page.count("/forget/") == kept
        numbers.append(len(queries))
    assert numbers[0] == numbers[1]
    assert "Nothing fits." in page_of(client, url(jinxiu, "bank") + "?q=xyzzy")
    assert "报修处理及时吗" in page_of(client, url(jinxiu, "bank") + "?q=報修處理")
    page_of(client, url(jinxiu, "bank") + "?q=%00&dimension=x")
    with company_scope(jinxiu.company.pk):
        row = BankQuestion.objects.order_by("id")[0]
    take = url(jinxiu, "bank_take")
    sent: dict[str, Any] = {"into": survey.pk, "section": "s1"}
    client.post(take, {**sent, "take": [str(row.pk), "satisfaction.nps"]})
    assert [each.key for each in asked(jinxiu, survey)] == ["speed", "words", "q1", "q2"]
    for wrong in ({}, {"take": ["x"], "into": "y"}, {**sent, "take": ["gone"]}, sent):
        assert client.post(take, wrong)["Location"].startswith(url(jinxiu, "bank"))
    forget = url(jinxiu, "bank_forget", row)
    assert client.post(forget)["Location"] == url(jinxiu, "bank")
    assert sign_in(heyue.manager).get(url(heyue, "bank")).content.count(b"/forget/") == 0


def test_bank_keeps_a_question_once_and_none_that_is_faulty(
    scoped: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    by: dict[str, Any] = {"by": scoped.actor("manager"), "now": TUESDAY, "language": "en"}
    question = Question("a", Kind.TEXT, "Where?")
    row = keep_question(question=question, words={"en": {"q": "x"}}, topic=" T " * 30, **by)
    assert (len(row.topic), str(row), row.translations) == (40, "Where?", {"en": {"q": "x"}})
    with pytest.raises(KeptAlready):
        keep_question(question=question, words={}, topic="", **by)
    with pytest.raises(FaultyQuestionnaire):
        keep_question(question=Question("a", Kind.SINGLE, "?"), words={}, topic="", **by)
    for _twice in range(2):
        forget_question(row=row, by=scoped.actor("manager"), now=TUESDAY)
    monkeypatch.setattr(bank_service, "MOST", 0)
    with pytest.raises(BankFull):
        keep_question(question=question, words={}, topic="", **by)
