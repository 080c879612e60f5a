"""What the admin says about the company, its communities and its departments."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _, pgettext_lazy

from tenancy.models import Company

# Where property companies of our languages work, and some places beyond.
ZONES = {
    "Asia/Shanghai": _("Beijing"),
    "Asia/Urumqi": _("Ürümqi"),
    "Asia/Hong_Kong": _("Hong Kong"),
    "Asia/Macau": _("Macau"),
    "Asia/Taipei": _("Taipei"),
    "Asia/Singapore": _("Singapore"),
    "Asia/Kuala_Lumpur": _("Kuala Lumpur"),
    "Asia/Bangkok": _("Bangkok"),
    "Asia/Tokyo": _("Tokyo"),
    "Asia/Dubai": _("Dubai"),
    "Australia/Sydney": _("Sydney"),
    "Europe/London": _("London"),
    "Europe/Berlin": _("Berlin"),
    "America/New_York": _("New York"),
    "America/Los_Angeles": _("Los Angeles"),
}


class CompanyForm(forms.Form):
    """Everything that visitors of the sign-in page may know."""

    name = forms.CharField(label=pgettext_lazy("of a thing", "Name"), max_length=80)
    hotline = forms.CharField(
        label=_("Hotline"),
        max_length=30,
        required=False,
        help_text=_("Owners see it on every page and can call it with one tap."),
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
    )
    language = forms.ChoiceField(
        label=_("Language"),
        required=False,
        help_text=_("For letters to people who have not chosen a language of their own."),
    )
    zone = forms.ChoiceField(
        label=_("Time zone"), help_text=_("All opening times and promises are counted in it.")
    )

    def __init__(self, *args: Any, company: Company, **kwargs: Any) -> None:
        kwargs.setdefault(
            "initial",
            {name: getattr(company, name) for name in ("name", "hotline", "language", "zone")},
        )
        super().__init__(*args, **kwargs)
        # An operator may have chosen a place that is not among them.
        zones = {company.zone: company.zone, **ZONES}
        fields: Any = self.fields
        fields["zone"].choices = list(zones.items())
        fields["language"].choices = [("", _("as the portal")), *settings.LANGUAGES]


class CommunityForm(forms.Form):
    """A residential community."""

    name = forms.CharField(label=pgettext_lazy("of a thing", "Name"), max_length=60)
    address = forms.CharField(label=_("Address"), max_length=120, required=False)
    hotline = forms.CharField(
        label=_("Hotline"),
        max_length=30,
        required=False,
        help_text=_("If it has one of its own."),
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
    )


class CommunityChangeForm(CommunityForm):
    """The same, and whether it is still looked after."""

    is_active = forms.BooleanField(label=_("We look after this community"), required=False)


class DepartmentForm(forms.Form):
    """A new department."""

    name = forms.CharField(label=pgettext_lazy("of a thing", "Name"), max_length=40)


class DepartmentChangeForm(DepartmentForm):
    """A department, its place in the list, and whether it still exists."""

    position = forms.IntegerField(
        label=_("Place in lists"),
        min_value=0,
        max_value=999,
        help_text=_("The lowest comes first."),
    )
    is_active = forms.BooleanField(label=_("In use"), required=False)


class LooksForm(forms.Form):
    """The company's own colour."""

    colour = forms.RegexField(
        r"^#[0-9A-Fa-f]{6}$",
        label=_("Colour"),
        widget=forms.TextInput(attrs={"type": "color", "class": "colour-input"}),
        error_messages={"invalid": _("Write a colour like #0c6955.")},
    )


class LogoForm(forms.Form):
    """The company's mark."""

    logo = forms.FileField(
        label=_("Logo"),
        help_text=_("PNG, JPEG or WebP, at most 2 MB; a square one looks best."),
        widget=forms.FileInput(attrs={"accept": "image/png,image/jpeg,image/webp"}),
    )
