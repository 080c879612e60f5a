"""Who belongs to my homes: seen by those who live there, kept by those who own them."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.forms import Form
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from owners.forms.household import FamilyMemberForm
from owners.models import Ownership, OwnershipRole, Unit
from owners.services.household import (
    OWNING,
    add_family_member,
    end_family_tie,
    household_of,
    owned_by,
)
from owners.services.personal import mask_phone
from tenancy.pages import ActionPage, EditPage, Page
from tenancy.permissions import Can


@dataclass(frozen=True)
class Person:
    """Somebody of a household, with as much of their number as the family may see."""

    tie: Ownership
    phone: str
    is_me: bool
    can_be_removed: bool


@dataclass
class Home:
    """One home and its people."""

    unit: Unit
    is_mine: bool = False
    people: list[Person] = field(default_factory=list)


def homes_of(page: Any) -> list[Home]:
    """The homes of whoever looks, by address."""
    found: dict[UUID, Home] = {}
    ties = list(household_of(page.me))
    mine = {tie.unit_id for tie in ties if is_me(tie, page) and tie.role in OWNING}
    for tie in ties:
        home = found.setdefault(tie.unit_id, Home(tie.unit, is_mine=tie.unit_id in mine))
        home.people.append(
            Person(
                tie,
                mask_phone(tie.owner.phone),
                is_me(tie, page),
                home.is_mine and tie.role == OwnershipRole.FAMILY,
            )
        )
    return list(found.values())


def is_me(tie: Ownership, page: Any) -> bool:
    """Whether a tie is that of whoever looks."""
    return bool(tie.owner.membership_id == page.me.pk)


class HouseholdPage(Page):
    """All homes of the owner with everybody who belongs to them."""

    needs = Can.KEEP_HOUSEHOLD
    template_name = "owners/household.html"
    title = _("My homes and family")

    def context(self, **more: Any) -> dict[str, Any]:
        return super().context(**{"homes": homes_of(self), "form": FamilyMemberForm(), **more})

    def address(self) -> str:
        return reverse("owners:household", kwargs={"company": self.request.company.slug})


class FamilyMemberPage(HouseholdPage, EditPage):
    """Take somebody of the family in: POST to a home that one owns."""

    http_method_names = ["get", "post", "options"]
    model = Unit
    form_class = FamilyMemberForm
    done = _("Added. The person can now sign in with a code sent to that number.")

    def rows(self) -> QuerySet[Any]:
        homes: QuerySet[Any] = Unit.objects.filter(id__in=owned_by(self.me).values("unit_id"))
        return homes

    def get(self, *args: Any, **kwargs: Any) -> HttpResponseRedirect:
        return HttpResponseRedirect(self.address())

    def context(self, **more: Any) -> dict[str, Any]:
        return super().context(**{**more, "wrong": self.row.pk})

    def act(self, form: Any) -> str:
        add_family_member(unit=self.row, **form.cleaned_data, by=self.actor, now=self.now)
        return self.address()


class FamilyEndPage(ActionPage):
    """Somebody of the family no longer belongs to the home."""

    needs = Can.KEEP_HOUSEHOLD
    model = Ownership
    form_class = Form
    done = _("Removed. The person no longer speaks for this home.")

    def rows(self) -> QuerySet[Any]:
        return household_of(self.me)

    def do(self, form: Form) -> None:
        end_family_tie(tie=self.row, by=self.actor, now=self.now)

    def back(self) -> str:
        return reverse("owners:household", kwargs={"company": self.request.company.slug})
