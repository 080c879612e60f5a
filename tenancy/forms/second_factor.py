"""What a company's admin says about second factors."""

from django import forms
from django.utils.translation import gettext_lazy as _


class SecondFactorForm(forms.Form):
    """Required or not, and how long people have to set one up."""

    DAYS = (("0", _("at once")), ("7", _("7 days")), ("14", _("14 days")), ("30", _("30 days")))

    required = forms.BooleanField(
        label=_("All staff need a second factor"),
        required=False,
        help_text=_("Owners are never asked for one. API tokens that exist go on."),
    )
    days = forms.ChoiceField(label=_("Time to set it up"), choices=DAYS, initial="7")
