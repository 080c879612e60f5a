"""Results as people and programs read them."""

import io
import re
import zipfile
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from complaints.models import Category
from surveys.models import Edition, ResponseMark, TextCode, Wave
from surveys.services.cells import WHOLE
from surveys.services.coding import TextNotTold, code_texts, texts_of
from surveys.services.coding_suggesting import Suggester
from surveys.services.comparing import Against, Verdict, compared
from surveys.services.comparing_chance import (
    Sample,
    chance_of_means,
    chance_of_shares,
    two_sided_t,
)
from surveys.services.results import places_of, results
from surveys.services.tallying import tally
from tenancy.models import AuditEntry
from tenancy.scope import company_scope
from tenancy.services.sheets import Sheets
from tests.factories.cast import TUESDAY, Cast
from tests.surveys.asking import FIVE_DIMENSIONS, filled, marks_of, opened, street, survey_of
from tests.surveys.test_results_tallying import everything


def page(name: str, *args: Any) -> str:
    return reverse(f"surveys:{name}", args=["jinxiu", *args])


def operation(name: str, *args: Any) -> str:
    return reverse(name, args=["jinxiu", *args])


@pytest.fixture
def wave(scoped: Cast) -> Wave:
    found = everything(scoped)
    tally(wave=found)
    return found


def coded(cast: Cast) -> int:
    """How many codes there are; a request leaves no company behind."""
    with company_scope(cast.company.pk):
        return int(TextCode.objects.count())


def queries(client: Client, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len([each for each in captured if "SAVEPOINT" not in each["sql"]])


def test_results_show_every_question(wave: Wave, scoped: Cast, sign_in: Any) -> None:
    said = sign_in(scoped.supervisor).get(page("wave_results", wave.pk)).content.decode()
    for words in ("及时吗？", "健身房", "100%", "安静", "from 0", "below 0", "2010-01"):
        assert words in said
    # Four of thirty rated the guards: their row is not there.
    assert ("保洁" in said, "安保" in said) == (True, False)
    weak = sign_in(scoped.supervisor).get(page("wave_results", wave.pk) + "?order=weak")
    text = weak.content.decode()
    assert text.index("推荐吗？") < text.index("及时吗？") < text.index("怎么样？")


def test_results_are_said_in_the_questionnaires_languages(
    wave: Wave, scoped: Cast, sign_in: Any
) -> None:
    edition = Edition.objects.get()
    edition.document["translations"] = {"zh-hant": {"speed": "快不快？"}}
    edition.save()
    client = sign_in(scoped.manager)
    said = client.get(page("wave_results", wave.pk) + "?language=zh-hant").content.decode()
    assert "快不快？" in said
    assert "快不快？" not in client.get(page("wave_results", wave.pk)).content.decode()


def test_results_ask_the_same_number_of_queries(scoped: Cast, sign_in: Any) -> None:
    """With one building and with three; the texts' page with its index `mark_by_question`."""
    client = sign_in(scoped.manager)
    counts = []
    for buildings in (1, 3):
        with company_scope(scoped.company.pk):
            survey = survey_of(scoped, title=f"第{buildings}份", document=FIVE_DIMENSIONS)
            streets = [street(scoped, f"{buildings}-{each}", 6) for each in range(buildings)]
            found = opened(scoped, survey)
            filled(found, [(each, [marks_of(4)] * 6) for each in streets])
            tally(wave=found)
        counts.append(
            [queries(client, page(name, found.pk)) for name in PAGES]
            + [queries(client, page("wave_compare", found.pk) + "?by=buildings")]
        )
    assert counts[0] == counts[1]
    assert max(counts[0]) < 20


PAGES = ("wave_results", "wave_texts", "wave_presentation", "wave_workbook", "wave_pdf")


def test_workbook_holds_what_the_page_shows(wave: Wave, scoped: Cast, sign_in: Any) -> None:
    client = sign_in(scoped.manager)
    for address in (page("wave_workbook", wave.pk), operation("wave-workbook", wave.pk)):
        with zipfile.ZipFile(io.BytesIO(client.get(address).content)) as book:
            said = "".join(book.read(name).decode() for name in book.namelist())
        assert said.count("<sheetData>") == 6
        for words in ("及时吗？", "健身房", "安静", "第1", "below 0"):
            assert words in said


@pytest.mark.parametrize("language", ["zh-hans", "zh-hant", "en"])
def test_sheets_of_the_workbook_have_names_of_their_own(
    wave: Wave, scoped: Cast, sign_in: Any, language: str
) -> None:
    client = sign_in(scoped.manager)
    said = client.get(page("wave_workbook", wave.pk), headers={"accept-language": language})
    with zipfile.ZipFile(io.BytesIO(said.content)) as book:
        names = re.findall(r'<sheet name="([^"]+)"', book.read("xl/workbook.xml").decode())
    assert len(set(names)) == len(names) == 6
    assert not [name for name in names if name.endswith(" 2")]


def test_slides_say_best_and_weakest(wave: Wave, scoped: Cast, sign_in: Any) -> None:
    said = sign_in(scoped.manager).get(page("wave_presentation", wave.pk)).content.decode()
    assert said.count("data-slide>") == 6
    assert "绿化" in said


def test_waves_are_laid_side_by_side(scoped: Cast, sign_in: Any) -> None:
    survey = survey_of(scoped, document=FIVE_DIMENSIONS)
    yard = street(scoped, "8栋", 40)
    first, second = (opened(scoped, survey, name=name) for name in ("上半年", "下半年"))
    for found, mark in ((first, 2), (second, 4)):
        filled(found, [(yard, [marks_of(mark), marks_of(mark + 1)] * 20)])
        tally(wave=found)
    client = sign_in(scoped.manager)
    said = client.get(page("wave_compare", second.pk)).content.decode()
    assert said.index("上半年<br>") < said.index("下半年<br>")
    assert said.count("is-better") > 5
    # Seen from the first there is nothing before it.
    alone = client.get(page("wave_compare", first.pk)).content.decode()
    assert "is-better" not in alone


def test_part_is_held_against_the_rest(scoped: Cast, sign_in: Any) -> None:
    good, bad, few = street(scoped, "8栋", 1), street(scoped, "9栋", 1), street(scoped, "10栋", 1)
    found = opened(scoped, survey_of(scoped, document=FIVE_DIMENSIONS))
    lots = [(good, [marks_of(5), marks_of(4)] * 15), (bad, [marks_of(2), marks_of(3)] * 15)]
    filled(found, [*lots, (few, [marks_of(3)] * 6)])
    tally(wave=found)
    places = [each for each in places_of(found, scoped.manager) if each.kind != "whole"]
    columns = results(wave=found, places=places)
    row = compared(columns, Against.WHOLE)[0]
    by_name = {
        column.place.name: cell and cell.verdict
        for column, cell in zip(columns, row.cells, strict=True)
    }
    community = scoped.community.name
    assert by_name == {
        community: Verdict.NONE,
        f"{community} · 8栋": Verdict.BETTER,
        f"{community} · 9栋": Verdict.WORSE,
        f"{community} · 10栋": Verdict.FEW,
    }
    alone = compared(columns[1:], Against.NOTHING)[0]
    assert {cell.verdict for cell in alone.cells if cell} == {Verdict.NONE}
    said = sign_in(scoped.manager).get(page("wave_compare", found.pk) + "?by=buildings")
    assert ("is-better" in said.content.decode(), "is-worse" in said.content.decode()) == (
        True, True,
    )  # fmt: skip


def test_ten_of_one_mind_beside_ten_others_are_not_yet_everybody(scoped: Cast) -> None:
    yard = street(scoped, "8栋", 40)
    survey = survey_of(scoped)
    verdicts = []
    for mark, n in ((4, 10), (5, 10), (4, 40), (5, 40)):
        found = opened(scoped, survey, name=f"{mark} {n}")
        filled(found, [(yard, [{("speed", ""): mark}] * n)])
        tally(wave=found)
        (column,) = results(wave=found, places=places_of(found, scoped.manager)[:1])
        verdicts.append(column)
    row = compared(verdicts, Against.BEFORE)[0]
    assert [cell and cell.verdict for cell in row.cells] == [
        Verdict.NONE, Verdict.UNCLEAR, Verdict.UNCLEAR, Verdict.BETTER,
    ]  # fmt: skip


def test_choices_are_more_or_less_and_neither_good_nor_bad(wave: Wave, scoped: Cast) -> None:
    (whole,) = results(wave=wave, places=places_of(wave, scoped.manager)[:1])
    rows = compared([whole, whole], Against.BEFORE)
    by_item = {(row.item.key, row.choice): row for row in rows}
    assert by_item["wants", "gym"].cells[1].verdict is Verdict.UNCLEAR  # type: ignore[union-attr]
    assert by_item["order", "quiet"].cells[1].verdict is Verdict.NONE  # type: ignore[union-attr]
    assert by_item["years", ""].cells[0].value == 14.5  # type: ignore[union-attr]


def test_chance_is_that_of_the_textbooks() -> None:
    """Student's table: 2.571 is beyond two of five hundred on either side at five degrees of
    freedom, 1.960 without end. Welch's test: the example of R's `t.test(extra ~ group, sleep)`,
    t = -1.8608 at 17.776 degrees of freedom, p = 0.07939."""
    assert two_sided_t(2.570582, 5) == pytest.approx(0.05, abs=1e-6)
    assert two_sided_t(1.959964, 1e7) == pytest.approx(0.05, abs=1e-5)
    sleep = Sample(10, 0.75, 1.78901**2), Sample(10, 2.33, 2.002249**2)
    assert chance_of_means(*sleep) == pytest.approx(0.07939, abs=1e-5)
    assert chance_of_means(Sample(9, 4, 0), Sample(9, 4, 0)) == 1
    assert chance_of_means(Sample(9, 4, 0), Sample(9, 3, 0)) == 0
    # 15 of 100 against 30 of 100: z = 2.5400.
    assert chance_of_shares((15, 100), (30, 100)) == pytest.approx(0.01108, abs=1e-5)
    assert chance_of_shares((9, 9), (9, 9)) == 1


# --- own words ---


def test_text_is_put_to_a_category_and_taken_away(wave: Wave, scoped: Cast, sign_in: Any) -> None:
    client = sign_in(scoped.supervisor)
    text = ResponseMark.objects.filter(question="why").order_by("id")[0]
    address = page("code_texts", wave.pk) + "?search=第"
    client.post(address, {"one": f"{text.pk}:{scoped.lift.pk}"})
    answer = client.post(address, {"one": f"{text.pk}:{scoped.lift.pk}"})
    assert answer["Location"] == f"{page('wave_texts', wave.pk)}?search=%E7%AC%AC#t-{text.pk}"
    with company_scope(scoped.company.pk):
        assert TextCode.objects.count() == 1
        assert AuditEntry.objects.filter(action="code_texts").count() == 1
    said = client.get(page("wave_texts", wave.pk) + f"?code={scoped.lift.pk}").content.decode()
    assert said.count('<li id="t-') == 1
    none = client.get(page("wave_texts", wave.pk) + "?code=none").content.decode()
    assert none.count('<li id="t-') == 11
    narrowed = page("wave_texts", wave.pk) + "?question=why&page=2"
    assert client.get(narrowed).content.decode().count('<li id="t-') == 0
    for _twice in range(2):
        client.post(address, {"one": f"-{text.pk}:{scoped.lift.pk}"})
    assert coded(scoped) == 0


def test_many_texts_are_put_to_a_category_at_once(wave: Wave, scoped: Cast, sign_in: Any) -> None:
    client = sign_in(scoped.supervisor)
    told = ResponseMark.objects.filter(question="why")
    texts = [str(pk) for pk in told.values_list("pk", flat=True)]
    client.post(page("code_texts", wave.pk), {"texts": texts, "category": str(scoped.lift.pk)})
    with company_scope(scoped.company.pk):
        assert TextCode.objects.count() == 12
        assert AuditEntry.objects.get(action="code_texts").detail["number"] == 12
    said = client.get(page("wave_texts", wave.pk)).content.decode()
    assert said.count("result-code") == 12
    slides = client.get(page("wave_presentation", wave.pk)).content.decode()
    assert f"{scoped.lift} <b>12</b>" in slides
    # A whole room is told what five have named, and nothing of four.
    with company_scope(scoped.company.pk):
        TextCode.objects.exclude(mark__in=texts[:4]).delete()
    slides = client.get(page("wave_presentation", wave.pk)).content.decode()
    assert "slide-about" not in slides


@pytest.mark.parametrize(
    "sent",
    [
        {}, {"one": "x"}, {"one": "-" * 73}, {"texts": ["x"], "category": "y"}, {"texts": []},
        {"one": f"{'a' * 35}-:{'b' * 36}"},
    ],
)  # fmt: skip
def test_nonsense_codes_nothing(wave: Wave, scoped: Cast, sign_in: Any, sent: Any) -> None:
    answer = sign_in(scoped.supervisor).post(page("code_texts", wave.pk), sent)
    assert (answer.status_code, coded(scoped)) == (302, 0)


def test_text_that_is_not_told_cannot_be_coded(wave: Wave, scoped: Cast, sign_in: Any) -> None:
    """A mark is no text; a category laid aside is none."""
    client = sign_in(scoped.supervisor)
    mark = ResponseMark.objects.filter(question="speed")[0]
    text = ResponseMark.objects.filter(question="why")[0]
    texts = texts_of(wave, WHOLE, ["why"])
    with pytest.raises(TextNotTold):
        code_texts(
            wave=wave, texts=texts, ids={mark.pk}, category=scoped.lift,
            by=scoped.actor("manager"), now=TUESDAY,
        )  # fmt: skip
    Category.objects.filter(pk=scoped.lift.pk).update(is_active=False)
    client.post(page("code_texts", wave.pk), {"one": f"{mark.pk}:{scoped.lift.pk}"})
    gone = client.post(page("code_texts", wave.pk), {"one": f"{text.pk}:{scoped.lift.pk}"})
    assert (gone.status_code, coded(scoped)) == (404, 0)


def test_texts_are_found_folded(wave: Wave, scoped: Cast, sign_in: Any) -> None:
    client = sign_in(scoped.manager)
    for typed, found in (("第１", 5), ("第1", 5), ("\x00第1", 12), ("没有", 0)):
        said = client.get(page("wave_texts", wave.pk), {"search": typed}).content.decode()
        assert said.count('<li id="t-') == found


def test_category_is_suggested_by_its_name_and_by_what_was_decided() -> None:
    names = {"lift": ["电梯故障"], "park": ["停车", "parking"], "guard": ["安保"]}
    new = Suggester(names, [])
    assert new.of("电梯又停了") == ["lift"]
    assert new.of("the parking is full") == ["park"]
    assert new.of("😡") == []
    learnt = Suggester(names, [("门卫不管", "guard"), ("门卫睡觉", "guard"), ("门卫好", "guard"),
                               ("老的", "gone")])  # fmt: skip
    assert learnt.of("门卫不在") == ["guard"]


def test_programs_code_texts(wave: Wave, scoped: Cast, sign_in: Any) -> None:
    client = sign_in(scoped.supervisor)
    found = client.get(operation("wave-texts", wave.pk), {"question": "why"}).json()["results"]
    assert len(found) == 12
    sent = {"texts": [found[0]["id"], found[1]["id"]], "category": str(scoped.lift.pk)}
    address = operation("wave-texts-coding", wave.pk)

    def post(body: Any) -> Any:
        return client.post(address, body, content_type="application/json")

    assert post(sent).json() == {"changed": 2}
    assert post(sent).json() == {"changed": 0}
    coded = client.get(operation("wave-texts", wave.pk), {"category": str(scoped.lift.pk)}).json()
    assert {each["id"] for each in coded["results"]} == set(sent["texts"])
    assert post({**sent, "away": True}).json() == {"changed": 2}
    refused = post({**sent, "texts": [str(wave.pk)]})
    assert (refused.status_code, refused.json()["code"]) == (404, "text_not_told")
    for query in ({"category": "x"}, {"page": "0"}, {"page": "x"}):
        assert client.get(operation("wave-texts", wave.pk), query).status_code == 400
    assert client.get(operation("wave-texts", wave.pk), {"page": "9"}).json() == {
        "next": None, "results": [],
    }  # fmt: skip


def test_sheets_that_bear_one_word_are_numbered() -> None:
    sheets = Sheets()
    for name in ("答卷", "答卷", "A" * 40, "a" * 40):
        sheets.add(name, ["head"], [])
    names = [each.get_name() for each in sheets.book.worksheets()]
    assert (sheets.done()[:2], names) == (b"PK", ["答卷", "答卷 2", "A" * 31, "a" * 29 + " 2"])
