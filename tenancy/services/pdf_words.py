"""Words on paper: broken into lines as Chinese and Latin want it, and never taken for markup."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from tenancy.services.pdf_faces import Glyph, glyphs, runs, width_of
from tenancy.services.pdf_shapes import Shape

# What begins no line, and what ends none.
NO_START = frozenset("，。、；：？！）》」』】〕”’…·,.;:?!)]}%")
NO_END = frozenset("（《「『【〔“‘([{")
OUTLINE = 48  # of the height of letters that stand out

Line = Sequence[Glyph]


@dataclass(frozen=True, slots=True)
class Kind:
    """How large words are, and whether they stand out."""

    size: float
    leading: float
    heavy: bool = False
    to_the_right: bool = False
    before: float = 0
    after: float = 0


KINDS = {
    "title": Kind(21, 28, heavy=True),
    "subtitle": Kind(12, 18),
    "section": Kind(14, 20, heavy=True, before=12, after=5),
    "heading": Kind(10.5, 15, heavy=True),
    "body": Kind(9.5, 14.5),
    "strong": Kind(9.5, 14.5, heavy=True),
    "small": Kind(8, 11.5),
    "term": Kind(8, 11.5, heavy=True),
    "number": Kind(8, 11.5, to_the_right=True),
    "figure": Kind(17, 21, heavy=True),
}


class Words(Shape):
    """One paragraph, or what of it stands on one page."""

    def __init__(self, given: Sequence[Line], kind: Kind) -> None:
        super().__init__()
        self.given, self.kind = given, kind
        self.spaceBefore, self.spaceAfter = kind.before, kind.after

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        room = width / self.kind.size
        self.lines = [line for each in self.given for line in broken(each, room)]
        self.width, self.height = width, len(self.lines) * self.kind.leading
        return width, self.height

    def split(self, width: float, height: float) -> list[Any]:
        """What fits here, and the rest for the next page."""
        self.wrap(width, height)
        fitting = int(height / self.kind.leading)
        if fitting < 1:
            return []
        return [Words(part, self.kind) for part in (self.lines[:fitting], self.lines[fitting:])]

    def draw(self) -> None:
        kind, pen = self.kind, self.canv.beginText()
        if kind.heavy:
            # Chinese faces have no bold one beside them: letters get an outline.
            pen.setTextRenderMode(2)
            self.canv.setLineWidth(kind.size / OUTLINE)
        y = self.height - kind.leading + (kind.leading - kind.size) / 2 + kind.size * 0.14
        for line in self.lines:
            spare = self.width - width_of(line) * kind.size if kind.to_the_right else 0
            pen.setTextOrigin(spare, y)
            for face, text in runs(line):
                pen.setFont(face, kind.size)
                pen.textOut(text)
            y -= kind.leading
        self.canv.drawText(pen)


def words(text: object, kind: str, language: str, *, lines: bool = False) -> Words:
    """`lines`: with the line breaks of whoever wrote it."""
    given = str(text).splitlines() if lines else [str(text)]
    return Words([glyphs(each, language) for each in given], KINDS[kind])


def broken(given: Line, room: float) -> Iterator[Line]:
    """Lines that fit; a word that is longer than a line is cut, a comma may hang over its end."""
    start, end, used = 0, 0, 0.0  # `end`: where the line that began at `start` may end at best
    for at, each in enumerate(given):
        hangs = each.text == " " or (each.text in NO_START and used <= room)
        if used + each.width > room and at > start and not hangs:
            end = end if end > start else at
            yield given[start:end]
            start, used = end, width_of(given[end:at])
        used += each.width
        if may_end(each, given[at + 1] if at + 1 < len(given) else None):
            end = at + 1
    yield given[start:]


def may_end(last: Glyph, following: Glyph | None) -> bool:
    """Whether a line may end between these two."""
    if following is None or following.text in NO_START or last.text in NO_END:
        return False
    return last.text == " " or last.is_chinese or following.is_chinese
