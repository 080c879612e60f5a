"""What is late, and what is about to be: for those who answer for it."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Count, Q, QuerySet
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _, ngettext

from complaints.forms.action import AssignForm, Handlers
from complaints.models import Deadline, Escalation, Level, Ticket
from complaints.services import handling
from complaints.views.rows import COLUMNS, Presenter, Row
from tenancy.models import Department, Membership
from tenancy.pages import FormPage, ListPage, Page
from tenancy.permissions import Can, Role
from tenancy.services.refusal import Refused

SOON = timedelta(hours=4)
MOST_AT_ONCE = 100


@dataclass(slots=True)
class LateRow:
    """A promise that is late, or soon will be, with what was tried already."""

    ticket: Row
    level: int
    tried: list[tuple[str, datetime]] = field(default_factory=list)


@dataclass(slots=True)
class Pile:
    """How much is late in one department, or with one person."""

    name: str
    late: int
    soon: int
    department: UUID | None = None
    person: UUID | None = None


class LateView(Page):
    """What both pages of the late share: whose tickets they are about."""

    needs = Can.READ_LATE

    @property
    def sees_all(self) -> bool:
        """A supervisor looks at their departments first; those above at everything."""
        above = not {Role.MANAGER, Role.ADMIN}.isdisjoint(self.me.roles)
        return above or self.request.GET.get("scope") == "all"

    def tickets(self) -> QuerySet[Any]:
        """The tickets this page is about."""
        found = Ticket.objects.visible_to(self.me).active()
        if self.sees_all:
            return found
        mine = Q(department_id__in=self.me.department_ids()) | Q(department_id=None)
        return found.filter(mine)

    def running(self) -> QuerySet[Any]:
        """Promises that are late, or will be soon."""
        return Deadline.objects.unmet().filter(
            paused_at=None,
            due_at__lt=self.now + SOON,
            ticket_id__in=self.tickets().values("id"),
        )


class LatePage(LateView, ListPage):
    """What is late first, the longest first; then what is about to be."""

    title = _("Late and soon late")
    template_name = "complaints/late.html"
    page_size = 50

    def rows(self) -> QuerySet[Any]:
        found = self.running()
        if (department := self.chosen("department")) is not None:
            found = found.filter(ticket__department_id=department)
        if (person := self.chosen("person")) is not None:
            found = found.filter(ticket__assignee_id=person)
        return found.order_by("due_at", "id").values(
            "id", "ticket_id", "promise", "due_at", "next_level"
        )

    def chosen(self, name: str) -> UUID | None:
        """The department or person that the list is narrowed to."""
        try:
            return UUID(self.request.GET.get(name, ""))
        except ValueError:
            return None

    def context(self, **more: Any) -> dict[str, Any]:
        context = super().context(**more)
        context.update(
            rows=self.described(context["rows"]),
            sees_all=self.sees_all,
            scope="scope=all&" if self.request.GET.get("scope") == "all" else "",
            is_supervisor_only=not {Role.MANAGER, Role.ADMIN} & set(self.me.roles),
            form=AssignForm(handlers=Handlers([])),
            **self.piles(),
        )
        return context

    def described(self, found: list[dict[str, Any]]) -> list[LateRow]:
        """The promises with their tickets and what was tried: two more queries."""
        presenter = Presenter(self.request.company, self.me.pk, self.now)
        ids = [row["ticket_id"] for row in found]
        tickets = {row["id"]: row for row in Ticket.objects.filter(id__in=ids).values(*COLUMNS)}
        tried: dict[UUID, list[tuple[str, datetime]]] = {}
        for deadline_id, level, at in (
            Escalation.objects.filter(deadline_id__in=[row["id"] for row in found])
            .order_by("level")
            .values_list("deadline_id", "level", "taken_at")
        ):
            tried.setdefault(deadline_id, []).append((str(Level(level).label), at))
        return [
            LateRow(
                ticket=presenter.row(tickets[row["ticket_id"]], (row["promise"], row["due_at"])),
                level=row["next_level"],
                tried=tried.get(row["id"], []),
            )
            for row in found
        ]

    def piles(self) -> dict[str, Any]:
        """How much lies with whom, counted in one query and named in two."""
        late = Q(due_at__lt=self.now)
        counted = list(
            self.running()
            .values_list("ticket__department_id", "ticket__assignee_id")
            .annotate(late=Count("id", filter=late), all=Count("id"))
            .values_list("ticket__department_id", "ticket__assignee_id", "late", "all")
        )
        departments: dict[UUID | None, Counter[str]] = {}
        people: dict[UUID | None, Counter[str]] = {}
        for department, person, how_late, everything in counted:
            numbers = Counter(late=how_late, soon=everything - how_late)
            departments.setdefault(department, Counter()).update(numbers)
            people.setdefault(person, Counter()).update(numbers)
        names = dict(Department.objects.values_list("id", "name"))
        members = dict(
            Membership.objects.filter(id__in=[key for key in people if key]).values_list(
                "id", "name"
            )
        )
        return {
            "departments": [
                Pile(names.get(key, _("no department")), each["late"], each["soon"], department=key)
                for key, each in ranked(departments)
            ],
            "people": [
                Pile(members.get(key, _("nobody yet")), each["late"], each["soon"], person=key)
                for key, each in ranked(people)
            ],
            "late_count": sum(each["late"] for each in departments.values()),
            "soon_count": sum(each["soon"] for each in departments.values()),
        }


def ranked(piles: dict[UUID | None, Counter[str]]) -> list[tuple[UUID | None, Counter[str]]]:
    """The highest pile first."""
    return sorted(
        piles.items(), key=lambda item: (-item[1]["late"], -item[1]["soon"], str(item[0]))
    )


class LateAssignPage(LateView, FormPage):
    """Hand several late tickets over at once."""

    needs = Can.ASSIGN
    http_method_names = ["post", "options"]
    form_class = AssignForm

    def form_arguments(self) -> dict[str, Any]:
        return {"handlers": Handlers([])}

    def post(self, *args: Any, **kwargs: Any) -> HttpResponse:
        back = reverse("complaints:late", kwargs={"company": self.request.company.slug})
        chosen = self.chosen()
        form = self.form(self.request.POST)
        if not chosen:
            messages.error(self.request, _("Choose at least one ticket."))
        elif not form.is_valid():
            messages.error(self.request, _("Choose a department or a person."))
        else:
            self.hand_over(chosen, *form.cleaned_data["to"])
        return HttpResponseRedirect(back)

    def chosen(self) -> list[Ticket]:
        """The ticked tickets that the visitor may see."""
        ids = []
        for text in self.request.POST.getlist("tickets")[:MOST_AT_ONCE]:
            try:
                ids.append(UUID(text))
            except ValueError:
                continue
        return list(Ticket.objects.visible_to(self.me).filter(id__in=ids).order_by("id"))

    def hand_over(self, tickets: list[Ticket], department: Any, assignee: Any) -> None:
        """Hand each over; those that cannot be are named, the others go."""
        done = 0
        for ticket in tickets:
            try:
                handling.assign(
                    ticket=ticket,
                    department=department,
                    assignee=assignee,
                    by=self.actor,
                    now=self.now,
                )
            except Refused as refusal:
                messages.error(self.request, f"{ticket.number}: {refusal}")
            else:
                done += 1
        if done:
            text = ngettext("%(n)s ticket handed over.", "%(n)s tickets handed over.", done)
            messages.success(self.request, text % {"n": done})
