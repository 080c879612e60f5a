"""Filters of the queue as a view keeps them, and how many tickets they let through."""

from collections import Counter
from collections.abc import Iterable
from typing import Any
from urllib.parse import parse_qsl, urlencode

from django.db.models import IntegerField, QuerySet, Value

from complaints.filters.ticket import ActiveTicketFilter, TicketFilter
from complaints.models import SavedView, Status, Ticket
from complaints.models.ticket import TicketQuerySet
from tenancy.models import Membership

# So many are counted; beyond that a view says that there are more.
COUNTED = 99
LONGEST = 5_000
TABS = ("all", "mine", "untaken", "resolved", "any")


def asked_by(query: str) -> dict[str, str]:
    """What stands behind a `?`, each name once; nobody chooses more than a few by hand."""
    try:
        return dict(parse_qsl(query[:LONGEST], max_num_fields=100))
    except ValueError:
        return {}


def normal(query: str) -> str:
    """The same filters always as the same text: only what narrows the list, in one order."""
    asked = asked_by(query)
    kept = {
        name: value.strip()
        for name, value in asked.items()
        if name in TicketFilter.base_filters and value.strip()
    }
    if asked.get("tab") in TABS[1:]:
        kept["tab"] = asked["tab"]
    return urlencode(sorted(kept.items()))


def in_tab(tab: str, me: Membership) -> TicketQuerySet:
    """The tickets of one part of the queue, in no order."""
    rows: TicketQuerySet = Ticket.objects.visible_to(me)
    if tab == "any":
        return rows
    if tab == "mine":
        rows = rows.filter(assignee_id=me.pk)
    elif tab == "untaken":
        rows = rows.filter(status=Status.NEW)
    elif tab == "resolved":
        rows = rows.filter(status=Status.RESOLVED)
    return rows.active()


def count_views(views: Iterable[SavedView], request: Any) -> dict[Any, int]:
    """How many tickets each view shows, up to `COUNTED` + 1: one query for all of them.

    Closed tickets and words are not counted: nobody knows how long that would take.
    """
    counted = [view for view in views if is_counted(view)]
    parts = [numbers(view, index, request) for index, view in enumerate(counted)]
    if not parts:
        return {}
    found = Counter(parts[0].union(*parts[1:], all=True))
    return {view.pk: found[index] for index, view in enumerate(counted)}


def filter_of(tab: str) -> type[TicketFilter]:
    """What narrows one part of the queue."""
    return TicketFilter if tab == "any" else ActiveTicketFilter


def shown_by(query: str, request: Any) -> TicketQuerySet:
    """The tickets that the queue shows behind this `?`, in no order."""
    asked = asked_by(query)
    rows = in_tab(asked.get("tab", "all"), request.membership)
    found: TicketQuerySet = filter_of(asked.get("tab", "all"))(
        asked, rows, request=request
    ).qs.order_by()
    return found


def numbers(view: SavedView, index: int, request: Any) -> QuerySet[Any]:
    """The view's own number once for every ticket that it shows, as far as is counted."""
    named = shown_by(view.query, request).annotate(n=Value(index, IntegerField()))
    found: QuerySet[Any] = named.values_list("n", flat=True)[: COUNTED + 1]
    return found


def is_counted(view: SavedView) -> bool:
    """Whether a view's tickets can be counted in no time."""
    asked = asked_by(view.query)
    return "search" not in asked and asked.get("tab") != "any"
