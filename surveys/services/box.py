"""Opening the box: once, when a wave has closed, in an order that means nothing."""

import json
import secrets
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from owners.models import Building
from surveys.models import Ballot, Response, ResponseMark, Stage, Wave
from surveys.services.cells import LEAST, kept
from surveys.services.wave import claim
from tenancy.fields import decrypt
from tenancy.services.actor import Actor
from tenancy.services.audit import record
from tenancy.services.refusal import Refused

AT_ONCE = 2000
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
    sealed = list(Ballot.objects.filter(wave=wave).values_list("sealed", flat=True))
    if len(sealed) < LEAST:
        raise TooFewAnswers(count=len(sealed), least=LEAST)
    secrets.SystemRandom().shuffle(sealed)
    opened = [Opened(**json.loads(decrypt(each))) for each in sealed]
    blur(opened, {str(row[0]): str(row[1]) for row in Building.objects.values_list(*PLACE)})
    for start in range(0, len(opened), AT_ONCE):
        _write(wave, opened[start : start + AT_ONCE])
    Ballot.objects.filter(wave=wave).delete()
    wave.stage = Stage.COUNTED
    wave.save(update_fields=["stage"])
    record(action="count_wave", subject=wave, by=by, now=now, answers=len(opened))
    return len(opened)


@dataclass
class Opened:
    """A ballot out of its envelope."""

    way: str
    building: str | None
    group: str
    marks: list[list[Any]]
    community: str | None = None


def blur(opened: list[Opened], communities: Mapping[str, str]) -> None:
    """Take away what fewer than five have in common: community, building, then group, then way.

    Who used an invitation is known, house by house: the only answer of a building would be that
    household's, whoever reads it where.
    """
    for each in opened:
        each.community = communities.get(each.building or "")
    _keep_large(opened, "community")
    for each in opened:
        each.building = each.building if each.community else None
    for part in _groups(opened, "community").values():
        _keep_large(part, "building")
    for community in _groups(opened, "community").values():
        for building in _groups(community, "building").values():
            _keep_large(building, "group")
            for part in _groups(building, "group").values():
                _keep_large(part, "way")


def _keep_large(opened: list[Opened], name: str) -> None:
    counts = Counter(getattr(each, name) for each in opened)
    told = kept(counts)
    for each in opened:
        if getattr(each, name) not in told:
            setattr(each, name, "" if name in ("group", "way") else None)


def _groups(opened: list[Opened], name: str) -> dict[Any, list[Opened]]:
    found: dict[Any, list[Opened]] = defaultdict(list)
    for each in opened:
        found[getattr(each, name)].append(each)
    return found


def _write(wave: Wave, opened: list[Opened]) -> None:
    responses, marks = [], []
    for each in opened:
        response = Response(
            wave=wave,
            community_id=each.community,
            building_id=each.building,
            group=each.group,
            way=each.way,
        )
        responses.append(response)
        marks += [
            ResponseMark(
                response=response,
                wave=wave,
                question=question,
                row=row,
                choice=choice,
                number=None if number is None else Decimal(number),
                text=text,
            )
            for question, row, choice, number, text in each.marks
        ]
    Response.objects.bulk_create(responses)
    ResponseMark.objects.bulk_create(marks, batch_size=AT_ONCE)
