"""Surveys, what they ask and the bank, for programs."""

from typing import Any

import pytest

from surveys.models import Survey
from surveys.services.templates import CODES
from tenancy.models import Company
from tenancy.scope import company_scope
from tests.api.conftest import ApiOf
from tests.factories.cast import Cast
from tests.surveys.asking import DOCUMENT, planned, survey_of


def test_surveys_through_the_api(jinxiu: Cast, heyue: Cast, api: ApiOf) -> None:
    with company_scope(heyue.company.pk):
        theirs = survey_of(heyue)
    manager, supervisor, desk = (api(jinxiu.members[r]) for r in ("manager", "supervisor", "desk"))
    made = manager.post("surveys/", {"title": "十一月", "template": "satisfaction"})
    body = made.json()
    assert (made.status_code, body["edition"], body["is_sound"]) == (201, 1, True)
    survey = f"surveys/{body['id']}/"
    assert [row["id"] for row in supervisor.results("surveys/")] == [body["id"]]
    assert supervisor.results("surveys/?archived=true") == []
    assert desk.get("surveys/").status_code == 403
    assert supervisor.post("surveys/", {"title": "x"}).status_code == 403
    assert manager.get(f"surveys/{theirs.pk}/questionnaire/").status_code == 404
    assert manager.post("surveys/", {"title": "十一月"}).json()["code"] == "name_taken"
    changed = manager.send("PATCH", survey, {"is_archived": True, "title": "冬"})
    assert (changed.json()["is_archived"], changed.json()["title"]) == (True, "冬")
    assert manager.post(f"{survey}copy/", {"title": "春"}).json()["title"] == "春"


def test_questionnaire_is_rewritten_and_only_what_was_seen(jinxiu: Cast, api: ApiOf) -> None:
    with company_scope(jinxiu.company.pk):
        survey = survey_of(jinxiu)
        planned(jinxiu, survey)
    manager = api(jinxiu.manager)
    place = f"surveys/{survey.pk}/questionnaire/"
    read = manager.get(place).json()
    assert (read["number"], read["faults"]) == (1, [])
    document = read["document"]
    document["sections"][0]["title"] = "新"
    sent = {"document": document, "seen": read["mark"]}
    rewritten = manager.send("PUT", place, sent)
    assert (rewritten.status_code, rewritten.json()["number"]) == (200, 2)
    assert manager.send("PUT", place, sent).json()["code"] == "changed_meanwhile"
    editions = manager.get(f"surveys/{survey.pk}/editions/").json()
    assert [each["number"] for each in editions] == [2, 1]
    first = manager.get(f"surveys/{survey.pk}/editions/1/").json()
    assert first["document"]["sections"][0]["title"] == "服务"
    for number in (3, 2**40):
        assert manager.get(f"surveys/{survey.pk}/editions/{number}/").status_code == 404


def test_every_fault_is_pointed_at(jinxiu: Cast, api: ApiOf) -> None:
    manager = api(jinxiu.manager)
    questions: list[dict[str, Any]] = [
        {"key": "a", "kind": "single", "text": "?"},
        {"key": "b", "kind": "rating", "text": ""},
    ]
    document = {"sections": [{"key": "s", "title": "S", "questions": questions}]}
    refused = manager.post("surveys/", {"title": "x", "document": document})
    assert refused.status_code == 400
    assert [(each["pointer"], each["code"]) for each in refused.json()["errors"]] == [
        ("/document/b", "text_missing"),
        ("/document/a", "too_few_choices"),
    ]
    kept = manager.post("surveys/", {"title": "x", "document": document, "unfinished": True})
    assert kept.json()["is_sound"] is False
    place = f"surveys/{kept.json()['id']}/questionnaire/"
    faults = manager.get(place).json()["faults"]
    assert faults[0] == {"place": "b", "code": "text_missing", "detail": "The text is missing."}
    sent = {"document": {"sections": [{"title": "S", "questions": [5]}]}}
    assert manager.send("PUT", place, sent).status_code == 400
    nothing = manager.post("surveys/", {"title": "y"}).json()
    assert nothing["is_sound"] is False


DEEP: Any = []
for _each in range(200):
    DEEP = [DEEP]


@pytest.mark.parametrize(
    "document",
    [
        [], "x", 5, DEEP,
        {"sections": DEEP},
        {"sections": [{"title": "a\x00", "questions": [{"kind": "text", "text": "?"}]}]},
        {**DOCUMENT, "translations": {"e\x00n": {"speed": "x"}}},
        {**DOCUMENT, "translations": {"en": {"sp\x00eed": "x"}}},
        {**DOCUMENT, "translations": {"e" * 100: {}}},
        {"sections": [{"title": "a", "questions": [{"kind": "text", "text": "?"}] * 5000}]},
    ],
)  # fmt: skip
def test_strange_documents_are_refused(jinxiu: Cast, api: ApiOf, document: Any) -> None:
    sent = {"title": "x", "document": document, "unfinished": True}
    assert api(jinxiu.manager).post("surveys/", sent).status_code == 400
    with company_scope(jinxiu.company.pk):
        assert Survey.objects.count() == 0


def test_templates_and_bank(jinxiu: Cast, api: ApiOf) -> None:
    Company.objects.filter(pk=jinxiu.company.pk).update(language="zh-hans")
    manager = api(jinxiu.manager)
    assert [each["code"] for each in manager.get("surveys/templates/").json()] == list(CODES)
    document = manager.get("surveys/templates/pulse/").json()["document"]
    assert document["translations"]["en"]["pulse"] == "Our service during the last month"
    assert manager.get("surveys/templates/none/").status_code == 404
    question = {"kind": "single", "text": "哪里？", "choices": [{"text": "甲"}, {"text": "乙"}]}
    sent = {"question": question, "translations": {"en": {"q": "Where?"}}, "topic": "地点"}
    kept = manager.post("surveys/bank/", sent)
    assert (kept.status_code, kept.json()["topic"]) == (201, "地点")
    assert manager.post("surveys/bank/", sent).json()["code"] == "kept_already"
    assert manager.post("surveys/bank/", {"question": {"kind": "single"}}).status_code == 400
    own, template = (
        manager.get(f"surveys/bank/?search={words}").json() for words in ("WHERE?", "recommend")
    )
    assert ([each["is_own"] for each in own], template[0]["is_own"]) == ([True], False)
    fitting = manager.get("surveys/bank/?dimension=empathy").json()
    assert {each["question"]["dimension"] for each in fitting} == {"empathy"}
    assert manager.get("surveys/bank/?dimension=beauty").status_code == 400
    survey = manager.post("surveys/", {"title": "x"}).json()
    names = [own[0]["name"], "satisfaction.nps"]
    taken = manager.post(f"surveys/{survey['id']}/take/", {"names": names})
    assert [each["key"] for each in taken.json()] == ["q1", "q2"]
    unknown = manager.post(f"surveys/{survey['id']}/take/", {"names": ["nothing"]})
    assert unknown.status_code == 404
    proposed = manager.post(f"surveys/{survey['id']}/proposals/", {"language": "zh-hant"})
    assert proposed.json() == {"proposed": 5}  # the title among them
    nothing = manager.post(f"surveys/{survey['id']}/proposals/", {"language": "en"})
    assert nothing.json()["code"] == "nothing_to_propose_from"
    assert manager.send("DELETE", f"surveys/bank/{own[0]['name']}/").status_code == 204
    assert manager.get("surveys/bank/?search=WHERE?").json() == []
