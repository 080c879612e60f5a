"""Which face draws which character, so that whatever somebody wrote comes out on paper.

No font lies in the file or on the server: these faces are asked for by name, and every reader of
PDF files brings them or its own of the kind. What none of them holds (a smiley, say) becomes a
sign.
"""

import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from operator import attrgetter

from reportlab.pdfbase.cidfonts import CIDEncoding, UnicodeCIDFont
from reportlab.pdfbase.pdfmetrics import registerFont, stringWidth

LATIN, SIMPLIFIED, TRADITIONAL = "Helvetica", "STSong-Light", "MSung-Light"
SIGN = "□"  # stands for what cannot be drawn
BY_COMPANY_THEY_KEEP = "“”‘’…—"  # as wide as Chinese characters among these, narrow among others
ALIKE = {"−": "–"}  # what the narrow face has under another name: a minus
GLYPHS = {SIMPLIFIED: "gbk", TRADITIONAL: "big5"}  # what each holds
TRADITIONAL_FIRST = ("zh-hant", "zh-tw", "zh-hk", "zh-mo")


class Sung(UnicodeCIDFont):  # type: ignore[misc]  # reportlab has no types
    """The Traditional face, by the numbers of its own glyphs: the library takes those of the
    Simplified one, by which it would draw other characters than were meant."""

    def __init__(self) -> None:
        super().__init__(TRADITIONAL)
        self.encodingName = "UniCNS-UCS2-H"
        self.encoding = CIDEncoding(self.encodingName)


registerFont(UnicodeCIDFont(SIMPLIFIED))
registerFont(Sung())


def faces_for(language: str) -> tuple[str, ...]:
    """The Chinese faces, that of the language first."""
    if language.lower() in TRADITIONAL_FIRST:
        return TRADITIONAL, SIMPLIFIED
    return SIMPLIFIED, TRADITIONAL


def held(char: str, codec: str) -> bool:
    try:
        char.encode(codec)
    except UnicodeEncodeError:
        return False
    return True


def drawn(char: str, language: str) -> tuple[str, str]:
    """The face of one character, and what it draws: itself, the sign, or nothing."""
    faces = faces_for(language)
    if char in BY_COMPANY_THEY_KEEP and language.lower().startswith("zh"):
        return faces[0], char
    if char.isspace():
        return LATIN, " "
    # What only directs other characters: joiners, marks of direction, variants of smileys.
    if unicodedata.category(char) in ("Cc", "Cf", "Mn", "Me"):
        return LATIN, ""
    if held(char := ALIKE.get(char, char), "cp1252"):
        return LATIN, char
    return next(((face, char) for face in faces if held(char, GLYPHS[face])), (faces[0], SIGN))


@dataclass(frozen=True, slots=True)
class Glyph:
    """One character as it is drawn; its width is that of a letter one point high."""

    face: str
    text: str
    width: float

    @property
    def is_chinese(self) -> bool:
        return self.face != LATIN


@lru_cache(maxsize=30_000)
def glyph(char: str, language: str) -> Glyph:
    face, text = drawn(char, language)
    return Glyph(face, text, float(stringWidth(text, face, 1)))


def glyphs(text: str, language: str) -> list[Glyph]:
    """A line of text, character by character; what draws nothing is left out."""
    found = (glyph(each, language) for each in unicodedata.normalize("NFC", text))
    return [each for each in found if each.text]


def runs(line: Iterable[Glyph]) -> Iterator[tuple[str, str]]:
    """The same in pieces of one face each."""
    for face, pieces in groupby(line, key=attrgetter("face")):
        yield face, "".join(each.text for each in pieces)


def width_of(line: Iterable[Glyph]) -> float:
    """Of letters one point high."""
    return sum(each.width for each in line)
