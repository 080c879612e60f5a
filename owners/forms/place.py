"""What the admin says about buildings and units."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _, pgettext_lazy

from owners.services.unit_range import NUMBER, STYLES, UnitRange

LOWEST, HIGHEST = -5, 120
MOST_BUILDINGS, MOST_STAIRCASES, MOST_DOORS = 500, 30, 60
SEPARATORS = re.compile(r"[\s,;，、；]+")
NAME_HELP = _("# stands for the number.")


class UnitRangeForm(forms.Form):
    """Thousands of units in ten fields."""

    building_from = forms.IntegerField(
        label=_("Buildings from"), min_value=1, max_value=9999, initial=1
    )
    building_to = forms.IntegerField(label=_("to"), min_value=1, max_value=9999, initial=6)
    building_name = forms.CharField(
        label=_("A building is called"), max_length=20, initial="#栋", help_text=NAME_HELP
    )
    staircases = forms.IntegerField(
        label=_("Staircases in each"),
        min_value=0,
        max_value=MOST_STAIRCASES,
        initial=2,
        help_text=_("0 where addresses name none."),
    )
    staircase_name = forms.CharField(
        label=_("A staircase is called"), max_length=20, initial="#单元", help_text=NAME_HELP
    )
    floor_from = forms.IntegerField(
        label=_("Floors from"), min_value=LOWEST, max_value=HIGHEST, initial=1
    )
    floor_to = forms.IntegerField(label=_("to"), min_value=LOWEST, max_value=HIGHEST, initial=18)
    skipped_floors = forms.CharField(
        label=_("Floors that do not exist"),
        max_length=100,
        required=False,
        help_text=_("For example 4, 13, 14."),
    )
    doors = forms.IntegerField(
        label=_("Units on each floor"), min_value=1, max_value=MOST_DOORS, initial=4
    )
    style = forms.ChoiceField(
        label=_("Numbered like"), choices=[(style, style) for style in STYLES], initial="101"
    )

    def clean_skipped_floors(self) -> frozenset[int]:
        words = [word for word in SEPARATORS.split(self.cleaned_data["skipped_floors"]) if word]
        if not all(re.fullmatch(r"-?\d{1,3}", word) for word in words):
            raise ValidationError(_("Write the floors as numbers, like 4, 13, 14."))
        return frozenset(int(word) for word in words)

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        first, last = said.get("building_from"), said.get("building_to")
        if first and last:
            if last < first:
                self.add_error("building_to", _("The last one comes before the first."))
            elif last - first >= MOST_BUILDINGS:
                self.add_error("building_to", _("At most 500 buildings at once."))
            elif first != last and NUMBER not in said.get("building_name", NUMBER):
                self.add_error("building_name", _("Write # where the number belongs."))
        low, high = said.get("floor_from"), said.get("floor_to")
        if low is not None and high is not None and high < low:
            self.add_error("floor_to", _("The last one comes before the first."))
        if said.get("staircases", 0) > 1 and NUMBER not in said.get("staircase_name", NUMBER):
            self.add_error("staircase_name", _("Write # where the number belongs."))
        return said

    @property
    def units(self) -> UnitRange:
        """What was said, for the service."""
        return UnitRange(**self.cleaned_data)


class BuildingForm(forms.Form):
    """A building."""

    name = forms.CharField(
        label=pgettext_lazy("of a thing", "Name"),
        max_length=30,
        help_text=_("The addresses of its units change with it."),
    )
    is_active = forms.BooleanField(label=_("In use"), required=False)


class UnitForm(forms.Form):
    """A new unit."""

    number = forms.CharField(label=_("Number"), max_length=30)
    floor = forms.IntegerField(
        label=_("Floor"), min_value=LOWEST, max_value=HIGHEST, required=False
    )


class UnitChangeForm(UnitForm):
    """A unit, and whether somebody can still live in it."""

    is_active = forms.BooleanField(label=_("In use"), required=False)
