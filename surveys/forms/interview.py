"""How a call ended that brought no answer."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from surveys.models import CallOutcome


class OutcomeForm(forms.Form):
    """One button; a day and a time with "call later", the person with a wrong number."""

    outcome = forms.ChoiceField(
        choices=CallOutcome.choices, error_messages={"required": _("Say how the call ended.")}
    )
    again_at = forms.DateTimeField(
        label=_("Call again at"),
        required=False,
        error_messages={"invalid": _("Give the day and the time at which to call again.")},
    )
    owner = forms.UUIDField(required=False)

    def clean(self) -> dict[str, Any] | None:
        found = super().clean()
        later = self.cleaned_data.get("outcome") == CallOutcome.LATER
        if later and not self.cleaned_data.get("again_at") and "again_at" not in self.errors:
            self.add_error("again_at", _("Give the day and the time at which to call again."))
        return found
