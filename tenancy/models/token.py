"""Keys for programs."""

from datetime import datetime
from typing import Any, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from tenancy.fields import CompanyForeignKey
from tenancy.models.base import CompanyManager, CompanyModel, CompanyQuerySet
from tenancy.permissions import Can


class TokenScope(models.TextChoices):
    """How much of its member's rights a token carries."""

    READ = "read", _("read")
    WRITE = "write", _("read and write")
    PERSONAL = "personal", _("see personal data in clear")


def scopes_field() -> Any:
    return ArrayField(models.CharField(max_length=10, choices=TokenScope.choices))


class ApiTokenQuerySet(CompanyQuerySet):
    def usable(self, now: datetime) -> Self:
        """Those that open something: not expired, not revoked, not older than the password."""
        since = F("membership__user__tokens_since")
        return self.filter(
            Q(expires_at=None) | Q(expires_at__gt=now),
            Q(membership__user__tokens_since=None) | Q(created_at__gte=since),
            revoked_at=None,
        )

    def visible_to(self, membership: Any) -> Self:
        return self.filter(membership_id=membership.id)

    def revocable_by(self, membership: Any) -> Self:
        """Whoever looks after the company ends everybody's; others their own."""
        return self.all() if membership.can(Can.REVOKE_TOKENS) else self.visible_to(membership)


class ApiToken(CompanyModel):
    """A key with which a program acts as one member of one company. Only its digest is kept."""

    membership = CompanyForeignKey("tenancy.Membership", models.CASCADE, related_name="+")
    name = models.CharField(_("what it is for"), max_length=60)
    prefix = models.CharField(_("begins with"), max_length=8)
    digest = models.CharField(max_length=64, editable=False)
    scopes = scopes_field()
    created_at = models.DateTimeField(_("made at"))
    expires_at = models.DateTimeField(_("valid until"), null=True, blank=True)
    last_used_on = models.DateField(_("last used on"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("revoked at"), null=True, blank=True)

    objects = CompanyManager.from_queryset(ApiTokenQuerySet)()

    class Meta(CompanyModel.Meta):
        verbose_name = _("API token")
        constraints = [
            # Serves the look-up of every API request.
            models.UniqueConstraint(fields=["company", "digest"], name="token_digest_is_unique")
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"
