"""Of whom results are asked, and in which language."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _, pgettext_lazy

from surveys.services.results import Place


class ResultForm(forms.Form):
    """What a page of results shows. Without a word: everybody, as the questionnaire asks."""

    at = forms.ChoiceField(label=pgettext_lazy("of whom", "Answers of"), required=False)
    order = forms.ChoiceField(
        label=_("Order"),
        required=False,
        choices=[("", _("as it was asked")), ("weak", _("what is weak first"))],
    )
    language = forms.ChoiceField(label=_("Language"), required=False)

    def __init__(
        self, *args: Any, places: Sequence[Place], languages: Sequence[str], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        at: Any = self.fields["at"]
        at.choices = choices_of(places)
        names = dict(settings.LANGUAGES)
        language: Any = self.fields["language"]
        language.choices = [("", _("yours"))] + [
            (code, names.get(code, code)) for code in languages
        ]
        if len(languages) < 2:
            language.widget = forms.HiddenInput()

    def value(self, name: str) -> str:
        """What was asked; nothing where it made no sense."""
        found: str = self.cleaned_data.get(name, "") if self.is_valid() or self.is_bound else ""
        return found


def choices_of(places: Sequence[Place]) -> list[tuple[Any, Any]]:
    """Everybody, then communities with their buildings, then groups, each with how many."""
    words = {"community": _("Communities and buildings"), "group": _("Groups")}
    found: list[tuple[Any, Any]] = [
        (each.key, _("everybody (%(n)s)") % {"n": each.n})
        for each in places
        if each.kind == "whole"
    ]
    for kinds in (("community", "building"), ("group",)):
        inside = [(each.key, f"{each.name} ({each.n})") for each in places if each.kind in kinds]
        if inside:
            found.append((words[kinds[0]], inside))
    return found
