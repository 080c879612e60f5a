"""What an owner fills in: speaking up, and judging the answer."""

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from complaints.models import Urgency
from complaints.models.kinds import SPOKEN_CHOICES
from complaints.services.attaching import MOST_PER_TICKET
from owners.models import Unit
from tenancy.models import Community

LONGEST_TEXT = 10_000
LONGEST_TITLE = 40
# Where a first sentence ends, in Chinese and in Latin script.
SENTENCE_END = re.compile(r"[。！？!?；;\n\r]|\.\s")


def title_of(text: str) -> str:
    """A ticket's title out of what its owner wrote: the first sentence, or its first words."""
    first = next((part for part in map(str.strip, SENTENCE_END.split(text)) if part), "")
    words = " ".join(first.split()) or " ".join(text.split())
    return words if len(words) <= LONGEST_TITLE else f"{words[: LONGEST_TITLE - 1].rstrip()}…"


class SeveralFilesInput(forms.ClearableFileInput):
    """A file input of which several files may be taken at once."""

    allow_multiple_selected = True


class PhotosField(forms.FileField):
    """Several files; what each of them is, the service decides by its content."""

    widget = SeveralFilesInput

    def clean(self, data: Any, initial: Any = None) -> Any:
        uploads: list[Any] = [each for each in data or [] if each is not None]
        if self.required and not uploads:
            raise forms.ValidationError(self.error_messages["required"], code="required")
        if len(uploads) > MOST_PER_TICKET:
            raise forms.ValidationError(
                _("Add at most %(most)s files."),
                code="too_many_files",
                params={"most": MOST_PER_TICKET},
            )
        return uploads


class RowField(forms.ModelChoiceField):  # type: ignore[type-arg]  # of several models
    """One of the rows that were offered; what is no id at all was not offered either."""

    def to_python(self, value: Any) -> Any:
        try:
            return super().to_python(value)
        except forms.ValidationError as error:
            sentence = self.error_messages["invalid_choice"]
            raise forms.ValidationError(sentence, code="invalid_choice") from error


class FileTicketForm(forms.Form):
    """Everything an owner says, on one screen.

    Where there is only one home to speak of, nobody is asked which.
    """

    kind = forms.ChoiceField(
        choices=SPOKEN_CHOICES, error_messages={"required": _("Choose what this is.")}
    )
    category = RowField(
        queryset=None,
        error_messages={
            "required": _("Choose what it is about."),
            "invalid_choice": _("Choose what it is about."),
        },
    )
    emergency = forms.BooleanField(required=False)
    place = RowField(
        queryset=None,
        required=False,
        error_messages={"invalid_choice": _("Choose one of your homes.")},
    )
    text = forms.CharField(
        max_length=LONGEST_TEXT,
        error_messages={
            "required": _("Write a few words about it."),
            "max_length": _("At most %(limit_value)s characters; you have %(show_value)s."),
        },
    )
    photos = PhotosField(required=False)

    def __init__(self, *args: Any, categories: Any, places: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.category_field.queryset = categories
        self.place_field.queryset = places

    @property
    def category_field(self) -> Any:
        return self.fields["category"]

    @property
    def place_field(self) -> Any:
        return self.fields["place"]

    def clean_place(self) -> Unit | Community:
        """The place chosen, or the only one there is."""
        chosen: Unit | Community | None = self.cleaned_data["place"]
        places = list(self.place_field.queryset[:2]) if chosen is None else [chosen]
        if len(places) != 1:
            raise forms.ValidationError(_("Choose one of your homes."), code="required")
        return places[0]

    def clean(self) -> dict[str, Any]:
        """A category of another kind was chosen before the kind was changed."""
        category = self.cleaned_data.get("category")
        if category is not None and category.kind != self.cleaned_data.get("kind"):
            self.add_error("category", _("Choose what it is about."))
        return self.cleaned_data

    def facts(self) -> dict[str, Any]:
        """What the service that files a ticket is told."""
        said, place = self.cleaned_data, self.cleaned_data["place"]
        title = title_of(said["text"])
        return {
            "kind": said["kind"],
            "category": said["category"],
            "urgency": Urgency.EMERGENCY if said["emergency"] else "",
            "title": title,
            "description": "" if said["text"] == title else said["text"],
            **({"unit": place} if isinstance(place, Unit) else {"community": place}),
        }


SCORES = [(1, _("very poor")), (2, _("poor")), (3, _("fair")), (4, _("good")), (5, _("very good"))]


class CallRatingForm(forms.Form):
    """Whether a call helped: stars, and words."""

    score = forms.TypedChoiceField(
        choices=SCORES, coerce=int, error_messages={"required": _("Give one to five stars.")}
    )
    comment = forms.CharField(required=False, max_length=2000)


class RatingForm(forms.Form):
    """The owner's verdict: stars, whether it is fixed, and words."""

    score = forms.TypedChoiceField(
        choices=SCORES, coerce=int, error_messages={"required": _("Give one to five stars.")}
    )
    fixed = forms.TypedChoiceField(
        choices=[("yes", _("Yes, it is fixed")), ("no", _("No, not yet"))],
        coerce=lambda answer: answer == "yes",
        error_messages={"required": _("Say whether it is fixed.")},
    )
    comment = forms.CharField(required=False, max_length=2000)
