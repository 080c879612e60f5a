"""What only the owner can do: urge, and judge."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _, gettext_noop

from complaints.models import EventKind, Rating, Status, Ticket
from complaints.services.handling import shut
from complaints.services.lifecycle import Act, check, claim
from complaints.services.news import tell_staff
from complaints.services.promises import Clockwork
from complaints.services.raising import reopen_and_raise
from complaints.services.recipients import handler_or_supervisors
from complaints.services.timeline import write
from notifications.models import Kind
from owners.models import Owner
from tenancy.calendar import WorkingCalendar, next_opening
from tenancy.services.actor import Actor
from tenancy.services.refusal import Refused

CONTENT_FROM = 3  # stars


class NotYours(Refused):
    """Only the owner whose ticket it is may urge or rate; staff never."""

    code = "not_yours"
    sentence = _("Only the owner who spoke up can do this.")


class UrgedAlready(Refused):
    """Urged before on the same working day."""

    code = "urged_already"
    sentence = _("You have urged today already. We have heard you.")


class RatedAlready(Refused):
    """A rating is given once, and stands."""

    code = "rated_already"
    sentence = _("You have rated this already.")


class BadScore(Refused):
    """Not one to five."""

    code = "bad_score"
    sentence = _("Give one to five stars.")


@transaction.atomic
def urge(*, ticket: Ticket, by: Actor, now: datetime) -> Ticket:
    """The owner asks to hurry (催办); once per working day."""
    ticket = claim(ticket)
    make_sure_is_owner(ticket, by)
    check(Act.URGE, ticket)
    calendar = Clockwork().times.of(ticket.community_id)
    if ticket.urged_at and _working_date(calendar, ticket.urged_at) == _working_date(calendar, now):
        raise UrgedAlready
    ticket.urged_at = now
    ticket.save(update_fields=["urged_at"])
    write(ticket=ticket, kind=EventKind.URGED, by=by, now=now)
    tell_staff(
        ticket=ticket,
        recipients=handler_or_supervisors(ticket, now=now),
        kind=Kind.URGED,
        message=gettext_noop("The owner urges %(number)s: %(title)s"),
        key=f"urged:{now.isoformat()}",
        now=now,
    )
    return ticket


def _working_date(calendar: WorkingCalendar, moment: datetime) -> date:
    """The working day that a moment belongs to: its own, or the next one when closed."""
    return next_opening(calendar, moment).date()


def make_sure_is_owner(ticket: Ticket, by: Actor) -> None:
    """Refuse everybody but the owner who came with it."""
    mine = (
        ticket.owner_id is not None
        and by.membership_id is not None
        and Owner.objects.filter(pk=ticket.owner_id, membership_id=by.membership_id).exists()
    )
    if not mine:
        raise NotYours


@transaction.atomic
def rate(
    *,
    ticket: Ticket,
    score: int,
    by: Actor,
    now: datetime,
    comment: str = "",
    fixed: bool = True,
) -> Rating:
    """The owner's verdict. One or two stars, or "not fixed", reopens and goes to the supervisor;
    otherwise the ticket is closed, for the owner has confirmed it."""
    ticket = claim(ticket)
    make_sure_is_owner(ticket, by)
    check(Act.RATE, ticket)
    if score not in range(1, 6):
        raise BadScore
    if Rating.objects.filter(ticket_id=ticket.pk, cycle=ticket.cycle).exists():
        raise RatedAlready
    rating = Rating(
        ticket=ticket,
        cycle=ticket.cycle,
        score=score,
        comment=comment,
        fixed=fixed,
        by=by.membership,
        at=now,
    )
    rating.save(force_insert=True)
    _act_on(rating, ticket=ticket, by=by, now=now)
    return rating


def _act_on(rating: Rating, *, ticket: Ticket, by: Actor, now: datetime) -> None:
    """Record the verdict and let it have its consequence."""
    said = {"score": rating.score, "fixed": rating.fixed, "comment": rating.comment}
    write(ticket=ticket, kind=EventKind.RATED, by=by, now=now, **said)
    if not rating.fixed or rating.score < CONTENT_FROM:
        fact = f"{rating.score}/5" if rating.fixed else gettext_noop("not fixed")
        reopen_and_raise(ticket=ticket, words=rating.comment, fact=fact, by=by, now=now)
    elif ticket.status == Status.RESOLVED:
        shut(ticket=ticket, by=by, now=now, because="rated")
