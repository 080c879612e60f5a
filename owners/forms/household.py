"""What an owner says about somebody of their family."""

from django import forms
from django.utils.translation import gettext_lazy as _

from owners.services.archive import NAME_LENGTH
from owners.services.personal import LONGEST_TYPED


class FamilyMemberForm(forms.Form):
    """A name and the number that this person signs in with."""

    name = forms.CharField(label=_("Name"), max_length=NAME_LENGTH, strip=True)
    phone = forms.CharField(
        label=_("Mobile phone"),
        max_length=LONGEST_TYPED,
        help_text=_("The person signs in with a code sent to this number."),
        widget=forms.TextInput(attrs={"type": "tel", "inputmode": "tel", "autocomplete": "off"}),
    )
