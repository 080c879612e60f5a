"""What was recorded."""

from typing import Any, Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from tenancy.fields import CompanyForeignKey
from tenancy.models.base import CompanyManager, CompanyModel, CompanyQuerySet
from tenancy.permissions import Can


class AuditEntryQuerySet(CompanyQuerySet):
    def visible_to(self, membership: Any) -> Self:
        return self.all() if membership.can(Can.READ_AUDIT) else self.none()


class AuditEntry(CompanyModel):
    """Something sensitive that somebody did, e.g. saw a phone number in clear. Append-only."""

    append_only = True

    at = models.DateTimeField(_("when"))
    by = CompanyForeignKey("tenancy.Membership", models.PROTECT, null=True, related_name="+")
    action = models.CharField(_("what"), max_length=40)
    subject = models.CharField(_("about what"), max_length=40)
    subject_id = models.UUIDField(null=True)
    detail = models.JSONField(_("details"), default=dict)
    address = models.CharField(_("from where"), max_length=60, blank=True)

    objects = CompanyManager.from_queryset(AuditEntryQuerySet)()

    class Meta(CompanyModel.Meta):
        verbose_name = _("audit entry")
        indexes = [
            # Serves the audit page, newest first.
            models.Index(fields=["company", "-at", "id"], name="audit_newest_first"),
            # Serve the same page narrowed by who, by what, and by about what or about whom.
            models.Index(fields=["company", "by", "-at", "id"], name="audit_of_somebody"),
            models.Index(fields=["company", "action", "-at", "id"], name="audit_of_an_action"),
            models.Index(
                fields=["company", "subject", "subject_id", "-at", "id"], name="audit_of_a_subject"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.subject}"
