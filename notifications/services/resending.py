"""Taking dead letters up again, when what was wrong has been put right."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from notifications.models import Delivery, DeliveryState
from tenancy.services import audit
from tenancy.services.actor import Actor
from tenancy.services.refusal import Refused

LONGEST_REASON = 120


class NotDead(Refused):
    """Only what was given up can be taken up again."""

    code = "delivery_not_dead"
    sentence = _("This is on its way already.")


@transaction.atomic
def resend(*, delivery: Delivery, by: Actor, now: datetime) -> None:
    """Try one dead letter again, with as many attempts and as much time as a new one."""
    if not Delivery.objects.filter(id=delivery.id).dead().update(**as_new(now)):
        raise NotDead
    audit.record(action="resend_delivery", subject=delivery, by=by, now=now)


class NoReason(Refused):
    """What is laid aside says why."""

    code = "reason_missing"
    sentence = _("Give a reason.")


@transaction.atomic
def settle(*, delivery: Delivery, reason: str, by: Actor, now: datetime) -> None:
    """Lay a dead letter aside: it was told in person, or need not be told any more."""
    reason = " ".join(reason.split())
    if not reason:
        raise NoReason
    changes = {"state": DeliveryState.SETTLED, "settled_because": reason[:LONGEST_REASON]}
    if not Delivery.objects.filter(id=delivery.id).dead().update(**changes):
        raise NotDead
    audit.record(action="settle_delivery", subject=delivery, by=by, now=now, reason=reason)


@transaction.atomic
def resend_all(*, by: Actor, now: datetime) -> int:
    """Try every dead letter of the company again; how many there were."""
    first = Delivery.objects.dead().first()
    if first is None:
        return 0
    count = int(Delivery.objects.dead().update(**as_new(now)))
    audit.record(action="resend_all_deliveries", subject=first, by=by, now=now, count=count)
    return count


def as_new(now: datetime) -> dict[str, Any]:
    """What a row of the outbox says when it is written."""
    return {
        "state": DeliveryState.WAITING,
        "attempts": 0,
        "next_attempt_at": now,
        "last_error": "",
        "created_at": now,
    }
