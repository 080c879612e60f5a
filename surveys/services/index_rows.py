"""The marks of a wave as one table of small numbers: a row for each answer, a column for each item.

Loaded only by whoever measures: it brings numpy along.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

import numpy as np
from django.db.models import SmallIntegerField
from django.db.models.functions import Cast
from numpy.typing import NDArray

from surveys.models import Response, ResponseMark, Wave
from surveys.services.cells import Scope
from surveys.services.index_items import Item

AT_ONCE = 5000
NOTHING = 255  # in the place of a mark that was not given


@dataclass(frozen=True, slots=True)
class Answers:
    """Everybody's marks. `at` is the number of each row's scope among `scopes`."""

    marks: NDArray[np.uint8]
    at: NDArray[np.int64]
    scopes: list[Scope]

    def column(self, number: int) -> NDArray[np.float64]:
        """One item's marks as they were given, NaN where none was."""
        return floats(self.marks[:, number])


def floats(marks: NDArray[np.uint8]) -> NDArray[np.float64]:
    """Marks as numbers, NaN where nothing was said."""
    return np.where(marks == NOTHING, np.nan, marks)


def answers_of(wave: Wave, items: Sequence[Item]) -> Answers:
    """The answers to a wave in which any of these items was marked.

    Question by question, along the index `mark_by_question`: right after counting the database
    knows nothing yet of how many marks there are, and would plan one large question badly.
    """
    line: dict[UUID, int] = {}
    places: list[Scope] = []
    rows = Response.objects.filter(wave=wave).order_by()
    for pk, *place in rows.values_list("pk", "community_id", "building_id", "group").iterator(
        chunk_size=AT_ONCE
    ):
        line[pk] = len(places)
        places.append(Scope(*place))
    marks = np.full((len(places), len(items)), NOTHING, dtype=np.uint8)
    columns: dict[str, dict[str, int]] = defaultdict(dict)
    for number, item in enumerate(items):
        columns[item.question][item.row] = number
    for question, column in columns.items():
        _mark(wave, question, column, line, marks)
    answered = (marks != NOTHING).any(axis=1)
    scopes: dict[Scope, int] = {}
    at = [
        scopes.setdefault(place, len(scopes))
        for place, some in zip(places, answered.tolist(), strict=True)
        if some
    ]
    return Answers(marks[answered], np.array(at, dtype=np.int64), list(scopes))


def _mark(
    wave: Wave,
    question: str,
    column: dict[str, int],
    line: dict[UUID, int],
    marks: NDArray[np.uint8],
) -> None:
    """Write down what everybody answered to one question."""
    rows = ResponseMark.objects.filter(wave=wave, question=question, number__isnull=False)
    given = rows.order_by().values_list("response_id", "row", Cast("number", SmallIntegerField()))
    for response, row, mark in given.iterator(chunk_size=AT_ONCE):
        if row in column:
            marks[line[response], column[row]] = mark
