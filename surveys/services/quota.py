"""Quotas: so many answers of one building are enough."""

from django.db.models import Count, Q
from django.utils.translation import gettext_lazy as _

from surveys.models import Invitation, Wave, WaveStratum
from tenancy.services.refusal import Refused


class QuotaReached(Refused):
    """Enough of the neighbours have answered."""

    code = "quota_reached"
    sentence = _(
        "Thank you for your time. As many of your building as the survey needs have answered "
        "already, so no more answers are taken from here."
    )


def refuse_beyond_quota(invitation: Invitation) -> None:
    """Raises `QuotaReached` where a building's answers are all there.

    Called inside the transaction of the answer, with the invitation claimed. Without a quota
    nobody waits for anybody; with one, the answers of a building come one after the other. What
    is counted are used invitations: there is no counter to watch.
    """
    most, building = invitation.wave.most_per_building, invitation.building_id
    if most is None or building is None:
        return
    strata = WaveStratum.objects.filter(wave=invitation.wave_id, building=building)
    list(strata.select_for_update(of=("self",)).order_by("id").values_list("id"))
    rows = Invitation.objects.filter(wave=invitation.wave_id, building=building, is_used=True)
    if rows.count() >= most:
        raise QuotaReached


def of_full_buildings(*waves: Wave, through: str = "") -> Q:
    """The invitations of buildings where enough have answered: nobody there is asked any more.

    For rows that lead to an invitation `through` says how. Without a quota it finds nothing and
    asks nothing; with one, `invited_by_place` serves the count.
    """
    found = Q(pk__in=[])
    for wave in waves:
        if wave.most_per_building is None:
            continue
        used = Invitation.objects.filter(wave=wave, is_used=True).exclude(building=None)
        counted = used.order_by().values("building_id").annotate(answers=Count("id"))
        full = counted.filter(answers__gte=wave.most_per_building).values("building_id")
        found |= Q(**{f"{through}wave": wave, f"{through}building__in": full})
    return found
