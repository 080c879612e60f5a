"""Other languages, other editions, the bank, and what an owner would see."""

from dataclasses import replace
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from surveys.models import Ballot, Invitation, Survey, Wave
from surveys.questionnaire import read
from surveys.questionnaire.comparing import compare
from surveys.services.editing import mark, save_question
from surveys.services.inviting import secret_of
from surveys.services.publishing_words import asked_in
from surveys.services.results import in_words
from surveys.services.templates import CODES, UnknownTemplate, template, templates
from surveys.services.titles import UnknownLanguage
from surveys.services.wording import traditional
from surveys.services.words import (
    NotATable,
    NothingToProposeFrom,
    lines_of,
    missing,
    propose_words,
    read_table,
    save_words,
    table_of,
)
from tenancy.scope import company_scope
from tests.conftest import SignIn
from tests.factories.cast import TUESDAY, Cast
from tests.surveys.asking import DOCUMENT, opened, planned
from tests.surveys.test_builder import asked, made, page_of, url

ENGLISH = {"s1": "Service", "speed": "Quick?", "words": "Anything else?"}


def chinese(cast: Cast, **more: Any) -> Survey:
    return made(cast, language="zh-hans", **more)


# --- templates ---


@pytest.mark.parametrize("language", ["zh-hans", "zh-hant", "en"])
def test_templates_are_sound_and_whole_in_every_language(language: str) -> None:
    found = templates(language)
    assert [each.code for each in found] == list(CODES)
    for each in found:
        questionnaire = each.questionnaire
        others = {"zh-hans", "zh-hant", "en"} - {language}
        assert {code: missing(questionnaire, code) for code in others} == dict.fromkeys(others, 0)
        assert read(each.whole) == questionnaire
        is_latin = questionnaire.sections[0].title.isascii()
        assert is_latin == (language == "en")
    assert template("pulse", "fr").language == "zh-hans"
    with pytest.raises(UnknownTemplate):
        template("../secrets", "en")


def test_templates_speak_of_homes_and_not_of_computers() -> None:
    said = {
        "收费项目清楚": "收費項目清楚",
        "电梯运行与保养": "電梯運行與保養",
        "社区活动": "社區活動",
    }
    said |= {"是否支持": "是否支持", "网络": "網路", "设备和文件": "設備和文件"}
    assert {text: traditional(text) for text in said} == said
    for each in templates("zh-hant"):
        words = str(each.document["sections"]) + each.title
        assert not any(wrong in words for wrong in ("專案", "執行", "社群", "支援"))


def test_satisfaction_has_three_items_at_least_for_each_dimension() -> None:
    items: dict[str, int] = {}
    for each in template("satisfaction", "zh-hans").questionnaire:
        if each.dimension:
            items[each.dimension] = items.get(each.dimension, 0) + max(len(each.rows), 1)
    assert items == {
        "reliability": 4, "responsiveness": 4, "assurance": 3, "empathy": 3, "tangibles": 7
    }  # fmt: skip


# --- translations ---


def test_words_are_written_beside_the_original(jinxiu: Cast, sign_in: SignIn) -> None:
    client, survey = sign_in(jinxiu.manager), chinese(jinxiu)
    address = url(jinxiu, "survey_words", survey) + "?language=en"
    page = page_of(client, address)
    assert ("4 missing" in page, "Propose" in page) == (True, False)
    seen = page.split('name="seen" value="')[1].split('"')[0]
    sent = {"seen": seen, "w-s1": "Service", "w-speed": "Quick?", "w-words": ""}
    client.post(address, sent)
    assert asked(jinxiu, survey).translations == {"en": {"s1": "Service", "speed": "Quick?"}}
    # Somebody has translated meanwhile: both are shown, and nothing is overwritten unseen.
    answer = client.post(address, {**sent, "w-speed": "Fast?"})
    page = answer.content.decode()
    assert (answer.status_code, "As it is now:" in page, "Fast?" in page) == (422, True, True)
    seen = page.split('name="seen" value="')[1].split('"')[0]
    client.post(address, {**sent, "seen": seen, "w-speed": "Fast?", "w-s1": ""})
    assert asked(jinxiu, survey).translations == {"en": {"speed": "Fast?"}}
    for language in ("zh-hans", "fr", "\x00"):
        params = {"language": language}
        assert client.get(url(jinxiu, "survey_words", survey), params).status_code == 404
    empty = made(jinxiu, title="空", document={"sections": []}, unfinished=True)
    # Without a question there is the title.
    assert page_of(client, url(jinxiu, "survey_words", empty)).count("<textarea") == 1


def test_translation_whose_original_has_changed_is_looked_over(
    jinxiu: Cast, sign_in: SignIn
) -> None:
    client = sign_in(jinxiu.manager)
    survey = chinese(jinxiu, document={**DOCUMENT, "translations": {"en": ENGLISH}})
    speed = asked(jinxiu, survey).by_key["speed"]
    said: dict[str, Any] = {"kind": "rating", "required": "on", "section": "s1"}
    there = url(jinxiu, "question", survey, "speed")
    client.post(there, {**said, "text": "快吗？", "seen": mark(speed)})
    assert asked(jinxiu, survey).stale == {"en": {"speed"}}
    address = url(jinxiu, "survey_words", survey) + "?language=en"
    assert "1 to look over" in page_of(client, address)
    words = {f"w-{place}": text for place, text in ENGLISH.items()}
    client.post(address, words)
    assert asked(jinxiu, survey).stale == {"en": {"speed"}}
    client.post(address, {**words, "right-speed": "on"})
    assert asked(jinxiu, survey).stale == {}
    client.post(there, {**said, "text": "很快吗？", "seen": mark(replace(speed, text="快吗？"))})
    client.post(address, {**words, "w-speed": "Very quick?"})
    assert asked(jinxiu, survey).stale == {}
    # Copied, moved or read in another language, nothing else is doubted.
    assert asked(jinxiu, survey).in_language("en").by_key["speed"].text == "Very quick?"


def test_a_question_changed_while_somebody_translates_is_looked_at_again(
    jinxiu: Cast, sign_in: SignIn
) -> None:
    client, survey = sign_in(jinxiu.manager), chinese(jinxiu)
    address = url(jinxiu, "survey_words", survey) + "?language=en"
    seen = page_of(client, address).split('name="seen" value="')[1].split('"')[0]
    speed = asked(jinxiu, survey).by_key["speed"]
    with company_scope(jinxiu.company.pk):
        save_question(
            survey=survey, question=replace(speed, text="保洁满意吗？"), seen=mark(speed),
            by=jinxiu.actor("manager"), now=TUESDAY,
        )  # fmt: skip
    answer = client.post(address, {"w-speed": "Quick?", "seen": seen})
    page = answer.content.decode()
    assert (answer.status_code, "保洁满意吗？" in page, "Quick?" in page) == (422, True, True)
    assert asked(jinxiu, survey).translations == {}


def test_line_ends_of_a_browser_are_no_other_words(jinxiu: Cast, sign_in: SignIn) -> None:
    words = {"en": {"speed": "One\ntwo"}}
    survey = chinese(
        jinxiu, document={**DOCUMENT, "translations": words, "stale": {"en": ["speed"]}}
    )
    address = url(jinxiu, "survey_words", survey) + "?language=en"
    sign_in(jinxiu.manager).post(address, {"w-speed": "One\r\ntwo"})
    assert asked(jinxiu, survey).stale == {"en": {"speed"}}
    assert asked(jinxiu, survey).translations == words


STALE = {
    **DOCUMENT,
    "translations": {
        "en": ENGLISH,
        "zh-hant": {"s1": "服務", "speed": "以前問的？", "words": "其他？"},
    },
    "stale": {"en": ["speed"], "zh-hant": ["speed"]},
}


@pytest.mark.parametrize(
    ("language", "expected", "other"),
    [
        ("en", "报修处理及时吗？", "Anything else?"),
        ("zh-hant", "報修處理及時嗎？", "其他？"),
        ("zh-hans", "报修处理及时吗？", "还想说什么？"),
    ],
)
def test_nobody_is_asked_what_was_translated_before_the_text_changed(
    jinxiu: Cast, sign_in: SignIn, client: Client, language: str, expected: str, other: str
) -> None:
    survey = chinese(jinxiu, document=STALE)
    with company_scope(jinxiu.company.pk):
        wave = opened(jinxiu, survey)
        Wave.objects.update(opens_on="2020-01-01", closes_on="2099-12-31")
        secret = secret_of(Invitation.objects.get(wave=wave))
    client.cookies.load({settings.LANGUAGE_COOKIE_NAME: language})
    preview = url(jinxiu, "survey_preview", survey) + f"?language={language}"
    for page in (
        page_of(client, f"/jinxiu/s/{secret}/"),
        page_of(sign_in(jinxiu.manager), preview),
    ):
        assert (expected in page, other in page) == (True, True)
        assert not any(stale in page for stale in ("Quick?", "以前問的"))
    # Whoever reads results and what is published reads the same words.
    with company_scope(jinxiu.company.pk):
        assert in_words(wave, language).by_key["speed"].text == expected
        assert asked_in(wave)[language].by_key["speed"].text == expected


def test_whoever_plans_is_told_which_translations_need_another_look(
    jinxiu: Cast, sign_in: SignIn
) -> None:
    client, survey = sign_in(jinxiu.manager), chinese(jinxiu, document=STALE)
    plan = f"/jinxiu/surveys/{survey.pk}/waves/new/"
    pages = [url(jinxiu, "survey_questions", survey), url(jinxiu, "survey", survey), plan]
    words = url(jinxiu, "survey_words", survey)
    for address in pages:
        page = page_of(client, address)
        assert "English: 1 translation needs another look" in page
        assert f"{words}?language=zh-hant" in page
    sound = chinese(jinxiu, title="乙", document={**STALE, "stale": {}})
    for address in pages:
        page = page_of(client, address.replace(str(survey.pk), str(sound.pk)))
        assert "another look" not in page


def test_many_texts_are_written_a_page_at_a_time(jinxiu: Cast, sign_in: SignIn) -> None:
    many = [{"kind": "text", "text": f"{n}？", "key": f"t{n}"} for n in range(250)]
    survey = chinese(jinxiu, document={"sections": [{"title": "多", "questions": many}]})
    client = sign_in(jinxiu.manager)
    address = url(jinxiu, "survey_words", survey) + "?language=en&page="
    counts = [page_of(client, address + each).count("<textarea") for each in "12x0"]
    assert counts == [200, 52, 200, 200]


def test_traditional_is_proposed_where_it_is_missing(jinxiu: Cast, sign_in: SignIn) -> None:
    survey = chinese(jinxiu, document={**DOCUMENT, "translations": {"zh-hant": {"s1": "物業"}}})
    client = sign_in(jinxiu.manager)
    client.post(url(jinxiu, "words_propose", survey) + "?language=zh-hant")
    found = asked(jinxiu, survey).translations["zh-hant"]
    assert found == {"s1": "物業", "speed": "報修處理及時嗎？", "words": "還想說什麼？"}
    client.post(url(jinxiu, "words_propose", survey) + "?language=en")
    by: dict[str, Any] = {"by": jinxiu.actor("manager"), "now": TUESDAY}
    with company_scope(jinxiu.company.pk):
        for language in ("en", "zh-hans"):
            with pytest.raises(NothingToProposeFrom):
                propose_words(survey=survey, language=language, **by)
        english = made(jinxiu, title="E", language="en")
        with pytest.raises(NothingToProposeFrom):
            propose_words(survey=english, language="zh-hant", **by)
        with pytest.raises(UnknownLanguage):
            save_words(survey=english, language="en", words={}, **by)


def test_table_goes_out_and_comes_back(jinxiu: Cast, sign_in: SignIn) -> None:
    client, survey = sign_in(jinxiu.manager), chinese(jinxiu)
    address = url(jinxiu, "words_table", survey) + "?language=en"
    table = client.get(address).content.decode()
    head = f"\ufeffplace,original,translation\r\n:title,{survey.title},\r\ns1,服务,\r\n"
    assert table.startswith(head)
    filled = table.replace("s1,服务,", "s1,服务,'=Service").replace("？,\r", "？, Quick?\r")
    filled += "gone,x,y\r\nspeed\r\n,,\r\n"

    def send(content: bytes) -> str:
        file = SimpleUploadedFile("words.csv", content)
        answer = client.post(address, {"table": file}, follow=True)
        return str(answer.content.decode())

    page = send(filled.encode())
    assert ("3 texts were read." in page, "1 line was left out" in page) == (True, True)
    assert asked(jinxiu, survey).translations["en"]["s1"] == "=Service"
    assert "left out" not in send(table.encode())
    assert "s1,服务,'=Service" in client.get(address).content.decode()
    for content in (b"\xff\xfe\x00", b"a,b,c\r\n", b"\r\n", b'place,"'):
        assert "This is no table of words." in send(content)
    assert "This table is too large" in send(b"x" * 2_000_001)
    assert "file is empty" in send(b"")


def test_table_is_read_as_far_as_it_fits() -> None:
    questionnaire = read({**DOCUMENT, "translations": {"en": {"speed": "-5?"}}})
    table = table_of(questionnaire, "en")
    assert "'-5?" in table
    assert read_table(table.encode(), questionnaire) == ({"speed": "-5?"}, 0)
    long = f"place,original,translation\nspeed,报修处理及时吗？,{'y' * 1001}\n".encode()
    assert read_table(long, questionnaire) == ({}, 1)
    # What a spreadsheet does to spaces is no matter; another text is another question.
    for original, expected in (
        ("报修处理及时吗？\r\n", ({"speed": "?"}, 0)),
        ("电梯好吗？", ({}, 1)),
    ):
        other = f'place,original,translation\nspeed,"{original}",?\n'.encode()
        assert read_table(other, questionnaire) == expected
    with pytest.raises(NotATable):
        read_table(b"", questionnaire)
    assert [line.translation for line in lines_of(questionnaire, "fr")] == ["", "", ""]


def test_other_writing_of_chinese_is_read_where_there_is_none() -> None:
    found = read({**DOCUMENT, "translations": {"zh-hans": {"s1": "简"}, "en": {"s1": "Service"}}})
    titles = [
        found.in_language(language, own).sections[0].title
        for language, own in (
            ("zh-hant", "en"), ("zh-hant", ""), ("zh-hant", "zh-hant"), ("en", "zh-hant"),
        )
    ]  # fmt: skip
    assert titles == ["简", "服务", "服务", "Service"]


# --- preview ---


def test_preview_follows_the_logic_and_keeps_nothing(jinxiu: Cast, sign_in: SignIn) -> None:
    document = template("satisfaction", "zh-hans").document
    client, survey = sign_in(jinxiu.supervisor), chinese(jinxiu, document=document)
    address = url(jinxiu, "survey_preview", survey)
    answer = client.get(address + "?framed")
    assert answer["X-Frame-Options"] == "SAMEORIGIN"
    assert "frame-ancestors 'self'" in answer["Content-Security-Policy"]
    assert "Owner satisfaction survey" not in page_of(client, address + "?language=en")
    assert "Keeping promises" in page_of(client, address + "?language=en")
    page = client.post(address, {"q-nps": "3", "seen": ["nps"]}).content.decode()
    assert page.count('data-question="wrong"') == 1
    missing_answer = client.post(address, {"q-rel_time": "9"}).content.decode()
    assert missing_answer.count("errorlist") > 0
    with company_scope(jinxiu.company.pk):
        assert Ballot.objects.count() == 0


# --- editions ---


def test_editions_are_compared(jinxiu: Cast, sign_in: SignIn) -> None:
    client, survey = sign_in(jinxiu.manager), chinese(jinxiu)
    with company_scope(jinxiu.company.pk):
        planned(jinxiu, survey)
    act = url(jinxiu, "survey_questions_act", survey)
    for each in ("copy speed", "down speed", "delete words"):
        client.post(act, {"act": each})
    client.post(url(jinxiu, "question", survey, "speed"), {
        "kind": "score", "text": "快吗？", "section": "s1",
        "seen": page_of(client, url(jinxiu, "question", survey, "speed"))
        .split('name="seen" value="')[1].split('"')[0],
    })  # fmt: skip
    page = page_of(client, url(jinxiu, "survey_editions", survey))
    for word in ("added", "removed", "changed", "recommendation, 0 to 10", "快吗？"):
        assert word in page
    assert "They ask the same." in page_of(
        client, url(jinxiu, "survey_editions", survey) + "?of=1&than=1"
    )
    assert client.get(url(jinxiu, "survey_editions", survey) + "?of=9").status_code == 404
    assert "Edition 2" in page_of(client, url(jinxiu, "survey", survey))


def test_every_difference_is_told() -> None:
    def document(*questions: dict[str, Any], **more: Any) -> Any:
        section = {"key": "s", "title": "S", "questions": list(questions), **more}
        return read({"sections": [section]})

    a: dict[str, Any] = {"key": "a", "kind": "rating", "text": "A"}
    b: dict[str, Any] = {"key": "b", "kind": "single", "text": "B", "required": True,
                         "choices": [{"text": "x"}, {"text": "y"}]}  # fmt: skip
    c: dict[str, Any] = {"key": "c", "kind": "matrix", "text": "C", "rows": [{"text": "r"}]}
    waits = {"question": "a", "test": "at_most", "amount": 2}
    before = document(a, b, c)
    after = document(
        {**b, "required": False, "choices": [{"text": "x"}, {"text": "z"}]},
        a,
        {**c, "conditions": [waits], "help": "h"},
        {**a, "key": "d"},
        title="T",
        intro="I",
    )
    found = [
        (each.difference.value, each.text, [(d.name, d.before, d.after) for d in each.details])
        for each in compare(before, after)
    ]
    assert found == [
        ("changed", "T", [("title", "S", "T"), ("intro", "", "I")]),
        ("changed", "B", [("required", "True", ""), ("choices", "x / y", "x / z")]),
        ("changed", "C", [("help", "", "h"), ("conditions", "", "a at_most")]),
        ("added", "A", []),
    ]
    assert [each.difference.value for each in compare(after, before)].count("removed") == 1
    two = read({"sections": [{"key": "s", "title": "S", "questions": [a]}, {"title": "U"}]})
    assert [(each.difference.value, each.is_section) for each in compare(document(a), two)] == [
        ("added", True)
    ]
    assert [each.difference.value for each in compare(two, document(a))] == ["removed"]
    assert [each.text for each in compare(document(a, b, c), document(c, a, b))] == ["C"]
