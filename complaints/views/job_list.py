"""A technician's day: their jobs in the order in which they fall due, and what is free to take."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import F, OuterRef, QuerySet, Subquery
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _, gettext_lazy, pgettext_lazy

from complaints.models import Deadline, PromiseKind, Status, Ticket, WorkRecord
from complaints.views.rows import COLUMNS, Presenter, Row, Running
from tenancy.pages import ListPage
from tenancy.permissions import Can

# By this a telephone knows whose the pages are that it keeps; see static/js/offline-worker.js.
PERSON_HEADER = "X-Portal-Person"
MOST_FREE = MOST_DONE = 30
WHEN = (
    ("", gettext_lazy("Everything")),
    ("today", gettext_lazy("Due today")),
    ("waiting", gettext_lazy("Waiting")),
)
STEPS = ("take", "set_off", "arrive", "finish", "done")
STEP_LABELS = {
    "take": gettext_lazy("not taken yet"),
    "set_off": pgettext_lazy("job", "accepted"),
    "arrive": gettext_lazy("on the way"),
    "finish": gettext_lazy("on site"),
    "done": gettext_lazy("done"),
}
JOB_COLUMNS = (*COLUMNS, "work_due_at")
# What a technician can keep.
WORK = (PromiseKind.ACCEPTANCE, PromiseKind.RESOLUTION)


@dataclass(slots=True)
class Job:
    """One job in the list."""

    row: Row
    url: str
    step: str
    step_label: str
    stop: int = 0  # which stop of the route it is


@dataclass(slots=True)
class Stretch:
    """Jobs under one heading."""

    name: str
    heading: str
    jobs: list[Job] = field(default_factory=list)


def next_step(status: str, record: dict[str, Any] | None, *, is_free: bool = False) -> str:
    """What the handler does next; a job that nobody has is to be taken, whoever accepted it."""
    if status not in (Status.NEW, Status.ACCEPTED, Status.PAUSED):
        return "done"
    if status == Status.NEW or is_free:
        return "take"
    if record is not None and record["arrived_at"]:
        return "finish"
    return "arrive" if record is not None and record["set_off_at"] else "set_off"


class JobListPage(ListPage):
    """My jobs by due time, those of my department that nobody has, and what I did today."""

    needs = Can.DO_JOBS
    title = gettext_lazy("My jobs")
    template_name = "complaints/job_list.html"

    def get(self, *args: Any, **kwargs: Any) -> HttpResponse:
        answer = super().get(*args, **kwargs)
        answer.headers[PERSON_HEADER] = str(self.me.user_id)
        return answer

    @property
    def when(self) -> str:
        asked = self.request.GET.get("when", "")
        return asked if asked in dict(WHEN) else ""

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.request.company.zone)

    @property
    def midnight(self) -> datetime:
        """When today began, in the company's zone."""
        today = self.now.astimezone(self.zone).date()
        return datetime.combine(today, time.min, self.zone)

    def rows(self) -> QuerySet[Any]:
        mine = by_work_due(Ticket.objects.visible_to(self.me).filter(assignee_id=self.me.pk).open())
        if self.when == "today":
            mine = mine.filter(work_due_at__lt=self.midnight + timedelta(days=1))
        elif self.when == "waiting":
            mine = mine.filter(status=Status.PAUSED)
        return mine.values(*JOB_COLUMNS)

    def free(self) -> list[dict[str, Any]]:
        """Jobs of my departments that nobody has."""
        if self.when:
            return []
        found = Ticket.objects.visible_to(self.me).filter(
            assignee_id=None, department_id__in=self.me.department_ids()
        )
        return list(by_work_due(found.open()).values(*JOB_COLUMNS)[:MOST_FREE])

    def finished(self) -> list[dict[str, Any]]:
        """What I did today and nobody has closed yet."""
        if self.when:
            return []
        found = Ticket.objects.visible_to(self.me).filter(
            assignee_id=self.me.pk, status=Status.RESOLVED, resolved_at__gte=self.midnight
        )
        newest = by_work_due(found).order_by("-resolved_at", "id")
        return list(newest.values(*JOB_COLUMNS)[:MOST_DONE])

    def context(self, **more: Any) -> dict[str, Any]:
        context = super().context(when=self.when, whens=WHEN, **more)
        mine, free, done = context["rows"], self.free(), self.finished()
        jobs = self.jobs([*mine, *free, *done])
        first_free, first_done = len(mine), len(mine) + len(free)
        context["stretches"] = self.stretches(mine, jobs[:first_free])
        context["free"] = jobs[first_free:first_done]
        context["finished"] = jobs[first_done:]
        context["steps"] = STEP_LABELS
        return context

    def jobs(self, found: Sequence[dict[str, Any]]) -> list[Job]:
        """The tickets as jobs: one query for their promises, one for how far they are."""
        presenter = Presenter(self.request.company, self.me.pk, self.now)
        due = work_promises([each["id"] for each in found])
        records = records_of([(each["id"], each["cycle"]) for each in found])
        jobs = []
        for each in found:
            row = presenter.row(each, due.get(each["id"]))
            record, is_free = records.get(each["id"]), each["assignee_id"] is None
            step = next_step(each["status"], record, is_free=is_free)
            url = self.address(row.pk)
            jobs.append(Job(row, url, step, str(STEP_LABELS[step])))
        return jobs

    def address(self, pk: UUID) -> str:
        where = {"company": self.request.company.slug, "pk": pk}
        return reverse("complaints:job_detail", kwargs=where)

    def stretches(self, found: Sequence[dict[str, Any]], jobs: Sequence[Job]) -> list[Stretch]:
        """Mine, in the order of the day; the stops of today's route are numbered."""
        tomorrow = self.midnight + timedelta(days=1)
        parts = {
            "late": Stretch("late", _("Late")),
            "today": Stretch("today", _("Today")),
            "later": Stretch("later", _("Later")),
            "waiting": Stretch("waiting", _("Waiting")),
        }
        stop = 0
        for each, job in zip(found, jobs, strict=True):
            due = each["work_due_at"]
            name = "later"
            if each["status"] == Status.PAUSED:
                name = "waiting"
            elif due is not None and due < tomorrow:
                name = "late" if due < self.now else "today"
                stop += 1
                job.stop = stop
            parts[name].jobs.append(job)
        return [part for part in parts.values() if part.jobs]


def by_work_due(tickets: QuerySet[Any]) -> QuerySet[Any]:
    """In the order in which the work falls due; calling the owner is the desk's to do.

    Each person has tens of jobs: finding them is served by `ticket_of_handler`, their promises
    by `one_deadline_per_promise`.
    """
    running = running_work().filter(ticket_id=OuterRef("id")).order_by("due_at")
    dated = tickets.annotate(work_due_at=Subquery(running.values("due_at")[:1]))
    found: QuerySet[Any] = dated.order_by(F("work_due_at").asc(nulls_last=True), "id")
    return found


def running_work() -> QuerySet[Any]:
    """The promises that a technician keeps."""
    found: QuerySet[Any] = Deadline.objects.unmet().filter(promise__in=WORK, paused_at=None)
    return found


def work_promises(tickets: Sequence[UUID]) -> dict[UUID, Running]:
    """Of each ticket the running promise about its work that falls due first."""
    rows = running_work().filter(ticket_id__in=tickets).order_by("-due_at")
    found = rows.values_list("ticket_id", "promise", "starts_at", "due_at")
    return {ticket: (promise, starts, due) for ticket, promise, starts, due in found}


def records_of(tickets: Sequence[tuple[UUID, int]]) -> dict[UUID, dict[str, Any]]:
    """How far the work of each ticket's present round is."""
    cycles = dict(tickets)
    found = WorkRecord.objects.filter(ticket_id__in=list(cycles)).values(
        "ticket_id", "cycle", "set_off_at", "arrived_at", "done_at"
    )
    return {each["ticket_id"]: each for each in found if each["cycle"] == cycles[each["ticket_id"]]}
