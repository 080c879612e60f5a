"""Results on paper."""

import re
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from surveys.models import ResponseMark, Survey, TextCode, Wave
from surveys.services.results_pdf import MOST_TEXTS
from surveys.services.tallying import tally
from tenancy.models import Company
from tenancy.scope import company_scope
from tests.factories.cast import Cast
from tests.surveys.asking import filled, opened, street, survey_of
from tests.surveys.paper import pages_of, said_by
from tests.surveys.test_index_pages import measured
from tests.surveys.test_results_pages import operation, page
from tests.surveys.test_results_tallying import everything

STRANGE = "<b>好 & 坏</b> &lt;para> 😡 \x07 𠮷 é − 한 (a\\b)"
PLAIN = "<b>好&坏</b>&lt;para>□□é–□(a\\b)"  # what of it can be drawn


@pytest.fixture
def wave(scoped: Cast) -> Wave:
    found = everything(scoped)
    tally(wave=found)
    return found


def paper(client: Any, wave: Wave, query: str = "", **more: Any) -> str:
    return said_by(client.get(page("wave_pdf", wave.pk) + query, **more).content)


def test_pdf_holds_what_the_page_shows(wave: Wave, scoped: Cast, sign_in: Any) -> None:
    client = sign_in(scoped.manager)
    names = {f"jinxiu-{wave.closes_on:%Y%m%d}.pdf", f"{wave.pk}.pdf"}
    for address in (page("wave_pdf", wave.pk), operation("wave-pdf", wave.pk)):
        answer = client.get(address)
        assert answer["Content-Type"] == "application/pdf"
        names.discard(answer["Content-Disposition"].split('"')[1])
        pages = pages_of(answer.content)
        for number, each in enumerate(pages, start=1):
            assert f"{number} / {len(pages)}" in each
        said = "".join("".join(pages).split())
        for words in (
            "锦绣物业", "满意度调查", "Answered", "30answers", "3.0of5", "20%", "健身房", "安静",
            "below0", "2010-01", "-57NPS", "Howtoreadit", "第21",
        ):  # fmt: skip
            assert words in said
    assert names == set()


def test_pdf_says_what_is_withheld(wave: Wave, scoped: Cast, sign_in: Any) -> None:
    """Four of thirty rated the guards; nobody answered what was not asked of five."""
    said = paper(sign_in(scoped.manager), wave)
    assert "安保—Fewerthanfiveansweredthishere" in said
    assert said.count("Fewerthanfive") == 1


def test_pdf_is_of_the_place_that_was_asked_for(scoped: Cast, sign_in: Any) -> None:
    """With its index; of a building of few there is neither, nor its name."""
    found = measured(scoped)
    tally(wave=found)
    client = sign_in(scoped.manager)
    whole = paper(client, found)
    assert "Satisfactionindex" in whole
    assert "Reliability" in whole
    here = client.get(operation("wave-results", found.pk)).json()["places"]
    built = next(each for each in here if each["kind"] == "building")
    there = paper(client, found, f"?at={built['key']}")
    assert "".join(built["name"].split()) in there
    assert "".join(built["name"].split()) not in whole
    figures = [
        client.get(page("wave_index", found.pk) + f"?at={at}") for at in ("all", built["key"])
    ]
    for said, shown in zip((whole, there), figures, strict=True):
        value, low, high = (
            re.search(pattern, shown.content.decode())[1]  # type: ignore[index]
            for pattern in (
                r'index-number">([\d.]+)<', r"between ([\d.]+) and", r"between [\d.]+ and ([\d.]+)",
            )
        )  # fmt: skip
        assert f"{value}{low}–{high}" in said
    assert whole != there


@pytest.mark.parametrize(
    ("language", "words", "face"),
    [
        ("zh-hans", "满意度调查2026年下半年·结果·全部", "UniGB-UCS2-H"),
        ("zh-hant", "滿意度", "UniCNS-UCS2-H"),
        ("en", "满意度调查2026年下半年·Results·everybody", "UniGB-UCS2-H"),
    ],
)
def test_pdf_speaks_the_readers_language(
    wave: Wave, scoped: Cast, sign_in: Any, language: str, words: str, face: str
) -> None:
    Survey.objects.update(title="滿意度" if language == "zh-hant" else "满意度调查")
    address = page("wave_pdf", wave.pk)
    content = sign_in(scoped.manager).get(address, headers={"accept-language": language}).content
    assert words in said_by(content)
    assert f"/Lang ({language})".encode() in content
    assert face.encode() in content
    assert b"/Title" in content
    assert "□" not in said_by(content).replace("□代表", "").replace("A□stands", "")


def test_pdf_is_in_the_questionnaires_language(wave: Wave, scoped: Cast, sign_in: Any) -> None:
    wave.edition.document["translations"] = {"zh-hant": {"speed": "快不快？"}}
    wave.edition.save()
    client = sign_in(scoped.manager)
    assert "快不快？" in paper(client, wave, "?language=zh-hant")
    assert "快不快？" not in paper(client, wave)


def test_what_was_written_is_never_markup(wave: Wave, scoped: Cast, sign_in: Any) -> None:
    """Titles, questions, choices and texts; what no face has becomes a sign, and never a fault."""
    Survey.objects.update(title=STRANGE)
    Company.objects.filter(pk=scoped.company.pk).update(name=STRANGE)
    sections = wave.edition.document["sections"]
    for question in sections[0]["questions"]:
        question["text"] = STRANGE
        for part in (*question.get("choices", ()), *question.get("rows", ())):
            part["text"] = STRANGE.replace("\x07", "") * 20
    wave.edition.save()
    text = ResponseMark.objects.filter(question="why")[0]
    ResponseMark.objects.filter(pk=text.pk).update(text=f"{STRANGE}\n" * 150)
    said = paper(sign_in(scoped.manager), wave)
    assert said.count(PLAIN) > 150 + 8 + 20


def test_topics_are_told_from_five_on(wave: Wave, scoped: Cast, sign_in: Any) -> None:
    client = sign_in(scoped.manager)
    marks = list(ResponseMark.objects.filter(question="why")[:5])
    TextCode.objects.bulk_create(
        TextCode(wave=wave, mark=each, category=scoped.lift) for each in marks
    )
    said = paper(client, wave)
    assert f"Whatownwordswereabout{scoped.lift}5" in said
    with company_scope(scoped.company.pk):
        TextCode.objects.filter(mark=marks[0]).delete()
    assert "Whatownwordswereabout" not in paper(client, wave)


def large(cast: Cast, questions: int, texts: int) -> Wave:
    """So many questions, answered by six homes and as many texts."""
    asked = [
        {
            "kind": "rating" if each % 2 else "score", "text": f"第{each}题：您觉得怎么样？",
            "key": f"q{each}",
        }
        for each in range(questions - 1)
    ]  # fmt: skip
    asked.append({"kind": "text", "text": "还想说什么？", "key": "words"})
    document = {"sections": [{"title": "服务", "questions": asked}]}
    survey = survey_of(cast, title=f"{questions}题", document=document)
    building = street(cast, f"{questions}栋", 6)
    wave = opened(cast, survey)
    marks = {(f"q{each}", ""): 4 for each in range(questions - 1)}
    filled(wave, [(building, [marks] * 6)])
    response = wave.responses.first()
    ResponseMark.objects.bulk_create(
        ResponseMark(
            wave=wave, response=response, question="words", text=f"{each}号：" + "好" * 200
        )
        for each in range(texts)
    )
    tally(wave=wave)
    return wave


def test_pdf_of_a_large_survey_is_bounded(scoped: Cast, sign_in: Any) -> None:
    """With three hundred questions and more texts than paper is for; queries do not grow."""
    client = sign_in(scoped.manager)
    counts, pages = [], []
    for questions, texts in ((5, 6), (300, MOST_TEXTS + 1)):
        with company_scope(scoped.company.pk):
            wave = large(scoped, questions, texts)
        client.get(page("wave_pdf", wave.pk))
        with CaptureQueriesContext(connection) as captured:
            answer = client.get(page("wave_pdf", wave.pk))
        counts.append(len([each for each in captured if "SAVEPOINT" not in each["sql"]]))
        pages.append(pages_of(answer.content))
    said = "".join("".join(pages[1]).split())
    assert counts[0] == counts[1] < 25
    assert "298.第297题：您觉得怎么样？" in said
    assert (said.count("号："), "Theseare1000ofthem" in said) == (MOST_TEXTS, True)
    assert (len(pages[0]), len(pages[1]) < 150) == (3, True)
