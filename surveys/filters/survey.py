"""What a list of surveys can be narrowed by."""

from django.utils.translation import gettext_lazy as _
from django_filters import ChoiceFilter, FilterSet

from surveys.models import Audience, Survey
from tenancy.filters.flag import FlagFilter


class SurveyFilter(FilterSet):  # type: ignore[misc]  # publishes no types
    """Narrows a list of surveys."""

    audience = ChoiceFilter(label=_("audience"), choices=Audience.choices)
    archived = FlagFilter(label=_("archived"), field_name="is_archived")

    class Meta:
        model = Survey
        fields: list[str] = []
