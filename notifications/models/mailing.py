"""Letters to people who have no account."""

from typing import TYPE_CHECKING, Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from notifications.models.notification import Kind
from tenancy.fields import EncryptedTextField
from tenancy.models import CompanyManager, CompanyModel, CompanyQuerySet
from tenancy.permissions import Can

if TYPE_CHECKING:
    from tenancy.models import Membership


class MailingQuerySet(CompanyQuerySet):
    def to_export(self) -> Self:
        """As of notifications: who was reminded tells who had answered."""
        return self.exclude(kind=Kind.SURVEY)

    def visible_to(self, membership: "Membership") -> Self:
        return self.all() if membership.can(Can.READ_DEAD_LETTERS) else self.none()


class Mailing(CompanyModel):
    """A letter to somebody without an account (信函): there is no inbox, only an address.

    `message` and `params` are as those of a notification. Where the person is reached and where
    the letter leads are encrypted: whoever has the address of the page is let in.
    """

    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices)
    name = models.CharField(_("name"), max_length=60)
    # By SMS where there is a number; the e-mail is tried where there is none, or it is dead.
    phone = EncryptedTextField(_("mobile phone"), blank=True, default="")
    email = EncryptedTextField(_("e-mail"), blank=True, default="")
    # Empty: that of the company.
    language = models.CharField(_("language"), max_length=10, blank=True, default="")
    message = models.CharField(_("message"), max_length=200)
    params = models.JSONField(default=dict)
    secret_path = EncryptedTextField(_("where it leads"), blank=True, default="")
    # What it is about, and to whom in it: ids of an upper room, which counts by them.
    subject_id = models.UUIDField()
    reference_id = models.UUIDField()
    dedupe_key = models.CharField(max_length=120)
    created_at = models.DateTimeField(_("written at"))

    objects = CompanyManager.from_queryset(MailingQuerySet)()

    class Meta(CompanyModel.Meta):
        verbose_name = _("letter")
        verbose_name_plural = _("letters")
        constraints = [
            models.UniqueConstraint(fields=["company", "dedupe_key"], name="mailed_once")
        ]
        indexes = [
            # Serves "how far have the letters come", and taking back those that wait.
            models.Index(fields=["company", "subject_id", "reference_id"], name="mailing_about")
        ]

    def __str__(self) -> str:
        return f"{self.kind} to {self.reference_id}"
