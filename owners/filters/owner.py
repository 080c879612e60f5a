"""What a list of owners can be narrowed by."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django_filters import CharFilter, FilterSet, UUIDFilter

from owners.models import Owner, Ownership
from owners.services.archive import find_owners


class OwnerFilter(FilterSet):  # type: ignore[misc]  # publishes no types
    """Narrows a list of owners."""

    unit = UUIDFilter(label=_("unit"), method="by_unit")
    community = UUIDFilter(label=_("community"), method="by_community")
    search = CharFilter(label=_("search"), method="by_search", max_length=60)

    class Meta:
        model = Owner
        fields: list[str] = []

    def by_unit(self, rows: QuerySet[Any], name: str, value: Any) -> QuerySet[Any]:
        ties = Ownership.objects.current().filter(unit_id=value)
        return rows.filter(id__in=ties.values("owner_id"))

    def by_community(self, rows: QuerySet[Any], name: str, value: Any) -> QuerySet[Any]:
        ties = Ownership.objects.current().filter(unit__community_id=value)
        return rows.filter(id__in=ties.values("owner_id"))

    def by_search(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """By name, pinyin, initials, telephone or identity number, or address."""
        return rows.filter(id__in=find_owners(value).values("id"))
