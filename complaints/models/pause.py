"""Time that does not count."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from tenancy.fields import CompanyForeignKey
from tenancy.models import CompanyManager, CompanyModel, CompanyQuerySet


class PauseReason(models.TextChoices):
    """Why nobody can go on."""

    OWNER = "owner", _("waiting for the owner")
    PART = "part", _("waiting for a part")
    THIRD_PARTY = "third_party", _("waiting for a third party")


class Pause(CompanyModel):
    """A stretch of time during which a ticket waits for somebody else, with the reason."""

    ticket = CompanyForeignKey("complaints.Ticket", related_name="pauses")
    reason = models.CharField(_("reason"), max_length=12, choices=PauseReason.choices)
    note = models.CharField(_("note"), max_length=500, blank=True)
    started_at = models.DateTimeField(_("since"))
    ended_at = models.DateTimeField(_("until"), null=True)
    by = CompanyForeignKey("tenancy.Membership", null=True, related_name="+")

    objects = CompanyManager.from_queryset(CompanyQuerySet)()

    class Meta(CompanyModel.Meta):
        verbose_name = _("pause")
        constraints = [
            models.UniqueConstraint(
                fields=["company", "ticket"],
                condition=models.Q(ended_at=None),
                name="one_open_pause_per_ticket",
            )
        ]
        indexes = [
            # Serves the ticket page and every counting behind a pause.
            models.Index(fields=["company", "ticket", "started_at"], name="pause_of_ticket")
        ]

    def __str__(self) -> str:
        return f"{self.reason} since {self.started_at}"
