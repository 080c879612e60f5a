"""Looking for texts, and putting them to categories."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _, pgettext_lazy

from surveys.forms.result import choices_of
from surveys.questionnaire import Question
from surveys.services.results import Place

NONE = "none"


class TextForm(forms.Form):
    """Which texts are shown."""

    search = forms.CharField(
        label=_("Words"), required=False, max_length=100,
        widget=forms.TextInput(attrs={"type": "search"}),
    )  # fmt: skip
    at = forms.ChoiceField(label=pgettext_lazy("of whom", "Answers of"), required=False)
    question = forms.ChoiceField(label=_("Question"), required=False)
    code = forms.ChoiceField(label=_("Category"), required=False)

    def __init__(
        self,
        *args: Any,
        places: Sequence[Place],
        questions: Sequence[Question],
        categories: Sequence[Any],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["at"].choices = choices_of(places)
        asked = [(each.key, each.text) for each in questions]
        fields["question"].choices = [("", pgettext_lazy("questions", "all of them")), *asked]
        fields["code"].choices = [
            ("", _("all of them")),
            (NONE, _("none yet")),
            *((str(each.pk), str(each)) for each in categories),
        ]

    def value(self, name: str) -> str:
        """What was asked; nothing where it made no sense."""
        found: str = self.cleaned_data.get(name, "")
        return found


class CodingForm(forms.Form):
    """One text and one category (`mark:category`, `-mark:category` takes it away), or several
    texts and one."""

    one = forms.RegexField(r"^-?[0-9a-f-]{36}:[0-9a-f-]{36}$", required=False)
    texts = forms.TypedMultipleChoiceField(coerce=UUID, required=False)
    category = forms.UUIDField(required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["texts"]
        field.valid_value = lambda _value: True  # which there are, the service knows

    def clean(self) -> dict[str, Any]:
        """What is done, to which texts, with which category."""
        sent = super().clean() or {}
        one = sent.get("one") or ""
        if one:
            text, _colon, category = one.removeprefix("-").partition(":")
            try:
                return {
                    "ids": [UUID(text)], "category": UUID(category), "away": one.startswith("-")
                }  # fmt: skip
            except ValueError:
                raise forms.ValidationError(_("There is nothing here."), "not_found") from None
        if not sent.get("texts") or not sent.get("category"):
            raise forms.ValidationError(
                _("Choose texts and a category first."), "nothing_chosen"
            )  # fmt: skip
        return {"ids": sent["texts"], "category": sent["category"], "away": False}
