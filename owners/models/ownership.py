"""Who has to do with which unit, and when."""

from datetime import date
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from tenancy.fields import CompanyForeignKey
from tenancy.models import CompanyManager, CompanyModel, CompanyQuerySet

if TYPE_CHECKING:
    from tenancy.models import Membership


class OwnershipRole(models.TextChoices):
    """What a person is to a unit."""

    OWNER = "owner", _("owner")
    CO_OWNER = "co_owner", _("co-owner")
    FAMILY = "family", _("family member")
    LESSEE = "lessee", _("lessee")


class OwnershipQuerySet(CompanyQuerySet):
    def current(self) -> Self:
        """Ties that have not ended; an end is entered when it happens, not foreseen."""
        return self.filter(until=None)

    def on(self, day: date) -> Self:
        """Ties in force on a day."""
        return self.filter(Q(since=None) | Q(since__lte=day), Q(until=None) | Q(until__gt=day))

    def visible_to(self, membership: "Membership") -> Self:
        if not membership.is_staff:
            return self.filter(owner__membership_id=membership.id)
        if membership.all_communities:
            return self.all()
        return self.filter(unit__community_id__in=membership.community_ids())


class Ownership(CompanyModel):
    """A person's tie to a unit, from a day (inclusive) until a day (exclusive)."""

    owner = CompanyForeignKey("owners.Owner", models.CASCADE, related_name="ownerships")
    unit = CompanyForeignKey("owners.Unit", models.CASCADE, related_name="ownerships")
    role = models.CharField(
        _("role"), max_length=10, choices=OwnershipRole.choices, default=OwnershipRole.OWNER
    )
    since = models.DateField(_("since"), null=True, blank=True)
    until = models.DateField(_("until"), null=True, blank=True)

    objects = CompanyManager.from_queryset(OwnershipQuerySet)()

    class Meta(CompanyModel.Meta):
        verbose_name = _("ownership")
        constraints = [
            models.CheckConstraint(
                condition=Q(until=None) | Q(since=None) | Q(until__gte=F("since")),
                name="ownership_ends_after_it_begins",
                violation_error_message=_("The end is before the beginning."),
            ),
            models.UniqueConstraint(
                fields=["company", "unit", "owner", "role"],
                condition=Q(until=None),
                name="one_open_tie_per_role",
            ),
        ]
        indexes = [
            # Serves an owner's units, and the visibility of everything about them.
            models.Index(fields=["company", "owner", "unit"], name="ownership_of_owner"),
            # Serves "who lives here".
            models.Index(fields=["company", "unit", "owner"], name="ownership_of_unit"),
        ]

    def __str__(self) -> str:
        return f"{self.owner_id} {self.role} of {self.unit_id}"
