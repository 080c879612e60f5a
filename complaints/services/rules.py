"""What the company promises: changed here, with everything that follows.

Each change is written into the audit log, and open deadlines move with it.
"""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from complaints.models import Category, Promise, ServicePolicy
from complaints.services.recomputing import recompute
from tenancy.calendar import CalendarError
from tenancy.services.actor import Actor
from tenancy.services.audit import record
from tenancy.services.refusal import Refused


class PromisedAlready(Refused):
    """The same promise for the same case exists."""

    code = "promised_already"
    sentence = _("There is a promise for this case already. Change that one.")


class NeverAgain(Refused):
    """With this change a promise would never fall due."""

    code = "never_open"
    sentence = _("With this the company would never be open again.")


@transaction.atomic
def set_promise(
    *, promise: Promise, amount: int, measure: str, is_active: bool, by: Actor, now: datetime
) -> int:
    """Change how soon something is promised; returns how many open deadlines moved."""
    row: Promise = Promise.objects.select_for_update(of=("self",)).get(pk=promise.pk)
    before = {"amount": row.amount, "measure": row.measure, "is_active": row.is_active}
    row.amount, row.measure, row.is_active = amount, measure, is_active
    row.save(update_fields=["amount", "measure", "is_active"])
    record(action="set_promise", subject=row, by=by, now=now, before=before)
    return _recount(by, now, "promise")


@transaction.atomic
def add_promise(
    *,
    promise: str,
    amount: int,
    measure: str,
    by: Actor,
    now: datetime,
    kind: str = "",
    category: Category | None = None,
    urgency: str = "",
) -> int:
    """Promise something for a case of its own; returns how many open deadlines moved."""
    row = Promise(
        promise=promise,
        kind=kind,
        category=category,
        urgency=urgency,
        amount=amount,
        measure=measure,
    )
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:
        raise PromisedAlready from error
    record(action="add_promise", subject=row, by=by, now=now)
    return _recount(by, now, "promise")


@transaction.atomic
def set_policy(*, by: Actor, now: datetime, **intervals: int) -> ServicePolicy:
    """Change how hard the machine pushes; the next step of open deadlines moves with it."""
    policy: ServicePolicy = ServicePolicy.objects.select_for_update(of=("self",)).get()
    before = {name: getattr(policy, name) for name in intervals}
    for name, value in intervals.items():
        setattr(policy, name, value)
    policy.save(update_fields=list(intervals))
    record(action="set_policy", subject=policy, by=by, now=now, before=before)
    _recount(by, now, "policy")
    return policy


def _recount(by: Actor, now: datetime, because: str) -> int:
    try:
        return recompute(by=by, now=now, because=because)
    except CalendarError as error:
        raise NeverAgain from error
