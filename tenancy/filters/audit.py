"""What the audit log can be narrowed by."""

from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet, TextField
from django.db.models.functions import Cast
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_filters import CharFilter, DateFilter, FilterSet, UUIDFilter

from tenancy.models import AuditEntry, Membership

# Words are searched in entries of this long, unless a day to begin with is named: no index serves
# the search, and a log only grows.
SEARCHED = timedelta(days=90)
EARLIEST, LATEST = date(2000, 1, 1), date(2200, 1, 1)


class AuditFilter(FilterSet):  # type: ignore[misc]  # publishes no types
    """Narrows the audit log: who, what, when, about what, and by words."""

    by = CharFilter(method="by_somebody", max_length=60)
    action = CharFilter(field_name="action", max_length=40)
    subject = CharFilter(field_name="subject", max_length=40)
    subject_id = UUIDFilter(field_name="subject_id")
    since = DateFilter(label=_("from"), method="from_day")
    until = DateFilter(label=_("until"), method="until_day")
    search = CharFilter(method="by_words", max_length=60)

    class Meta:
        model = AuditEntry
        fields: list[str] = []

    def by_somebody(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """A member's id, `machine`, or a part of a name."""
        if value == "machine":
            return rows.filter(by=None)
        try:
            return rows.filter(by_id=UUID(value))
        except ValueError:
            people = Membership.objects.filter(name__contains=value)
            return rows.filter(by_id__in=list(people.values_list("id", flat=True)[:200]))

    def from_day(self, rows: QuerySet[Any], name: str, value: date) -> QuerySet[Any]:
        return rows.filter(at__gte=self.midnight(value))

    def until_day(self, rows: QuerySet[Any], name: str, value: date) -> QuerySet[Any]:
        return rows.filter(at__lt=self.midnight(value) + timedelta(days=1))

    def midnight(self, day: date) -> datetime:
        """When a day begins where the company is. A moment, because an index knows nothing else."""
        zone = ZoneInfo(self.request.company.zone)
        return datetime.combine(min(max(day, EARLIEST), LATEST), time.min, zone)

    def by_words(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        if not self.data.get("since"):
            rows = rows.filter(at__gte=timezone.now() - SEARCHED)
        texts = rows.annotate(text=Cast("detail", TextField()))
        found: QuerySet[Any] = texts.filter(Q(text__icontains=value) | Q(address=value))
        return found
