"""What a person wants to be told, and how."""

from typing import TYPE_CHECKING, Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from notifications.models.delivery import Channel
from notifications.models.notification import Kind
from tenancy.fields import CompanyForeignKey
from tenancy.models import CompanyManager, CompanyModel, CompanyQuerySet

if TYPE_CHECKING:
    from tenancy.models import Membership


class PreferenceQuerySet(CompanyQuerySet):
    def visible_to(self, membership: "Membership") -> Self:
        return self.filter(membership_id=membership.id)


class Preference(CompanyModel):
    """A member's wish for one kind and channel. Without a row the default of the kind holds.

    The inbox cannot be switched off: nobody can say they were not told.
    """

    # No index of its own: one_wish_per_channel begins with it.
    membership = CompanyForeignKey("tenancy.Membership", models.CASCADE, related_name="+")
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices)
    channel = models.CharField(_("channel"), max_length=8, choices=Channel.choices)
    wanted = models.BooleanField(_("wanted"))

    objects = CompanyManager.from_queryset(PreferenceQuerySet)()

    class Meta(CompanyModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["company", "membership", "kind", "channel"], name="one_wish_per_channel"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} by {self.channel}: {self.wanted}"
