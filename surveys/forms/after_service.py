"""Which ratings after service are looked at."""

import re
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from complaints.services.figures_days import ONE_DAY, next_month
from surveys.services.after_service import Grain
from tenancy.models import Community, Membership

MONTH = re.compile(r"(20\d\d)-(0[1-9]|1[0-2])")
USUAL = "12"


class AfterServiceForm(forms.Form):
    """A place, and either so many months or the days of one."""

    community = forms.ChoiceField(label=_("Where"), required=False)
    period = forms.ChoiceField(
        label=_("Period"),
        required=False,
        choices=[(USUAL, _("12 months")), ("24", _("24 months")), ("3", _("3 months"))],
    )

    def __init__(self, data: Any, *, me: Membership, today: date) -> None:
        super().__init__(data)
        self.today = today
        rows = Community.objects.visible_to(me).order_by("name", "id")
        self.communities = {str(row.pk): row for row in rows}
        field: Any = self.fields["community"]
        every = _("all communities")
        named = [(key, row.name) for key, row in self.communities.items()]
        field.choices = [("", every), *named]
        self.month = self.asked_month(str(data.get("month", "")))
        self.is_valid()

    def asked_month(self, text: str) -> date | None:
        """The month whose days are looked at, if one that has begun is named."""
        found = MONTH.fullmatch(text)
        month = date(int(found[1]), int(found[2]), 1) if found else None
        return month if month is not None and month <= self.today else None

    @property
    def chosen(self) -> Community | None:
        """The community, if one was chosen that the visitor may see."""
        return self.communities.get(self.cleaned_data.get("community", ""))

    @property
    def grain(self) -> Grain:
        return Grain.DAY if self.month else Grain.MONTH

    def days(self) -> tuple[date, date]:
        """The first and the last day that are looked at."""
        if self.month:
            return self.month, min(next_month(self.month) - ONE_DAY, self.today)
        months = int(self.cleaned_data.get("period") or USUAL)
        number = self.today.year * 12 + self.today.month - months
        return date(number // 12, number % 12 + 1, 1), self.today
