"""What a list of tickets can be narrowed by: one set for the desk's pages and for the API."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import F, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_filters import (
    CharFilter,
    ChoiceFilter,
    Filter,
    IsoDateTimeFilter,
    UUIDFilter,
)

from complaints.filters.figures import FigureFilters
from complaints.models import ComplaintClass, Kind, Source, Status, Ticket, Urgency
from complaints.models.ticket import ACTIVE, OPEN
from owners.models import Owner
from owners.services.archive import find_owners
from owners.services.folding import fold
from owners.services.naming import squeeze
from tenancy.filters.flag import FlagFilter
from tenancy.permissions import Can

# Sets of states that people speak of, beside the states themselves.
STATUS_SETS = {"open": OPEN, "active": ACTIVE}
STATUS_CHOICES = [
    ("open", _("still to be solved")),
    ("active", _("not closed yet")),
    *Status.choices,
]

# The second of each pair is the exact reverse, so that one index serves both ways.
ORDERINGS: dict[str, tuple[Any, ...]] = {
    "next_due_at": (F("next_due_at").asc(nulls_last=True), "id"),
    "-next_due_at": (F("next_due_at").desc(nulls_first=True), "-id"),
    "created_at": ("created_at", "id"),
    "-created_at": ("-created_at", "-id"),
}
ORDERING_CHOICES = [
    ("next_due_at", _("due next first")),
    ("-next_due_at", _("due next last")),
    ("-created_at", _("newest first")),
    ("created_at", _("oldest first")),
]
LONGEST_SEARCH = 100
# Words are looked for in so many tickets; older ones are found by number and by owner.
SEARCHED = 20_000
BEGINNING = datetime.min.replace(tzinfo=UTC)


class HandlerField(forms.CharField):
    """A member's id, or `me`, or `none`."""

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if text in ("", "me", "none"):
            return text
        try:
            return UUID(text)
        except ValueError as error:
            raise ValidationError(
                _("Give the id of a member, “me” or “none”."), code="invalid"
            ) from error


class HandlerFilter(Filter):  # type: ignore[misc]  # django-filter publishes no types
    """By who has the ticket."""

    field_class = HandlerField


class TicketFilter(FigureFilters):
    """Narrows a list of tickets; `request.membership` is whom `me` means."""

    status = ChoiceFilter(label=_("status"), choices=STATUS_CHOICES, method="by_status")
    kind = ChoiceFilter(label=_("kind"), choices=Kind.choices)
    complaint_class = ChoiceFilter(
        label=_("class"), choices=ComplaintClass.choices, field_name="category__complaint_class"
    )
    category = UUIDFilter(label=_("category"), field_name="category_id")
    urgency = ChoiceFilter(label=_("urgency"), choices=Urgency.choices)
    channel = ChoiceFilter(label=_("channel"), choices=Source.choices, field_name="source")
    community = UUIDFilter(label=_("community"), field_name="community_id")
    assignee = HandlerFilter(label=_("handler"), method="by_assignee")
    owner = UUIDFilter(label=_("owner"), field_name="owner_id")
    unit = UUIDFilter(label=_("unit"), field_name="unit_id")
    late = FlagFilter(label=_("late"), method="by_late")
    search = CharFilter(label=_("search"), method="by_search", max_length=LONGEST_SEARCH)
    created_after = IsoDateTimeFilter(
        label=_("received from"), field_name="created_at", lookup_expr="gte"
    )
    created_before = IsoDateTimeFilter(
        label=_("received before"), field_name="created_at", lookup_expr="lt"
    )
    ordering = ChoiceFilter(label=_("order"), choices=ORDERING_CHOICES, method="by_ordering")

    class Meta:
        model = Ticket
        fields: list[str] = []

    def by_status(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return rows.filter(status__in=STATUS_SETS.get(value, (value,)))

    def by_assignee(self, rows: QuerySet[Any], name: str, value: str | UUID) -> QuerySet[Any]:
        if value == "none":
            return rows.filter(assignee_id=None)
        return rows.filter(assignee_id=self.request.membership.id if value == "me" else value)

    def by_late(self, rows: QuerySet[Any], name: str, value: bool) -> QuerySet[Any]:
        # next_due_at is the earliest promise that still runs: one that has passed is broken.
        late = Q(next_due_at__lt=timezone.now())
        return rows.filter(late if value else Q(next_due_at=None) | ~late)

    def by_search(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """By number, by the words in it, or by its owner – for those who may know owners, also
        by the owner's telephone number or address.

        Of a list with closed tickets too, words are looked for in what is not closed and in the
        newest, however many a company has: no index helps to find them behind row security.
        """
        if self.request.membership.can(Can.READ_OWNERS):
            people = find_owners(value)
        else:
            people = Owner.objects.filter(search_text__contains=squeeze(value))
        if not self.has_closed:
            words, theirs = Q(search_text__contains=fold(value)), Q(owner__in=people.values("id"))
            return rows.filter(Q(number=value) | words | theirs)
        worded = Ticket.objects.filter(search_text__contains=fold(value))
        # One after the other, each by its own index: with OR, all tickets would be read.
        found = Ticket.objects.filter(number=value).union(
            Ticket.objects.filter(owner_id__in=people.values("id")).values("id"),
            worded.active().values("id"),
            worded.filter(created_at__gte=newest_since()).values("id"),
        )
        return rows.filter(id__in=found.values("id"))

    @property
    def has_closed(self) -> bool:
        """Whether closed tickets are in the list: then it may be a very long one."""
        return self.form.cleaned_data.get("status") in (None, "", Status.CLOSED)

    def by_ordering(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return rows.order_by(*ORDERINGS[value])


class ActiveTicketFilter(TicketFilter):
    """The same for a list of tickets that are not closed."""

    has_closed = False


def newest_since() -> datetime:
    """The moment since which the newest tickets came in, as far as words are looked for.

    Asked first, so that the database knows how few they are.
    """
    by_age = Ticket.objects.order_by("-created_at", "-id").values_list("created_at", flat=True)
    return next(iter(by_age[SEARCHED : SEARCHED + 1]), BEGINNING)
