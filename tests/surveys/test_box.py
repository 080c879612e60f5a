"""Opening a box of many ballots: each costs as much as the one before."""

import json

from django.db import connection

from surveys.models import Ballot, Response, ResponseMark
from surveys.services.box import SLICE, count
from surveys.services.wave import close_wave
from tenancy.fields import encrypt
from tests.factories.cast import TUESDAY, Cast
from tests.surveys.asking import opened, street

MANY = 2 * SLICE + 200
# How many rows of a table were looked at since this transaction began.
LOOKED_AT = """
SELECT idx_tup_fetch + seq_tup_read FROM pg_stat_xact_user_tables WHERE relname = %s
"""


def test_a_mark_is_checked_against_its_response_and_no_other(scoped: Cast) -> None:
    """Whatever the database knew of the responses before there were any: looked for among all of
    the company, a hundred thousand answers would be none, for no statement waits that long."""
    house = street(scoped, "8栋", 1)
    wave = opened(scoped)
    marks = [["speed", "", "", "4", ""]]
    said = {"way": "link", "building": str(house.pk), "group": "", "marks": marks}
    sealed = encrypt(json.dumps(said))
    Ballot.objects.bulk_create(Ballot(wave=wave, sealed=sealed) for _each in range(MANY))
    closed = close_wave(wave=wave, by=scoped.actor("manager"), now=TUESDAY)

    assert count(wave=closed, by=scoped.actor("manager"), now=TUESDAY) == MANY

    with connection.cursor() as cursor:
        cursor.execute(LOOKED_AT, [Response._meta.db_table])
        (looked_at,) = cursor.fetchone()
    assert looked_at <= 2 * MANY
    assert ResponseMark.objects.filter(wave=wave, response__building=house).count() == MANY
