"""A view of the queue that somebody keeps."""

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tenancy.fields import CompanyForeignKey
from tenancy.models import CompanyManager, CompanyModel, CompanyQuerySet

if TYPE_CHECKING:
    from tenancy.models import Membership


class SavedViewQuerySet(CompanyQuerySet):
    def visible_to(self, membership: "Membership") -> Self:
        """Staff see their own and those that are shared with everybody."""
        if not membership.is_staff:
            return self.none()
        return self.filter(Q(membership_id=membership.id) | Q(is_shared=True))

    def in_order(self) -> Self:
        """Shared ones first, each lot as its makers have put it."""
        return self.order_by("-is_shared", "position", "id")


class SavedView(CompanyModel):
    """A view (视图): filters of the queue under a name, kept by a member, shared or not."""

    membership = CompanyForeignKey(
        "tenancy.Membership", models.CASCADE, related_name="+", verbose_name=_("member")
    )
    name = models.CharField(_("name"), max_length=40)
    # What stands behind the queue's `?`, in one order and without what means nothing.
    query = models.CharField(_("filters"), max_length=500, blank=True)
    is_shared = models.BooleanField(_("shared with everybody"), default=False)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    objects = CompanyManager.from_queryset(SavedViewQuerySet)()

    class Meta(CompanyModel.Meta):
        verbose_name = _("saved view")
        verbose_name_plural = _("saved views")
        constraints = [
            models.UniqueConstraint(
                fields=["company", "membership", "name"], name="one_view_of_a_name"
            )
        ]
        indexes = [
            # Serves the shared views above everybody's queue.
            models.Index(
                fields=["company", "position"],
                condition=Q(is_shared=True),
                name="saved_view_shared",
            )
        ]

    def __str__(self) -> str:
        return self.name
