"""Yes or no."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django_filters import BooleanFilter

SAID = {"true": True, "1": True, "on": True, "yes": True}
SAID |= {"false": False, "0": False, "off": False, "no": False}


class FlagField(forms.Field):
    """Yes, no, or nothing said. Django's own takes whatever it does not know for nothing."""

    widget = forms.TextInput

    def clean(self, value: Any) -> bool | None:
        text = str(value or "").strip().lower()
        if not text:
            return None
        if text not in SAID:
            raise ValidationError(_("Say true or false."), code="invalid")
        return SAID[text]


class FlagFilter(BooleanFilter):  # type: ignore[misc]  # publishes no types
    """By yes or no."""

    field_class = FlagField
