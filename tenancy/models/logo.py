"""What a company looks like."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from tenancy.models.base import CompanyManager, CompanyModel, CompanyQuerySet


class CompanyLogo(CompanyModel):
    """The mark of a company: a small PNG that we drew anew from what its admin sent us.

    A row and not a file, because it is a few kilobytes and is restored with everything else.
    """

    content = models.BinaryField(_("picture"))

    objects = CompanyManager.from_queryset(CompanyQuerySet)()

    class Meta(CompanyModel.Meta):
        verbose_name = _("logo")
        constraints = [models.UniqueConstraint(fields=["company"], name="one_logo_per_company")]

    def __str__(self) -> str:
        return f"logo of {self.company_id}"
