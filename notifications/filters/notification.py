"""What an inbox can be narrowed by."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django_filters import ChoiceFilter, FilterSet

from notifications.models import Kind, Notification
from tenancy.filters.flag import FlagFilter


class NotificationFilter(FilterSet):  # type: ignore[misc]  # publishes no types
    """Narrows an inbox."""

    unread = FlagFilter(label=_("unread"), method="by_unread")
    kind = ChoiceFilter(label=_("kind"), choices=Kind.choices)

    class Meta:
        model = Notification
        fields: list[str] = []

    def by_unread(self, rows: QuerySet[Any], name: str, value: bool) -> QuerySet[Any]:
        return rows.filter(read_at__isnull=value)
