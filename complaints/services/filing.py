"""Somebody speaks up: from that moment the company has promised to answer."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _, gettext_noop

from complaints.models import Category, Deadline, EventKind, Source, Ticket
from complaints.models.kinds import SPOKEN
from complaints.services import promises
from complaints.services.news import tell_owner
from complaints.services.timeline import write
from owners.models import Owner, Unit
from owners.services.folding import fold
from tenancy.models import Community
from tenancy.models.base import uuid7
from tenancy.services.actor import Actor
from tenancy.services.numbering import ticket_number
from tenancy.services.refusal import Refused


class WrongCategory(Refused):
    """The category is closed, or is not one of this kind of ticket."""

    code = "wrong_category"
    sentence = _("Choose a category that fits.")


class NoPlace(Refused):
    """Neither a unit nor a community was named."""

    code = "no_place"
    sentence = _("Say which unit or community this is about.")


class PlaceLaidAside(Refused):
    """The unit, its building or its community has been laid aside: its history stays, no more."""

    code = "place_laid_aside"
    sentence = _(
        "%(place)s is no longer looked after by us, so nothing new can be filed for it. "
        "What was filed before stays."
    )


class SubmissionTaken(Refused):
    """The name of this act of submitting belongs to somebody else's ticket."""

    code = "submission_taken"
    sentence = _("This form has been used before. Load the page again.")


@transaction.atomic
def file_ticket(
    *,
    kind: str,
    category: Category,
    source: str,
    title: str,
    by: Actor,
    now: datetime,
    urgency: str = "",
    description: str = "",
    unit: Unit | None = None,
    community: Community | None = None,
    owner: Owner | None = None,
    submission: UUID | None = None,
) -> Ticket:
    """Take in a ticket: number, deadlines, first event, and word to the owner, all at once.

    `submission` names one act of submitting: the same one again, by the same person, returns
    the same ticket.
    """
    if known := _filed_before(submission, by):
        return known
    if not category.is_active or category.kind != kind or kind not in SPOKEN:
        raise WrongCategory
    place = where(unit, community)
    ticket = Ticket(
        id=submission or uuid7(),
        kind=kind,
        category=category,
        urgency=urgency or category.urgency,
        source=Source(source),
        title=title,
        description=description,
        community_id=place,
        unit=unit,
        owner=owner,
    )
    return _save_once(ticket, by, now) if submission else _save(ticket, by, now)


def where(unit: Unit | None, community: Community | None) -> UUID:
    """The community of the place, if the company looks after it, as the database knows it now."""
    place = unit or community
    if place is None:
        raise NoPlace
    in_use: Any = type(place).objects.in_use().filter(pk=place.pk)
    if not in_use.exists():
        raise PlaceLaidAside(place=str(place))
    return place.community_id if isinstance(place, Unit) else place.pk


def _save_once(ticket: Ticket, by: Actor, now: datetime) -> Ticket:
    """Save it, or return its twin: the same submission, come in through another request."""
    try:
        with transaction.atomic():
            _save(ticket, by, now)
    except IntegrityError:
        twin = _filed_before(ticket.pk, by)
        if twin is None:
            raise SubmissionTaken from None
        return twin
    return ticket


def _filed_before(submission: UUID | None, by: Actor) -> Ticket | None:
    """What this person made of this submission. Somebody else's ticket is never given away."""
    if submission is None:
        return None
    mine = Ticket.objects.filter(pk=submission, filed_by_id=by.membership_id)
    found: Ticket | None = mine.first()
    return found


def _save(ticket: Ticket, by: Actor, now: datetime) -> Ticket:
    clockwork = promises.Clockwork()
    ticket.company = clockwork.times.company
    ticket.department_id = ticket.category.department_id
    deadlines = promises.plan(
        ticket=ticket,
        promises=promises.AT_FILING,
        starts_at=now,
        clockwork=clockwork,
    )
    promised = enter(ticket, deadlines, by=by, now=now)
    first_word = promised.get("callback") or promised.get("acceptance")
    message = gettext_noop("We have received %(number)s.")
    if first_word:
        message = gettext_noop("We have received %(number)s. You will hear from us by %(due_at)s.")
    tell_owner(ticket=ticket, message=message, key="filed", now=now, due_at=first_word)
    return ticket


def enter(ticket: Ticket, deadlines: list[Deadline], *, by: Actor, now: datetime) -> dict[str, str]:
    """Save a new ticket with its number, deadlines and first event; what was promised by when."""
    ticket.search_text = fold(f"{ticket.title}\n{ticket.description}")
    ticket.filed_by = by.membership
    ticket.created_at = now
    # As late as can be: its counter stays locked against others until the transaction ends.
    ticket.number = ticket_number(ticket.company, now)
    ticket.next_due_at = min((deadline.due_at for deadline in deadlines), default=None)
    ticket.save(force_insert=True)
    Deadline.objects.bulk_create(deadlines)
    promised = {str(each.promise): each.due_at.isoformat() for each in deadlines}
    write(ticket=ticket, kind=EventKind.FILED, by=by, now=now, promised=promised)
    return promised
