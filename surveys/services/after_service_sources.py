"""Who asks after a service on the floors below: tickets that are done, calls that reached somebody.

Tickets are read as all their figures are: what is kept, and days that have changed since counted
live (0011). Calls are read from two indexes that hold all that is counted. Both are exact at any
moment, so a number is the length of a list.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db.models import (
    Count,
    DateTimeField,
    F,
    Func,
    IntegerField,
    QuerySet,
    Value,
)
from django.utils.translation import gettext_lazy as _

from complaints.models import Callback, CallbackRating
from complaints.services.figures_days import ONE_DAY, start_of
from complaints.services.figures_reading import Question, read_ratings
from surveys.services.after_service import (
    Asking,
    Behind,
    Counts,
    Grain,
    Rows,
    Said,
    Source,
    stretches,
)
from tenancy.permissions import Can

Cell = tuple[date, UUID]
# How the figures of tickets call what is counted here.
FIGURES = {Counts.ASKED: "asked", Counts.ANSWERED: "rated", Counts.SILENT: "silent"}


class Stretch(Func):
    """Which stretch of days a moment lies in, from 1: cheaper than telling its month row by row,
    and right in every zone."""

    function = "width_bucket"
    output_field = IntegerField()

    def __init__(self, name: str, starts: list[datetime]) -> None:
        super().__init__(F(name), Value(starts, output_field=ArrayField(DateTimeField())))


def of_tickets(asking: Asking) -> Iterable[Said]:
    """By the day on which a ticket came in; its last rating counts."""
    found = read_ratings(
        Question(communities=asking.communities),
        stretches(asking),
        asking.last,
        by_day=asking.grain is Grain.DAY,
        zone=asking.zone,
    )
    return [
        Said(row.start, row.community, row.asked, {row.stars: row.rated} if row.rated else {})
        for row in found
    ]


def behind_tickets(number: Behind) -> dict[str, str]:
    """The same tickets in the list that the figures open."""
    which = {"stars": str(number.stars)} if number.stars else {"figure": FIGURES[number.counts]}
    where = {"community": str(number.community)} if number.community else {}
    days = {"filed_from": number.first.isoformat(), "filed_to": number.last.isoformat()}
    return {**which, **days, **where, "from": "ratings"}


def of_calls(asking: Asking) -> Iterable[Said]:
    """By the day of the call; whoever was reached is asked."""
    first, last = start_of(asking.first, asking.zone), start_of(asking.last + ONE_DAY, asking.zone)
    days = stretches(asking)
    starts = [start_of(day, asking.zone) for day in days]
    calls = _there(Callback.objects.asked(), asking).filter(at__gte=first, at__lt=last)
    stretch = Stretch("at", starts)
    asked = calls.annotate(stretch=stretch).values_list("stretch", "community_id")
    ratings = _there(CallbackRating.objects.all(), asking)
    ratings = ratings.filter(called_at__gte=first, called_at__lt=last)
    stretch = Stretch("called_at", starts)
    stars = ratings.annotate(stretch=stretch).values_list("stretch", "community_id", "score")
    return _told(
        _on_days(asked.annotate(n=Count("*")), days), _on_days(stars.annotate(n=Count("*")), days)
    )


def _on_days(rows: Iterable[Any], days: list[date]) -> list[Any]:
    """Rows that begin with the number of a stretch, with its day instead."""
    return [(days[number - 1], *rest) for number, *rest in rows]


def _there(rows: QuerySet[Any], asking: Asking) -> QuerySet[Any]:
    """Those of the communities that are asked about, in no order."""
    rows = rows.order_by()
    if asking.communities is None:
        return rows
    return rows.filter(community_id__in=asking.communities)


def _told(asked: Iterable[Any], stars: Iterable[Any]) -> list[Said]:
    """Counts of both kinds, put together by day and place."""
    counts: dict[Cell, int] = {(day, place): n for day, place, n in asked}
    given: dict[Cell, dict[int, int]] = defaultdict(dict)
    for day, place, star, n in stars:
        given[day, place][star] = n
    cells = sorted({*counts, *given})
    return [Said(*cell, counts.get(cell, 0), given.get(cell, {})) for cell in cells]


HERE = (
    Source(
        key="ticket",
        label=_("Tickets"),
        asks=_("Every owner whose ticket is done, by the day on which it came in."),
        said=of_tickets,
        rows=Rows("reports:figure_tickets", Can.READ_QUEUE, behind_tickets),
    ),
    Source(
        key="callback",
        label=_("Calls"),
        asks=_("Every owner who was reached by telephone, by the day of the call."),
        said=of_calls,
    ),
)
