"""How hard the machine pushes."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from tenancy.models import CompanyManager, CompanyModel, CompanyQuerySet


class ServicePolicy(CompanyModel):
    """A company's intervals of the promise engine, all in minutes of opening time.

    For promises that count around the clock, so do these.
    """

    warn_before = models.PositiveIntegerField(_("warn before due"), default=120)
    manager_after = models.PositiveIntegerField(
        _("to the manager after being late for"), default=120
    )
    admin_after = models.PositiveIntegerField(_("to the admin after another"), default=240)
    call_again_after = models.PositiveIntegerField(_("call again after"), default=60)
    reopen_days = models.PositiveIntegerField(_("may be reopened for, days"), default=30)

    objects = CompanyManager.from_queryset(CompanyQuerySet)()

    class Meta(CompanyModel.Meta):
        verbose_name = _("service policy")
        constraints = [models.UniqueConstraint(fields=["company"], name="one_policy_per_company")]

    def __str__(self) -> str:
        return f"policy of {self.company_id}"
