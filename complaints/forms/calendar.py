"""What the admin types about opening times."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from tenancy.models import Community
from tenancy.templatetags.moments import WEEKDAYS

HOURS = re.compile(r"([01]?\d|2[0-3])[:：]([0-5]\d)\s*[-–—~至]\s*([01]?\d|2[0-4])[:：]([0-5]\d)")
EXAMPLE = "09:00-12:00 13:30-17:00"


class HoursField(forms.CharField):
    """Opening times as people write them; the value is [["09:00", "12:00"], …]. Empty = closed."""

    def __init__(self, **kwargs: Any) -> None:
        attributes = {"placeholder": EXAMPLE, "autocomplete": "off"}
        kwargs.setdefault("widget", forms.TextInput(attrs=attributes))
        super().__init__(required=False, max_length=100, **kwargs)

    def clean(self, value: Any) -> Any:
        typed = str(super().clean(value))
        if HOURS.sub("", typed).strip(" ,;，；、"):
            raise ValidationError(_("Write opening times like 09:00-12:00 13:30-17:00."))
        return [
            [f"{int(hour):02}:{minute}", f"{int(until) % 24:02}:{past}"]
            for hour, minute, until, past in HOURS.findall(typed)
        ]

    def prepare_value(self, value: Any) -> Any:
        """Periods as they are typed; what was typed stays as it was."""
        if isinstance(value, list):
            return " ".join("-".join(period) for period in value)
        return value


class WeekForm(forms.Form):
    """The usual week, and whose holidays are kept."""

    follows_official = forms.BooleanField(
        label=_("Closed on the public holidays of China"), required=False
    )
    moves_weekends = forms.BooleanField(
        label=_("Open on make-up workdays, closed on moved days off"), required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for day, name in enumerate(WEEKDAYS):
            self.fields[f"day{day}"] = HoursField(label=name)
        self.order_fields([f"day{day}" for day in range(7)])

    @property
    def week(self) -> dict[str, list[list[str]]]:
        """What was said, for the service."""
        return {str(day): self.cleaned_data[f"day{day}"] for day in range(7)}


def day_field(label: Any) -> forms.DateField:
    return forms.DateField(
        label=label, widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    )


class DaysForm(forms.Form):
    """Days on which the company, or one community, is open otherwise than usual."""

    since = day_field(_("First day"))
    until: Any = day_field(_("Last day"))
    hours = HoursField(label=_("Opening times; empty means closed"))
    note = forms.CharField(label=_("Reason"), required=False, max_length=80)
    community: Any = forms.ModelChoiceField(
        label=_("Community"), required=False, queryset=None, empty_label=_("the whole company")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["until"].required = False
        field: Any = self.fields["community"]
        field.queryset = Community.objects.order_by("name")

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if said.get("since") and not said.get("until"):
            said["until"] = said["since"]
        return said
