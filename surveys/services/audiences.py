"""Whom a wave asks: parts that any room may offer, and what tells people apart.

A `Source` offers parts: communities, departments, whoever filed a ticket about lifts. Parts of one
source are joined by "or", sources by "and". A `Partition` names the group somebody belongs to.
A room above this one, or beside it, joins by `register` when its app is ready; nothing changes
here.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Q
from django.utils.functional import Promise as LazyText
from django.utils.translation import gettext_lazy as _

from surveys.models import Audience, Wave
from tenancy.models import Membership
from tenancy.services.refusal import Refused

FURTHEST = 36  # months that a source looks back
MOST = 500  # parts of one wave


class UnknownPart(Refused):
    """A part that nobody offers, or not to whoever asks."""

    code = "unknown_part"
    status = 400
    sentence = _("“%(key)s” is not among those who can be asked.")


class PartsLost(Refused):
    """Something that was chosen is offered no more, and nobody says what is meant instead."""

    code = "parts_lost"
    sentence = _(
        "Part of what was chosen for this wave is no longer used. Send `parts`: as they were, and "
        "nobody more is asked; others; or an empty list to ask everybody."
    )


class WrongSpan(Refused):
    """A look back that is missing, or goes too far."""

    code = "wrong_span"
    status = 400
    sentence = _("Say how many months to look back: from 1 to %(furthest)s.")


class TooManyParts(Refused):
    """More parts than anybody chooses one by one."""

    code = "too_many_parts"
    status = 400
    sentence = _("Choose %(most)s at most, or leave the choice empty to ask all of them.")


class Option(NamedTuple):
    """A part that can be chosen; `under` is the heading it stands below."""

    key: str
    label: str
    under: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """What was chosen of one source, and how many months it looks back where it does."""

    source: str
    keys: tuple[str, ...]
    months: int | None = None


def nameless(_keys: Sequence[str], _member: Membership) -> dict[str, str]:
    """What a source says whose parts have no names once they are laid aside."""
    return {}


@dataclass(frozen=True, slots=True)
class Source:
    """Somewhere the people of a wave can be chosen from.

    `narrow` is a condition on a tie to a home (`Ownership`) where owners are asked, on a
    `Membership` where staff are. `communities` says where the chosen are, if they are somewhere,
    `names` what parts are called that are offered no more.
    """

    name: str
    label: str | LazyText
    audience: Audience
    options: Callable[[Membership], Sequence[Option]]
    narrow: Callable[[Part, datetime], Q]
    communities: Callable[[Part], frozenset[UUID]] | None = None
    looks_back: bool = False
    names: Callable[[Sequence[str], Membership], dict[str, str]] = nameless


class Candidate(NamedTuple):
    """Somebody whom a wave could ask."""

    unit: UUID | None = None
    owner: UUID | None = None
    member: UUID | None = None
    building: UUID | None = None
    community: UUID | None = None
    group: str = ""


@dataclass(frozen=True, slots=True)
class Partition:
    """What tells the people of an audience apart: the group of each, in their order."""

    name: str
    label: str | LazyText
    audience: Audience
    groups: Callable[[Sequence[Candidate]], Sequence[str]]


class Registered(ValueError):
    """Two sources of one name, or two partitions of one audience: a bug of ours."""


SOURCES: dict[str, Source] = {}
PARTITIONS: dict[Audience, Partition] = {}


def register(offered: Source | Partition) -> None:
    """Offer a source, or say what tells an audience apart."""
    if isinstance(offered, Source):
        place: dict[Any, Any] = SOURCES
        key: Any = offered.name
    else:
        place, key = PARTITIONS, offered.audience
    if key in place:
        raise Registered(f"{key} is registered already")
    place[key] = offered


def sources(audience: str) -> list[Source]:
    """What the people of an audience can be chosen from."""
    return [each for each in SOURCES.values() if each.audience == audience]


def sources_kept(audience: str, kept: Iterable[Part]) -> list[Source]:
    """The same, and those of the parts that are kept: a room that is gone asks nobody."""
    return [
        *sources(audience),
        *(
            Source(
                part.source, part.source, Audience(audience), lambda _member: (), _nobody,
                looks_back=part.months is not None,
            )
            for part in kept
            if part.source not in SOURCES
        ),
    ]  # fmt: skip


def _nobody(_part: Part, _now: datetime) -> Q:
    return Q(pk__in=())


def lost(parts: Iterable[Part], chooser: Membership) -> list[Part]:
    """What was chosen once and is offered no more: laid aside, or of a room that is gone."""
    found = []
    for part in parts:
        source = SOURCES.get(part.source)
        offered = {option.key for option in source.options(chooser)} if source else set()
        keys = tuple(key for key in part.keys if key not in offered)
        found += [Part(part.source, keys, part.months)] if keys else []
    return found


def checked(
    parts: Iterable[Part],
    audience: str,
    chooser: Membership | None,
    kept: Iterable[Part] = (),
) -> list[Part]:
    """What was chosen, once each part of it is offered to whoever chooses.

    What a plan has is `kept`, offered or not: else whoever changes its name would ask more people.
    """
    kept = list(kept)
    known = {each.name: each for each in sources_kept(audience, kept)}
    had = {part.source: set(part.keys) for part in kept}
    clean = [tidied(part) for part in parts if part.keys]
    if sum(len(part.keys) for part in clean) > MOST:
        raise TooManyParts(most=MOST)
    seen: set[str] = set()
    for part in clean:
        source = known.get(part.source)
        if source is None or part.source in seen:
            raise UnknownPart(key=part.source)
        seen.add(part.source)
        must_look_back(source, part)
        must_be_offered(source, part, chooser, had.get(part.source, set()))
    return clean


def tidied(part: Part) -> Part:
    """Each key once, in the order they were named."""
    return Part(part.source, tuple(dict.fromkeys(part.keys)), part.months)


def must_look_back(source: Source, part: Part) -> None:
    fits = part.months is not None and 1 <= part.months <= FURTHEST
    if source.looks_back != (part.months is not None) or (source.looks_back and not fits):
        raise WrongSpan(furthest=FURTHEST)


def must_be_offered(source: Source, part: Part, chooser: Membership | None, had: set[str]) -> None:
    if chooser is None:
        return  # the machine repeats what somebody was offered
    offered = {option.key for option in source.options(chooser)}
    for key in part.keys:
        if key not in offered | had:
            raise UnknownPart(key=key[:64])


def condition(parts: Iterable[Part], now: datetime) -> Q:
    """Who belongs to all of them."""
    found = Q()
    for part in parts:
        source = SOURCES.get(part.source)
        # What is not installed any more chooses nobody: better than everybody.
        found &= source.narrow(part, now) if source else _nobody(part, now)
    return found


def communities_of(parts: Iterable[Part]) -> frozenset[UUID] | None:
    """Where the chosen are; None where nothing says so."""
    found: frozenset[UUID] | None = None
    for part in parts:
        source = SOURCES.get(part.source)
        if source is not None and source.communities is not None:
            these = source.communities(part)
            found = these if found is None else found & these
    return found


def parts_of(wave: Wave) -> list[Part]:
    """What was chosen for a wave."""
    rows = wave.parts.order_by("source", "key").values_list("source", "key", "months")
    found: dict[tuple[str, int | None], list[str]] = {}
    for source, key, months in rows:
        found.setdefault((source, months), []).append(key)
    return [Part(source, tuple(keys), months) for (source, months), keys in found.items()]


def grouped(found: Sequence[Candidate], audience: str) -> list[Candidate]:
    """The same people, each with the name of their group."""
    partition = PARTITIONS.get(Audience(audience))
    if partition is None:
        return list(found)
    names = partition.groups(found)
    return [each._replace(group=name) for each, name in zip(found, names, strict=True)]
