"""What a list of categories can be narrowed by."""

from django.utils.translation import gettext_lazy as _
from django_filters import ChoiceFilter, FilterSet

from complaints.models import Category, ComplaintClass, Kind
from tenancy.filters.flag import FlagFilter


class CategoryFilter(FilterSet):  # type: ignore[misc]  # publishes no types
    """Narrows a list of categories."""

    kind = ChoiceFilter(label=_("kind"), choices=Kind.choices)
    complaint_class = ChoiceFilter(label=_("class"), choices=ComplaintClass.choices)
    active = FlagFilter(label=_("active"), field_name="is_active")

    class Meta:
        model = Category
        fields: list[str] = []
