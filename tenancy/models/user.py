"""A person who signs in."""

from typing import ClassVar

from django.contrib.auth.models import AbstractUser, UserManager
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tenancy.constraints import ReferenceTable
from tenancy.fields import EncryptedTextField, blind_index
from tenancy.models.base import uuid7


class PersonManager(UserManager["User"]):
    """Makes accounts; an address is kept in small letters, as whoever signs in is looked for."""

    use_in_migrations = False

    @classmethod
    def normalize_email(cls, email: str | None) -> str:
        return (email or "").lower()


class User(AbstractUser):
    """A person who signs in, in any number of companies. What they are there is a `Membership`."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = models.CharField(_("name"), max_length=60, blank=True)
    phone = EncryptedTextField(_("mobile phone"), blank=True, default="")
    phone_index = models.CharField(max_length=64, null=True, unique=True, editable=False)
    phone_verified = models.BooleanField(_("phone verified"), default=False)
    language = models.CharField(_("language"), max_length=10, blank=True)
    # API tokens made earlier open nothing any more, in whichever company they were made.
    tokens_since = models.DateTimeField(null=True, editable=False)
    large_print = models.BooleanField(_("large print"), default=False)

    objects: ClassVar[PersonManager] = PersonManager()

    class Meta(AbstractUser.Meta):
        constraints = [ReferenceTable(name="tenancy_user_everywhere")]
        indexes = [
            # Serves whoever has forgotten a password, wants another address, or is invited.
            models.Index(fields=["email"], name="user_by_email"),
        ]

    def __str__(self) -> str:
        return self.name or self.username

    def set_password(self, raw_password: str | None) -> None:
        """Take a new password. Whoever knew the old one may have made tokens with it: they end.

        By the clock, because it is called from everywhere; a stronger hash of the same password
        is saved without this.
        """
        super().set_password(raw_password)
        self.tokens_since = timezone.now()

    def set_phone(self, phone: str) -> None:
        """Take an E.164 number, e.g. +8613800000000; empty takes it away."""
        self.phone = phone
        self.phone_index = phone_index(phone) if phone else None


def phone_index(phone: str) -> str:
    """The blind index of a sign-in phone. People who sign in belong to no company."""
    return blind_index(phone, realm="sign-in")
