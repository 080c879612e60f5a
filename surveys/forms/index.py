"""Of whom the index is told, and how its dimensions are weighed."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _, pgettext_lazy

from surveys.models import Place
from surveys.models.index import IndexWeights
from surveys.questionnaire import Dimension
from surveys.services.index import WHOLE_IS, WeightsNotWhole
from surveys.services.index_reading import Spot

EVERYBODY = pgettext_lazy("index", "everybody asked")


def label_of(dimension: str) -> Any:
    """A dimension as one calls it; without one, the whole."""
    if not dimension:
        return pgettext_lazy("of satisfaction", "index")
    field: Any = IndexWeights._meta.get_field(dimension)
    return field.verbose_name


class IndexPlaceForm(forms.Form):
    """A place to look at."""

    at = forms.ChoiceField(label=pgettext_lazy("of whom", "Answers of"), required=False)

    def __init__(self, *args: Any, spots: Sequence[Spot], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["at"]
        field.choices = choices_of(spots)

    def value(self) -> str:
        """The place that was asked for; nothing where there is no such place."""
        found: str = self.cleaned_data.get("at", "") if self.is_valid() else ""
        return found


def choices_of(spots: Sequence[Spot]) -> list[tuple[Any, Any]]:
    """Everybody, then communities, buildings and groups, each kind by itself."""
    found: list[tuple[Any, Any]] = [
        (each.key, EVERYBODY) for each in spots if each.whole.place == Place.ALL
    ]
    heads = {
        Place.COMMUNITY: _("Communities"),
        Place.BUILDING: _("Buildings"),
        Place.GROUP: _("Groups"),
    }
    for place, head in heads.items():
        inside = [(each.key, each.whole.label) for each in spots if each.whole.place == place]
        if inside:
            found.append((head, inside))
    return found


class IndexWeightsForm(forms.Form):
    """Five shares of one hundred."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for each in Dimension:
            label = label_of(each.value)
            share = forms.IntegerField(label=label, min_value=0, max_value=WHOLE_IS)
            self.fields[each.value] = share

    def clean(self) -> dict[str, Any]:
        found = self.cleaned_data
        total = sum(found.values())
        if len(found) == len(Dimension) and total != WHOLE_IS:
            raise forms.ValidationError(str(WeightsNotWhole(sum=total)), "weights_not_whole")
        return found
