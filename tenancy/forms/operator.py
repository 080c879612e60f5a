"""What an operator of the platform fills in."""

from datetime import timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tenancy.forms.sign_in import PhoneField
from tenancy.services.operating import LONGEST_REASON
from tenancy.services.second_factor import SHORTEST_REASON


def reason(help_text: Any = "") -> forms.CharField:
    """Why; it is written down."""
    return forms.CharField(
        label=_("Reason"),
        help_text=help_text,
        min_length=SHORTEST_REASON,
        max_length=LONGEST_REASON,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class NewCompanyForm(forms.Form):
    """A company and its first admin, who is invited by e-mail or SMS."""

    name = forms.CharField(label=_("Name of the company"), max_length=80)
    slug = forms.CharField(
        label=_("Short name in addresses"),
        help_text=_("2 to 40 of a–z, 0–9 and hyphens. It cannot be changed later."),
        max_length=40,
        widget=forms.TextInput(attrs={"autocapitalize": "none", "spellcheck": "false"}),
    )
    admin = forms.CharField(label=_("Name of the first admin"), max_length=60)
    email = forms.EmailField(label=_("Their e-mail address"), required=False, max_length=150)
    phone = PhoneField(label=_("or their mobile phone"), required=False)

    def clean_slug(self) -> str:
        return str(self.cleaned_data["slug"]).strip().lower()


class ReasonForm(forms.Form):
    """Only why."""

    reason = reason(_("The company reads it."))


class EnterForm(forms.Form):
    """Why, and for how long."""

    TIMES = (
        ("15", _("15 minutes")),
        ("60", _("1 hour")),
        ("240", _("4 hours")),
        ("480", _("8 hours")),
    )

    reason = reason(_("The company's admins are told at once, with your name and this reason."))
    minutes = forms.ChoiceField(label=_("For how long"), choices=TIMES, initial="60")

    @property
    def time(self) -> timedelta:
        return timedelta(minutes=int(self.cleaned_data["minutes"]))


class ExportForm(forms.Form):
    """Why, and whether phones and identity numbers go along in clear."""

    reason = reason(_("The company's admins are told at once, with your name and this reason."))
    personal = forms.BooleanField(
        label=_("With telephone and identity numbers in clear"), required=False
    )


class LostFactorForm(forms.Form):
    """Whose second factor is taken away, and why."""

    username = forms.CharField(
        label=_("Account"),
        max_length=150,
        widget=forms.TextInput(attrs={"autocapitalize": "none", "autocomplete": "off"}),
    )
    reason = reason(_("How you made sure that it is them. Their companies read it."))
