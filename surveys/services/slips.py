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
from surveys.services.reach import seen_by, unreachable
from surveys.services.wave import WrongStage
from tenancy.models import Company
from tenancy.scope import require_company_id
from tenancy.services.actor import Actor
from tenancy.services.audit import record
from tenancy.services.refusal import Refused

# A print job; a building with more homes is printed in parts.
MOST = 200
GROUP = 4


class NoSlips(Refused):
    """A building of which nobody is left to be asked."""

    code = "no_slips"
    sentence = _("There is no home left in this building for which a slip is needed.")


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
    """The slips of a building, or only of the homes that could not be reached otherwise.

    Codes leave the house on paper: who printed them is written down.
    """
    if wave.stage != Stage.OPEN:
        raise WrongStage(stage=wave.get_stage_display())
    rows = homes_of(wave, building.pk, by, only=only)[(part - 1) * MOST : part * MOST]
    company = Company.objects.get(pk=require_company_id())
    slips = [slip_of(row, company) for row in rows]
    if not slips:
        raise NoSlips
    record(
        action="print_slips", subject=wave, by=by, now=now,
        name=wave.name, buildings=building.name, count=len(slips),
    )  # fmt: skip
    return slips


def homes_of(wave: Wave, building_id: UUID, by: Actor, *, only: bool) -> QuerySet[Any]:
    """The invitations of a building that may still be answered, as its letter boxes hang."""
    member = by.membership
    if member is None:
        return Invitation.objects.none()
    rows = unreachable(wave=wave, member=member) if only else seen_by(wave, member)
    rows = rows.filter(building_id=building_id, is_used=False).exclude(of_full_buildings(wave))
    found: QuerySet[Any] = rows.select_related("unit").order_by(*HOMES)
    return found


def slip_of(invitation: Invitation, company: Company) -> Slip:
    """One slip; its link says that it came on paper."""
    secret = secret_of(invitation)
    link = f"{settings.PUBLIC_URL}/{company.slug}/s/{secret}/?from=paper"
    return Slip(str(invitation.unit), grouped(secret), link, *drawn(link))


def grouped(secret: str) -> str:
    """A code as people read it out and type it: ABCD EFGH IJKL MNOP."""
    starts = range(0, len(secret), GROUP)
    return " ".join(secret[start : start + GROUP] for start in starts).upper()
