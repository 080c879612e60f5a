"""What a technician sends from a job. Services decide; these only read."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from complaints.forms.action import LONGEST_TEXT
from complaints.forms.owner import PhotosField
from complaints.models import Payer, Stage
from complaints.models.work import NOTHING
from complaints.services.working import LONGEST_MINUTES
from complaints.services.working_moments import PhoneTime

CHARGED = forms.NumberInput(attrs={"min": 0, "step": "0.01", "inputmode": "decimal"})


class StepForm(forms.Form):
    """A step, with what the telephone's clock showed when it was taken and when it was sent."""

    said_at = forms.DateTimeField(required=False, widget=forms.HiddenInput)
    sent_at = forms.DateTimeField(required=False, widget=forms.HiddenInput)

    def phone(self) -> PhoneTime:
        return PhoneTime(self.cleaned_data.get("said_at"), self.cleaned_data.get("sent_at"))


class FinishForm(StepForm):
    """Done: what was done, how long it took, and who pays."""

    solution = forms.CharField(
        label=_("What was done (the owner reads it)"),
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    minutes = forms.IntegerField(
        label=_("Working minutes"),
        required=False,
        min_value=0,
        max_value=LONGEST_MINUTES,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )
    labour_fee = forms.DecimalField(
        label=_("Labour fee (yuan)"),
        required=False,
        min_value=0,
        max_digits=10,
        decimal_places=2,
        widget=CHARGED,
    )
    payer = forms.ChoiceField(label=_("Who pays"), choices=Payer.choices, initial=Payer.COMPANY)

    def clean_labour_fee(self) -> Any:
        return self.cleaned_data["labour_fee"] or NOTHING


class MaterialForm(forms.Form):
    """Something that was used up."""

    name = forms.CharField(label=_("Material"), max_length=80)
    quantity = forms.DecimalField(
        label=_("Quantity"),
        initial=1,
        max_digits=8,
        decimal_places=2,
        min_value=0.01,
        widget=forms.NumberInput(attrs={"step": "any", "inputmode": "decimal"}),
    )
    unit = forms.CharField(label=_("Unit of measure"), required=False, max_length=12)
    unit_price = forms.DecimalField(
        label=_("Unit price (yuan)"), max_digits=10, decimal_places=2, min_value=0, widget=CHARGED
    )


class JobPhotoForm(forms.Form):
    """Photos before or after the work; what they really are, the service finds out."""

    stage = forms.ChoiceField(
        label=_("Taken"), choices=Stage.choices, widget=forms.RadioSelect, initial=Stage.BEFORE
    )
    upload = PhotosField(label=_("Photo"), error_messages={"required": _("Choose a photo first.")})


class CorrectionForm(forms.Form):
    """A work record as it should have been."""

    set_off_at = forms.SplitDateTimeField(label=_("Set off"), required=False)
    arrived_at = forms.SplitDateTimeField(label=_("Arrived"), required=False)
    done_at = forms.SplitDateTimeField(label=_("Done"), required=False)
    minutes = forms.IntegerField(
        label=_("Working minutes"), required=False, min_value=0, max_value=LONGEST_MINUTES
    )
    labour_fee = forms.DecimalField(
        label=_("Labour fee (yuan)"), min_value=0, max_digits=10, decimal_places=2, widget=CHARGED
    )
    payer = forms.ChoiceField(label=_("Who pays"), choices=Payer.choices)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("set_off_at", "arrived_at", "done_at"):
            self.fields[name].widget = forms.SplitDateTimeWidget(
                date_attrs={"type": "date"},
                time_attrs={"type": "time", "step": "60"},
                date_format="%Y-%m-%d",
                time_format="%H:%M",
            )
