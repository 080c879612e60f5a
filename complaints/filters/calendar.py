"""What a list of the company's own days can be narrowed by."""

from django.utils.translation import gettext_lazy as _
from django_filters import DateFilter, FilterSet, UUIDFilter

from tenancy.models import CalendarDay


class DayFilter(FilterSet):  # type: ignore[misc]  # publishes no types
    """Narrows a list of days."""

    since = DateFilter(label=_("from"), field_name="on", lookup_expr="gte")
    until = DateFilter(label=_("until"), field_name="on", lookup_expr="lte")
    community = UUIDFilter(label=_("community"), field_name="community_id")

    class Meta:
        model = CalendarDay
        fields: list[str] = []
