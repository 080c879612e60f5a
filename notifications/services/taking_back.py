"""Taking back what has not left the house yet, because nobody needs to read it any more."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_noop

from notifications.models import Delivery, DeliveryState

IT_IS_OVER = gettext_noop("Nobody needs it any more.")


def letters_about(subject_id: UUID, reference_ids: Iterable[Any] | None = None) -> Q:
    """Letters to people without an account about something, or to some of those it is about."""
    about = Q(mailing__subject_id=subject_id)
    return about if reference_ids is None else about & Q(mailing__reference_id__in=reference_ids)


def news_leading_to(kind: str, paths: Iterable[Any]) -> Q:
    """What members are told of these pages, outside the portal."""
    return Q(notification__kind=kind, notification__path__in=paths)


@transaction.atomic(savepoint=False)
def take_back(which: Q) -> int:
    """Let those of them that still wait not go out; how many there were.

    A line in an inbox stays there. What is at a gateway at this moment arrives all the same.
    Found among what waits (`delivery_due`), so it costs little when nothing does.
    """
    waiting = Delivery.objects.filter(
        which, state=DeliveryState.WAITING, next_attempt_at__isnull=False
    )
    ids = _held(waiting)
    return int(Delivery.objects.filter(id__in=ids).delete()[0]) if ids else 0


@transaction.atomic(savepoint=False)
def lay_aside(which: Q) -> int:
    """Let those of them that were given up not be tried again; how many. Served by
    `delivery_dead`."""
    changes = {"state": DeliveryState.SETTLED, "settled_because": IT_IS_OVER}
    ids = _held(Delivery.objects.dead().filter(which))
    return int(Delivery.objects.filter(id__in=ids).update(**changes)) if ids else 0


def _held(rows: QuerySet[Any]) -> list[Any]:
    """The ids of these, which nobody else changes until the end of this transaction."""
    return list(rows.select_for_update(of=("self",)).order_by("id").values_list("id", flat=True))
