"""What is late, and what is about to be: for those who answer for it."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from complaints.forms.reassign import ReassignForm, Rooms
from complaints.models import Deadline, Escalation, Level, PromiseKind, Ticket
from complaints.services.lateness import soon_until
from complaints.views.late_piles import Piles, pile_up
from complaints.views.rows import COLUMNS, Presenter, Row
from owners.models import Owner
from owners.services.personal import mask_phone
from tenancy.models import Membership
from tenancy.pages import ListPage, Page
from tenancy.permissions import Can, Role
from tenancy.services.working_time import WorkingTimes

STATES = {"state=late": _("promises late"), "state=soon": _("soon late")}
FILTERS = ("scope", "department", "person", "promise", "state")


@dataclass(slots=True)
class LateRow:
    """A promise that is late, or soon will be: with what was tried, and whom to call."""

    ticket: Row
    level: int
    tried: list[tuple[str, datetime]] = field(default_factory=list)
    owner: Owner | None = None
    phone: str = ""  # the owner's, masked
    handler_phone: str = ""


class LateView(Page):
    """What the pages of the late share: whose tickets they are about."""

    needs = Can.READ_LATE

    @cached_property
    def asked(self) -> QueryDict:
        """How the list is narrowed; a form carries it along."""
        return self.request.POST if self.request.method == "POST" else self.request.GET

    @property
    def sees_all(self) -> bool:
        """A supervisor looks at their departments first; those above at everything."""
        above = not {Role.MANAGER, Role.ADMIN}.isdisjoint(self.me.roles)
        return above or self.asked.get("scope") == "all"

    def tickets(self) -> QuerySet[Any]:
        """The tickets this page is about."""
        found = Ticket.objects.visible_to(self.me).active()
        if self.sees_all:
            return found
        mine = Q(department_id__in=self.me.department_ids()) | Q(department_id=None)
        return found.filter(mine)

    @cached_property
    def soon_until(self) -> datetime:
        """Until when what falls due counts as soon."""
        return soon_until(self.times.of(None), self.now)

    @cached_property
    def times(self) -> WorkingTimes:
        """The company's opening hours, read once."""
        return WorkingTimes()

    def running(self) -> QuerySet[Any]:
        """Promises that are late, or will be soon."""
        return Deadline.objects.unmet().filter(
            paused_at=None,
            due_at__lt=self.soon_until,
            ticket_id__in=self.tickets().values("id"),
        )

    def narrowed(self) -> QuerySet[Any]:
        """Those of them that the list is narrowed to."""
        found = self.running()
        for name, column in (
            ("department", "ticket__department_id"),
            ("person", "ticket__assignee_id"),
        ):
            if self.asked.get(name) == "none":
                found = found.filter(**{column: None})
            elif (chosen := self.chosen(name)) is not None:
                found = found.filter(**{column: chosen})
        if (promise := self.asked.get("promise")) in PromiseKind.values:
            found = found.filter(promise=promise)
        if (state := self.asked.get("state")) in ("late", "soon"):
            late = Q(due_at__lt=self.now)
            found = found.filter(late if state == "late" else ~late)
        return found

    def chosen(self, name: str) -> UUID | None:
        """The department or person that the list is narrowed to."""
        try:
            return UUID(self.asked.get(name, ""))
        except ValueError:
            return None

    def narrowing(self) -> list[tuple[str, str]]:
        """How the list is narrowed, for a form to carry along."""
        return [(name, value) for name in FILTERS if (value := self.asked.get(name, ""))]

    @property
    def is_supervisor_only(self) -> bool:
        """Whether there is more to see than one's own departments."""
        return not {Role.MANAGER, Role.ADMIN} & set(self.me.roles)


class LatePage(LateView, ListPage):
    """What is late first, the longest first; then what is about to be."""

    title = _("Late and soon late")
    template_name = "complaints/late.html"
    page_size = 50

    def rows(self) -> QuerySet[Any]:
        return (
            self.narrowed()
            .order_by("due_at", "id")
            .values("id", "ticket_id", "promise", "due_at", "starts_at", "next_level")
        )

    def context(self, **more: Any) -> dict[str, Any]:
        context = super().context(**more)
        piles = pile_up(self.running(), self.now)
        context.update(
            rows=self.described(context["rows"]),
            scope="scope=all&" if self.asked.get("scope") == "all" else "",
            form=ReassignForm(rooms=Rooms([], now=self.now, times=self.times)),
            narrowed_to=self.narrowed_to(piles),
            piles=piles,
        )
        return context

    def described(self, found: list[dict[str, Any]]) -> list[LateRow]:
        """The promises with their tickets, people, and what was tried: four more queries."""
        presenter = Presenter(self.request.company, self.me.pk, self.now)
        ids = [row["ticket_id"] for row in found]
        columns = (*COLUMNS, "owner_id")
        tickets = {row["id"]: row for row in Ticket.objects.filter(id__in=ids).values(*columns)}
        owners = Owner.objects.in_bulk({row["owner_id"] for row in tickets.values()} - {None})
        phones = work_phones(row["assignee_id"] for row in tickets.values())
        tried: dict[UUID, list[tuple[str, datetime]]] = {}
        for deadline_id, level, at in (
            Escalation.objects.filter(deadline_id__in=[row["id"] for row in found])
            .order_by("level")
            .values_list("deadline_id", "level", "taken_at")
        ):
            tried.setdefault(deadline_id, []).append((str(Level(level).label), at))
        lines = []
        for row in found:
            ticket = tickets[row["ticket_id"]]
            owner = owners.get(ticket["owner_id"])
            lines.append(
                LateRow(
                    ticket=presenter.row(ticket, (row["promise"], row["starts_at"], row["due_at"])),
                    level=row["next_level"],
                    tried=tried.get(row["id"], []),
                    owner=owner,
                    phone=mask_phone(owner.phone) if owner else "",
                    handler_phone=phones.get(ticket["assignee_id"], ""),
                )
            )
        return lines

    def narrowed_to(self, piles: Piles) -> list[Any]:
        """The names of what the list is narrowed to."""
        asked = {f"{name}={value}" for name, value in self.narrowing()}
        found = [pile.name for pile in piles.all() if pile.query in asked]
        return [*found, *(label for key, label in STATES.items() if key in asked)]


def work_phones(people: Iterable[UUID | None]) -> dict[UUID, str]:
    """What these members are called on by their colleagues."""
    rows = Membership.objects.filter(id__in={each for each in people if each})
    return dict(rows.values_list("id", "work_phone"))
