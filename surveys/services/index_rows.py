"""The marks of a wave as one table of small numbers: a row for each answer, a column for each item.

Loaded only by whoever measures: it brings numpy along.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

import numpy as np
from django.db import connection
from numpy.typing import NDArray

from surveys.models import Wave
from surveys.services.cells import Scope
from surveys.services.index_items import Item

AT_ONCE = 5000
NOTHING = 255  # in the place of a mark that was not given
CODE = 16  # a mark and its column are one number: column · 16 + mark

# 100,000 answers of 50 items are five million marks: each answer's come as one list.
MARKS = """
SELECT r.community_id, r.building_id, r."group", array_agg(i.at * {code} + m.number::int)
FROM surveys_responsemark m
JOIN unnest(%(questions)s::text[], %(rows)s::text[]) WITH ORDINALITY AS i (question, row, at)
    ON i.question = m.question AND i.row = m.row
JOIN surveys_response r ON r.company_id = m.company_id AND r.id = m.response_id
WHERE m.company_id = %(company)s AND m.wave_id = %(wave)s AND m.number IS NOT NULL
GROUP BY r.company_id, r.id
""".format(code=CODE)  # noqa: UP032 - of our own words alone


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
    scopes: dict[Scope, int] = {}
    at: list[int] = []
    parts: list[NDArray[np.uint8]] = []
    for lot in _lots(wave, items):
        part = np.full((len(lot), len(items)), NOTHING, dtype=np.uint8)
        codes = np.fromiter(chain.from_iterable(row[3] for row in lot), dtype=np.int64)
        lines = np.repeat(np.arange(len(lot)), [len(row[3]) for row in lot])
        part[lines, codes // CODE - 1] = codes % CODE
        parts.append(part)
        at += [scopes.setdefault(Scope(*row[:3]), len(scopes)) for row in lot]
    table = np.concatenate(parts) if parts else np.zeros((0, len(items)), dtype=np.uint8)
    return Answers(table, np.array(at, dtype=np.int64), list(scopes))


def _lots(wave: Wave, items: Sequence[Item]) -> Iterator[list[Any]]:
    """So many answers at once as fit easily into memory."""
    asked: dict[str, Any] = {
        "questions": [each.question for each in items],
        "rows": [each.row for each in items],
        "company": wave.company_id,
        "wave": wave.pk,
    }
    with connection.chunked_cursor() as cursor:
        cursor.execute(MARKS, asked)
        while lot := cursor.fetchmany(AT_ONCE):
            yield lot
