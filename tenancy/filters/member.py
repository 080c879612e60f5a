"""What a list of members can be narrowed by."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django_filters import CharFilter, ChoiceFilter, FilterSet, UUIDFilter

from tenancy.models import DepartmentMember, Membership
from tenancy.permissions import Role


class MemberFilter(FilterSet):  # type: ignore[misc]  # publishes no types
    """Narrows a list of members."""

    role = ChoiceFilter(label=_("role"), choices=Role.choices, method="by_role")
    department = UUIDFilter(label=_("department"), method="by_department")
    search = CharFilter(label=_("search"), field_name="name", lookup_expr="contains", max_length=60)

    class Meta:
        model = Membership
        fields: list[str] = []

    def by_role(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return rows.filter(roles__contains=[value])

    def by_department(self, rows: QuerySet[Any], name: str, value: Any) -> QuerySet[Any]:
        places = DepartmentMember.objects.filter(department_id=value)
        return rows.filter(id__in=places.values("membership_id"))
