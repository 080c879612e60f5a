"""“Is this known already?”: what neighbours have reported, before one files the same again."""

from contextlib import suppress
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.forms import Form
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from complaints.forms.action import EmptyForm
from complaints.models import Category, Supporter, Ticket
from complaints.services.supporting import join, joinable, known_near
from owners.models import Unit
from tenancy.models import Community
from tenancy.pages import ActionPage, Page
from tenancy.permissions import Can


def chosen(rows: Any, asked: str) -> Any:
    """The row of an id as it was sent; none for nonsense and for what was not offered."""
    with suppress(ValueError):
        return rows.filter(pk=UUID(asked)).first()
    return None


class NearPage(Page):
    """The part of the page to speak up that says what is known; also a page of its own."""

    needs = Can.JOIN
    template_name = "complaints/owner_near.html"
    title = _("Reported near you already")

    def context(self, **more: Any) -> dict[str, Any]:
        return super().context(known=self.known(), **more)

    def known(self) -> list[Ticket]:
        asked = self.request.GET
        category = chosen(Category.objects.visible_to(self.me).active(), asked.get("category", ""))
        place = self.place(asked.get("place", ""))
        if category is None or place is None:
            return []
        return known_near(category=category, place=place, me=self.me, now=self.now)

    def place(self, asked: str) -> Unit | Community | None:
        """The home chosen, or the first one; without homes there is no near."""
        homes = Unit.objects.lived_in_by(self.me).order_by("label")
        found: Unit | None = chosen(homes, asked) if asked else homes.first()
        return found


class JoinPage(ActionPage):
    """The owner waits for a neighbour's matter too."""

    needs = Can.JOIN
    model = Ticket
    form_class = EmptyForm
    done = _("You are on the list: we tell you as soon as it is solved.")

    def rows(self) -> QuerySet[Any]:
        """Not what one may read, but what one may join: nothing of it is shown."""
        return joinable(self.me, self.now)

    def do(self, form: Form) -> None:
        self.supporter: Supporter = join(ticket=self.row, by=self.actor, now=self.now)

    def back(self) -> str:
        address = {"company": self.request.company.slug, "pk": self.supporter.pk}
        return reverse("complaints:supported", kwargs=address)
