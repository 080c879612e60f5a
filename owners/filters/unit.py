"""What a list of units can be narrowed by."""

from django.utils.translation import gettext_lazy as _
from django_filters import CharFilter, FilterSet, UUIDFilter

from owners.models import Unit


class UnitFilter(FilterSet):  # type: ignore[misc]  # publishes no types
    """Narrows a list of units."""

    community = UUIDFilter(label=_("community"), field_name="community_id")
    building = UUIDFilter(label=_("building"), field_name="building_id")
    search = CharFilter(
        label=_("address"), field_name="label", lookup_expr="contains", max_length=60
    )

    class Meta:
        model = Unit
        fields: list[str] = []
