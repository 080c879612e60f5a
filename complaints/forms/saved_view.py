"""What a member fills in to keep a view of the queue."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

LONGEST_NAME = 40


class SavedViewForm(forms.Form):
    """A name, and whether everybody sees it."""

    name = forms.CharField(label=_("Name of the view"), max_length=LONGEST_NAME)
    is_shared = forms.BooleanField(label=_("Everybody sees it"), required=False)

    def __init__(self, *args: Any, may_share: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not may_share:
            del self.fields["is_shared"]


class NewViewForm(SavedViewForm):
    """The same, with the filters it stands for."""

    query = forms.CharField(required=False, max_length=2000, widget=forms.HiddenInput)


class MoveForm(forms.Form):
    """Up or down."""

    step = forms.TypedChoiceField(choices=[("-1", ""), ("1", "")], coerce=int)
