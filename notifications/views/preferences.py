"""What one wants to be told, and how."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from notifications.channels import offered
from notifications.forms.preferences import PreferencesForm
from notifications.services.preferences import kinds_for, preferences_of, set_preferences
from tenancy.pages import FormPage
from tenancy.permissions import Can


class Preferences(FormPage):
    """A table of switches: kinds of news by ways to be told."""

    needs = Can.READ_OWN_INBOX
    template_name = "notifications/preferences.html"
    title = _("What I am told")
    form_class = PreferencesForm
    done = _("Saved.")

    def form_arguments(self) -> dict[str, Any]:
        return {
            "kinds": kinds_for(self.me),
            "channels": offered(),
            "wanted": preferences_of(self.me),
        }

    def act(self, form: Any) -> str:
        set_preferences(membership=self.me, wanted=form.wanted())
        return reverse("notifications:preferences", kwargs={"company": self.request.company.slug})
