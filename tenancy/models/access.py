"""Visits of the platform's own people."""

from datetime import datetime
from typing import Any, Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from tenancy.fields import CompanyForeignKey
from tenancy.models.base import CompanyManager, CompanyModel, CompanyQuerySet
from tenancy.permissions import Can


class PlatformAccessQuerySet(CompanyQuerySet):
    def open(self, now: datetime) -> Self:
        return self.filter(ended_at=None, until__gt=now)

    def visible_to(self, membership: Any) -> Self:
        return self.all() if membership.can(Can.READ_PLATFORM_ACCESS) else self.none()


class PlatformAccess(CompanyModel):
    """The time for which an operator of the platform may look into a company, and why."""

    # What the operator is here meanwhile; it ends with the access.
    membership = CompanyForeignKey("tenancy.Membership", models.PROTECT, related_name="+")
    reason = models.CharField(_("reason"), max_length=300)
    began_at = models.DateTimeField(_("from"))
    until = models.DateTimeField(_("until"))
    # Set when somebody ended it before its time.
    ended_at = models.DateTimeField(_("ended at"), null=True)
    ended_by = CompanyForeignKey("tenancy.Membership", models.PROTECT, null=True, related_name="+")

    objects = CompanyManager.from_queryset(PlatformAccessQuerySet)()

    class Meta(CompanyModel.Meta):
        verbose_name = _("access of the platform")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(until__gt=models.F("began_at")),
                name="access_ends_after_it_began",
            ),
        ]
        indexes = [
            # Serves the page that shows the company who was here, newest first.
            models.Index(fields=["company", "-began_at", "id"], name="access_newest_first"),
        ]

    def __str__(self) -> str:
        return f"{self.membership_id} until {self.until:%Y-%m-%d %H:%M}"

    def is_open(self, now: datetime) -> bool:
        """Whether the operator may still look."""
        return self.ended_at is None and now < self.until
