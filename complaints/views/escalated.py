"""What came up to me: each matter with what was tried, what is promised, and what to do next."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.forms import Form
from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy as _, ngettext

from complaints.forms.action import EmptyForm
from complaints.models import CallbackOutcome, EventKind, Level, Ticket, TicketEvent
from complaints.services.overseeing import CameUp, came_up_to, mark_seen, take_over
from complaints.views.late import work_phones
from complaints.views.rows import COLUMNS, Presenter, Row, next_promises
from complaints.views.ticket_timeline import Entry, Teller
from owners.models import Owner
from owners.services.personal import mask_phone
from tenancy.pages import ActionPage, Page
from tenancy.permissions import Can

MOST = 30
LAST = 6  # lines of a story; the whole of it is on the ticket's page
UNTOLD = (EventKind.DUE_CHANGED, EventKind.ATTACHED, EventKind.RATED)
REACHED = (CallbackOutcome.REACHED_SATISFIED, CallbackOutcome.REACHED_UNSATISFIED)


@dataclass(slots=True)
class Matter:
    """One ticket that came up, as its reader needs it to decide."""

    ticket: Row
    came_up: CameUp
    level: str
    owner: Owner | None
    phone: str
    handler_phone: str
    tried: list[str] = field(default_factory=list)
    story: list[Entry] = field(default_factory=list)
    untold: int = 0  # earlier lines that are left out
    is_mine: bool = False


class EscalatedPage(Page):
    """An inbox of what reached me and is still open; what I have seen lies under a tab."""

    needs = Can.READ_LATE
    title = _("Came up to me")
    template_name = "complaints/escalated.html"

    def context(self, **more: Any) -> dict[str, Any]:
        seen = self.request.GET.get("tab") == "seen"
        found = came_up_to(member=self.me, seen=seen)
        return super().context(
            matters=self.described(found[:MOST]),
            count=len(found),
            has_more=len(found) > MOST,
            seen=seen,
            **more,
        )

    def described(self, found: list[CameUp]) -> list[Matter]:
        """The matters with ticket, people, promise and story: five more queries."""
        ids = [each.ticket_id for each in found]
        presenter = Presenter(self.request.company, self.me.pk, self.now)
        columns = (*COLUMNS, "owner_id")
        tickets = {row["id"]: row for row in Ticket.objects.filter(id__in=ids).values(*columns)}
        owners = Owner.objects.in_bulk({row["owner_id"] for row in tickets.values()} - {None})
        phones = work_phones(row["assignee_id"] for row in tickets.values())
        due = next_promises(ids)
        stories = self.stories(ids)
        matters = []
        for each in found:
            row = tickets[each.ticket_id]
            owner = owners.get(row["owner_id"])
            events = stories.get(each.ticket_id, [])
            told = [event for event in events if event.kind not in UNTOLD]
            matters.append(
                Matter(
                    ticket=presenter.row(row, due.get(each.ticket_id)),
                    came_up=each,
                    level=str(_("not content") if each.level is None else Level(each.level).label),
                    owner=owner,
                    phone=mask_phone(owner.phone) if owner else "",
                    handler_phone=phones.get(row["assignee_id"], ""),
                    tried=summary(events),
                    story=self.teller.entries(told[-LAST:]),
                    untold=max(0, len(told) - LAST),
                    is_mine=row["assignee_id"] == self.me.pk,
                )
            )
        return matters

    @property
    def teller(self) -> Teller:
        return Teller(ZoneInfo(self.request.company.zone), self.now)

    def stories(self, ids: Iterable[UUID]) -> dict[UUID, list[TicketEvent]]:
        """What happened to each ticket, oldest first."""
        found: dict[UUID, list[TicketEvent]] = {}
        rows = TicketEvent.objects.filter(ticket_id__in=list(ids)).select_related("by")
        for event in rows.order_by("at", "id"):
            found.setdefault(event.ticket_id, []).append(event)
        return found


def summary(events: Iterable[TicketEvent]) -> list[str]:
    """What was tried, counted: calls, handlers, pauses, urges, messages."""
    by_kind: dict[str, list[TicketEvent]] = {}
    for event in events:
        by_kind.setdefault(event.kind, []).append(event)
    calls = by_kind.get(EventKind.CALLED_BACK, [])
    reached = sum(event.data.get("outcome") in REACHED for event in calls)
    handlers = {event.data.get("assignee") for event in by_kind.get(EventKind.ASSIGNED, [])} - {""}
    said = [
        ngettext("%(n)s call", "%(n)s calls", len(calls)) % {"n": len(calls)}
        if calls
        else gettext("no call yet"),
        ngettext("%(n)s reached", "%(n)s reached", reached) % {"n": reached} if calls else "",
        ngettext("%(n)s handler", "%(n)s handlers", len(handlers)) % {"n": len(handlers)},
    ]
    said += [told(count) for kind, told in COUNTED if (count := len(by_kind.get(kind, [])))]
    return [each for each in said if each]


COUNTED: tuple[tuple[str, Callable[[int], str]], ...] = (
    (EventKind.PAUSED, lambda n: ngettext("paused once", "paused %(n)s times", n) % {"n": n}),
    (EventKind.URGED, lambda n: ngettext("urged once", "urged %(n)s times", n) % {"n": n}),
    (EventKind.COMMENTED, lambda n: ngettext("%(n)s message", "%(n)s messages", n) % {"n": n}),
    (EventKind.REOPENED, lambda n: ngettext("reopened once", "reopened %(n)s times", n) % {"n": n}),
)


class MatterAction(ActionPage):
    """Something done to a matter that came up, by a button beside it."""

    model = Ticket
    form_class = EmptyForm

    def back(self) -> str:
        return reverse("complaints:escalated", kwargs={"company": self.request.company.slug})


class SeenPage(MatterAction):
    """Say that one has seen it."""

    needs = Can.READ_LATE
    done = _("Noted on the timeline: you have seen it.")

    def do(self, form: Form) -> None:
        mark_seen(ticket=self.row, by=self.actor, now=self.now)


class TakeOverPage(MatterAction):
    """Take it into one's own hands."""

    needs = Can.ASSIGN
    done = _("It is in your hands now.")

    def do(self, form: Form) -> None:
        take_over(ticket=self.row, by=self.actor, now=self.now)
