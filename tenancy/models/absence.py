"""Who is away."""

from datetime import date
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from tenancy.fields import CompanyForeignKey
from tenancy.models.base import CompanyManager, CompanyModel, CompanyQuerySet

if TYPE_CHECKING:
    from tenancy.models.membership import Membership


class AbsenceQuerySet(CompanyQuerySet):
    def on(self, day: date) -> Self:
        """Those who are away on this day."""
        return self.filter(starts_on__lte=day, ends_on__gte=day)

    def not_over(self, day: date) -> Self:
        """Those who are away today, or will be."""
        return self.filter(ends_on__gte=day)

    def visible_to(self, membership: "Membership") -> Self:
        return self.all() if membership.is_staff else self.none()


class Absence(CompanyModel):
    """Days on which somebody does not work (不在岗), and who answers for them meanwhile.

    Why they are away is nobody's business here and is not kept.
    """

    membership = CompanyForeignKey(
        "tenancy.Membership", models.CASCADE, related_name="absences", verbose_name=_("person")
    )
    starts_on = models.DateField(_("away from"))
    ends_on = models.DateField(_("away until"))  # the last day, itself included
    covered_by = CompanyForeignKey(
        "tenancy.Membership",
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("covered by"),
    )

    objects = CompanyManager.from_queryset(AbsenceQuerySet)()

    class Meta(CompanyModel.Meta):
        verbose_name = _("absence")
        verbose_name_plural = _("absences")
        constraints = [
            models.CheckConstraint(
                condition=Q(starts_on__lte=F("ends_on")), name="absence_ends_after_it_begins"
            ),
            models.CheckConstraint(
                condition=Q(covered_by=None) | ~Q(covered_by=F("membership")),
                name="nobody_covers_for_themselves",
            ),
        ]
        indexes = [
            # Serves "who is away now, or will be": past absences grow, these stay few.
            models.Index(fields=["company", "ends_on", "membership"], name="absence_not_over")
        ]

    def __str__(self) -> str:
        return f"{self.membership_id} {self.starts_on} – {self.ends_on}"
