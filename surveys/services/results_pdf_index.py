"""The satisfaction index of a wave on paper: the whole and its dimensions, each with its margin."""

from typing import Any

from django.utils.translation import gettext as _, pgettext
from reportlab.lib.units import mm

from surveys.models import IndexFigure, IndexWeights, Place
from surveys.services.index_reading import DIMENSIONS, Reading
from surveys.services.results_words import decimal
from tenancy.services.pdf import WIDE, Paper
from tenancy.services.pdf_shapes import Interval, Row, Rule

NAME, VALUE, MARGIN, CHANGE = 38 * mm, 14 * mm, 26 * mm, 40 * mm


def add_index(paper: Paper, reading: Reading, key: str) -> None:
    """Of this very place, and nothing of a wave that has no index."""
    report = reading.report
    if report is None or report.finding:
        return
    paper.section(_("Satisfaction index"))
    spot = next((each for each in reading.spots if each.key == (key or Place.ALL)), None)
    if spot is None:
        paper.add(paper.words(_(
            "It is not told here: fewer than five answered all of it, or so few were left"
            " elsewhere that they could be recognised."
        )))  # fmt: skip
        return
    paper.add(row(paper, _("Whole"), spot.whole, heavy=True), Rule(0.25, above=2, below=2))
    for name in DIMENSIONS:
        if name in spot.dimensions:
            paper.add(row(paper, label_of(name), spot.dimensions[name]))
    paper.space(3)
    others = reading.asked_others(spot)
    paper.add(paper.words(note(spot.whole, report.before, others=others), "small"))


def label_of(dimension: str) -> str:
    field: Any = IndexWeights._meta.get_field(dimension)
    label = str(field.verbose_name)
    return label[:1].upper() + label[1:]


def row(paper: Paper, label: str, figure: IndexFigure, *, heavy: bool = False) -> Row:
    """Its name, where it lies between 0 and 100, the figure, its margin, and what has changed."""
    scale = WIDE - NAME - VALUE - MARGIN - CHANGE
    margin = f"{decimal(figure.low)}–{decimal(figure.high)}"
    return Row([
        (paper.words(label, "strong" if heavy else "body"), NAME),
        (Interval(figure.low, figure.value, figure.high), scale),
        (paper.words(decimal(figure.value), "strong"), VALUE),
        (paper.words(margin, "small"), MARGIN),
        (paper.words(change(figure), "small"), CHANGE),
    ])  # fmt: skip


def change(figure: IndexFigure) -> str:
    """Since the wave before, and what may be said of it."""
    if not figure.verdict:
        return ""
    if figure.verdict == "real":
        words = _("%(points)s points more") if figure.change > 0 else _("%(points)s points less")
        said = words % {"points": decimal(abs(figure.change))}
        return f"{said}, {_('more than chance')}"
    sign = "+" if figure.change > 0 else ""
    chance = figure.verdict == "chance"
    why = _("could be chance") if chance else _("too few answers to say more")
    return f"{sign}{decimal(figure.change)}, {why}"


def note(whole: IndexFigure, before: Any, *, others: bool) -> str:
    """What the figures are of, and what they are held against."""
    people = _("%(n)s answers for %(people)s who could have been asked") % {
        "n": whole.answered, "people": whole.population,
    }  # fmt: skip
    said = [
        people,
        _("from 0 (worst) to 100 (best); grey: what chance allows, with 95 % confidence"),
    ]
    if whole.verdict and before:
        said.append(_("since %(name)s") % {"name": before.name})
    if others:
        said.append(_("other people were asked before, so nothing is said of a change"))
    return pgettext("between sentences", "; ").join(said)
