"""A job's page: where, who, what is next; everything a technician needs at the door."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.http import HttpResponse, JsonResponse
from django.middleware.csrf import get_token

from complaints.forms.action import NoteForm
from complaints.forms.job import FinishForm, JobPhotoForm, MaterialForm
from complaints.models import Attachment, Deadline, EventKind, Stage, Ticket, TicketEvent
from complaints.services.lifecycle import Act, possible
from complaints.services.working_contact import phone_for_job
from complaints.views.job_list import PERSON_HEADER, STEP_LABELS, WORK, next_step
from complaints.views.job_work import Work, work_of
from tenancy.models import uuid7
from tenancy.pages import DetailPage, Page
from tenancy.permissions import Can

# Words that whoever goes there should have read.
SAID = (EventKind.COMMENTED, EventKind.NOTED, EventKind.PAUSED, EventKind.REOPENED)
MOST_SAID = 20
FORMS: dict[str, type[forms.Form]] = {
    "finish": FinishForm,
    "material": MaterialForm,
    "photo": JobPhotoForm,
    "note": NoteForm,
}


@dataclass(frozen=True, slots=True)
class Key:
    """Fresh names for acts of sending, one for each form of a page."""

    def __str__(self) -> str:
        return str(uuid7())


class JobPage(DetailPage):
    """One job: the next step as one large button, and what belongs to it."""

    needs = Can.DO_JOBS
    model = Ticket
    template_name = "complaints/job_detail.html"

    def rows(self) -> QuerySet[Any]:
        return (
            super()
            .rows()
            .select_related("category", "community", "unit", "owner", "department", "assignee")
        )

    def get(self, *args: Any, **kwargs: Any) -> HttpResponse:
        answer = self.show(**self.facts({}))
        answer.headers[PERSON_HEADER] = str(self.me.user_id)
        return answer

    def show_again(self, name: str, form: forms.Form, status: int) -> HttpResponse:
        """The page with one form as it was typed."""
        return self.show(status=status, **self.facts({name: form}))

    def facts(self, bound: dict[str, forms.Form]) -> dict[str, Any]:
        row: Ticket = self.row
        work = work_of(row, self.me)
        step = self.step(work)
        files = list(Attachment.objects.filter(ticket_id=row.pk).order_by("at", "id"))
        return {
            "title": row.title,
            "step": step,
            "steps": STEP_LABELS,
            "taken_at": self.taken_at(),
            "work": work,
            "deadline": self.deadline(),
            "phone": phone_for_job(ticket=row, by=self.actor, now=self.now),
            "address": address_of(row),
            "told": [each for each in files if not each.stage],
            "before": [each for each in files if each.stage == Stage.BEFORE],
            "after": [each for each in files if each.stage == Stage.AFTER],
            "said": self.said(),
            "can_write": Act.WRITE in possible(row),
            "forms": {name: self.blank(name, work) for name in FORMS} | bound,
            "bound": next(iter(bound), ""),
            "key": Key(),
        }

    def step(self, work: Work | None) -> str:
        """What I do next; `other` when somebody else has the job."""
        row: Ticket = self.row
        if row.assignee_id not in (None, self.me.pk):
            return "other"
        moments = work and {"set_off_at": work.set_off_at, "arrived_at": work.arrived_at}
        return next_step(row.status, moments or None, is_free=row.assignee_id is None)

    def taken_at(self) -> datetime | None:
        """Since when the handler has the job: they took it, or it was handed to them."""
        row: Ticket = self.row
        if row.assignee_id is None:
            return None
        began = Q(kind=EventKind.ASSIGNED) | Q(kind=EventKind.ACCEPTED, by_id=row.assignee_id)
        events = TicketEvent.objects.filter(began, ticket_id=row.pk).order_by("-at", "-id")
        found: datetime | None = events.values_list("at", flat=True).first()
        return found or row.accepted_at

    def blank(self, name: str, work: Work | None) -> forms.Form:
        """A form as it begins: the working time since arriving is known."""
        initial: dict[str, Any] = {}
        if name == "finish" and work and work.arrived_at:
            spent = int((self.now - work.arrived_at).total_seconds()) // 60
            initial["minutes"] = max(5, (spent + 2) // 5 * 5) if spent < 24 * 60 else None
        if name == "photo" and work and work.arrived_at:
            initial["stage"] = Stage.AFTER if work.has_before else Stage.BEFORE
        return FORMS[name](auto_id=f"{name}-%s", initial=initial)

    def deadline(self) -> Deadline | None:
        """The promise about the work that falls due next."""
        found: Deadline | None = (
            Deadline.objects.unmet()
            .filter(ticket_id=self.row.pk, cycle=self.row.cycle, promise__in=WORK)
            .order_by("due_at", "id")
            .first()
        )
        return found

    def said(self) -> list[TicketEvent]:
        """The newest messages, notes and reasons, the oldest of them first."""
        events = TicketEvent.objects.visible_to(self.me).filter(
            ticket_id=self.row.pk, kind__in=SAID
        )
        found = list(events.select_related("by").order_by("-at", "-id")[:MOST_SAID])
        for event in found:
            event.words = event.data.get("text") or event.data.get("note") or ""
            event.words = event.words or event.data.get("reason", "")
        return found[::-1]


class JobSessionPage(Page):
    """Who is signed in, and a token for sending: what an outbox asks before it sends anything."""

    needs = Can.DO_JOBS

    def get(self, *args: Any, **kwargs: Any) -> HttpResponse:
        answer = JsonResponse({"member": str(self.me.pk), "token": get_token(self.request)})
        answer.headers["Cache-Control"] = "no-store"
        return answer


def address_of(row: Ticket) -> str:
    """The address as one would say it to a navigator."""
    parts = (row.community.address, row.community.name, row.unit.label if row.unit else "")
    return " ".join(part for part in parts if part)
