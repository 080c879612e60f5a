"""What a list of buildings can be narrowed by."""

from django.utils.translation import gettext_lazy as _
from django_filters import FilterSet, UUIDFilter

from owners.models import Building
from tenancy.filters.flag import FlagFilter


class BuildingFilter(FilterSet):  # type: ignore[misc]  # publishes no types
    """Narrows a list of buildings."""

    community = UUIDFilter(label=_("community"), field_name="community_id")
    active = FlagFilter(label=_("active"), field_name="is_active")

    class Meta:
        model = Building
        fields: list[str] = []
