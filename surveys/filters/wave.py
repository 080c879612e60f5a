"""What a list of waves can be narrowed by."""

from django.utils.translation import gettext_lazy as _, pgettext_lazy
from django_filters import ChoiceFilter, FilterSet, UUIDFilter

from surveys.models import Stage, Wave


class WaveFilter(FilterSet):  # type: ignore[misc]  # publishes no types
    """Narrows a list of waves."""

    survey = UUIDFilter(label=_("survey"), field_name="survey_id")
    stage = ChoiceFilter(label=pgettext_lazy("of a wave", "stage"), choices=Stage.choices)

    class Meta:
        model = Wave
        fields: list[str] = []
