"""Correcting what is known about a person: a wrong number, a name that was misheard."""

from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from owners.forms.correction import CorrectionForm
from owners.services.archive import update_owner
from owners.views.owner import PersonPage
from tenancy.pages import EditPage
from tenancy.permissions import Can

# Where one came from, by name: nobody is sent to an address out of a link.
BACK = {"calls": "complaints:call_list"}


class CorrectionPage(PersonPage, EditPage):
    """A person's name and ways to reach them, changed on the record."""

    needs = Can.EDIT_OWNERS
    template_name = "owners/owner_edit.html"
    form_class: type[forms.Form] = CorrectionForm
    done = _("Corrected.")

    def form_arguments(self) -> dict[str, Any]:
        return {"initial": {"name": self.row.name, "email": self.row.email}}

    def context(self, **more: Any) -> dict[str, Any]:
        return super().context(back=self.back(), **more)

    def back(self) -> str:
        """Where one came from, or the person's page."""
        origin = self.request.GET.get("back", "")
        if origin in BACK:
            return reverse(BACK[origin], kwargs={"company": self.request.company.slug})
        return self.address()

    def act(self, form: Any) -> str:
        update_owner(owner=self.row, by=self.actor, now=self.now, **form.changes())
        return self.back()
