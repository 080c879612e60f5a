"""Why a dead letter is laid aside."""

from django import forms
from django.utils.translation import gettext_lazy as _


class SettleForm(forms.Form):
    """A reason."""

    reason = forms.CharField(label=_("Reason"), max_length=120)
