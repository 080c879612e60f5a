"""Opening a box of many ballots: each costs as much as the one before."""

import json
from collections.abc import Iterator

import pytest
from django.db import connection

from surveys.models import Ballot, Response, ResponseMark, Wave
from surveys.services.box import SLICE, count
from surveys.services.wave import close_wave
from tenancy.fields import encrypt
from tests.databases import owner
from tests.factories.cast import TUESDAY, Cast
from tests.surveys.asking import opened, street, survey_of

FEW, MANY = 10, 2 * SLICE + 200
# How many rows of a table were looked at since this transaction began.
LOOKED_AT = """
SELECT idx_tup_fetch + seq_tup_read FROM pg_stat_xact_user_tables WHERE relname = %s
"""
# What the database believes of a table when it plans: pages, and rows in them.
BELIEVE = """
SELECT pg_restore_relation_stats(
    'schemaname', 'public', 'relname', %s, 'relpages', %s::integer, 'reltuples', %s::real)
"""


def believe(pages: int, rows: float) -> None:
    """Only a table's owner may say so, and in a transaction of its own."""
    with owner() as cursor:
        cursor.connection.autocommit = True
        cursor.execute(BELIEVE, [Response._meta.db_table, pages, rows])


@pytest.fixture
def tidied() -> Iterator[None]:
    """The database has tidied the table when there was no row in it, and believes so still."""
    believe(pages=1, rows=0)
    yield
    believe(pages=0, rows=-1)  # as it is when nobody has looked yet


def box(cast: Cast, title: str, building: str, ballots: int) -> Wave:
    wave = opened(cast, survey_of(cast, title=title))
    marks = [["speed", "", "", "4", ""]]
    said = {"way": "link", "building": building, "group": "", "marks": marks}
    sealed = encrypt(json.dumps(said))
    Ballot.objects.bulk_create(Ballot(wave=wave, sealed=sealed) for _each in range(ballots))
    return close_wave(wave=wave, by=cast.actor("manager"), now=TUESDAY)


def rows_looked_at() -> int:
    with connection.cursor() as cursor:
        cursor.execute(LOOKED_AT, [Response._meta.db_table])
        (looked_at,) = cursor.fetchone()
    return int(looked_at)


@pytest.mark.usefixtures("tidied")
def test_a_mark_is_checked_against_its_response_and_no_other(scoped: Cast) -> None:
    """A hundred thousand answers would be none, if each were looked for among all of the company:
    no statement waits that long."""
    house = str(street(scoped, "8栋", 1).pk)
    few, many = box(scoped, "小", house, FEW), box(scoped, "大", house, MANY)
    # How a mark finds its response is settled here, for this connection.
    assert count(wave=few, by=scoped.actor("manager"), now=TUESDAY) == FEW
    before = rows_looked_at()

    assert count(wave=many, by=scoped.actor("manager"), now=TUESDAY) == MANY

    assert rows_looked_at() - before <= 2 * MANY
    assert ResponseMark.objects.filter(wave=many, response__building=house).count() == MANY
