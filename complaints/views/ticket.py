"""A ticket's page: everything about it, what can be done, and who it is about."""

from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.db.models import QuerySet
from django.http import HttpResponse

from complaints.forms.action import (
    AssignForm,
    AttachForm,
    CallForm,
    CommentForm,
    Handlers,
    MoveDayForm,
    NoteForm,
    PauseForm,
    ProofForm,
    ReopenForm,
    ResolveForm,
)
from complaints.models import Attachment, CallbackOutcome, Deadline, Ticket, TicketEvent
from complaints.models.kinds import OWN
from complaints.services.lifecycle import Act, possible
from complaints.services.news import ticket_path
from complaints.services.promises import CALLS
from complaints.services.seen import count_moves
from complaints.views.history import Beside, beside
from complaints.views.job_work import work_context
from complaints.views.owner_ticket import owner_ticket_context
from complaints.views.ticket_timeline import Teller
from notifications.services.inbox import mark_read_there
from tenancy.models import Membership
from tenancy.pages import DetailPage
from tenancy.permissions import Can
from tenancy.templatetags.moments import written_length

# What the page offers → what the ticket and the visitor must allow for it.
OFFERS: dict[str, tuple[Act | None, Can]] = {
    "accept": (Act.ACCEPT, Can.ACCEPT),
    "assign": (Act.ASSIGN, Can.ASSIGN),
    "pause": (Act.PAUSE, Can.PAUSE),
    "resume": (Act.RESUME, Can.PAUSE),
    "move_day": (Act.MOVE_DAY, Can.IMPROVE),
    "call": (Act.CALL_BACK, Can.CALL_BACK),
    "resolve": (Act.RESOLVE, Can.RESOLVE),
    "close": (Act.CLOSE, Can.CLOSE),
    "reopen": (Act.REOPEN, Can.REOPEN),
    "comment": (Act.WRITE, Can.COMMENT),
    "note": (None, Can.NOTE),
    "attach": (Act.WRITE, Can.ATTACH),
}
FORMS: dict[str, type[forms.Form]] = {
    "call": CallForm,
    "pause": PauseForm,
    "move_day": MoveDayForm,
    "resolve": ResolveForm,
    "reopen": ReopenForm,
    "comment": CommentForm,
    "note": NoteForm,
    "attach": AttachForm,
}
# The buttons of a call, the good ones first.
OUTCOMES = [
    (CallbackOutcome.REACHED_SATISFIED, "done", "ok"),
    (CallbackOutcome.REACHED_UNSATISFIED, "complaint", "late"),
    (CallbackOutcome.NO_ANSWER, "phone-missed", ""),
    (CallbackOutcome.WRONG_NUMBER, "close", ""),
    (CallbackOutcome.BUSY, "phone-missed", ""),
    (CallbackOutcome.DECLINED, "minus", ""),
]


def outcome_buttons() -> list[dict[str, str]]:
    """How a call can end, as buttons."""
    return [
        {"value": outcome.value, "label": str(outcome.label), "icon": icon, "tone": tone}
        for outcome, icon, tone in OUTCOMES
    ]


def offers_for(ticket: Ticket, me: Membership) -> set[str]:
    """What this member may do with the ticket as it stands."""
    acts = possible(ticket)
    found = {
        name
        for name, (act, needs) in OFFERS.items()
        if (act is None or act in acts) and me.can(needs)
    }
    if ticket.kind in OWN:
        return found - {"comment"}
    return found if ticket.owner_id else found - {"call"}


class TicketPage(DetailPage):
    """One ticket, for whoever may see it: staff here, owners on their own page."""

    needs = Can.READ_TICKETS
    model = Ticket
    template_name = "complaints/ticket_detail.html"
    fragment_name = "complaints/ticket_pane.html"

    def rows(self) -> QuerySet[Any]:
        return (
            super()
            .rows()
            .select_related(
                "category", "community", "unit", "owner", "department", "assignee", "filed_by"
            )
        )

    def get(self, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.answer({}, 200)

    def show_again(self, name: str, form: forms.Form, status: int) -> HttpResponse:
        """The page with one form as it was typed."""
        return self.answer({name: form}, status)

    def answer(self, bound: dict[str, forms.Form], status: int) -> HttpResponse:
        if not self.me.is_staff or (self.is_own and self.wants_owners_page(bound)):
            self.template_name = "complaints/owner_ticket.html"
            path = ticket_path(self.request.company.slug, self.row.pk)
            mark_read_there(membership=self.me, path=path, now=self.now)
            return self.show(status=status, forms=bound, **owner_ticket_context(self))
        if getattr(self.request, "htmx", False):
            self.template_name = self.fragment_name
        return self.show(status=status, **self.facts(bound))

    @property
    def is_own(self) -> bool:
        """Whether whoever looks is the owner: some who work here live here too."""
        ticket: Ticket = self.row
        return ticket.owner is not None and ticket.owner.membership_id == self.me.pk

    def wants_owners_page(self, bound: dict[str, forms.Form]) -> bool:
        """Whether it is to be seen as owners see it, to be urged and rated."""
        judges = "rating" in bound or "call_rating" in bound
        return judges or self.request.GET.get("as") == "owner"

    def events(self) -> QuerySet[Any]:
        """What happened, oldest first, as far as the visitor may know."""
        return (
            TicketEvent.objects.visible_to(self.me)
            .filter(ticket_id=self.row.pk)
            .select_related("by")
            .order_by("at", "id")
        )

    def deadlines(self) -> list[Deadline]:
        """The promises of every round, in the order in which they fall due."""
        rows = list(Deadline.objects.filter(ticket_id=self.row.pk).order_by("due_at", "id"))
        for row in rows:
            row.waited = written_length(row.paused_time) if row.paused_time else ""
        return rows

    def attachments(self) -> list[Attachment]:
        """Photos and documents, the oldest first."""
        return list(Attachment.objects.filter(ticket_id=self.row.pk, stage="").order_by("at", "id"))

    def teller(self) -> Teller:
        """Who tells the events in the company's time."""
        return Teller(ZoneInfo(self.request.company.zone), self.now)

    def facts(self, bound: dict[str, forms.Form]) -> dict[str, Any]:
        """What staff see of a ticket."""
        ticket: Ticket = self.row
        offers = offers_for(ticket, self.me)
        deadlines = self.deadlines()
        timeline = self.teller().entries(self.events())
        return {
            "title": f"{ticket.number} {ticket.title}",
            "offers": offers,
            "is_own": self.is_own,
            "is_own_work": ticket.kind in OWN,
            "forms": self.forms(offers, bound),
            "bound": next(iter(bound), self.request.GET.get("act", "")),
            "seen": count_moves(entry.kind for entry in timeline),
            "outcomes": outcome_buttons(),
            "deadlines": [row for row in deadlines if row.cycle == ticket.cycle],
            "past_deadlines": [row for row in deadlines if row.cycle != ticket.cycle],
            "owes_call": any(row.is_open and row.promise in CALLS for row in deadlines),
            "timeline": timeline[::-1],
            "attempts": [entry for entry in timeline if entry.kind == "called_back"],
            "pause": last_pause(ticket, timeline),
            "attachments": self.attachments(),
            **work_context(ticket, self.me),
            "beside": beside(ticket, self.me) if self.me.can(Can.READ_OWNERS) else Beside(None),
        }

    def forms(self, offers: set[str], bound: dict[str, forms.Form]) -> dict[str, forms.Form]:
        """The forms of what is offered, and the one that was wrong, offered or not."""
        found: dict[str, forms.Form] = {
            name: form(auto_id=f"{name}-%s") for name, form in FORMS.items() if name in offers
        }
        if "resolve" in found and self.row.kind in OWN:
            found["resolve"] = ProofForm(auto_id="resolve-%s")
        if "assign" in offers and "assign" not in bound:
            found["assign"] = AssignForm(
                handlers=Handlers([self.row.community_id]), auto_id="assign-%s"
            )
        return {**found, **bound}


def last_pause(ticket: Ticket, timeline: list[Any]) -> Any:
    """The pause a ticket is in, as its timeline tells it."""
    if ticket.status != "paused":
        return None
    return next((entry for entry in reversed(timeline) if entry.kind == "paused"), None)
