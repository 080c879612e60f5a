"""The owner archive."""

from typing import TYPE_CHECKING, Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from owners.models.ownership import Ownership
from tenancy.fields import CompanyForeignKey, EncryptedTextField
from tenancy.models import CompanyManager, CompanyModel, CompanyQuerySet

if TYPE_CHECKING:
    from tenancy.models import Membership


class OwnerQuerySet(CompanyQuerySet):
    def visible_to(self, membership: "Membership") -> Self:
        """Staff see the owners of their communities, everybody sees themselves."""
        if not membership.is_staff:
            return self.filter(membership_id=membership.id)
        if membership.all_communities:
            return self.all()
        ties = Ownership.objects.current().filter(unit__community_id__in=membership.community_ids())
        return self.filter(id__in=ties.values("owner_id"))


class Owner(CompanyModel):
    """A person (or firm) in the company's archive: owner, co-owner, family member or lessee.

    Phone and identity number are encrypted; they are found by their blind indexes and shown
    masked unless revealed on the record.
    """

    name = models.CharField(_("name"), max_length=60)
    phone = EncryptedTextField(_("mobile phone"), blank=True, default="")
    phone_index = models.CharField(max_length=64, blank=True, editable=False)
    phone_tail_index = models.CharField(max_length=64, blank=True, editable=False)
    id_number = EncryptedTextField(_("identity number"), blank=True, default="")
    id_number_index = models.CharField(max_length=64, blank=True, editable=False)
    email = models.EmailField(_("e-mail"), blank=True)
    # Name, its pinyin and initials, folded to Simplified and lower case: what a search compares.
    search_text = models.CharField(max_length=300, blank=True, editable=False)
    sort_key = models.CharField(max_length=120, blank=True, editable=False)
    # The account with which this person signs in, once they have one.
    membership = CompanyForeignKey(
        "tenancy.Membership", models.PROTECT, null=True, blank=True, related_name="owners"
    )
    created_at = models.DateTimeField(_("in the archive since"), auto_now_add=True)

    objects = CompanyManager.from_queryset(OwnerQuerySet)()

    class Meta(CompanyModel.Meta):
        verbose_name = _("owner")
        verbose_name_plural = _("owners")
        constraints = [
            models.UniqueConstraint(
                fields=["company", "membership"], name="one_owner_per_membership"
            )
        ]
        indexes = [
            # Serves "who is calling": the whole number, or its last four digits.
            models.Index(fields=["company", "phone_index"], name="owner_by_phone"),
            models.Index(fields=["company", "phone_tail_index"], name="owner_by_phone_tail"),
            models.Index(fields=["company", "id_number_index"], name="owner_by_id_number"),
            # Serves the archive's list, by name as it sounds.
            models.Index(fields=["company", "sort_key", "id"], name="owner_by_sound"),
        ]

    def __str__(self) -> str:
        return self.name
