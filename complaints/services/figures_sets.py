"""The tickets behind each figure: the same definitions as `figures_sql`, as conditions."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from complaints.models import Deadline, PromiseKind, Rating, Status
from complaints.models.kinds import OWN

LOW = 3  # fewer stars than that: the owner is not content


def of_ticket(promise: str) -> Any:
    """The deadlines of one promise, in every round of a ticket."""
    return Deadline.objects.filter(ticket_id=OuterRef("pk"), promise=promise)


def missed(promise: str, now: datetime) -> Q:
    """The promise was broken in some round, or is owed and past due."""
    end = Coalesce(F("met_at"), F("dropped_at"), F("paused_at"), Value(now))
    return Q(Exists(of_ticket(promise).filter(due_at__lt=end)))


def kept(promise: str, now: datetime) -> Q:
    """The promise was kept, and never broken."""
    met = Q(Exists(of_ticket(promise).filter(met_at__isnull=False)))
    return met & ~missed(promise, now)


def score() -> Subquery:
    """The owner's last word on a ticket."""
    verdicts = Rating.objects.filter(ticket_id=OuterRef("pk")).order_by("-cycle")
    return Subquery(verdicts.values("score")[:1])


def last_word(**which: Any) -> Q:
    """The owner's last word on a ticket is such a one.

    Said as two joins, which the server takes in the order that suits it; the score of each ticket
    would be looked up ticket by ticket, ten times as slow over a year.
    """
    later = Rating.objects.filter(ticket_id=OuterRef("ticket_id"), cycle__gt=OuterRef("cycle"))
    words = Rating.objects.filter(ticket_id=OuterRef("pk"), **which)
    return Q(Exists(words.filter(~Exists(later))))


def rated() -> Q:
    return Q(Exists(Rating.objects.filter(ticket_id=OuterRef("pk"))))


def known(promise: str, now: datetime) -> Q:
    """It is known whether the promise was kept: what a share of it is the share of."""
    met = Q(Exists(of_ticket(promise).filter(met_at__isnull=False)))
    return met | missed(promise, now)


FATES = {"kept": kept, "missed": missed, "known": known}
DONE = Q(status__in=(Status.RESOLVED, Status.CLOSED))
Condition = Callable[[datetime], Q]
SETS: dict[str, Condition] = {
    "filed": lambda now: Q(),
    "resolved": lambda now: DONE,
    "closed": lambda now: Q(status=Status.CLOSED),
    "reopened": lambda now: Q(cycle__gt=1),
    "asked": lambda now: (DONE & Q(owner_id__isnull=False)) | rated(),
    "rated": lambda now: rated(),
    "silent": lambda now: DONE & Q(owner_id__isnull=False) & ~rated(),
    "low": lambda now: last_word(score__lt=LOW),
}


def narrowed(tickets: QuerySet[Any], figure: str, now: datetime) -> QuerySet[Any]:
    """The tickets that one figure counts."""
    if figure in SETS:
        condition = SETS[figure](now)
    else:
        promise, _, fate = figure.rpartition("_")
        condition = FATES[fate](promise, now)
    found: QuerySet[Any] = tickets.filter(condition).exclude(kind__in=OWN)
    return found


FIGURES = ("filed", "resolved", "closed", "reopened", "asked", "rated", "silent", "low", *(
    f"{promise}_{fate}" for promise in PromiseKind.values for fate in FATES
))  # fmt: skip
