"""What a survey is called, whom it asks, and who has one voice."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from surveys.models import Audience, OnePer


class SurveyForm(forms.Form):
    """A survey's facts; what it asks is written in the builder."""

    title = forms.CharField(
        label=_("Title"), max_length=100, help_text=_("Whoever is invited reads it.")
    )
    audience = forms.ChoiceField(label=_("Who is asked"), choices=Audience.choices)
    one_per = forms.ChoiceField(
        label=_("One answer for each"),
        choices=OnePer.choices,
        help_text=_("Staff always answer one by one. Nobody ever learns who said what."),
    )

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        if said.get("audience") == Audience.STAFF:
            said["one_per"] = OnePer.PERSON
        return said


class CopyForm(forms.Form):
    """What a copy is called."""

    title = forms.CharField(label=_("Title of the copy"), max_length=100)


class AsideForm(forms.Form):
    """Laid aside, or taken up again."""

    is_archived = forms.BooleanField(required=False)
