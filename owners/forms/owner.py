"""What is typed about people of the archive."""

from django import forms
from django.utils.translation import gettext_lazy as _


class RevealForm(forms.Form):
    """Which number is to be seen in clear."""

    field = forms.ChoiceField(choices=[("phone", _("phone")), ("id_number", _("identity number"))])
