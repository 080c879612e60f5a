"""Who is asked, and with which secret they answer."""

import base64
import hashlib
import hmac
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.conf import settings

from owners.models import Ownership, Unit
from owners.models.ownership import OwnershipQuerySet
from surveys.models import Audience, Invitation, OnePer, Wave, WaveStratum
from surveys.services.audiences import Candidate, Part, condition, grouped, parts_of
from surveys.services.sampling import draw
from tenancy.models import Membership

SECRET_BYTES = 10  # 80 bits; sixteen letters and digits, none of which look alike
AT_ONCE = 2000


class Stratum(NamedTuple):
    """The people of one group in one building."""

    community: UUID | None
    building: UUID | None
    group: str


def secret_of(invitation: Invitation) -> str:
    """The secret in somebody's link. It is made anew whenever a letter is written, never kept."""
    said = f"survey-invitation:{invitation.pk}".encode()
    digest = hmac.digest(settings.INDEX_KEY.encode(), said, hashlib.sha256)
    return base64.b32encode(digest[:SECRET_BYTES]).decode().lower()


def hash_of(secret: str) -> str:
    """What an invitation is found by."""
    return hashlib.sha256(secret.strip().lower().encode()).hexdigest()


def invite(wave: Wave, now: datetime) -> int:
    """Write the invitations of a wave: everybody, or a sample drawn stratum by stratum."""
    found = candidates(wave.survey.audience, wave.one_per, parts_of(wave), now)
    chosen = drawn(found, wave.sample_size, wave.seed)
    write_strata(wave, found, chosen)
    write_invitations(wave, chosen)
    return len(chosen)


def candidates(
    audience: str, one_per: str, parts: Sequence[Part], now: datetime
) -> list[Candidate]:
    """Everybody whom a wave could ask, in an order that is always the same."""
    wanted = condition(parts, now)
    if audience == Audience.STAFF:
        members = Membership.objects.active().staff().filter(wanted).order_by("id")
        return grouped(
            [Candidate(member=pk) for pk in members.values_list("id", flat=True)], audience
        )
    ties = Ownership.objects.current().filter(wanted, unit__in=Unit.objects.in_use())
    found = households(ties) if one_per == OnePer.HOUSEHOLD else residents(ties)
    return grouped(list(found), audience)


def households(ties: OwnershipQuerySet) -> Iterator[Candidate]:
    """The homes in use of those who have such a tie today."""
    rows = ties.values_list("unit_id", "unit__building_id", "unit__community_id").distinct()
    # Joined and not nested: before the tables have statistics, a query in a query takes minutes.
    for unit, building, community in rows.order_by("unit__building_id", "unit_id"):
        yield Candidate(unit=unit, building=building, community=community)


def residents(ties: OwnershipQuerySet) -> Iterator[Candidate]:
    """Whoever has such a tie today; with several homes, that of the first."""
    seen: set[UUID] = set()
    rows = ties.order_by("unit__building_id", "unit_id", "owner_id")
    for owner, unit, building, community in rows.values_list(
        "owner_id", "unit_id", "unit__building_id", "unit__community_id"
    ):
        if owner not in seen:
            seen.add(owner)
            yield Candidate(unit=unit, owner=owner, building=building, community=community)


def stratum_of(each: Candidate) -> Stratum:
    return Stratum(each.community, each.building, each.group)


def drawn(found: Sequence[Candidate], size: int | None, seed: str) -> list[Candidate]:
    """Everybody, or a sample that takes its share of every stratum."""
    if size is None:
        return list(found)
    strata: dict[Stratum, list[Candidate]] = defaultdict(list)
    for each in found:
        strata[stratum_of(each)].append(each)
    return draw(strata, size, seed)


def write_strata(wave: Wave, found: Sequence[Candidate], chosen: Sequence[Candidate]) -> None:
    """How many there were and how many are asked: what answers are weighed by later."""
    population, invited = Counter(map(stratum_of, found)), Counter(map(stratum_of, chosen))
    WaveStratum.objects.bulk_create(
        (
            WaveStratum(
                wave=wave,
                community_id=stratum.community,
                building_id=stratum.building,
                group=stratum.group,
                population=count,
                invited=invited[stratum],
            )
            for stratum, count in population.items()
        ),
        batch_size=AT_ONCE,
    )


def write_invitations(wave: Wave, chosen: Sequence[Candidate]) -> None:
    """An invitation for each, a slice at a time: nobody has to remember twenty thousand."""
    for start in range(0, len(chosen), AT_ONCE):
        Invitation.objects.bulk_create(
            invitation(wave, each) for each in chosen[start : start + AT_ONCE]
        )


def invitation(wave: Wave, each: Candidate) -> Invitation:
    row = Invitation(
        wave=wave,
        unit_id=each.unit,
        owner_id=each.owner,
        membership_id=each.member,
        building_id=each.building,
        group=each.group,
    )
    row.secret_hash = hash_of(secret_of(row))
    return row
