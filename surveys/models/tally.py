"""What was counted, of everything that may be told."""

from typing import TYPE_CHECKING, Self
from uuid import UUID

from django.db import models
from django.db.models import Q

from tenancy.fields import CompanyForeignKey
from tenancy.models import CompanyManager, CompanyModel, CompanyQuerySet

if TYPE_CHECKING:
    from surveys.models.wave import Wave
    from tenancy.models import Membership


class TallyQuerySet(CompanyQuerySet):
    def visible_to(self, membership: "Membership") -> Self:
        """Staff; whoever is limited to communities sees those, and no whole that holds others."""
        if not membership.is_staff:
            return self.none()
        if membership.all_communities:
            return self.all()
        return self.filter(community_id__in=membership.community_ids())

    def of(self, wave: "Wave", community: UUID | None, building: UUID | None, group: str) -> Self:
        """What is told of one place, or of one group; of everybody where neither is named."""
        return self.filter(wave=wave, community_id=community, building_id=building, group=group)


class Tally(CompanyModel):
    """How often something was said in one wave, by everybody or by the people of one place.

    It is written once, when the box has been counted, and only of what may be told
    (`surveys.services.cells`): what is not here is not told anywhere. A row without choice and
    number says how many answered at all; one without a question, how many responses there are.
    """

    wave = CompanyForeignKey("surveys.Wave", models.CASCADE, related_name="tallies")
    # Where; nothing of the three: everywhere. A building stands with its community.
    community = CompanyForeignKey("tenancy.Community", null=True, blank=True, related_name="+")
    building = CompanyForeignKey("owners.Building", null=True, blank=True, related_name="+")
    group = models.CharField(max_length=60, blank=True, default="")
    question = models.CharField(max_length=30, blank=True, default="")
    row = models.CharField(max_length=30, blank=True, default="")
    # A choice, a month, or what the number is: a mean, a median, the lower end of a class.
    choice = models.CharField(max_length=30, blank=True, default="")
    number = models.DecimalField(max_digits=16, decimal_places=4, null=True, blank=True)
    count = models.PositiveIntegerField()

    objects = CompanyManager.from_queryset(TallyQuerySet)()

    class Meta(CompanyModel.Meta):
        constraints = [
            # Its index serves the results of one place.
            models.UniqueConstraint(
                fields=[
                    "company", "wave", "community", "building", "group",
                    "question", "row", "choice", "number",
                ],
                name="tally_is_counted_once",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                condition=Q(group="") | Q(community=None, building=None),
                name="tally_tells_a_place_or_a_group",
            ),
        ]  # fmt: skip
        indexes = [
            # Serves one question in all places, and the list of places.
            models.Index(fields=["company", "wave", "question", "row"], name="tally_by_question")
        ]
