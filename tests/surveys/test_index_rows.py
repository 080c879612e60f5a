"""Marks on their way from the database into a table of numbers."""

import random
from collections import Counter

from django.db import connection
from django.test.utils import CaptureQueriesContext

from surveys.models import Response, ResponseMark
from surveys.questionnaire import read
from surveys.services.cells import Scope
from surveys.services.index_items import Item, items_of
from surveys.services.index_rows import AT_ONCE, NOTHING, answers_of
from tests.factories.cast import Cast
from tests.surveys.asking import FIVE_DIMENSIONS, Given, filled, marks_of, opened, street, survey_of

EVERY = [*items_of(read(FIVE_DIMENSIONS)), Item("overall")]


def some_marks(chance: random.Random) -> Given:
    """Of about half of everything; of nothing at times."""
    share = chance.choice((0, 0.5, 0.5, 1))
    return {key: chance.randint(1, 5) for key in marks_of(1) if chance.random() < share}


def test_every_mark_stands_with_its_answer_and_its_place(scoped: Cast) -> None:
    """Whatever was left out, and whoever marked nothing; in as many statements as it takes lots
    of ten items, not in one for each question."""
    chance = random.Random(7)
    houses = [street(scoped, name, 20) for name in ("8栋", "9栋")]
    wave = opened(scoped, survey_of(scoped, document=FIVE_DIMENSIONS))
    lots = [(house, [some_marks(chance) for _ in range(20)]) for house in (*houses, None)]
    filled(wave, lots)
    Response.objects.filter(building=houses[1]).update(group="租户")

    with CaptureQueriesContext(connection) as captured:
        found = answers_of(wave, EVERY)

    assert len(captured) == 1 + -(-len(EVERY) // AT_ONCE) == 3
    given: Counter[tuple[Scope, tuple[int, ...]]] = Counter()
    for response in Response.objects.filter(wave=wave):
        marks = ResponseMark.objects.filter(response=response)
        said = {(each.question, each.row): int(each.number or 0) for each in marks}
        row = tuple(said.get((each.question, each.row), NOTHING) for each in EVERY)
        if said:
            at = Scope(response.community_id, response.building_id, response.group)
            given[at, row] += 1
    rows = zip(found.at.tolist(), found.marks.tolist(), strict=True)
    assert Counter((found.scopes[at], tuple(row)) for at, row in rows) == given
    assert 30 < given.total() < 60
    assert set(found.scopes) == {at for at, _row in given}


def test_wave_without_answers_is_an_empty_table(scoped: Cast) -> None:
    wave = opened(scoped, survey_of(scoped, document=FIVE_DIMENSIONS))
    found = answers_of(wave, EVERY)
    assert (found.marks.shape, len(found.at), found.scopes) == ((0, len(EVERY)), 0, [])
