"""What a list of members can be narrowed by."""

from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django_filters import CharFilter, ChoiceFilter, FilterSet, UUIDFilter

from tenancy.filters.flag import FlagFilter
from tenancy.models import DepartmentMember, Membership, MembershipCommunity
from tenancy.permissions import Role


class MemberFilter(FilterSet):  # type: ignore[misc]  # publishes no types
    """Narrows a list of members."""

    role = ChoiceFilter(label=_("role"), choices=Role.choices, method="by_role")
    department = UUIDFilter(label=_("department"), method="by_department")
    community = UUIDFilter(label=_("community"), method="by_community")
    active = FlagFilter(label=_("active"), field_name="is_active")
    search = CharFilter(label=_("search"), field_name="name", lookup_expr="contains", max_length=60)

    class Meta:
        model = Membership
        fields: list[str] = []

    def by_role(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return rows.filter(roles__contains=[value])

    def by_community(self, rows: QuerySet[Any], name: str, value: Any) -> QuerySet[Any]:
        there = MembershipCommunity.objects.filter(community_id=value).values("membership_id")
        return rows.filter(Q(all_communities=True) | Q(id__in=there))

    def by_department(self, rows: QuerySet[Any], name: str, value: Any) -> QuerySet[Any]:
        places = DepartmentMember.objects.filter(department_id=value)
        return rows.filter(id__in=places.values("membership_id"))
