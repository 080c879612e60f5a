"""Telephoning owners, and writing down how it went."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _, gettext_noop

from complaints.models import (
    Callback,
    CallbackOutcome,
    Deadline,
    EventKind,
    PromiseKind,
    Status,
    Ticket,
)
from complaints.models.callback import KEEPS_PROMISE
from complaints.services import promises
from complaints.services.lifecycle import Act, check, claim
from complaints.services.promises import Clockwork
from complaints.services.raising import reopen_and_raise
from complaints.services.timeline import write
from tenancy.calendar import add
from tenancy.services.actor import Actor
from tenancy.services.refusal import Refused


class UnknownOutcome(Refused):
    """A callback that ended in no known way."""

    code = "unknown_outcome"
    sentence = _("Say how the call ended.")


@transaction.atomic
def call_back(
    *, ticket: Ticket, outcome: str, by: Actor, now: datetime, note: str = ""
) -> Callback:
    """Log one attempt to call the owner.

    Reached or declined keeps the promise; anything else comes back to the call list after the
    company's interval. "Not content" in the follow-up call reopens the ticket.
    """
    if outcome not in CallbackOutcome.values:
        raise UnknownOutcome
    ticket = claim(ticket)
    check(Act.CALL_BACK, ticket)
    call = Callback(
        ticket=ticket,
        # Whoever has an owner can ask them afterwards whether it helped.
        community_id=ticket.community_id if ticket.owner_id else None,
        outcome=outcome,
        note=note,
        by=by.membership,
        at=now,
    )
    call.save(force_insert=True)
    retry_at = _settle(ticket, outcome, now)
    write(
        ticket=ticket,
        kind=EventKind.CALLED_BACK,
        by=by,
        now=now,
        outcome=outcome,
        note=note,
        retry_at=retry_at.isoformat() if retry_at else "",
    )
    if outcome == CallbackOutcome.REACHED_UNSATISFIED and ticket.status == Status.RESOLVED:
        fact = gettext_noop("reached, not content")
        reopen_and_raise(ticket=ticket, words=note, fact=fact, by=by, now=now)
    return call


def _settle(ticket: Ticket, outcome: str, now: datetime) -> datetime | None:
    """Keep what was promised with this call, or say when the next attempt is."""
    owed = [PromiseKind.CALLBACK]
    if ticket.status == Status.RESOLVED:
        owed.append(PromiseKind.FOLLOW_UP)
    retry_at = None
    if outcome in KEEPS_PROMISE:
        promises.keep(ticket=ticket, promises=owed, now=now)
    else:
        retry_at = _call_again(ticket, now)
    promises.refresh_next_due(ticket)
    ticket.save(update_fields=["next_due_at"])
    return retry_at


def next_try(*, measure: str, community: UUID, now: datetime, clockwork: Clockwork) -> datetime:
    """When somebody who is not reached now comes back to the call list."""
    calendar = clockwork.calendar(measure, community)
    return add(calendar, now, timedelta(minutes=clockwork.policy.call_again_after))


def _call_again(ticket: Ticket, now: datetime) -> datetime | None:
    """Put the owed calls back on the list, one interval later; the promise itself stays due."""
    owed = [row for row in promises.running(ticket) if row.promise in promises.CALLS]
    clockwork = Clockwork()
    for deadline in owed:
        deadline.retry_at = next_try(
            measure=deadline.measure,
            community=ticket.community_id,
            now=now,
            clockwork=clockwork,
        )
    Deadline.objects.bulk_update(owed, ["retry_at"])
    return min((row.retry_at for row in owed if row.retry_at), default=None)
