"""What the owner says about a call that reached them."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _, gettext_noop

from complaints.models import Callback, CallbackRating, EventKind, Ticket
from complaints.models.callback import REACHED
from complaints.services.lifecycle import claim
from complaints.services.news import tell_staff
from complaints.services.owner_voice import (
    CONTENT_FROM,
    BadScore,
    RatedAlready,
    make_sure_is_owner,
)
from complaints.services.recipients import supervisors
from complaints.services.timeline import write
from notifications.models import Kind
from tenancy.services.actor import Actor
from tenancy.services.refusal import Refused

# Afterwards nobody remembers the call, and nobody is asked any more.
ASKED_FOR = timedelta(days=30)


class NotAsked(Refused):
    """The call reached nobody, or nobody was there to be asked about it."""

    code = "not_asked"
    sentence = _("This call did not reach you, so there is nothing to rate.")


def call_to_rate(*, ticket: Ticket, now: datetime) -> Callback | None:
    """The newest call of a ticket, while its owner is asked about it and has not said anything."""
    rated = CallbackRating.objects.filter(callback_id=OuterRef("pk"))
    calls = Callback.objects.asked().filter(ticket_id=ticket.pk, at__gt=now - ASKED_FOR)
    newest: Any = calls.annotate(rated=Exists(rated)).order_by("-at", "-id").first()
    return None if newest is None or newest.rated else newest


@transaction.atomic
def rate_call(
    *, callback: Callback, score: int, by: Actor, now: datetime, comment: str = ""
) -> CallbackRating:
    """Whether the call helped, from one to five; given once. Few stars go to the supervisor."""
    ticket = claim(callback.ticket)
    make_sure_is_owner(ticket, by)
    if score not in range(1, 6):
        raise BadScore
    community = callback.community_id
    if community is None or callback.outcome not in REACHED:
        raise NotAsked
    if CallbackRating.objects.filter(callback_id=callback.pk).exists():
        raise RatedAlready
    rating = CallbackRating(
        callback=callback,
        community_id=community,
        called_at=callback.at,
        score=score,
        comment=comment,
        by=by.membership,
        at=now,
    )
    rating.save(force_insert=True)
    write(ticket=ticket, kind=EventKind.CALL_RATED, by=by, now=now, score=score, comment=comment)
    if score < CONTENT_FROM:
        tell_staff(
            ticket=ticket,
            recipients=supervisors(ticket, now=now),
            kind=Kind.RATING,
            message=gettext_noop("The owner gives our call about %(number)s %(score)s of 5 stars."),
            key=f"call_rated:{callback.pk}",
            now=now,
            score=score,
        )
    return rating
