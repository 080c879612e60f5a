"""What the company sets itself to do: nobody came with it, somebody is to do it by a day.

It is a ticket like any other – one queue, one escalation –, but it promises nothing to an owner:
no call, no rating. And it is done only when something shows that it is.
"""

import re
from datetime import date, datetime

from django.db import transaction
from django.db.models import Max, Min
from django.utils.translation import gettext_lazy as _, gettext_noop

from complaints.models import (
    Attachment,
    Category,
    Deadline,
    EventKind,
    Kind,
    Source,
    Status,
    Ticket,
)
from complaints.services import promises
from complaints.services.filing import enter, where
from complaints.services.first_categories import CATEGORIES
from complaints.services.handing_over import Receiver, change
from complaints.services.news import tell_staff
from complaints.services.timeline import write
from notifications.models import Kind as News
from tenancy.models import Community, Membership
from tenancy.services.actor import Actor
from tenancy.services.refusal import Refused

# An address that others can open too, in words: of a host whose name has a dot, or by its number.
NAMED = r"(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.)+[^\W\d_][\w-]{0,61}[^\W_]"
LINK = re.compile(rf"https?://(?:{NAMED}|\d{{1,3}}(?:\.\d{{1,3}}){{3}})(?![\w@])", re.IGNORECASE)


class DayIsPast(Refused):
    """To be done by a day that is over, or so far away that nobody means it."""

    code = "day_is_past"
    sentence = _("Choose a day that is still to come, within the next three years.")


LONGEST_DAYS = 3 * 366


@transaction.atomic
def set_task(
    *,
    kind: Kind,
    title: str,
    community: Community,
    assignee: Membership,
    due_on: date,
    by: Actor,
    now: datetime,
    description: str = "",
) -> Ticket:
    """Give somebody something to do by a day. It is in their hands at once."""
    clockwork = promises.Clockwork()
    category = category_of(kind)
    ticket = Ticket(
        company=clockwork.times.company,
        kind=kind,
        category=category,
        urgency=category.urgency,
        source=Source.PORTAL,
        title=title,
        description=description,
        community_id=where(None, community),
        department_id=category.department_id,
        status=Status.ACCEPTED,
        accepted_at=now,
    )
    handed = change(ticket, Receiver(None, assignee))
    due_at = last_moment(due_on, ticket, clockwork, now)
    deadline = promises.by_day(ticket=ticket, due_at=due_at, starts_at=now, clockwork=clockwork)
    enter(ticket, [deadline], by=by, now=now)
    write(ticket=ticket, kind=EventKind.ASSIGNED, by=by, now=now, **handed)
    _tell(ticket, by, now)
    return ticket


def _tell(ticket: Ticket, by: Actor, now: datetime) -> None:
    """Tell whoever is in charge, unless they set it themselves."""
    if ticket.assignee_id is not None and ticket.assignee_id != by.membership_id:
        tell_staff(
            ticket=ticket,
            recipients=[ticket.assignee_id],
            kind=News.ASSIGNED,
            message=gettext_noop("%(number)s was handed to you: %(title)s"),
            key="set",
            now=now,
        )


def last_moment(
    day: date, ticket: Ticket, clockwork: promises.Clockwork, now: datetime
) -> datetime:
    """The moment until which a day lasts at that place; raises `DayIsPast`."""
    calendar = clockwork.times.of(ticket.community_id)
    ahead = (day - now.astimezone(calendar.tz).date()).days
    if not 0 <= ahead <= LONGEST_DAYS:
        raise DayIsPast
    due_at = promises.end_of(day, calendar)
    if due_at <= now:
        raise DayIsPast
    return due_at


def category_of(kind: Kind) -> Category:
    """The company's first category of this kind; companies from before there was one get it now."""
    rows = Category.objects.filter(kind=kind).order_by("-is_active", "position", "id")
    found: Category | None = rows.first()
    if found is not None:
        return found
    first = next(each for each in CATEGORIES if each.kind == kind)
    last = Category.objects.aggregate(last=Max("position"))["last"]
    row, _made = Category.objects.get_or_create(
        kind=kind,
        name=first.name,
        defaults={
            "name_en": first.name_en,
            "icon": first.icon,
            "urgency": first.urgency,
            "position": 0 if last is None else last + 1,
        },
    )
    kept: Category = row
    return kept


def has_evidence(ticket: Ticket, words: str) -> bool:
    """Whether something shows that it was done: a file of this round, or a link in the words."""
    if LINK.search(words):
        return True
    rounds = Deadline.objects.filter(ticket_id=ticket.pk, cycle=ticket.cycle)
    since = rounds.aggregate(first=Min("starts_at"))["first"] or ticket.created_at
    return bool(Attachment.objects.filter(ticket_id=ticket.pk, at__gte=since).exists())
