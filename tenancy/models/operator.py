"""What operators of the platform did."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from tenancy.constraints import ReferenceTable
from tenancy.models.base import uuid7


class OperatorEntry(models.Model):
    """Something an operator of the platform did, e.g. suspended a company. Append-only.

    It belongs to no company. What concerns one stands in that company's own audit log as well.
    """

    append_only = True

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    at = models.DateTimeField(_("when"))
    # Nobody when it was done by a command on the server.
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )
    action = models.CharField(_("what"), max_length=40)
    about = models.ForeignKey(
        "tenancy.Company", models.PROTECT, null=True, related_name="+", db_index=False
    )
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    detail = models.JSONField(_("details"), default=dict)
    address = models.CharField(_("from where"), max_length=60, blank=True)

    class Meta:
        verbose_name = _("operator's entry")
        constraints = [ReferenceTable(name="tenancy_operatorentry_everywhere")]
        indexes = [
            # Serve the operators' log, newest first: all of it, and what concerns one company.
            models.Index(fields=["-at", "id"], name="operator_newest_first"),
            models.Index(fields=["about", "-at", "id"], name="operator_about_a_company"),
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.about_id or ''}".strip()
