"""Who is asked, and with which secret they answer."""

import base64
import hashlib
import hmac
from collections import defaultdict
from collections.abc import Iterable
from uuid import UUID

from django.conf import settings

from owners.models import Ownership, Unit
from surveys.models import Audience, Invitation, OnePer, Wave
from surveys.services.sampling import draw
from tenancy.models import Membership

SECRET_BYTES = 10  # 80 bits; sixteen letters and digits, none of which look alike
AT_ONCE = 2000


def secret_of(invitation: Invitation) -> str:
    """The secret in somebody's link. It is made anew whenever a letter is written, never kept."""
    said = f"survey-invitation:{invitation.pk}".encode()
    digest = hmac.digest(settings.INDEX_KEY.encode(), said, hashlib.sha256)
    return base64.b32encode(digest[:SECRET_BYTES]).decode().lower()


def hash_of(secret: str) -> str:
    """What an invitation is found by."""
    return hashlib.sha256(secret.strip().lower().encode()).hexdigest()


def invite(wave: Wave) -> int:
    """Write the invitations of a wave: everybody, or a sample drawn building by building."""
    found = _candidates(wave)
    if wave.sample_size is not None:
        strata: dict[UUID | None, list[Invitation]] = defaultdict(list)
        for each in found:
            strata[each.building_id].append(each)
        found = draw(strata, wave.sample_size, wave.seed)
    for each in found:
        each.secret_hash = hash_of(secret_of(each))
    Invitation.objects.bulk_create(found, batch_size=AT_ONCE)
    return len(found)


def _candidates(wave: Wave) -> list[Invitation]:
    """Everybody whom the wave could ask, in an order that is always the same."""
    if wave.survey.audience == Audience.STAFF:
        return list(_staff(wave))
    places = list(wave.places.values_list("community_id", flat=True))
    if wave.one_per == OnePer.HOUSEHOLD:
        return list(_households(wave, places))
    return list(_residents(wave, places))


def _households(wave: Wave, places: list[UUID]) -> Iterable[Invitation]:
    """Homes in use that somebody has a tie to today."""
    lived_in = Ownership.objects.current().values("unit_id")
    units = Unit.objects.in_use().filter(id__in=lived_in)
    if places:
        units = units.filter(community_id__in=places)
    for unit_id, building_id in units.order_by("building_id", "id").values_list("id", "building"):
        yield Invitation(wave=wave, unit_id=unit_id, building_id=building_id)


def _residents(wave: Wave, places: list[UUID]) -> Iterable[Invitation]:
    """People with a tie to a home today; with several homes, that of the first."""
    ties = Ownership.objects.current().filter(unit__in=Unit.objects.in_use())
    if places:
        ties = ties.filter(unit__community_id__in=places)
    seen: set[UUID] = set()
    rows = ties.order_by("unit__building_id", "unit_id", "owner_id")
    for owner_id, unit_id, building_id in rows.values_list("owner", "unit", "unit__building"):
        if owner_id not in seen:
            seen.add(owner_id)
            yield Invitation(wave=wave, owner_id=owner_id, unit_id=unit_id, building_id=building_id)


def _staff(wave: Wave) -> Iterable[Invitation]:
    for member_id in (
        Membership.objects.active().staff().order_by("id").values_list("id", flat=True)
    ):
        yield Invitation(wave=wave, membership_id=member_id)
