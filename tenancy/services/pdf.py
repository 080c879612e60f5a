"""A document for paper (PDF, A4): words in any language, figures, numbered pages."""

import io
from functools import partial
from typing import Any

from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import BaseDocTemplate, Frame, PageTemplate
from reportlab.platypus.flowables import CondPageBreak, KeepTogether, PageBreak, Spacer

from tenancy.services.pdf_faces import LATIN, glyphs, runs
from tenancy.services.pdf_shapes import SMALL, THIN
from tenancy.services.pdf_words import Line, Words, broken, words

# More room on the left: the page is punched and filed.
LEFT, RIGHT, TOP, BOTTOM = 25 * mm, 17 * mm, 18 * mm, 20 * mm
WIDE = A4[0] - LEFT - RIGHT
FOOT = 12 * mm


class Pages(Canvas):  # type: ignore[misc]  # reportlab has no types
    """Pages that know how many they are: what stands at the foot is drawn when all are there."""

    def __init__(self, *args: Any, foot: Line, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.foot = foot
        self.done: list[dict[str, Any]] = []
        self.setViewerPreference("DisplayDocTitle", "true")

    def showPage(self) -> None:  # noqa: N802  # the library's name
        self.done.append(dict(self.__dict__))
        self._startPage()

    def save(self) -> None:
        done = self.done
        for number, page in enumerate(done, start=1):
            self.__dict__.update(page)
            self.draw_foot(f"{number} / {len(done)}")
            super().showPage()
        super().save()

    def draw_foot(self, number: str) -> None:
        self.setLineWidth(THIN)
        self.line(LEFT, FOOT + 11, A4[0] - RIGHT, FOOT + 11)
        self.setFont(LATIN, SMALL)
        self.drawRightString(A4[0] - RIGHT, FOOT, number)
        pen = self.beginText(LEFT, FOOT)
        for face, piece in runs(self.foot):
            pen.setFont(face, SMALL)
            pen.textOut(piece)
        self.drawText(pen)


class Paper:
    """A document while it is being written, from top to bottom."""

    def __init__(self, *, title: str, author: str, foot: str, language: str) -> None:
        self.title, self.author, self.language = title, author, language
        self.foot = self.one_line(foot)
        self.story: list[Any] = []

    def one_line(self, text: str) -> Line:
        """What of it fits beside the number of the page."""
        return next(broken(glyphs(text, self.language), (WIDE - 20 * mm) / SMALL))

    def words(self, text: object, kind: str = "body", **more: Any) -> Words:
        """One paragraph of words."""
        return words(text, kind, self.language, **more)

    def add(self, *parts: Any, together: bool = False) -> None:
        self.story += [KeepTogether(list(parts))] if together else parts

    def space(self, points: float) -> None:
        self.story.append(Spacer(1, points))

    def section(self, text: object) -> None:
        """A heading, with room for something below it on the same page."""
        self.add(CondPageBreak(40 * mm), self.words(text, "section"))

    def new_page(self) -> None:
        self.story.append(PageBreak())

    def done(self) -> bytes:
        file = io.BytesIO()
        document = BaseDocTemplate(
            file, pagesize=A4, title=self.title, author=self.author, creator=self.author,
            lang=self.language,
        )  # fmt: skip
        frame = Frame(
            LEFT, BOTTOM, WIDE, A4[1] - TOP - BOTTOM,
            leftPadding=0, rightPadding=0, topPadding=0, bottomPadding=0,
        )  # fmt: skip
        document.addPageTemplates(PageTemplate(frames=[frame]))
        document.build(self.story, canvasmaker=partial(Pages, foot=self.foot))
        return file.getvalue()
