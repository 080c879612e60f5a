"""The inbox."""

from typing import TYPE_CHECKING, Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from tenancy.fields import CompanyForeignKey
from tenancy.models import CompanyManager, CompanyModel, CompanyQuerySet

if TYPE_CHECKING:
    from tenancy.models import Membership


class Kind(models.TextChoices):
    """Why somebody is told; preferences are set per kind."""

    ASSIGNED = "assigned", _("something was handed to me")
    WARNING = "warning", _("a promise is about to be late")
    ESCALATION = "escalation", _("a promise is late")
    PROGRESS = "progress", _("news about my ticket")
    URGED = "urged", _("an owner urges")
    RATING = "rating", _("an owner was not content")
    MESSAGE = "message", _("somebody wrote to me")
    SURVEY = "survey", _("a survey asks for my opinion")
    MEMBERSHIP = "membership", _("my place in the company changed")
    PLATFORM = "platform", _("the platform looks into the company")


class NotificationQuerySet(CompanyQuerySet):
    def unread(self) -> Self:
        return self.filter(read_at=None)

    def visible_to(self, membership: "Membership") -> Self:
        return self.filter(recipient_id=membership.id)

    def to_export(self) -> Self:
        """None about a survey: whom no reminder was written to any more has answered."""
        return self.exclude(kind=Kind.SURVEY)


class Notification(CompanyModel):
    """Something a member is told: one line in their inbox.

    `message` is an English msgid with %(name)s places for `params`; it is translated when
    read, into the reader's language. Params ending in `_at` are ISO 8601 moments.
    """

    # No index of its own: told_once begins with it.
    recipient = CompanyForeignKey("tenancy.Membership", models.CASCADE, related_name="+")
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices)
    message = models.CharField(_("message"), max_length=200)
    params = models.JSONField(default=dict)
    path = models.CharField(_("where it leads"), max_length=200, blank=True)
    # The same fact is told once per person, however often a pass is repeated.
    dedupe_key = models.CharField(max_length=120)
    created_at = models.DateTimeField(_("told at"))
    read_at = models.DateTimeField(_("read at"), null=True)

    objects = CompanyManager.from_queryset(NotificationQuerySet)()

    class Meta(CompanyModel.Meta):
        verbose_name = _("notification")
        constraints = [
            models.UniqueConstraint(fields=["company", "recipient", "dedupe_key"], name="told_once")
        ]
        indexes = [
            # Serves the inbox, newest first.
            models.Index(fields=["company", "recipient", "-created_at", "id"], name="inbox"),
            # Serves the number on the bell.
            models.Index(
                fields=["company", "recipient"],
                condition=models.Q(read_at=None),
                name="inbox_unread",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} to {self.recipient_id}"
