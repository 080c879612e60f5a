"""The builder in the browser's hands: lists, forms, faults, and what two people do at once."""

from time import process_time
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from surveys.models import Edition, Survey
from surveys.questionnaire import Questionnaire
from surveys.services.editing import mark
from surveys.services.survey import newest, questionnaire_of
from tenancy.models import Company
from tenancy.scope import company_scope
from tests.conftest import SignIn
from tests.factories.cast import Cast
from tests.surveys.asking import planned, survey_of

HTMX = {"HX-Request": "true"}


def made(cast: Cast, **more: Any) -> Survey:
    with company_scope(cast.company.pk):
        return survey_of(cast, **more)


def url(cast: Cast, name: str, survey: Survey | None = None, key: str = "") -> str:
    kwargs = {"company": cast.company.slug}
    kwargs |= {"pk": str(survey.pk)} if survey else {}
    return reverse(f"surveys:{name}", kwargs=kwargs | ({"key": key} if key else {}))


def asked(cast: Cast, survey: Survey) -> Questionnaire:
    with company_scope(cast.company.pk):
        return questionnaire_of(newest(survey))[0]


def keys(cast: Cast, survey: Survey) -> str:
    found = asked(cast, survey)
    return " | ".join(" ".join(each.key for each in one.questions) for one in found.sections)


def page_of(client: Client, address: str, **more: Any) -> str:
    answer = client.get(address, **more)
    assert answer.status_code == 200
    return answer.content.decode()


def test_list_asks_the_same_number_of_questions_however_long_it_is(
    jinxiu: Cast, sign_in: SignIn
) -> None:
    client = sign_in(jinxiu.supervisor)
    numbers = []
    for count in (1, 3):
        for n in range(count):
            survey = made(jinxiu, title=f"调查{count}{n}")
            with company_scope(jinxiu.company.pk):
                planned(jinxiu, survey)
        page_of(client, url(jinxiu, "survey_list"))
        with CaptureQueriesContext(
            connection,
        ) as queries:
            found = page_of(client, url(jinxiu, "survey_list"))
        numbers.append(len(queries))
        assert found.count("row-link") == count + (1 if count == 3 else 0)
    assert numbers[0] == numbers[1]


def test_survey_begins_with_a_template_in_the_companys_language(
    jinxiu: Cast, sign_in: SignIn
) -> None:
    Company.objects.filter(pk=jinxiu.company.pk).update(language="zh-hans")
    client = sign_in(jinxiu.manager)
    assert "五问速查" in page_of(
        client, url(jinxiu, "survey_add"), headers={"accept-language": "zh-hans"}
    )
    address = url(jinxiu, "survey_add") + "?template=pulse"
    assert 'value="五问速查"' in page_of(client, address)
    answer = client.post(address, {"title": "十一月", "audience": "owners", "one_per": "household"})
    with company_scope(jinxiu.company.pk):
        survey = Survey.objects.get()
        assert newest(survey).is_sound
    assert answer["Location"] == url(jinxiu, "survey_questions", survey)
    found = asked(jinxiu, survey).in_language("en")
    assert found.by_key["tan"].text == "Are grounds and facilities as you want them?"
    assert 'value=""' not in page_of(client, url(jinxiu, "survey_change", survey))


def test_staff_survey_has_one_answer_for_each_person(jinxiu: Cast, sign_in: SignIn) -> None:
    client = sign_in(jinxiu.manager)
    facts = {"title": "内部", "audience": "staff", "one_per": "household"}
    client.post(url(jinxiu, "survey_add") + "?template=", facts)
    with company_scope(jinxiu.company.pk):
        survey = Survey.objects.get()
        assert (survey.one_per, newest(survey).is_sound) == ("person", False)
    assert "There is no question yet." in page_of(client, url(jinxiu, "survey_questions", survey))
    assert "1 place needs another look" in page_of(client, url(jinxiu, "survey", survey))


def test_survey_is_named_laid_aside_and_copied(jinxiu: Cast, sign_in: SignIn) -> None:
    client, survey = sign_in(jinxiu.manager), made(jinxiu)
    facts = {"title": "新名字", "audience": "owners", "one_per": "person"}
    client.post(url(jinxiu, "survey_change", survey), facts)
    client.post(url(jinxiu, "survey_aside", survey), {"is_archived": "on"})
    assert "新名字" not in page_of(client, url(jinxiu, "survey_list"))
    assert "新名字" in page_of(client, url(jinxiu, "survey_list") + "?aside")
    client.post(url(jinxiu, "survey_copy", survey), {"title": "新名字"})  # is taken
    client.post(url(jinxiu, "survey_copy", survey), {"title": "副本"})
    with company_scope(jinxiu.company.pk):
        assert [each.title for each in Survey.objects.order_by("id")] == ["新名字", "副本"]
        facts["audience"] = "staff"
    client.post(url(jinxiu, "survey_aside", survey))
    with company_scope(jinxiu.company.pk):
        planned(jinxiu, survey)
    answer = client.post(url(jinxiu, "survey_change", survey), facts)
    assert (answer.status_code, "has been asked already" in answer.content.decode()) == (422, True)


@pytest.mark.parametrize(
    ("act", "expected"),
    [
        ("down speed", "words speed"),
        ("up words", "words speed"),
        ("copy speed", "speed q1 words"),
        ("delete speed", "words"),
        ("delete s1", ""),
        ("delete gone", "speed words"),
        ("up s1", "speed words"),
        ("back x", "speed words"),
        ("explode s1", "speed words"),
        ("", "speed words"),
        ("up \x00", "speed words"),
    ],
)
def test_buttons_of_the_builder(jinxiu: Cast, sign_in: SignIn, act: str, expected: str) -> None:
    client, survey = sign_in(jinxiu.manager), made(jinxiu)
    answer = client.post(url(jinxiu, "survey_questions_act", survey), {"act": act})
    assert answer["Location"].partition("#")[0] == url(jinxiu, "survey_questions", survey)
    assert keys(jinxiu, survey) == expected


def test_what_was_deleted_is_put_back(jinxiu: Cast, sign_in: SignIn) -> None:
    client, survey = sign_in(jinxiu.manager), made(jinxiu)
    act = url(jinxiu, "survey_questions_act", survey)
    found = client.post(act, {"act": "delete speed"}, headers=HTMX)
    assert (found["HX-Retarget"], "Put it back" in found.content.decode()) == ("#builder", True)
    assert "Put it back" not in page_of(
        client, url(jinxiu, "survey_questions", made(jinxiu, title="B"))
    )
    client.post(act, {"act": "back x"})
    assert keys(jinxiu, survey) == "speed words"
    assert "Put it back" not in page_of(client, url(jinxiu, "survey_questions", survey))


def question(**more: Any) -> dict[str, Any]:
    return {"kind": "single", "text": "在哪里？", "help": "", "section": "s1", **more}


def test_question_is_added_with_choices_and_a_condition(jinxiu: Cast, sign_in: SignIn) -> None:
    client, survey = sign_in(jinxiu.manager), made(jinxiu)
    address = url(jinxiu, "question_add", survey) + "?section=s1&kind=single"
    assert "More choices" in page_of(client, address)
    said = question(more_choices="大门\n电梯\n\n", when=["0"], **{"when-0-question_key": "speed"})
    # Which question it waits for has been chosen: now it can be said what of it.
    again = client.post(address, {**said, "again": "shape"}).content.decode()
    assert ("the answer is at most" in again, again.count('name="when"')) == (True, 2)
    said |= {"when": ["0", "1"], "when-0-test": "at_most", "when-1-question_key": ""}
    wrong = client.post(address, said)
    assert (wrong.status_code, "Say which amount." in wrong.content.decode()) == (422, True)
    client.post(address, {**said, "when-0-amount": "2", "required": "on", "shuffled": "on"})
    made_ = asked(jinxiu, survey).by_key["q1"]
    (condition,) = made_.conditions
    assert [each.text for each in made_.choices] == ["大门", "电梯"]
    assert (made_.required, made_.shuffled, condition.amount) == (True, True, 2)
    page = page_of(client, url(jinxiu, "survey_questions", survey))
    assert "Asked if 1 “报修处理及时吗？” was answered with 2 or less" in page


EVERY_CONDITION: list[dict[str, Any]] = [
    {"question": "via", "test": "any_of", "choices": ["c1"]},
    {"question": "via", "test": "none_of", "choices": ["c2"]},
    {"question": "speed", "test": "at_least", "amount": 2},
    {"question": "speed", "test": "at_most", "amount": 4},
    {"question": "since", "test": "answered"},
]


def waiting(cast: Cast) -> Survey:
    before: list[dict[str, Any]] = [
        {"key": "speed", "kind": "rating", "text": "快吗？"},
        {"key": "via", "kind": "single", "text": "怎么？",
         "choices": [{"text": "电话"}, {"text": "前台"}]},
        {"key": "since", "kind": "date", "text": "何时？"},
        {"key": "years", "kind": "number", "text": "几年？"},
    ]  # fmt: skip
    last = {"key": "why", "kind": "text", "text": "为什么？", "conditions": EVERY_CONDITION}
    questions = [*before, last]
    return made(cast, document={"sections": [{"title": "多", "questions": questions}]})


def test_every_condition_is_said_in_words(jinxiu: Cast, sign_in: SignIn) -> None:
    client, survey = sign_in(jinxiu.manager), waiting(jinxiu)
    page = page_of(client, url(jinxiu, "survey_questions", survey))
    for words in (
        "2 “怎么？” was answered with: 电话",
        "2 “怎么？” was not answered with: 前台",
        "1 “快吗？” was answered with 2 or more",
        "1 “快吗？” was answered with 4 or less",
        "3 “何时？” was answered</p>",
    ):
        assert words in page
    # What it waited for has gone: nobody is asked, and whoever mends it is told.
    client.post(url(jinxiu, "survey_questions_act", survey), {"act": "delete via"})
    page = page_of(client, url(jinxiu, "survey_questions", survey))
    assert "Asked only after a question that is not there any more" in page
    assert "comes later or is gone" in page_of(client, url(jinxiu, "question", survey, "why"))


def test_every_condition_is_chosen_from_lists(jinxiu: Cast, sign_in: SignIn) -> None:
    client, survey = sign_in(jinxiu.manager), waiting(jinxiu)
    there = url(jinxiu, "question", survey, "why")
    why = asked(jinxiu, survey).by_key["why"]
    shown = page_of(client, there)
    assert (shown.count('name="when"'), "All of these must hold." in shown) == (6, True)
    said = {"kind": "text", "text": "为什么？", "section": "s1", "seen": mark(why)}
    chosen = {"when": ["0"], "when-0-question_key": "via", "when-0-test": "none_of"}
    wrong = client.post(there, {**said, **chosen})
    assert "Choose at least one." in wrong.content.decode()
    client.post(there, {**said, **chosen, "when-0-choices": ["c1"]})
    (condition,) = asked(jinxiu, survey).by_key["why"].conditions
    assert (condition.question, sorted(condition.choices)) == ("via", ["c1"])
    again = client.post(there, {**chosen, "when-0-question_key": "years", "again": "shape"})
    assert 'name="when-0-amount"' in again.content.decode()
    wrong = client.post(there, {**said, "when": ["0"], "when-0-question_key": "years"})
    assert "This field is required." in wrong.content.decode()


def test_choices_keep_their_keys_whatever_is_done_to_them(jinxiu: Cast, sign_in: SignIn) -> None:
    client, survey = sign_in(jinxiu.manager), made(jinxiu)
    client.post(url(jinxiu, "question_add", survey), question(more_choices="甲\n乙\n丙"))
    address = url(jinxiu, "question", survey, "q1")
    before = asked(jinxiu, survey).by_key["q1"]
    lines = {"choices-key": ["c1", "c2", "c3"], "choices-text": ["甲", "乙", "丙"]}
    for act in ("up choices 1", "down choices 0"):
        shown = client.post(address, question(**lines, again=act)).content.decode()
        assert shown.index('value="乙"') < shown.index('value="甲"')
    for act in ("drop choices 0", "drop choices 0 1", "up choices 99", "up shoes 1", "x"):
        shown = client.post(address, question(**lines, again=act)).content.decode()
        assert ('value="甲"' in shown) == (act != "drop choices 0")
    lines = {"choices-key": ["c3", "c1", "c2"], "choices-text": ["丙", "", "乙！"]}
    client.post(address, question(**lines, more_choices="丁", seen=mark(before)))
    found = asked(jinxiu, survey).by_key["q1"].choices
    assert [(each.key, each.text) for each in found] == [("c3", "丙"), ("c2", "乙！"), ("c4", "丁")]


def test_question_that_two_people_write_loses_nothing(jinxiu: Cast, sign_in: SignIn) -> None:
    client, survey = sign_in(jinxiu.manager), made(jinxiu)
    address = url(jinxiu, "question", survey, "speed")
    shown = page_of(client, address)
    seen = shown.split('name="seen" value="')[1].split('"')[0]
    theirs = {"kind": "rating", "text": "他们的", "section": "s1", "seen": seen}
    client.post(address, theirs)
    mine = {**theirs, "text": "我的"}
    answer = client.post(address, mine, headers=HTMX)
    page = answer.content.decode()
    assert (answer.status_code, "他们的" in page, "我的" in page) == (422, True, True)
    assert asked(jinxiu, survey).by_key["speed"].text == "他们的"
    seen = page.split('name="seen" value="')[1].split('"')[0]
    client.post(address, {**mine, "seen": seen})
    assert asked(jinxiu, survey).by_key["speed"].text == "我的"
    client.post(url(jinxiu, "survey_questions_act", survey), {"act": "delete speed"})
    answer = client.post(address, mine)
    page = answer.content.decode()
    assert (answer.status_code, "deleted this meanwhile" in page, "我的" in page) == (
        422,
        True,
        True,
    )


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"text": ""}, "This field is required."),
        ({"kind": "smell"}, "Select a valid choice"),
        ({"text": "x" * 1001}, "at most 1000 characters"),
        ({"text": "a\x00b"}, "Null characters are not allowed."),
        ({"more_choices": "\n".join("x" * 60)}, "50 lines at most."),
        ({"more_choices": "x" * 1001}, "1000 characters at most on a line."),
        ({"when": ["0"], "when-0-question_key": "later"}, "Select a valid choice"),
        ({"section": "elsewhere"}, "Select a valid choice"),
        (
            {"when": ["0"], "when-0-question_key": "speed", "when-0-test": "any_of"},
            "Select a valid choice",
        ),
    ],
)
def test_wrong_question_is_shown_again_with_a_sentence(
    jinxiu: Cast, sign_in: SignIn, said: dict[str, Any], sentence: str
) -> None:
    client, survey = sign_in(jinxiu.manager), made(jinxiu)
    answer = client.post(url(jinxiu, "question_add", survey), question(**said))
    assert (answer.status_code, sentence in answer.content.decode()) == (422, True)
    assert keys(jinxiu, survey) == "speed words"


def test_sections_are_added_and_renamed(jinxiu: Cast, sign_in: SignIn) -> None:
    client, survey = sign_in(jinxiu.manager), made(jinxiu)
    add, there = url(jinxiu, "section_add", survey), url(jinxiu, "section", survey, "s2")
    page_of(client, add)
    assert client.post(add, {"title": ""}).status_code == 422
    assert client.get(there).status_code == 404
    client.post(add, {"title": "其他", "intro": "请"})
    assert 'value="其他"' in page_of(client, there, headers=HTMX)
    client.post(there, {"title": "别的"})
    assert [each.title for each in asked(jinxiu, survey).sections] == ["服务", "别的"]
    client.post(url(jinxiu, "survey_questions_act", survey), {"act": "up s2"})
    assert keys(jinxiu, survey) == " | speed words"
    client.post(url(jinxiu, "survey_questions_act", survey), {"act": "up speed"})
    assert keys(jinxiu, survey) == "speed | words"


def test_asked_edition_says_that_a_change_makes_another(jinxiu: Cast, sign_in: SignIn) -> None:
    client, survey = sign_in(jinxiu.manager), made(jinxiu)
    with company_scope(jinxiu.company.pk):
        planned(jinxiu, survey)
    address = url(jinxiu, "survey_questions", survey)
    page = page_of(client, address)
    assert "Edition 1 is asked in “2026年下半年” and stays as it is." in page
    assert "Your first change makes edition 2." in page
    client.post(url(jinxiu, "survey_questions_act", survey), {"act": "copy speed"})
    assert "Your first change" not in page_of(client, address)
    with company_scope(jinxiu.company.pk):
        Edition.objects.filter(number=2).update(frozen_on="2026-11-10")
    assert "Edition 2 has been answered" in page_of(client, address)


def test_three_hundred_questions_are_written_without_waiting(jinxiu: Cast, sign_in: SignIn) -> None:
    waits = [{"question": f"t{n - 1}", "test": "any_of", "choices": ["c1"]} for n in range(300)]
    many = [
        {"kind": "single", "text": f"第{n}题？", "key": f"t{n}",
         "choices": [{"text": "好"}, {"text": "不好"}],
         "conditions": waits[n : n + 1] if n else []}
        for n in range(300)
    ]  # fmt: skip
    survey = made(jinxiu, document={"sections": [{"title": "多", "questions": many}]})
    client = sign_in(jinxiu.manager)
    page_of(client, url(jinxiu, "survey_questions", survey))
    begun = process_time()
    page_of(client, url(jinxiu, "survey_questions", survey))
    shown = process_time() - begun
    client.post(url(jinxiu, "survey_questions_act", survey), {"act": "down t298"}, headers=HTMX)
    moved = process_time() - begun - shown
    more = client.post(url(jinxiu, "question_add", survey), question(more_choices="甲\n乙"))
    assert "There are too many questions: 300 at most." in more.content.decode()
    answer = client.post(url(jinxiu, "survey_questions_act", survey), {"act": "copy t0"})
    assert "There are too many questions: 300 at most." in page_of(client, answer["Location"])
    # A fifth of a second each; the measuring of branches takes several times as long.
    assert (shown < 3, moved < 3) == (True, True), (shown, moved)
