"""How many questions the lists about surveys ask the database, and that more rows ask no more."""

from collections.abc import Sequence
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from surveys.models import Publication, Survey
from surveys.questionnaire import Kind, Question
from surveys.services.bank import keep_question
from surveys.services.publishing_lines import lines_of
from tenancy.scope import company_scope
from tests.conftest import SignIn
from tests.factories.cast import TUESDAY, Cast
from tests.surveys.asking import opened, planned, street, survey_of
from tests.surveys.publishing import STRONG, WEAK, decide, drafted, wave_of

BOUNDS = ("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT")
# With session, user and company, and what tells row security whom it serves.
PAGES = {
    ("manager", "surveys/"): 7,
    ("manager", "surveys/{survey}/"): 10,
    ("manager", "surveys/bank/"): 9,
    ("manager", "surveys/interviews/"): 9,
    ("manager", "surveys/improvements/"): 7,
    ("manager", "surveys/publications/"): 7,
    ("manager", "surveys/after/"): 12,  # 13 once figures have been counted: what changed since
    ("manager", "surveys/waves/{wave}/unanswered/"): 11,
    ("owner", "surveys/mine/"): 7,
    ("manager", "api/v1/surveys/"): 7,
    ("manager", "api/v1/surveys/waves/"): 7,
    ("manager", "api/v1/surveys/improvements/"): 7,
    ("manager", "api/v1/surveys/publications/"): 7,
    ("manager", "api/v1/surveys/bank/"): 7,
    ("owner", "api/v1/surveys/mine/"): 6,
}


def asked(client: Client, path: str) -> int:
    """The statements of one request, without the bounds of transactions."""
    client.get(path)  # remembers what is remembered
    with CaptureQueriesContext(connection) as captured:
        answer = client.get(path)
    assert answer.status_code == 200, answer.content
    found = [each["sql"] for each in captured if not each["sql"].startswith(BOUNDS)]
    return len([sql for sql in found if sql != "SET LOCAL app.company = ''"])


def more(cast: Cast, number: int) -> dict[str, Any]:
    """A survey that runs, one that was counted with what followed, and a kept question."""
    with company_scope(cast.company.pk):
        street(cast, f"{number}号", 6)
        survey = survey_of(cast, title=f"第{number}份")
        running = opened(cast, survey)
        planned(cast, Survey.objects.order_by("id")[0], name=f"第{number}期")
        counted = wave_of(cast, survey_of(cast, title=f"问过{number}"), [1, 1, 1, 2, 2, 2])
        decide(cast, counted)
        drafted(cast, counted)
        asks = Question("q", Kind.RATING, f"保洁第{number}次来得准时吗？")
        facts: dict[str, Any] = {"words": {}, "topic": "保洁", "language": "zh-hans"}
        keep_question(question=asks, by=cast.actor("manager"), now=TUESDAY, **facts)
    return {"survey": survey.pk, "wave": running.pk}


@pytest.mark.parametrize(("who", "path"), PAGES)
def test_three_rows_ask_no_more_than_one(
    jinxiu: Cast, sign_in: SignIn, who: str, path: str
) -> None:
    client = sign_in(jinxiu.members[who])
    address = f"/jinxiu/{path.format(**more(jinxiu, 1))}"
    counts = [asked(client, address)]
    for number in (2, 3):
        more(jinxiu, number)
    counts.append(asked(client, address))
    assert counts == [PAGES[who, path]] * 2


PUBLICATION = (
    "surveys/publications/{row}/",
    "surveys/publications/{row}/change/",
    "api/v1/surveys/publications/{row}/",
)


def promising(cast: Cast, promised: Survey, days: Sequence[int]) -> Publication:
    """A publication, after promises of these days' waves of another survey."""
    with company_scope(cast.company.pk):
        for day in days:
            decide(cast, wave_of(cast, promised, WEAK, days=day))
        survey = survey_of(cast, title=f"问过{len(days)}")
        return drafted(cast, wave_of(cast, survey, STRONG, days=30))


@pytest.mark.parametrize("path", PUBLICATION)
def test_three_promises_after_another_survey_ask_no_more_than_one(
    jinxiu: Cast, sign_in: SignIn, path: str
) -> None:
    client = sign_in(jinxiu.members["manager"])
    with company_scope(jinxiu.company.pk):
        street(jinxiu, "5栋", 12)
        other = survey_of(jinxiu, title="物业服务专项调查")
    counts = []
    for promises, days in ((1, [0]), (3, [1, 2])):
        row = promising(jinxiu, other, days)
        with company_scope(jinxiu.company.pk):
            assert row.lines.count() == promises
        counts.append(asked(client, f"/jinxiu/{path.format(row=row.pk)}"))
    assert counts[0] == counts[1]


def test_a_questionnaire_is_fetched_once_however_much_was_promised_after_it(scoped: Cast) -> None:
    """Of another survey, too: no line of a publication brings one along."""
    street(scoped, "5栋", 12)
    other = wave_of(scoped, survey_of(scoped, title="物业服务专项调查"), WEAK)
    for number in range(3):
        decide(scoped, other, title=f"第{number}件事")
    row = drafted(scoped, wave_of(scoped, survey_of(scoped), STRONG, days=30))
    with CaptureQueriesContext(connection) as captured:
        lines = lines_of(row, ZoneInfo(scoped.company.zone), TUESDAY)
    said = [next(iter(each["item_words"].values())) for each in lines]
    assert said == ["报修处理及时吗？"] * 3
    bringing = [each["sql"] for each in captured if '"document"' in each["sql"]]
    assert len(bringing) == 1
    assert "publicationline" not in bringing[0]
