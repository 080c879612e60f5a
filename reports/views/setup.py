"""The settings' first page: what a company still needs, and every part of the settings."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from reports.services.setup import Step, steps
from tenancy.pages import Page
from tenancy.permissions import Can


class SetupPage(Page):
    """From an empty company to a working desk, step by step."""

    needs = Can.SET_COMPANY
    title = _("Settings")
    template_name = "reports/setup.html"

    def context(self, **more: Any) -> dict[str, Any]:
        found = [(step, self.at(step)) for step in steps(self.request.company)]
        left = [step for step, _url in found if not step.is_done]
        return super().context(
            steps=found,
            done=len(found) - len(left),
            following=left[0] if left else None,
            **more,
        )

    def at(self, step: Step) -> str:
        """The form of a step; empty while an earlier step has to come first."""
        if not step.page:
            return ""
        kwargs = {"company": self.request.company.slug}
        if step.pk:
            kwargs["pk"] = step.pk
        return reverse(step.page, kwargs=kwargs) + "?guide"
