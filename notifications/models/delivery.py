"""The outbox."""

from datetime import datetime
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from notifications.models.notification import Kind
from tenancy.fields import CompanyForeignKey
from tenancy.models import CompanyManager, CompanyModel, CompanyQuerySet
from tenancy.permissions import Can

if TYPE_CHECKING:
    from tenancy.models import Membership


class Channel(models.TextChoices):
    """A way to reach somebody outside the portal."""

    EMAIL = "email", _("e-mail")
    SMS = "sms", _("SMS")


class DeliveryState(models.TextChoices):
    """How far a delivery has come."""

    WAITING = "waiting", _("waiting")
    SENT = "sent", _("sent")
    DEAD = "dead", _("given up")
    SETTLED = "settled", _("settled otherwise")


class DeliveryQuerySet(CompanyQuerySet):
    def to_export(self) -> Self:
        """With what they carry: nothing about a survey."""
        about_surveys = Q(notification__kind=Kind.SURVEY) | Q(mailing__kind=Kind.SURVEY)
        return self.exclude(about_surveys)

    def due(self, now: datetime) -> Self:
        return self.filter(state=DeliveryState.WAITING, next_attempt_at__lte=now)

    def dead(self) -> Self:
        return self.filter(state=DeliveryState.DEAD)

    def visible_to(self, membership: "Membership") -> Self:
        return self.all() if membership.can(Can.READ_DEAD_LETTERS) else self.none()


class Delivery(CompanyModel):
    """A notification or a mailing on its way through one channel.

    It is written with the change and sent afterwards.

    The id is the Message-ID or idempotency key of the channel, so a repeat can be told.
    """

    # No index of its own: one_delivery_per_channel begins with it.
    notification = CompanyForeignKey(
        "notifications.Notification",
        models.CASCADE,
        null=True,
        related_name="deliveries",
    )
    # No index of its own either: one_mailing_per_channel begins with it.
    mailing = CompanyForeignKey(
        "notifications.Mailing", models.CASCADE, null=True, related_name="deliveries"
    )
    channel = models.CharField(_("channel"), max_length=8, choices=Channel.choices)
    state = models.CharField(
        _("state"), max_length=8, choices=DeliveryState.choices, default=DeliveryState.WAITING
    )
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    # NULL = nothing to do; else when to try (again).
    next_attempt_at = models.DateTimeField(_("next attempt at"), null=True)
    last_error = models.CharField(_("last error"), max_length=300, blank=True)
    # Why an admin let it be, e.g. "told in person".
    settled_because = models.CharField(_("settled because"), max_length=120, blank=True)
    sent_at = models.DateTimeField(_("sent at"), null=True)
    created_at = models.DateTimeField(_("written at"))

    objects = CompanyManager.from_queryset(DeliveryQuerySet)()

    class Meta(CompanyModel.Meta):
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        constraints = [
            models.UniqueConstraint(
                fields=["company", "notification", "channel"], name="one_delivery_per_channel"
            ),
            models.UniqueConstraint(
                fields=["company", "mailing", "channel"], name="one_mailing_per_channel"
            ),
            models.CheckConstraint(
                condition=models.Q(notification=None) ^ models.Q(mailing=None),
                name="delivery_is_of_one_thing",
            ),
        ]
        indexes = [
            # Serves the relay: which companies, and which rows of one, are due. It leads with
            # the moment because the first question is asked over all companies.
            models.Index(
                fields=["next_attempt_at", "company"],
                condition=models.Q(next_attempt_at__isnull=False),
                name="delivery_due",
            ),
            # Serves the dead-letter page.
            models.Index(
                fields=["company", "-created_at"],
                condition=models.Q(state="dead"),
                name="delivery_dead",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.state}"
