"""Whether the staff of a company need a second factor."""

from datetime import timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from tenancy.forms.second_factor import SecondFactorForm
from tenancy.pages import FormPage
from tenancy.permissions import Can
from tenancy.services.second_factor import require_second_factor


class SecondFactorPage(FormPage):
    """Required or not, and from when on."""

    needs = Can.SET_COMPANY
    title = _("Second factor")
    template_name = "tenancy/second_factor.html"
    form_class = SecondFactorForm
    done = _("Saved.")

    def form_arguments(self) -> dict[str, Any]:
        return {"initial": {"required": self.request.company.second_factor_from is not None}}

    def act(self, form: Any) -> str:
        require_second_factor(
            company=self.request.company,
            required=form.cleaned_data["required"],
            grace=timedelta(days=int(form.cleaned_data["days"])),
            by=self.actor,
            now=self.now,
        )
        return self.request.path
