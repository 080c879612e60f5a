"""How results are said and drawn: shares, means, bars, each with its words."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _, pgettext

from surveys.questionnaire import Kind
from surveys.services.results import HIGH, LOW, Bar, Found, Item
from surveys.services.rounding import half_up, percent_of
from surveys.services.tallying import BELOW, FROM

WHOLE = 1000  # how wide a bar of everybody is drawn


def percent(share: float) -> str:
    """A share without decimals: of five answers there are none."""
    return f"{percent_of(share)}%"


def decimal(value: Any, places: int = 1) -> str:
    """A mean, a median, a difference."""
    return number_format(half_up(value, places), places, use_l10n=True)


def plain(value: Any) -> str:
    """An amount without noughts behind the point."""
    return number_format(f"{value:f}".rstrip("0").rstrip(".") if "." in f"{value:f}" else value)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a question's table, with its bar."""

    label: str
    count: int
    percent: str
    width: str
    tone: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Segment:
    """One mark's part of the bar of all of them."""

    label: str
    start: str
    width: str
    tone: str


@dataclass(frozen=True, slots=True)
class Card:
    """What came of one item, as it is shown."""

    item: Item
    label: str
    lines: Sequence[Line]
    segments: Sequence[Segment]
    figure: str  # the one number that says most
    unit: str
    chips: Sequence[tuple[str, str]]  # tone, words


@dataclass(frozen=True, slots=True)
class Shown:
    """One question with its cards."""

    found: Found
    cards: Sequence[Card]

    @property
    def is_matrix(self) -> bool:
        return self.found.question.kind is Kind.MATRIX


def shown(found: Found) -> Shown:
    return Shown(found, [card(each) for each in found.items])


def card(item: Item) -> Card:
    """The item in words and bars."""
    figure, unit = figure_of(item)
    return Card(item, item.label, lines_of(item), segments_of(item), figure, unit, chips_of(item))


def figure_of(item: Item) -> tuple[str, str]:
    """The mean of marks, the net promoter score, the median of amounts; else how many answered."""
    if item.nps is not None:
        return f"{half_up(item.nps, 0):+}", pgettext("net promoter score", "NPS")
    if item.mean is not None and item.question.scale:
        return decimal(item.mean), _("of %(most)s") % {"most": item.question.scale[-1]}
    if item.median is not None:
        return plain(half_up(item.median)), _("median")
    return "", ""


def chips_of(item: Item) -> list[tuple[str, str]]:
    """What one should know of the figure beside it."""
    found = []
    if item.question.scale:
        low, high = percent(item.low / item.n), percent(item.high / item.n)
        marks = span(LOW[item.question.kind]), span(HIGH[item.question.kind])
        tone = "late" if item.is_weak else ""
        found.append((tone, _("%(share)s gave %(marks)s") % {"share": low, "marks": marks[0]}))
        found.append(("", _("%(share)s gave %(marks)s") % {"share": high, "marks": marks[1]}))
    if item.nps is not None and item.mean is not None:
        found.append(("", _("mean %(mean)s") % {"mean": decimal(item.mean)}))
    if item.quarters:
        low, high = (plain(half_up(each)) for each in item.quarters)
        words = _("the middle half lies between %(low)s and %(high)s")
        found.append(("", words % {"low": low, "high": high}))
    if item.median is not None and item.mean is not None:
        found.append(("", _("mean %(mean)s") % {"mean": decimal(item.mean)}))
    return found


def span(marks: range) -> str:
    return f"{marks[0]}–{marks[-1]}"


def tone_of(item: Item, mark: int) -> str:
    if mark in LOW[item.question.kind]:
        return "low"
    return "high" if mark in HIGH[item.question.kind] else "middle"


def segments_of(item: Item) -> list[Segment]:
    """All marks in one bar, from the worst to the best."""
    found, start = [], 0
    for mark, count in item.marks:
        width = round(count / item.n * WHOLE)
        words = _("%(mark)s: %(share)s") % {"mark": mark, "share": percent(count / item.n)}
        tone = f"{tone_of(item, mark)} bar-mark-{mark}"
        found.append(Segment(words, str(start), str(width), tone))
        start += width
    return found


def lines_of(item: Item) -> list[Line]:
    """The table: every mark from the best to the worst, every choice, class or month."""
    if item.question.scale:
        return [
            line(str(mark), count, item.n, tone_of(item, mark))
            for mark, count in reversed(item.marks)
        ]
    names = {each.key: each.text for each in item.question.choices}
    bars: Iterable[Bar] = item.bars
    if item.question.kind in (Kind.SINGLE, Kind.MULTIPLE):
        bars = sorted(bars, key=lambda each: -each.count)
    return [
        line(label_of(each, names), each.count, item.n, note=note_of(item, each)) for each in bars
    ]


def line(label: str, count: int, n: int, tone: str = "", note: str = "") -> Line:
    share = count / n
    return Line(label, count, percent(share), str(round(share * WHOLE)), tone, note)


def label_of(bar: Bar, names: Mapping[str, str]) -> str:
    if bar.key == BELOW:
        return _("below %(amount)s") % {"amount": plain(bar.number)}
    if bar.key == FROM:
        return _("from %(amount)s") % {"amount": plain(bar.number)}
    return names.get(bar.key, bar.key)


def note_of(item: Item, bar: Bar) -> str:
    """Of a ranking: the mean place. What is counted is who put it first."""
    if item.question.kind is not Kind.RANKING:
        return ""
    return _("place %(place)s on average") % {"place": decimal(bar.number)}
