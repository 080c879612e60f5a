"""What somebody who signs in is asked: their own invitations, in the portal."""

from datetime import date
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import get_language

from owners.models import Owner, Unit
from surveys.models import Invitation, Stage
from surveys.services.titles import title_in
from tenancy.models import Membership


def for_whom_one_may_speak(membership: Membership) -> QuerySet[Invitation]:
    """The invitations of somebody's homes, of themselves as an owner, and as a member of staff."""
    household = Q(owner=None, unit__in=Unit.objects.lived_in_by(membership))
    person = Q(owner__in=Owner.objects.filter(membership_id=membership.pk))
    found: QuerySet[Invitation] = Invitation.objects.filter(
        household | person | Q(membership_id=membership.pk)
    )
    return found


def waiting_for(membership: Membership, today: date) -> list[Any]:
    """What can be answered today and is not yet, the one that ends first on top. One query.

    Each invitation bears the survey's `title` in the language of whoever reads."""
    open_ones = for_whom_one_may_speak(membership).filter(
        is_used=False,
        wave__stage=Stage.OPEN,
        wave__opens_on__lte=today,
        wave__closes_on__gte=today,
    )
    rows = open_ones.select_related("wave__survey", "unit__community")
    found: list[Any] = list(rows.order_by("wave__closes_on", "wave_id", "unit__label", "id"))
    for each in found:
        each.title = title_in(each.wave.survey, get_language() or each.wave.survey.language)
    return found
