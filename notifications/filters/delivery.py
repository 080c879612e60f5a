"""What the page of undelivered messages can be narrowed by."""

from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django_filters import CharFilter, ChoiceFilter, FilterSet

from notifications.models import Channel, Delivery


class DeliveryFilter(FilterSet):  # type: ignore[misc]  # publishes no types
    """Narrows what could not be delivered: by channel, and by whom it was for."""

    channel = ChoiceFilter(label=_("channel"), choices=Channel.choices)
    search = CharFilter(label=_("search"), method="by_person", max_length=60)

    class Meta:
        model = Delivery
        fields: list[str] = []

    def by_person(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        member = Q(notification__recipient__name__contains=value)
        return rows.filter(member | Q(mailing__name__contains=value))
