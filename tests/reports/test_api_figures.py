"""The figures through the API: the same answers as the page, and a workbook that Excel can read."""

import io
import zipfile
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from xml.etree import ElementTree as ET

import pytest
import time_machine
from django.test import Client

from complaints.services import handling
from tenancy.scope import company_scope
from tests.conftest import SignIn
from tests.factories.cast import TUESDAY, Cast

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


@pytest.fixture(autouse=True)
def later() -> Iterator[None]:
    with time_machine.travel(TUESDAY + timedelta(days=2), tick=False):
        yield


def asked(client: Client, query: str = "", what: str = "figures/") -> Any:
    return client.get(f"/jinxiu/api/v1/{what}{query}")


def test_figures_are_told_with_what_they_are_compared_with(
    jinxiu: Cast, heyue: Cast, sign_in: SignIn
) -> None:
    heyue.file(now=TUESDAY)
    ticket = jinxiu.file(now=TUESDAY)
    jinxiu.file(now=TUESDAY - timedelta(days=31), unit=None, community=jinxiu.community)
    with company_scope(jinxiu.company.pk):
        handling.accept(ticket=ticket, by=jinxiu.actor("desk"), now=TUESDAY)
    found = asked(sign_in(jinxiu.manager)).json()
    assert found["period"] == {"first": "2026-11-01", "last": "2026-11-12"}
    assert found["against"] == {"first": "2026-10-01", "last": "2026-10-12"}
    assert (found["total"]["filed"], found["total"]["acceptance_kept"]) == (1, 1)
    assert (found["total"]["callback_missed"], found["total_before"]["filed"]) == (1, 1)
    assert (found["open"], found["late"], len(found["series"])) == (2, 2, 12)
    assert [(row["id"] is None, row["counts"]["filed"]) for row in found["rows"]["building"]] == [
        (False, 1),
        (True, 0),
    ]
    assert found["rows"]["building"][0]["name"] == "阳光花园 3栋"


@pytest.mark.parametrize(
    ("query", "pointer", "code"),
    [
        ("?period=century", "?period", "invalid_choice"),
        ("?period=free", "?first", "required"),
        ("?period=free&first=2026-02-30&last=2026-03-01", "?first", "invalid"),
        ("?period=free&first=2026-03-02&last=2026-03-01", "?last", "invalid"),
        ("?community=1", "?community", "invalid_choice"),
    ],
)
def test_what_makes_no_sense_is_refused_with_its_place(
    jinxiu: Cast, sign_in: SignIn, query: str, pointer: str, code: str
) -> None:
    for what in ("figures/", "figures/workbook/"):
        answer = asked(sign_in(jinxiu.manager), query, what)
        assert answer.status_code == 400
        assert (answer.json()["errors"][0]["pointer"], answer.json()["errors"][0]["code"]) == (
            pointer,
            code,
        )


def test_figures_are_not_for_the_desk(jinxiu: Cast, sign_in: SignIn) -> None:
    assert asked(sign_in(jinxiu.desk)).status_code == 403


def sheets(content: bytes) -> dict[str, list[list[str]]]:
    """The cells of a workbook, as a reader of spreadsheets finds them."""
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        index = ET.fromstring(book.read("xl/workbook.xml"))  # noqa: S314 - our own
        names = [each.get("name", "") for each in index.iter(f"{MAIN}sheet")]
        return {
            name: rows_of(book.read(f"xl/worksheets/sheet{number}.xml"))
            for number, name in enumerate(names, start=1)
        }


def rows_of(sheet: bytes) -> list[list[str]]:
    rows = ET.fromstring(sheet).iter(f"{MAIN}row")  # noqa: S314 - our own
    return [["".join(cell.itertext()) for cell in row] for row in rows]


@pytest.mark.parametrize(
    "address", ["/jinxiu/figures/workbook/", "/jinxiu/api/v1/figures/workbook/"]
)
def test_workbook_has_a_sheet_for_each_table(jinxiu: Cast, sign_in: SignIn, address: str) -> None:
    jinxiu.file(now=TUESDAY)
    answer = sign_in(jinxiu.manager).get(address, headers={"Accept-Language": "en"})
    assert answer["Content-Disposition"].startswith("attachment; filename=")
    found = sheets(answer.content)
    assert len(found) == 9
    row = list(found.values())[3][1]
    assert row[:2] == ["阳光花园", "1"]


def test_workbook_calls_things_by_their_names(jinxiu: Cast, sign_in: SignIn) -> None:
    """“Now” of a period is not that of somebody who works here, nor a thing's name a person's."""
    jinxiu.file(now=TUESDAY)
    address = "/jinxiu/figures/workbook/"
    content = sign_in(jinxiu.manager).get(address, headers={"Accept-Language": "zh-hans"}).content
    assert sheets(content)["正在变差的"][0] == [
        "数据", "名称", "对比期", "对比期样本数", "本期", "本期样本数"
    ]  # fmt: skip


def test_nobodys_words_become_a_formula(jinxiu: Cast, sign_in: SignIn) -> None:
    evil = '=HYPERLINK("http://evil.example","x")'
    with company_scope(jinxiu.company.pk):
        jinxiu.community.name = evil
        jinxiu.community.save()
    jinxiu.file(now=TUESDAY)
    content = sign_in(jinxiu.manager).get("/jinxiu/figures/workbook/").content
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        sheet = book.read("xl/worksheets/sheet4.xml").decode()
    assert "<f>" not in sheet
    assert list(sheets(content).values())[3][1][0] == evil


def test_workbook_without_a_comparison_has_no_sheet_of_it(jinxiu: Cast, sign_in: SignIn) -> None:
    jinxiu.file(now=TUESDAY)
    answer = sign_in(jinxiu.manager).get("/jinxiu/figures/workbook/?against=nothing&period=year")
    assert len(sheets(answer.content)) == 8
