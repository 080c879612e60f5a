"""What a list of publications can be narrowed by."""

from django.utils.translation import gettext_lazy as _, pgettext_lazy
from django_filters import ChoiceFilter, FilterSet, UUIDFilter

from surveys.models import Publication, PublicationStage


class PublicationFilter(FilterSet):  # type: ignore[misc]  # publishes no types
    """Narrows a list of publications."""

    wave = UUIDFilter(label=_("Wave"), field_name="wave_id")
    community = UUIDFilter(label=_("community"), field_name="community_id")
    stage = ChoiceFilter(
        label=pgettext_lazy("of a publication", "stage"), choices=PublicationStage.choices
    )

    class Meta:
        model = Publication
        fields: list[str] = []
