"""A residential community."""

from typing import TYPE_CHECKING, Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from tenancy.models.base import CompanyManager, CompanyModel, CompanyQuerySet

if TYPE_CHECKING:
    from tenancy.models.membership import Membership


class CommunityQuerySet(CompanyQuerySet):
    def visible_to(self, membership: "Membership") -> Self:
        if membership.all_communities:
            return self.all()
        return self.filter(id__in=membership.community_ids())

    def in_use(self) -> Self:
        """Those the company still looks after."""
        return self.filter(is_active=True)


class Community(CompanyModel):
    """A residential community (小区 / 项目) that the company looks after."""

    name = models.CharField(_("name"), max_length=60)
    address = models.CharField(_("address"), max_length=120, blank=True)
    hotline = models.CharField(_("hotline"), max_length=30, blank=True)
    is_active = models.BooleanField(_("active"), default=True)

    objects = CompanyManager.from_queryset(CommunityQuerySet)()

    class Meta(CompanyModel.Meta):
        verbose_name = _("community")
        verbose_name_plural = _("communities")
        constraints = [
            models.UniqueConstraint(fields=["company", "name"], name="community_name_is_unique")
        ]

    def __str__(self) -> str:
        return self.name
