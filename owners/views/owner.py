"""The owner archive: finding people, and what is known about one of them."""

from typing import Any
from uuid import UUID

import phonenumbers
from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from phonenumbers import PhoneNumberFormat

from owners.forms.owner import RevealForm
from owners.models import Owner, Ownership
from owners.services.access import grant_portal_access
from owners.services.archive import find_owners, reveal
from owners.services.personal import mask_id_number, mask_phone
from tenancy.pages import ActionPage, DetailPage, EditPage, ListPage
from tenancy.permissions import Can
from tenancy.services.refusal import Refused

LONGEST_SEARCH = 100
COUNTRY = 86  # whose numbers are read out without the country


class OwnerListPage(ListPage):
    """Everybody in the archive by the sound of their names, or whom a search means."""

    needs = Can.READ_OWNERS
    title = _("Owner archive")
    template_name = "owners/owner_list.html"
    fragment_name = "owners/owner_rows.html"

    @property
    def query(self) -> str:
        return self.request.GET.get("q", "")[:LONGEST_SEARCH]

    def rows(self) -> QuerySet[Any]:
        found = find_owners(self.query) if self.query.strip() else Owner.objects.all()
        rows: QuerySet[Any] = found.visible_to(self.me).order_by("sort_key", "id")
        return rows

    def context(self, **more: Any) -> dict[str, Any]:
        context = super().context(query=self.query, **more)
        homes: dict[UUID, list[Ownership]] = {}
        for tie in (
            Ownership.objects.visible_to(self.me)
            .current()
            .filter(owner_id__in=[row.pk for row in context["rows"]])
            .select_related("unit")
            .order_by("unit__label", "id")
        ):
            homes.setdefault(tie.owner_id, []).append(tie)
        context["people"] = [
            {"owner": row, "phone": mask_phone(row.phone), "homes": homes.get(row.pk, [])}
            for row in context["rows"]
        ]
        return context


class PersonPage(DetailPage):
    """What the pages about one person share."""

    needs = Can.READ_OWNERS
    model = Owner
    template_name = "owners/owner_detail.html"

    def rows(self) -> QuerySet[Any]:
        return super().rows().select_related("membership")

    def context(self, **more: Any) -> dict[str, Any]:
        owner: Owner = self.row
        ties = (
            Ownership.objects.visible_to(self.me)
            .filter(owner_id=owner.pk)
            .select_related("unit__community")
            .order_by("until", "unit__label", "id")
        )
        return super().context(
            **{
                "title": owner.name,
                "phone": mask_phone(owner.phone),
                "id_number": mask_id_number(owner.id_number),
                "ties": [tie for tie in ties if tie.until is None],
                "past_ties": [tie for tie in ties if tie.until is not None],
                **more,
            }
        )

    def address(self) -> str:
        return reverse(
            "owners:owner_detail",
            kwargs={"company": self.request.company.slug, "pk": self.kwargs["pk"]},
        )


class OwnerPage(PersonPage):
    """A person of the archive: homes over time, how to reach them, their tickets."""


class RevealPage(PersonPage, EditPage):
    """A number in clear, on the record. The answer is kept in no address and no cache."""

    needs = Can.REVEAL_PERSONAL
    http_method_names = ["post", "options"]
    form_class: type[forms.Form] = RevealForm

    def post(self, *args: Any, **kwargs: Any) -> HttpResponse:
        form = RevealForm(self.request.POST)
        if not form.is_valid():
            messages.error(self.request, _("There is nothing to reveal."))
            return HttpResponseRedirect(self.address())
        field = form.cleaned_data["field"]
        try:
            value = reveal(owner=self.row, field=field, by=self.actor, now=self.now)
        except Refused as refusal:
            messages.error(self.request, str(refusal))
            return HttpResponseRedirect(self.address())
        return self.revealed(field, value)

    def revealed(self, field: str, value: str) -> HttpResponse:
        """The number beside its label: a fragment, or the person's page with it."""
        if getattr(self.request, "htmx", False):
            context = self.context(field=field, value=value, spoken=spoken(field, value))
            answer = render(self.request, "owners/revealed.html", context)
        else:
            answer = self.show(200, spoken=spoken(field, value), **{f"clear_{field}": value})
        answer.headers["Cache-Control"] = "no-store"
        return answer


def spoken(field: str, value: str) -> str:
    """A number in groups, as people read it out."""
    if field != "phone":
        return value
    number = phonenumbers.parse(value)
    home = number.country_code == COUNTRY
    form = PhoneNumberFormat.NATIONAL if home else PhoneNumberFormat.INTERNATIONAL
    return phonenumbers.format_number(number, form)


class AccessPage(PersonPage, ActionPage):
    """Let a person sign in to the portal with their phone."""

    needs = Can.READ_OWNERS
    form_class: type[forms.Form] = forms.Form
    done = _("The person can now sign in with a code sent to their phone.")

    def back(self) -> str:
        return self.address()

    def do(self, form: forms.Form) -> None:
        grant_portal_access(owner=self.row, by=self.actor, now=self.now)
