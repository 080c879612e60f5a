"""Who asks after a service on the floors below: tickets that are done, calls that reached somebody.

Tickets are read from their kept figures, day by day; calls from two indexes that hold all that is
counted. Neither looks at a single ticket, however many there are.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db.models import (
    Count,
    DateField,
    DateTimeField,
    F,
    Func,
    IntegerField,
    QuerySet,
    Sum,
    Value,
)
from django.utils.translation import gettext_lazy as _

from complaints.models import (
    Callback,
    CallbackRating,
    Dimension,
    Figure,
    FigureFact,
)
from complaints.services.figures_days import ONE_DAY, start_of
from surveys.services.after_service import Asking, Said, Source, stretches

Cell = tuple[date, UUID]


class Stretch(Func):
    """Which stretch of days something lies in, from 1: cheaper than telling its month row by row,
    and right in every zone."""

    function = "width_bucket"
    output_field = IntegerField()

    def __init__(self, name: str, starts: list[Any], of: Any) -> None:
        super().__init__(F(name), Value(starts, output_field=ArrayField(of)))


def of_tickets(asking: Asking) -> Iterable[Said]:
    """By the day on which a ticket came in; its last rating counts. As of the last counting."""
    figures = _there(Figure.objects.all(), asking).filter(
        grain=asking.grain.value,
        dimension=Dimension.ALL,
        day__gte=asking.first,
        day__lte=asking.last,
    )
    asked = figures.values_list("day", "community_id").annotate(n=Sum("asked"))
    facts = _there(FigureFact.objects.all(), asking).filter(
        rated=1, day__gte=asking.first, day__lte=asking.last
    )
    days = stretches(asking)
    stretch = Stretch("day", days, DateField())
    stars = facts.annotate(at=stretch).values_list("at", "community_id", "stars")
    return _told(asked, _on_days(stars.annotate(n=Count("*")), days))


def of_calls(asking: Asking) -> Iterable[Said]:
    """By the day of the call; whoever was reached is asked."""
    first, last = start_of(asking.first, asking.zone), start_of(asking.last + ONE_DAY, asking.zone)
    days = stretches(asking)
    starts = [start_of(day, asking.zone) for day in days]
    calls = _there(Callback.objects.asked(), asking).filter(at__gte=first, at__lt=last)
    stretch = Stretch("at", starts, DateTimeField())
    asked = calls.annotate(stretch=stretch).values_list("stretch", "community_id")
    ratings = _there(CallbackRating.objects.all(), asking)
    ratings = ratings.filter(called_at__gte=first, called_at__lt=last)
    stretch = Stretch("called_at", starts, DateTimeField())
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
    ),
    Source(
        key="callback",
        label=_("Calls"),
        asks=_("Every owner who was reached by telephone, by the day of the call."),
        said=of_calls,
    ),
)
