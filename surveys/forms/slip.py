"""Which slips are printed."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from owners.models import Building
from tenancy.models import Membership


class SlipForm(forms.Form):
    """A building, a part of it, and whether only of homes that nothing else has reached."""

    building: Any = forms.ModelChoiceField(None, label=_("Building"))
    part = forms.IntegerField(min_value=1, max_value=50, required=False)
    only = forms.BooleanField(label=_("Only homes that could not be reached"), required=False)

    def __init__(self, *args: Any, member: Membership, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        visible = Building.objects.visible_to(member)
        self.fields["building"].queryset = visible  # type: ignore[attr-defined]
