"""An owner's own ticket: who has it and until when, what was promised, what has happened."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _, gettext_lazy

from complaints.forms.owner import SCORES
from complaints.models import (
    Attachment,
    Deadline,
    Pause,
    PauseReason,
    PromiseKind,
    Rating,
    Status,
    Supporter,
    Ticket,
    TicketEvent,
)
from complaints.models.ticket import OPEN
from complaints.services.callback_rating import call_to_rate
from complaints.services.lifecycle import Act, possible
from complaints.views.job_work import work_context
from complaints.views.owner_story import PROMISED, WAITING, Reader, tell_story
from complaints.views.owner_tiles import icon_of
from tenancy.models import uuid7
from tenancy.permissions import Can


@dataclass(frozen=True)
class Promised:
    """One promise about the ticket, in the owner's words."""

    label: str
    deadline: Deadline
    is_late: bool


@dataclass(frozen=True)
class Standing:
    """How the ticket stands, for the top of its page."""

    tone: str  # new, hand, wait, done, closed, late
    icon: str
    heading: str
    text: str


def owner_ticket_context(page: Any) -> dict[str, Any]:
    """What `complaints/owner_ticket.html` shows of `page.row` to the owner who looks at it."""
    row: Ticket = page.row
    reader = Reader(page.me, ZoneInfo(page.request.company.zone), page.now)
    events = TicketEvent.objects.for_owner().filter(ticket_id=row.pk)
    files = list(Attachment.objects.filter(ticket_id=row.pk).order_by("at", "id"))
    promises = promises_of(row, page.now)
    rating = Rating.objects.filter(ticket_id=row.pk, cycle=row.cycle).first()
    acts = possible(row)
    lines = tell_story(events.select_related("by").order_by("at", "id"), files, row.source, reader)
    # Only where the story tells of a call that reached them is there anything to ask.
    can_rate_a_call = page.me.can(Can.RATE) and any(each.icon == "phone" for each in lines)
    return {
        "title": row.title,
        "icon_name": icon_of(row.category),
        "standing": standing(row, any(each.is_late for each in promises)),
        "next": next((each for each in promises if each.deadline.is_open), None),
        "who": who_has(row),
        "promises": promises,
        "lines": lines,
        "talk": [line for line in reversed(lines) if line.icon == "comment"],
        "others": Supporter.objects.filter(ticket_id=row.pk).count(),
        "attachments": [each for each in files if not each.stage],
        **work_context(row, page.me),
        "rating": rating,
        "can_rate": Act.RATE in acts and rating is None,
        "call": call_to_rate(ticket=row, now=page.now) if can_rate_a_call else None,
        "scores": SCORES,
        "can_urge": Act.URGE in acts,
        "urged_today": urged_today(row, reader),
        "can_write": Act.WRITE in acts,
        "once": uuid7(),
    }


def promises_of(row: Ticket, now: datetime) -> list[Promised]:
    """What is promised in the present round, in the order it falls due."""
    deadlines = Deadline.objects.filter(ticket_id=row.pk, cycle=row.cycle, dropped_at=None)
    return [
        Promised(
            label=str(PROMISED[PromiseKind(each.promise)]),
            deadline=each,
            is_late=each.is_open and each.breached_at(now) is not None,
        )
        for each in deadlines.order_by("due_at", "id")
    ]


def who_has(row: Ticket) -> str:
    """The person and the department that have the ticket now."""
    person = row.assignee.name if row.assignee else ""
    place = row.department.name if row.department else ""
    return " · ".join(part for part in (place, person) if part) or _("Front desk")


def standing(row: Ticket, is_late: bool) -> Standing:
    """One heading that says it all, and one sentence below."""
    if row.status == Status.PAUSED:
        return waiting(row)
    if is_late and row.status in OPEN:
        return Standing(
            "late",
            "late",
            _("We are late with this"),
            _("We did not keep a promise. We are sorry; those in charge have been told."),
        )
    tone, icon, heading, text = STANDINGS[Status(row.status)]
    return Standing(tone, icon, str(heading), str(text))


STANDINGS = {
    Status.NEW: (
        "new",
        "clock",
        gettext_lazy("We have it"),
        gettext_lazy("It is waiting for somebody to take it on."),
    ),
    Status.ACCEPTED: (
        "hand",
        "user",
        gettext_lazy("Somebody is on it"),
        gettext_lazy("Below you see what we promised and what has been done so far."),
    ),
    Status.RESOLVED: (
        "done",
        "done",
        gettext_lazy("Done. Is it fixed?"),
        gettext_lazy("Your answer counts: it decides whether this is closed or opened again."),
    ),
    Status.CLOSED: (
        "closed",
        "check",
        gettext_lazy("Closed"),
        gettext_lazy("If it comes back, speak up again: we will see that it was there before."),
    ),
}


def waiting(row: Ticket) -> Standing:
    """What a paused ticket waits for."""
    pause = Pause.objects.filter(ticket_id=row.pk, ended_at=None).first()
    reason = WAITING[PauseReason(pause.reason)] if pause else _("It has to wait")
    return Standing(
        "wait",
        "pause",
        str(reason),
        _("This time does not count against our promise; the call we promised still stands."),
    )


def urged_today(row: Ticket, reader: Reader) -> bool:
    """Whether the owner has urged on this very date; the service counts by working days."""
    if row.urged_at is None:
        return False
    return row.urged_at.astimezone(reader.zone).date() == reader.now.astimezone(reader.zone).date()
