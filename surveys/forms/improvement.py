"""What is decided about a weak item."""

from decimal import Decimal
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from complaints.forms.action import LONGEST_TEXT, Handlers
from tenancy.models import Membership


class ImprovementForm(forms.Form):
    """What is done, by whom, until when, and what is expected of it."""

    title = forms.CharField(
        label=_("What is done about it"),
        max_length=120,
        help_text=_("One sentence that somebody can do, e.g. two people on call every evening."),
    )
    description = forms.CharField(
        label=_("How"), required=False, max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip
    assignee = forms.ChoiceField(label=_("Who is in charge"))
    due_on = forms.DateField(
        label=_("Done by"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    expected = forms.DecimalField(
        label=_("Expected value, of 100"),
        min_value=Decimal(0),
        max_value=Decimal(100),
        max_digits=5,
        decimal_places=2,
        help_text=_("What the next wave should find. The next wave will be held against it."),
        widget=forms.NumberInput(attrs={"step": "0.1", "inputmode": "decimal"}),
    )

    def __init__(self, *args: Any, handlers: Handlers, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.handlers = handlers
        field: Any = self.fields["assignee"]
        people = [(str(each), handlers.described(each)) for each in handlers.members]
        field.choices = [("", _("choose a person")), *people]

    def clean_assignee(self) -> Membership:
        return self.handlers.members[UUID(str(self.cleaned_data["assignee"]))]
