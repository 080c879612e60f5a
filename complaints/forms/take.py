"""What the desk fills in while somebody is on the telephone, or at the counter."""

from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from complaints.forms.action import LONGEST_TEXT
from complaints.models import Category, Source, Urgency
from owners.models import Ownership, Unit
from owners.services.personal import BadPhone, normal_phone
from tenancy.models import Community

LONGEST_TITLE = 120
# The portal and the API speak for themselves.
TAKEN = [choice for choice in Source.choices if choice[0] not in (Source.PORTAL, Source.API)]


class TakeForm(forms.Form):
    """A ticket for somebody else. The category says of which kind it is."""

    submission = forms.UUIDField(widget=forms.HiddenInput)
    name = forms.CharField(label=_("Name of the caller"), max_length=60)
    phone = forms.CharField(label=_("Mobile phone"), max_length=40)
    place = forms.ChoiceField(label=_("Where"))
    category: Any = forms.ModelChoiceField(
        label=_("What it is about"),
        queryset=None,
        empty_label=None,
        error_messages={"required": _("Choose a category that fits.")},
    )
    urgency = forms.ChoiceField(
        label=_("Urgency"),
        required=False,
        choices=[("", _("as usual for the category")), *Urgency.choices],
    )
    source = forms.ChoiceField(label=_("Channel"), choices=TAKEN, initial=Source.PHONE.value)
    title = forms.CharField(label=_("In one sentence"), max_length=LONGEST_TITLE)
    description = forms.CharField(
        label=_("In their own words"),
        required=False,
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 5}),
    )

    def __init__(
        self,
        *args: Any,
        homes: list[Ownership],
        communities: list[Community],
        is_new: bool,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.units: dict[str, Unit] = {f"unit:{tie.unit_id}": tie.unit for tie in homes}
        self.communities = {f"community:{row.pk}": row for row in communities}
        if not is_new:
            del self.fields["name"], self.fields["phone"]
        places: list[tuple[str, Any]] = [(key, str(unit)) for key, unit in self.units.items()]
        public = [(key, row.name) for key, row in self.communities.items()]
        place: Any = self.fields["place"]
        place.choices = [*places, (_("Public areas"), public)] if places else public
        category: Any = self.fields["category"]
        category.queryset = Category.objects.spoken().order_by("kind", "position", "name")

    def clean_phone(self) -> str:
        try:
            return normal_phone(self.cleaned_data["phone"])
        except BadPhone as refusal:
            raise ValidationError(str(refusal), code=refusal.code) from refusal

    def where(self) -> tuple[Unit | None, Community | None]:
        """The place: a unit, or the public areas of a community."""
        place = self.cleaned_data["place"]
        return self.units.get(place), self.communities.get(place)

    def submission_id(self) -> UUID:
        """Which act of submitting this is."""
        submission: UUID = self.cleaned_data["submission"]
        return submission
