"""Translations of a survey, as they are written and as they come back in a table."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from surveys.services.words import LARGEST_FILE, Line

PREFIX, RIGHT = "w-", "right-"


class WordsForm(forms.Form):
    """A box for each text."""

    seen = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)

    def __init__(self, *args: Any, lines: Sequence[Line], language: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lines = lines
        for line in lines:
            rows = 2 if len(line.original) > 40 else 1
            attrs = {"rows": rows, "lang": language, "class": "words-box"}
            self.fields[PREFIX + line.place] = forms.CharField(
                label=line.original,
                initial=line.translation,
                required=False,
                max_length=line.longest,
                widget=forms.Textarea(attrs=attrs),
            )
            if line.is_stale:
                self.fields[RIGHT + line.place] = forms.BooleanField(
                    label=_("It is still right"), required=False
                )

    def rows(self) -> list[tuple[Line, Any, Any]]:
        """Each text with its box, and what to tick if it has been looked over."""
        return [
            (
                line,
                self[PREFIX + line.place],
                self[RIGHT + line.place] if line.is_stale else None,
            )
            for line in self.lines
        ]

    @property
    def right(self) -> list[str]:
        """What was looked over and stays."""
        return [
            line.place
            for line in self.lines
            if line.is_stale and self.cleaned_data[RIGHT + line.place]
        ]

    @property
    def words(self) -> Mapping[str, str]:
        return {line.place: self.cleaned_data[PREFIX + line.place] for line in self.lines}


class TableForm(forms.Form):
    """A table of words that comes back."""

    table = forms.FileField(label=_("Table (CSV)"))

    def clean_table(self) -> bytes:
        file = self.cleaned_data["table"]
        if file.size > LARGEST_FILE:
            raise ValidationError(_("This table is too large: 2 MB at most."))
        found: bytes = file.read()
        return found
