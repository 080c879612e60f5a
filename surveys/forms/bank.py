"""Looking for questions in the bank."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from surveys.forms.builder import DIMENSIONS

MOST_TAKEN = 100


class BankSearchForm(forms.Form):
    """Words in any language, and the dimension that a question stands for."""

    q = forms.CharField(label=_("Words"), max_length=100, required=False)
    dimension = forms.ChoiceField(
        label=_("Dimension"), choices=(("", _("all of them")), *DIMENSIONS[1:]), required=False
    )


class TakeForm(forms.Form):
    """Which questions go into which survey."""

    into: Any = forms.ModelChoiceField(queryset=None)
    section = forms.CharField(max_length=30, required=False)
    take = forms.TypedMultipleChoiceField(coerce=str)

    def __init__(self, data: Any, *, surveys: Any) -> None:
        super().__init__(data)
        into: Any = self.fields["into"]
        into.queryset = surveys
        into.error_messages["required"] = _("Choose a survey.")
        take: Any = self.fields["take"]
        take.choices = [(each, each) for each in data.getlist("take")[:MOST_TAKEN]]
        take.error_messages["required"] = _("Choose at least one question.")
