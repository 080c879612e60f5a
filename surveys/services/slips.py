"""Slips of paper: one for each home, with its own code, and nobody's name."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from owners.models import Building
from surveys.models import Invitation, Stage, Wave
from surveys.services.drawing import drawn
from surveys.services.house_order import HOMES
from surveys.services.inviting import secret_of
from surveys.services.quota import of_full_buildings
from surveys.services.reach import Place, seen_by, unreachable
from surveys.services.wave import WrongStage
from tenancy.models import Company
from tenancy.scope import require_company_id
from tenancy.services.actor import Actor
from tenancy.services.audit import record
from tenancy.services.refusal import Refused

# A print job; a building where more were invited is printed in parts.
MOST = 200
GROUP = 4


class NoSlips(Refused):
    """A building, or a part of it, of which nobody is left to be asked."""

    code = "no_slips"
    sentence = _("There is no home left here for which a slip is needed.")


@dataclass(frozen=True, slots=True)
class Slip:
    """What is cut out and put into a letter box."""

    home: str
    code: str
    link: str
    side: int
    path: str


@transaction.atomic
def print_slips(
    *, wave: Wave, building: Building, by: Actor, now: datetime, part: int = 1, only: bool = False
) -> list[Slip]:
    """The slips of a part, or only of its homes that could not be reached otherwise.

    Codes leave the house on paper: who printed them is written down.
    """
    if wave.stage != Stage.OPEN:
        raise WrongStage(stage=wave.get_stage_display())
    rows = homes_of(wave, building.pk, by, only=only, part=part)
    company = Company.objects.get(pk=require_company_id())
    slips = [slip_of(row, company) for row in rows]
    if not slips:
        raise NoSlips
    record(
        action="print_slips", subject=wave, by=by, now=now,
        name=wave.name, buildings=building.name, count=len(slips),
    )  # fmt: skip
    return slips


def homes_of(
    wave: Wave, building_id: UUID, by: Actor, *, only: bool, part: int = 1
) -> QuerySet[Any]:
    """The invitations of a part that may still be answered, as its letter boxes hang.

    Parts are cut over everybody who was invited there. Cut over those who have not answered, a
    home would slip from the next part into the last with each answer, and never be printed.
    """
    member = by.membership
    if member is None:
        return Invitation.objects.none()
    invited = seen_by(wave, member).filter(building_id=building_id)
    within = invited.order_by(*HOMES).values("id")[(part - 1) * MOST : part * MOST]
    rows = unreachable(wave=wave, member=member) if only else invited
    rows = rows.filter(building_id=building_id, id__in=within, is_used=False)
    found: QuerySet[Any] = rows.exclude(of_full_buildings(wave)).select_related("unit")
    return found.order_by(*HOMES)


def parts_of(place: Place) -> range:
    """The parts in which a building is printed, from 1; none where everybody has answered."""
    count = 0 if place.unanswered == 0 else -(-place.invited // MOST)
    return range(1, count + 1)


def slip_of(invitation: Invitation, company: Company) -> Slip:
    """One slip; its link says that it came on paper."""
    secret = secret_of(invitation)
    link = f"{settings.PUBLIC_URL}/{company.slug}/s/{secret}/?from=paper"
    return Slip(str(invitation.unit), grouped(secret), link, *drawn(link))


def grouped(secret: str) -> str:
    """A code as people read it out and type it: ABCD EFGH IJKL MNOP."""
    starts = range(0, len(secret), GROUP)
    return " ".join(secret[start : start + GROUP] for start in starts).upper()
