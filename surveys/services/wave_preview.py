"""Whom a wave would ask, before anybody decides."""

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from uuid import UUID

from django.utils.translation import pgettext

from owners.models import Building
from surveys.models import Invitation, Stage, Survey, Wave
from surveys.services.audiences import (
    SOURCES,
    Candidate,
    Option,
    Part,
    checked,
    communities_of,
)
from surveys.services.inviting import candidates, stratum_of
from surveys.services.rounding import percent_of
from surveys.services.sampling import allocate, margin_of, size_for
from surveys.services.wave import NobodyToAsk, must_reach
from tenancy.models import Membership

POINTS = (10, 5, 3)
NAMED = 8  # parts that are written out
USUAL_SHARE = 0.5  # who answers, where nobody knows better


@dataclass(frozen=True, slots=True)
class Count:
    """Of a building or a group: how many there are, and how many of them would be asked."""

    name: str
    people: int
    asked: int


@dataclass(frozen=True, slots=True)
class Place:
    """A community with its buildings; where there are no places, everybody by group."""

    name: str
    people: int
    asked: int
    parts: Sequence[Count]


@dataclass(frozen=True, slots=True)
class Hint:
    """How many answers tell a share to ± so many points, and how many to ask for them."""

    points: int
    answers: int
    asked: int | None  # None: even everybody would be too few
    best: float  # points, if everybody is asked


@dataclass(frozen=True, slots=True)
class Preview:
    """Whom a wave would ask today."""

    people: int
    asked: int
    places: Sequence[Place]
    hints: Sequence[Hint]
    share: int  # percent of those asked who are expected to answer
    share_of_last: bool  # as many as last time; else nobody knows yet
    margin: float  # points, if that share answers


def preview(
    *,
    survey: Survey,
    parts: Iterable[Part],
    sample_size: int | None,
    member: Membership,
    now: datetime,
    kept: Iterable[Part] = (),
) -> Preview:
    """Count whom it would ask, place by place. Raises what planning it would raise."""
    chosen = checked(parts, survey.audience, member, kept)
    must_reach(member, communities_of(chosen))
    found = candidates(survey.audience, survey.one_per, chosen, now)
    if not found:
        raise NobodyToAsk
    last = last_share(survey)
    share = USUAL_SHARE if last is None else last
    people = len(found)
    asked = people if sample_size is None else min(max(sample_size, 1), people)
    return Preview(
        people=people,
        asked=asked,
        places=places(found, asked),
        hints=[hint(points, people, share) for points in POINTS],
        share=percent_of(share),
        share_of_last=last is not None,
        margin=margin_of(max(round(asked * share), 1), people),
    )


def hint(points: int, people: int, share: float) -> Hint:
    """For `people` of whom such a share answers."""
    answers = size_for(points, people)
    asked = math.ceil(answers / share)
    best = margin_of(max(round(people * share), 1), people)
    return Hint(points, answers, asked if asked <= people else None, best)


def last_share(survey: Survey) -> float | None:
    """Of those asked last time who answered; None before there was a last time."""
    waves = Wave.objects.filter(survey=survey, stage=Stage.COUNTED, invited__gt=0)
    last: Wave | None = waves.order_by("-opens_on", "-id").first()
    if last is None:
        return None
    used: int = Invitation.objects.filter(wave=last, is_used=True).count()
    return max(used / last.invited, 0.01)


def places(found: Sequence[Candidate], asked: int) -> list[Place]:
    """Community by community, building by building; groups where there are no buildings."""
    sizes = Counter(map(stratum_of, found))
    shares = allocate(sizes, asked)
    names = names_of({each.building for each in sizes if each.building})
    people: Counter[tuple[str, int, str]] = Counter()
    drawn: Counter[tuple[str, int, str]] = Counter()
    for stratum, size in sizes.items():
        key = names[stratum.building] if stratum.building else ("", 0, stratum.group)
        people[key] += size
        drawn[key] += shares[stratum]
    result = []
    for community, keys in groupby(sorted(people), key=lambda key: key[0]):
        parts = [Count(key[2], people[key], drawn[key]) for key in keys]
        total, chosen = sum(part.people for part in parts), sum(part.asked for part in parts)
        result.append(Place(community, total, chosen, parts))
    return result


def names_of(buildings: Iterable[UUID]) -> dict[UUID, tuple[str, int, str]]:
    """Community, position and name of each: what they are sorted by."""
    rows = Building.objects.filter(id__in=list(buildings))
    return {
        pk: (community, position, name)
        for pk, community, position, name in rows.values_list(
            "id", "community__name", "position", "name"
        )
    }


@dataclass(frozen=True, slots=True)
class Described:
    """A part in words."""

    label: str
    names: str
    months: int | None


def described(parts: Iterable[Part], member: Membership) -> list[Described]:
    """The parts in words, the first of many by name. One query for each source."""
    found = []
    for part in parts:
        source = SOURCES.get(part.source)
        known = {each.key: each for each in source.options(member)} if source else {}
        chosen = [named(known[key]) for key in part.keys if key in known]
        more = ["…"] if len(chosen) > NAMED or len(chosen) < len(part.keys) else []
        label = str(source.label) if source else part.source
        found.append(Described(label, listed([*chosen[:NAMED], *more]), part.months))
    return found


def named(option: Option) -> str:
    return f"{option.under} · {option.label}" if option.under else option.label


def listed(words: Iterable[object]) -> str:
    """Several things in one line."""
    return pgettext("between items", ", ").join(map(str, words))
