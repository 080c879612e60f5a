"""The marks of a wave as one table of small numbers: a row for each answer, a column for each item.

Loaded only by whoever measures: it brings numpy along.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from django.db.models import Aggregate, BinaryField, F, Func, SmallIntegerField
from django.db.models.functions import Cast
from numpy.typing import NDArray

from surveys.models import Response, ResponseMark, Wave
from surveys.services.cells import Scope
from surveys.services.index_items import Item

AT_ONCE = 10  # items: of a hundred thousand answers so many come in eighteen megabytes
NOTHING = 255  # in the place of a mark that was not given
# A response, and what it says of an item, as the database sends them.
RESPONSE = np.dtype("S16")
MARK = np.dtype([("response", RESPONSE), ("mark", ">i2")])


class Packed(Aggregate):
    """All rows of a group in one string of bytes, their parts side by side.

    Five million marks, each a row with an id to be read, take a minute; so they take seconds.
    """

    template = "STRING_AGG(%(expressions)s, ''::bytea)"
    arg_joiner = " || "
    output_field = BinaryField()

    def __init__(self, *parts: Any) -> None:
        super().__init__(*parts)


def uuid_of(name: str) -> Func:
    """Sixteen bytes."""
    return Func(F(name), function="UUID_SEND", output_field=BinaryField())


def small(name: str) -> Func:
    """Two bytes, the higher one first."""
    number = Cast(name, SmallIntegerField())
    return Func(number, function="INT2SEND", output_field=BinaryField())


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
    """The answers to a wave in which any of these items was marked."""
    responses, at, scopes = _responses(wave)
    marks = np.full((len(responses), len(items)), NOTHING, dtype=np.uint8)
    for start in range(0, len(items), AT_ONCE):
        _mark(wave, items[start : start + AT_ONCE], responses, marks[:, start : start + AT_ONCE])
    answered = (marks != NOTHING).any(axis=1)
    used, at = np.unique(at[answered], return_inverse=True)
    return Answers(marks[answered], at.astype(np.int64), [scopes[each] for each in used.tolist()])


def _responses(wave: Wave) -> tuple[NDArray[Any], NDArray[np.int64], list[Scope]]:
    """The ids of all responses in their order, the number of each one's scope, and the scopes."""
    rows = Response.objects.filter(wave=wave).order_by()
    places = rows.values_list("community_id", "building_id", "group")
    scopes: list[Scope] = []
    parts: list[NDArray[Any]] = []
    for *place, ids in places.annotate(ids=Packed(uuid_of("id"))):
        scopes.append(Scope(*place))
        parts.append(np.frombuffer(ids, dtype=RESPONSE))
    responses = np.concatenate([np.empty(0, RESPONSE), *parts])
    at = np.repeat(np.arange(len(parts)), [len(part) for part in parts])
    order = np.argsort(responses)
    return responses[order], at[order], scopes


def _mark(
    wave: Wave, items: Sequence[Item], responses: NDArray[Any], marks: NDArray[np.uint8]
) -> None:
    """Write down what everybody answered to some items, a column each.

    Of one table alone, along the index `mark_by_question`: right after counting the database
    knows nothing yet of how many marks there are, and would plan anything larger badly.
    """
    columns = {(each.question, each.row): number for number, each in enumerate(items)}
    rows = ResponseMark.objects.filter(
        wave=wave,
        question__in={each.question for each in items},
        row__in={each.row for each in items},
        number__isnull=False,
    )
    by_item = rows.order_by().values_list("question", "row")
    packed = Packed(uuid_of("response_id"), small("number"))
    for question, row, given in by_item.annotate(given=packed):
        if (question, row) in columns:  # and not the row of one question, asked in another
            said = np.frombuffer(given, dtype=MARK)
            lines = np.searchsorted(responses, said["response"])
            marks[lines, columns[question, row]] = said["mark"]
