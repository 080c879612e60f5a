"""Quotas: so many answers of one building are enough."""

from django.utils.translation import gettext_lazy as _

from surveys.models import Invitation, WaveStratum
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
