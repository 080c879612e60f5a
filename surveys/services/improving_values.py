"""How something stands in a counted wave, from 0 to 100: a question, a dimension, or the index.

Read from what may be told (tallies, figures of the index), never from the answers themselves:
where too few have answered, there is no value, and nothing can be decided on it.
"""

import math
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Self

from django.utils.translation import gettext_lazy as _

from surveys.measuring import Estimate
from surveys.measuring.few import variance_of_mean
from surveys.models import IndexFigure, Tally, Wave
from surveys.questionnaire import Dimension, Questionnaire, read
from surveys.services.cells import Scope
from surveys.services.index_figures import estimate_of, place_of

ENDS = (0.0, 100.0)  # between which everything stands
INDEX = "index"
BY_DIMENSION = "dimension:"
WHOLE_INDEX = _("satisfaction index")
DIMENSIONS = {
    Dimension.RELIABILITY: _("reliability"),
    Dimension.RESPONSIVENESS: _("responsiveness"),
    Dimension.ASSURANCE: _("assurance"),
    Dimension.EMPATHY: _("empathy"),
    Dimension.TANGIBLES: _("tangibles"),
}


@dataclass(frozen=True, slots=True)
class Item:
    """Something that can stand well or badly: a question, with the row of a matrix; a dimension;
    or, all empty, the index as a whole."""

    question: str = ""
    row: str = ""
    dimension: str = ""

    @classmethod
    def named(cls, name: str) -> Self | None:
        """By its name in an address, or nothing."""
        if name == INDEX:
            return cls()
        if name.startswith(BY_DIMENSION):
            dimension = name.removeprefix(BY_DIMENSION)
            return cls(dimension=dimension) if dimension in set(Dimension) else None
        question, _dot, row = name.partition(".")
        return cls(question, row) if question else None

    @property
    def name(self) -> str:
        """What `named` takes."""
        if self.question:
            return f"{self.question}.{self.row}" if self.row else self.question
        return f"{BY_DIMENSION}{self.dimension}" if self.dimension else INDEX


def words_of(item: Item, questionnaire: Questionnaire) -> str:
    """A question as it was asked; nothing for what was never asked, or is no question."""
    question = questionnaire.by_key.get(item.question)
    if question is None or not question.scale:
        return ""
    if not question.rows:
        return "" if item.row else question.text
    row = next((each.text for each in question.rows if each.key == item.row), "")
    return f"{question.text} – {row}" if row else ""


def value_of(wave: Wave, item: Item, scope: Scope) -> Estimate | None:
    """How it stands there; nothing where it was not asked, or too few have answered."""
    if not item.question:
        return _figure(wave, item.dimension, scope)
    return _questions(wave, scope, item).get(item)


def values_of(wave: Wave, scope: Scope) -> dict[Item, Estimate]:
    """Every question with a scale, the weakest first."""
    found = _questions(wave, scope)
    return dict(sorted(found.items(), key=lambda pair: (pair[1].value, pair[0].name)))


def _questions(wave: Wave, scope: Scope, item: Item | None = None) -> dict[Item, Estimate]:
    rows = Tally.objects.of(wave, *scope).filter(choice="", number__isnull=False)
    if item is not None:
        rows = rows.filter(question=item.question, row=item.row)
    counts: dict[Item, dict[Decimal, int]] = defaultdict(dict)
    for question, row, number, count in rows.values_list("question", "row", "number", "count"):
        counts[Item(question, row)][number] = count
    asked = read(wave.edition.document).by_key
    return {
        each: spread(found, asked[each.question].scale)
        for each, found in counts.items()
        if each.question in asked and asked[each.question].scale
    }


def spread(counts: Mapping[Decimal, int], scale: range) -> Estimate:
    """From how often each mark was given to the mean, brought to 0–100, and its margin."""
    lowest, width = scale[0], scale[-1] - scale[0]
    marks = [(100 * (float(mark) - lowest) / width, count) for mark, count in counts.items()]
    answered = sum(count for _mark, count in marks)
    mean = sum(mark * count for mark, count in marks) / answered
    squares = sum(count * (mark - mean) ** 2 for mark, count in marks)
    freedom = max(answered - 1, 1)
    # As of very many: of how many these are the answers, tallies do not tell.
    error = math.sqrt(variance_of_mean(mean, squares / freedom / answered, answered, ENDS))
    # Brings numpy along: only whoever asks for a margin waits for it.
    from surveys.measuring.estimating import interval  # noqa: PLC0415

    return interval(mean, error, freedom, answered, answered, ENDS)


def _figure(wave: Wave, dimension: str, scope: Scope) -> Estimate | None:
    place, key = place_of(scope)
    rows = IndexFigure.objects.filter(wave=wave, place=place, key=key, dimension=dimension)
    row: IndexFigure | None = rows.first()
    return estimate_of(row) if row else None
