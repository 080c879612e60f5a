"""What somebody types who comes without a link."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tenancy.models import Community


class CodeForm(forms.Form):
    """The code of a slip."""

    code = forms.CharField(
        label=_("Code on the slip"),
        max_length=200,
        widget=forms.TextInput({
            "autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false",
            "placeholder": "ABCD EFGH IJKL MNOP",
        }),
    )  # fmt: skip


class LostForm(forms.Form):
    """One's home, and the number that the archive has."""

    community: Any = forms.ModelChoiceField(None, label=_("Community"), empty_label=None)
    home = forms.CharField(
        label=_("Building and home"),
        max_length=60,
        widget=forms.TextInput({"autocomplete": "off", "placeholder": _("e.g. 3栋1201")}),
    )
    phone = forms.CharField(
        label=_("Mobile phone"),
        max_length=40,
        widget=forms.TextInput({"type": "tel", "autocomplete": "tel", "inputmode": "tel"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = Community.objects.filter(is_active=True)
        self.fields["community"].queryset = known.order_by("name", "id")  # type: ignore[attr-defined]
