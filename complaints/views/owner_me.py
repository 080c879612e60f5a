"""What the portal knows about the owner who looks, and how they want it to speak to them."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from owners.models import Owner, Ownership
from owners.services.archive import mask_phone
from tenancy.pages import Page
from tenancy.permissions import Can


class MePage(Page):
    """Name, homes, language, what one is told; and the way out."""

    needs = Can.BE_HERE
    template_name = "complaints/owner_me.html"
    title = _("Me")

    def context(self, **more: Any) -> dict[str, Any]:
        owner = Owner.objects.filter(membership_id=self.me.pk).first()
        ties = Ownership.objects.current().filter(owner__membership_id=self.me.pk)
        return super().context(
            owner=owner,
            phone=mask_phone(owner.phone) if owner and owner.phone else "",
            ties=list(
                ties.select_related("unit__community", "unit__building").order_by(
                    "unit__label", "id"
                )
            ),
            **more,
        )
