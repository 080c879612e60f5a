"""What is corrected about a person of the archive."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from owners.services.personal import LONGEST_TYPED, BadPhone, normal_phone

LONGEST_NAME = 60


class CorrectionForm(forms.Form):
    """Name and ways to reach somebody. The number that is kept is not shown for that: whoever
    corrects it was told the new one."""

    name = forms.CharField(label=_("Name"), max_length=LONGEST_NAME)
    phone = forms.CharField(
        label=_("New phone number"),
        required=False,
        max_length=LONGEST_TYPED,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "off", "autofocus": True}),
        help_text=_("Leave it empty to keep the number."),
    )
    has_no_phone = forms.BooleanField(
        label=_("The number is wrong, and the right one is not known"), required=False
    )
    email = forms.EmailField(label=_("E-mail"), required=False)

    def clean_phone(self) -> str:
        typed: str = self.cleaned_data["phone"]
        if not typed:
            return ""
        try:
            return normal_phone(typed)
        except BadPhone as refusal:
            raise ValidationError(str(refusal), code=refusal.code) from refusal

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if said.get("phone") and said.get("has_no_phone"):
            self.add_error("has_no_phone", _("Give the new number, or say that it is not known."))
        return said

    def changes(self) -> dict[str, str]:
        """What is to be changed; a number only where one was given or withdrawn."""
        said = self.cleaned_data
        found = {"name": said["name"], "email": said["email"]}
        if said["phone"] or said["has_no_phone"]:
            found["phone"] = said["phone"]
        return found
