"""What the admin types about promises and intervals."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from complaints.models import Category, PromiseKind, Urgency
from complaints.models.kinds import SPOKEN_CHOICES
from complaints.models.promise import MeasureChoices

MOST = 525_600  # minutes of a year
MOST_DAYS = 365
MOST_POLICY = 14_400  # minutes: ten days around the clock


class SpanForm(forms.Form):
    """An amount of a measure, at most a year."""

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        days = said.get("measure") == MeasureChoices.WORKING_DAYS
        if days and said.get("amount", 0) > MOST_DAYS:
            self.add_error("amount", _("Promise more than nothing, and less than a year."))
        return said


class PromiseForm(SpanForm):
    """How soon."""

    amount = forms.IntegerField(label=_("Amount"), min_value=1, max_value=MOST)
    measure = forms.ChoiceField(label=_("Counted in"), choices=MeasureChoices.choices)
    is_active = forms.BooleanField(label=_("In force"), required=False)


class NewPromiseForm(SpanForm):
    """What is promised for which case, and how soon."""

    promise = forms.ChoiceField(label=_("Promise"), choices=PromiseKind.choices)
    kind = forms.ChoiceField(
        label=_("Kind"), required=False, choices=[("", _("any kind")), *SPOKEN_CHOICES]
    )
    category: Any = forms.ModelChoiceField(
        label=_("Category"), required=False, queryset=None, empty_label=_("any category")
    )
    urgency = forms.ChoiceField(
        label=_("Urgency"), required=False, choices=[("", _("any urgency")), *Urgency.choices]
    )
    amount = forms.IntegerField(label=_("Amount"), min_value=1, max_value=MOST, initial=1)
    measure = forms.ChoiceField(label=_("Counted in"), choices=MeasureChoices.choices)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["category"]
        field.queryset = Category.objects.spoken().order_by("kind", "position", "name")


class PolicyForm(forms.Form):
    """The machine's intervals, in minutes of opening time."""

    warn_before = forms.IntegerField(
        label=_("Warn so many minutes before due"), min_value=1, max_value=MOST_POLICY
    )
    manager_after = forms.IntegerField(
        label=_("To the manager after so many minutes late"), min_value=1, max_value=MOST_POLICY
    )
    admin_after = forms.IntegerField(
        label=_("To the company admin after so many minutes more"),
        min_value=1,
        max_value=MOST_POLICY,
    )
    call_again_after = forms.IntegerField(
        label=_("Call again after so many minutes"), min_value=1, max_value=MOST_POLICY
    )
