"""Who is away, and who covers."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class AbsenceForm(forms.Form):
    """A person, two days, and somebody who covers. What is possible the service knows."""

    membership: Any = forms.ModelChoiceField(
        label=_("Who is away"), queryset=None, empty_label=_("choose a person")
    )
    starts_on = forms.DateField(label=_("From"), widget=forms.DateInput(attrs={"type": "date"}))
    ends_on = forms.DateField(
        label=_("Until, that day included"), widget=forms.DateInput(attrs={"type": "date"})
    )
    covered_by: Any = forms.ModelChoiceField(
        label=_("Who covers"),
        queryset=None,
        required=False,
        empty_label=_("nobody"),
    )

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("membership", "covered_by"):
            field: Any = self.fields[name]
            field.queryset = people
