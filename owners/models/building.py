"""A building of a community."""

from typing import TYPE_CHECKING, Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from tenancy.fields import CompanyForeignKey
from tenancy.models import CompanyManager, CompanyModel, CompanyQuerySet

if TYPE_CHECKING:
    from tenancy.models import Membership


class BuildingQuerySet(CompanyQuerySet):
    def visible_to(self, membership: "Membership") -> Self:
        if membership.all_communities:
            return self.all()
        return self.filter(community_id__in=membership.community_ids())


class Building(CompanyModel):
    """A building (楼栋) of a community."""

    community = CompanyForeignKey("tenancy.Community", related_name="buildings")
    name = models.CharField(_("name"), max_length=30)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    is_active = models.BooleanField(_("active"), default=True)

    objects = CompanyManager.from_queryset(BuildingQuerySet)()

    class Meta(CompanyModel.Meta):
        verbose_name = _("building")
        verbose_name_plural = _("buildings")
        constraints = [
            models.UniqueConstraint(
                fields=["company", "community", "name"], name="building_name_is_unique"
            )
        ]

    def __str__(self) -> str:
        return self.name
