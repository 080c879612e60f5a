"""Results in Excel: whatever people write stays words."""

import io
import re
import zipfile
from typing import Any
from xml.etree import ElementTree as ET

from django.urls import reverse

from surveys.services.tallying import tally
from tests.factories.cast import Cast
from tests.surveys.asking import counted, opened, says, secrets_of, street, survey_of

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
FORMULAS = [
    '=HYPERLINK("http://evil.example","x")', "=1+1", "+1+1", "-2+3", "@SUM(A1)", "{=1+1}",
    "https://evil.example/", "12345", "|calc", "%0A=1",
]  # fmt: skip
CONTROL = ["\x01=1", "a\x0bb", "a\x1fb", "bell\x07", "\x7f", "a\ud83d", "_x0001_", "<f>1</f>&]]>"]
EVIL = "=cmd|' /C calc'!A0"
DOCUMENT: dict[str, Any] = {
    "sections": [
        {
            "title": EVIL,
            "questions": [
                {"kind": "rating", "text": EVIL, "key": "speed", "required": True},
                {
                    "kind": "single", "text": "+1", "key": "via",
                    "choices": [{"key": "a", "text": "@SUM(1)"}, {"key": "b", "text": "-1"}],
                },
                {"kind": "text", "text": "-2+3", "key": "words"},
            ],
        }
    ]
}  # fmt: skip


def cells(content: bytes) -> list[tuple[str, str]]:
    """The type and the words of every cell, as a reader of spreadsheets finds them."""
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        sheets = [name for name in book.namelist() if name.startswith("xl/worksheets/sheet")]
        assert len(sheets) == 6
        assert not [name for name in book.namelist() if "_rels/sheet" in name]  # links
        rows = []
        for name in sheets:
            for cell in ET.fromstring(book.read(name)).iter(f"{MAIN}c"):  # noqa: S314 - our own
                assert cell.find(f"{MAIN}f") is None
                rows.append((cell.get("t", "n"), "".join(cell.itertext())))
        return rows


def unescaped(text: str) -> str:
    """As Excel reads what cannot be written: `_x0001_` is one sign."""
    return re.sub(r"_x([0-9A-Fa-f]{4})_", lambda found: chr(int(found[1], 16)), text)


def test_words_that_look_like_formulas_stay_words(scoped: Cast, sign_in: Any) -> None:
    words = [*FORMULAS, *CONTROL]
    street(scoped, EVIL, len(words) - 1)
    wave = opened(scoped, survey_of(scoped, title="=1+2", document=DOCUMENT))
    for number, (secret, text) in enumerate(zip(secrets_of(wave), words, strict=True)):
        says(secret, words=text, via="ab"[number % 2])
    counted(scoped, wave)
    tally(wave=wave)
    client = sign_in(scoped.manager)
    for name in ("surveys:wave_workbook", "wave-workbook"):
        answer = client.get(reverse(name, args=["jinxiu", wave.pk]))
        assert answer.status_code == 200
        found = cells(answer.content)
        said = {unescaped(text) for kind, text in found if kind in ("inlineStr", "s", "str")}
        wanted = {*FORMULAS, *CONTROL, EVIL, "+1", "@SUM(1)", "-1", "-2+3"} - {"a\ud83d"}
        assert wanted - said == set()
        assert not [
            text for kind, text in found if kind == "n" and not re.fullmatch(r"[\d.]+", text)
        ]
