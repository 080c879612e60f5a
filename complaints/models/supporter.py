"""Who else has the same trouble."""

from typing import TYPE_CHECKING, Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from tenancy.fields import CompanyForeignKey
from tenancy.models import CompanyManager, CompanyModel, CompanyQuerySet

if TYPE_CHECKING:
    from tenancy.models import Membership


class SupporterQuerySet(CompanyQuerySet):
    def visible_to(self, membership: "Membership") -> Self:
        """Staff see those of the tickets that they see; owners themselves, never each other."""
        from complaints.models.ticket import Ticket  # noqa: PLC0415 - see Deadline

        if not membership.is_staff:
            return self.filter(owner__membership_id=membership.id)
        return self.filter(ticket_id__in=Ticket.objects.visible_to(membership).values("id"))


class Supporter(CompanyModel):
    """An owner who has the same trouble as somebody's ticket, and waits for it too (我也遇到了).

    It opens nothing of the ticket to them but what any neighbour may know: what it is about,
    how far it is, and what was promised.
    """

    ticket = CompanyForeignKey("complaints.Ticket", models.CASCADE, related_name="supporters")
    owner = CompanyForeignKey("owners.Owner", models.CASCADE, related_name="+")
    joined_at = models.DateTimeField(_("joined at"))

    objects = CompanyManager.from_queryset(SupporterQuerySet)()

    class Meta(CompanyModel.Meta):
        verbose_name = _("supporter")
        verbose_name_plural = _("supporters")
        constraints = [
            # Also serves "who else reports this" on the ticket's page.
            models.UniqueConstraint(
                fields=["company", "ticket", "owner"], name="owner_supports_a_ticket_once"
            )
        ]
        indexes = [
            # Serves what an owner has joined, on their first page.
            models.Index(fields=["company", "owner", "-joined_at"], name="supporter_of_owner")
        ]

    def __str__(self) -> str:
        return f"{self.owner_id} supports {self.ticket_id}"
