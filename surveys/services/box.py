"""Opening the box: once, when a wave has closed, in an order that means nothing.

Twice through the box, a slice at a time: first for where each ballot came from, then, once it is
known what of that may be kept, for what it says. So many answers are in clear as one slice holds.
"""

import json
import secrets
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any
from uuid import UUID, uuid4

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from owners.models import Building
from owners.services.folding import fold
from surveys.models import Ballot, Response, ResponseMark, Stage, Wave
from surveys.services.answering_photo import open_photos
from surveys.services.cells import LEAST, kept
from surveys.services.wave import claim
from tenancy.fields import decrypt
from tenancy.services.actor import Actor
from tenancy.services.audit import record
from tenancy.services.refusal import Refused

SLICE = 500  # so that no statement comes near the limit of its time
PLACE = ("id", "community_id")


class TooFewAnswers(Refused):
    """Whoever opened a box with four ballots would know who cast them."""

    code = "too_few_answers"
    sentence = _(
        "%(count)s answers are too few to stay anonymous: below %(least)s the box stays shut."
    )


@transaction.atomic
def count(*, wave: Wave, by: Actor, now: datetime) -> int:
    """Turn every ballot into a response, and the box to dust; how many there were.

    One transaction: rows that were written together cannot be told apart by it. The ballots are
    shuffled before, so that their places on the disk say nothing either.
    """
    wave = claim(wave, Stage.CLOSED)
    order = list(Ballot.objects.filter(wave=wave).values_list("id", flat=True))
    if len(order) < LEAST:
        raise TooFewAnswers(count=len(order), least=LEAST)
    secrets.SystemRandom().shuffle(order)
    origins = [_origin(ballot) for ballot in _ballots(order)]
    blur(origins, {str(row[0]): str(row[1]) for row in Building.objects.values_list(*PLACE)})
    responses = _respond(wave, origins)
    ballots = _ballots(order)
    for start in range(0, len(order), SLICE):
        some = responses[start : start + SLICE]
        _write(wave, some, [each["marks"] for each in islice(ballots, len(some))])
    open_photos(wave)
    Ballot.objects.filter(wave=wave).delete()
    wave.stage = Stage.COUNTED
    wave.save(update_fields=["stage"])
    record(action="count_wave", subject=wave, by=by, now=now, answers=len(order))
    return len(order)


def _ballots(order: Sequence[UUID]) -> Iterator[dict[str, Any]]:
    """What is in the box, in this order, never more than a slice of it at once."""
    for start in range(0, len(order), SLICE):
        ids = order[start : start + SLICE]
        sealed = dict(Ballot.objects.filter(id__in=ids).values_list("id", "sealed"))
        for each in ids:
            yield json.loads(decrypt(sealed[each]))


@dataclass(slots=True)
class Origin:
    """Where a ballot came from."""

    way: str
    building: str | None
    group: str
    community: str | None = None


def _origin(ballot: Mapping[str, Any]) -> Origin:
    return Origin(ballot["way"], ballot["building"], ballot["group"])


def blur(origins: list[Origin], communities: Mapping[str, str]) -> None:
    """Take away what fewer than five have in common: community, building, then group, then way.

    Who used an invitation is known, house by house: the only answer of a building would be that
    household's, whoever reads it where.
    """
    for each in origins:
        each.community = communities.get(each.building or "")
    _keep_large(origins, "community")
    for each in origins:
        each.building = each.building if each.community else None
    for part in _groups(origins, "community").values():
        _keep_large(part, "building")
    for community in _groups(origins, "community").values():
        for building in _groups(community, "building").values():
            _keep_large(building, "group")
            for part in _groups(building, "group").values():
                _keep_large(part, "way")


def _keep_large(origins: list[Origin], name: str) -> None:
    counts = Counter(getattr(each, name) for each in origins)
    told = kept(counts)
    for each in origins:
        if getattr(each, name) not in told:
            setattr(each, name, "" if name in ("group", "way") else None)


def _groups(origins: list[Origin], name: str) -> dict[Any, list[Origin]]:
    found: dict[Any, list[Origin]] = defaultdict(list)
    for each in origins:
        found[getattr(each, name)].append(each)
    return found


def _respond(wave: Wave, origins: Sequence[Origin]) -> list[UUID]:
    """The responses, all of them before the first mark; their ids in this order."""
    rows = [
        Response(
            id=uuid4(),
            wave=wave,
            community_id=each.community,
            building_id=each.building,
            group=each.group,
            way=each.way,
        )
        for each in origins
    ]
    Response.objects.bulk_create(rows, batch_size=SLICE)
    with connection.cursor() as cursor:
        # Each mark is checked against its response. How that is looked up the database decides
        # once for a connection: with few responses there, by reading all of them. Of 7,000
        # answers a slice then took a minute, of more it failed.
        cursor.execute("DISCARD PLANS")
    return [each.pk for each in rows]


def _write(wave: Wave, responses: Sequence[UUID], said: Sequence[list[list[Any]]]) -> None:
    """The marks of a slice of responses, in one statement."""
    lot = [
        (str(response), [_mark(*each) for each in marks])
        for response, marks in zip(responses, said, strict=True)
    ]
    with connection.cursor() as cursor:
        cursor.execute(WRITE_MARKS, [wave.company_id, wave.pk, json.dumps(lot)])


def _mark(question: str, row: str, choice: str, number: str | None, text: str) -> tuple[Any, ...]:
    # What no database takes, e.g. half of a pair of a telephone's signs, must not stop the count.
    text = text.encode("utf-8", "replace").decode().replace("\x00", "")
    return question, row, choice, number, text, fold(text) if text else ""


# The ids by the database: random, as `uuid4` is.
WRITE_MARKS = f"""
INSERT INTO {ResponseMark._meta.db_table} (company_id, wave_id, id, response_id,
    question, "row", choice, number, text, search_text)
SELECT %s, %s, gen_random_uuid(), (said->>0)::uuid,
    mark->>0, mark->>1, mark->>2, (mark->>3)::numeric, mark->>4, mark->>5
FROM jsonb_array_elements(%s::jsonb) said, jsonb_array_elements(said->1) mark
"""  # noqa: S608 - of our own words alone
