"""A flat, shop or parking space that somebody owns."""

from typing import TYPE_CHECKING, Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from owners.models.ownership import Ownership
from tenancy.fields import CompanyForeignKey
from tenancy.models import CompanyManager, CompanyModel, CompanyQuerySet

if TYPE_CHECKING:
    from tenancy.models import Membership


class UnitQuerySet(CompanyQuerySet):
    def visible_to(self, membership: "Membership") -> Self:
        """Staff see the units of their communities, owners their own, laid aside or not."""
        if not membership.is_staff:
            return self.tied_to(membership)
        if membership.all_communities:
            return self.all()
        return self.filter(community_id__in=membership.community_ids())

    def in_use(self) -> Self:
        """Not laid aside: neither the unit nor its building nor its community."""
        return self.filter(is_active=True, building__is_active=True, community__is_active=True)

    def lived_in_by(self, membership: "Membership") -> Self:
        """The homes of which the person behind this membership can speak today."""
        return self.tied_to(membership).in_use()

    def tied_to(self, membership: "Membership") -> Self:
        """The units to which the person has a tie today."""
        ties = Ownership.objects.current().filter(owner__membership_id=membership.id)
        return self.filter(id__in=ties.values("unit_id"))


class Unit(CompanyModel):
    """A unit (房屋): what an owner owns, e.g. 3栋2单元1201."""

    building = CompanyForeignKey("owners.Building", related_name="units")
    # The building's community again, so that lists and visibility need no join.
    community = CompanyForeignKey("tenancy.Community", related_name="+")
    number = models.CharField(_("number"), max_length=30)
    floor = models.SmallIntegerField(_("floor"), null=True, blank=True)
    area = models.DecimalField(_("area, m²"), max_digits=8, decimal_places=2, null=True, blank=True)
    label = models.CharField(_("full address in the community"), max_length=100)
    is_active = models.BooleanField(_("active"), default=True)

    objects = CompanyManager.from_queryset(UnitQuerySet)()

    class Meta(CompanyModel.Meta):
        verbose_name = _("unit")
        verbose_name_plural = _("units")
        constraints = [
            models.UniqueConstraint(
                fields=["company", "building", "number"], name="unit_number_is_unique"
            )
        ]
        indexes = [
            # Serves the list of a community's units, by address.
            models.Index(fields=["company", "community", "label", "id"], name="unit_by_address")
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def is_in_use(self) -> bool:
        """Whether something can be filed for it; of a row, what `in_use` is of many."""
        places = (self, self.building, self.community)
        return all(place.is_active for place in places)
