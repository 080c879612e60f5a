"""What is laid side by side."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _, pgettext_lazy

from surveys.forms.result import choices_of
from surveys.services.results import Place

WAVES, COMMUNITIES, BUILDINGS, GROUPS = "waves", "communities", "buildings", "groups"


class CompareForm(forms.Form):
    """Waves, or the parts of this one, and of whom."""

    by = forms.ChoiceField(label=_("Side by side"), required=False)
    at = forms.ChoiceField(label=pgettext_lazy("of whom", "Answers of"), required=False)

    def __init__(self, *args: Any, places: Sequence[Place], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = {each.kind for each in places}
        told = [
            (WAVES, _("waves of this survey"), True),
            (COMMUNITIES, _("communities"), "community" in kinds),
            (BUILDINGS, _("buildings of a community"), "building" in kinds),
            (GROUPS, _("groups"), "group" in kinds),
        ]
        by: Any = self.fields["by"]
        by.choices = [(key, words) for key, words, is_there in told if is_there]
        at: Any = self.fields["at"]
        at.choices = choices_of(places)
