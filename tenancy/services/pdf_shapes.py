"""Figures drawn for paper: black, white and grey, so that a photocopy can still be read."""

from collections.abc import Sequence
from typing import Any

from reportlab.lib.units import mm
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.platypus.flowables import Flowable

from tenancy.services.pdf_faces import LATIN

BOLD = "Helvetica-Bold"
DARKEST, LIGHTEST = 0.25, 1.0
DARK = 0.55  # below it, white letters are read better
THIN, HAIR = 0.5, 0.25
SMALL = 7.5
BAR = 3.2 * mm
STACK = 6 * mm


class Shape(Flowable):  # type: ignore[misc]  # reportlab has no types
    """Something of a fixed size that is drawn; it takes its width from its column."""

    tall: float = 0

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        self.width, self.height = width, self.tall
        return width, self.tall

    def box(self, x: float, y: float, width: float, height: float, grey: float) -> None:
        self.canv.setFillGray(grey)
        self.canv.rect(x, y, width, height, stroke=1, fill=1)
        self.canv.setFillGray(0)


class Rule(Shape):
    """A line across the column."""

    def __init__(self, thickness: float, above: float = 0, below: float = 0) -> None:
        super().__init__()
        self.thickness, self.below = thickness, below
        self.tall = thickness + above + below

    def draw(self) -> None:
        self.canv.setLineWidth(self.thickness)
        self.canv.line(0, self.below, self.width, self.below)


class Bar(Shape):
    """A share of everybody, beside its label."""

    tall = 11.5

    def __init__(self, share: float) -> None:
        super().__init__()
        self.share = share

    def draw(self) -> None:
        self.canv.setLineWidth(HAIR)
        bottom = (self.tall - BAR) / 2
        self.box(0, bottom, self.width, BAR, LIGHTEST)
        if self.share:
            self.box(0, bottom, self.width * self.share, BAR, 0.4)


class Stack(Shape):
    """All marks in one bar, the worst first and darkest; below, each with its share and number."""

    tall = STACK + 25

    def __init__(self, marks: Sequence[tuple[str, int, str]], n: int) -> None:
        super().__init__()
        self.marks, self.n = marks, n

    def grey(self, at: int) -> float:
        return DARKEST + (LIGHTEST - DARKEST) * at / max(len(self.marks) - 1, 1)

    def draw(self) -> None:
        self.canv.setLineWidth(THIN)
        bottom, start = self.tall - STACK, 0.0
        for at, (_mark, count, share) in enumerate(self.marks):
            width = self.width * count / self.n
            if width:
                self.box(start, bottom, width, STACK, self.grey(at))
            if width > stringWidth(share, BOLD, 8) + 4:
                self.canv.setFont(BOLD, 8)
                self.canv.setFillGray(1 if self.grey(at) < DARK else 0)
                self.canv.drawCentredString(start + width / 2, bottom + 5.5, share)
                self.canv.setFillGray(0)
            start += width
        self.legend()

    def legend(self) -> None:
        column = self.width / len(self.marks)
        for at, (mark, count, share) in enumerate(self.marks):
            x = column * at
            self.box(x + HAIR, 12.5, 5, 5, self.grey(at))
            self.canv.setFont(BOLD, SMALL)
            self.canv.drawString(x + 8, 12.5, mark)
            words = f"{count} · {share}"
            wide = stringWidth(words, LATIN, SMALL)
            self.canv.setFont(LATIN, min(SMALL, SMALL * (column - 3) / wide))
            self.canv.drawString(x, 3, words)


class Interval(Shape):
    """A figure from 0 to 100 with what chance allows on either side."""

    tall = 13

    def __init__(self, low: float, value: float, high: float) -> None:
        super().__init__()
        self.ends = (low, value, high)

    def draw(self) -> None:
        low, value, high = (self.width * min(max(each, 0), 100) / 100 for each in self.ends)
        middle = self.tall / 2
        self.canv.setLineWidth(HAIR)
        self.canv.line(0, middle, self.width, middle)
        for tick in range(5):
            x = self.width * tick / 4
            self.canv.line(x, middle - 2.5, x, middle + 2.5)
        self.box(low, middle - 2.2, max(high - low, 0.5), 4.4, 0.7)
        self.canv.setLineWidth(2)
        self.canv.line(value, middle - 5, value, middle + 5)


class Row(Shape):
    """Some of them side by side; a column ends where the next begins."""

    def __init__(self, cells: Sequence[tuple[Any, float]], gap: float = 3 * mm) -> None:
        super().__init__()
        self.cells, self.gap = cells, gap

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        last = len(self.cells) - 1
        self.heights = [
            each.wrapOn(self.canv, wide - (self.gap if at < last else 0), height)[1]
            for at, (each, wide) in enumerate(self.cells)
        ]
        self.width, self.height = width, max(self.heights)
        return width, self.height

    def draw(self) -> None:
        x = 0.0
        for (each, wide), tall in zip(self.cells, self.heights, strict=True):
            each.drawOn(self.canv, x, self.height - tall)
            x += wide


class Pile(Shape):
    """Some of them below each other, in one column of a row."""

    def __init__(self, parts: Sequence[Any]) -> None:
        super().__init__()
        self.parts = parts

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        self.heights = [each.wrapOn(self.canv, width, height)[1] for each in self.parts]
        self.width, self.height = width, sum(self.heights)
        return width, self.height

    def draw(self) -> None:
        y = self.height
        for each, tall in zip(self.parts, self.heights, strict=True):
            y -= tall
            each.drawOn(self.canv, 0, y)
