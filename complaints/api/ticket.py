"""Tickets: list, file, read, and everything that can be done to one."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_view
from rest_framework.decorators import action
from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from complaints.api import examples
from complaints.api.ticket_fields import (
    AssignSerializer,
    MoveDaySerializer,
    NewTicketSerializer,
    PauseSerializer,
    ReopenSerializer,
    ResolveSerializer,
    TicketSerializer,
    WholeTicketSerializer,
    ticket_fields,
    whole_ticket_fields,
)
from complaints.filters.ticket import TicketFilter
from complaints.models import Category, Source, Ticket
from complaints.services import handling, moving_day, overseeing, owner_voice
from complaints.services.filing import file_ticket
from owners.models import Owner, Ownership, OwnershipRole, Unit
from tenancy.models import Community, Department, Membership
from tenancy.permissions import Can
from tenancy.viewsets import ListAndRead, Need, Order, idempotent, operation

NOT_THERE = _("There is nothing with this id.")
FILE = (Can.FILE_TICKET, Can.FILE_FOR_OWNER)


def done(summary: str, **documented: Any) -> Callable[..., Any]:
    """An action on one ticket that answers with the ticket as it is afterwards."""

    def wrap(method: Any) -> Any:
        documented.setdefault("refusals", ("wrong_state",))
        routed = action(detail=True, methods=["post"])(method)
        return operation(summary, answers=WholeTicketSerializer, **documented)(routed)

    return wrap


@extend_schema_view(
    list=operation(
        "List tickets",
        answers=TicketSerializer(many=True),
        more="What the member may see: owners their own, technicians their work, the desk its "
        "communities. `status=open` is what somebody still has to solve; "
        "`ordering=next_due_at` is the desk's queue.",
    ),
    retrieve=operation("Read a ticket", answers=WholeTicketSerializer),
)
class TicketViewSet(ListAndRead):
    """Complaints, repairs, suggestions, praise and enquiries."""

    model = Ticket
    filterset_class = TicketFilter
    needs: ClassVar[dict[str, Need]] = {
        "list": Can.READ_TICKETS,
        "retrieve": Can.READ_TICKETS,
        "create": FILE,
        "accept": Can.ACCEPT,
        "assign": Can.ASSIGN,
        "take_over": Can.ASSIGN,
        "seen": Can.READ_LATE,
        "pause": Can.PAUSE,
        "resume": Can.PAUSE,
        "move_day": Can.IMPROVE,
        "resolve": Can.RESOLVE,
        "close": Can.CLOSE,
        "reopen": Can.REOPEN,
        "urge": Can.URGE,
    }
    orders: ClassVar[dict[str, Order]] = {
        "next_due_at": Order("next_due_at", nullable=True),
        "-next_due_at": Order("next_due_at", descending=True, nullable=True),
        "created_at": Order("created_at"),
        "-created_at": Order("created_at", descending=True),
    }
    ordering = "-created_at"

    def shape(self, now: datetime, *, whole: bool) -> dict[str, Any]:
        return whole_ticket_fields(now) if whole else ticket_fields(now)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if "pk" in self.kwargs and self.action != "retrieve":
            # Before the body is looked at: to a ticket that is not there nothing can be said.
            self.ticket: Ticket = self.one(self.rows(), self.kwargs["pk"])

    def act(self, service: Callable[..., Any], **facts: Any) -> Response:
        """Do it, and show the ticket as it is now."""
        service(ticket=self.ticket, by=self.actor, now=self.now, **facts)
        return Response(self.just(self.ticket.pk))

    # --- filing ---

    @operation(
        "File a ticket",
        sends=NewTicketSerializer,
        answers=WholeTicketSerializer,
        status=201,
        more="Owners file about their own units and in their own name. Staff file for an owner; "
        "unless one is named it is the unit's only owner. The answer says what is promised.",
        refusals=("wrong_category", "no_place", "place_laid_aside"),
        sent=examples.NEW_TICKET,
        answered=examples.TICKET,
    )
    @idempotent
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        asked = self.sent(NewTicketSerializer)
        unit: Unit | None = self.named(Unit.objects.visible_to(self.member), asked, "unit")
        category = self.named(Category.objects.visible_to(self.member), asked, "category")
        ticket = file_ticket(
            kind=asked["kind"],
            category=category,
            urgency=asked.get("urgency", ""),
            source=self.channel_of(asked),
            title=asked["title"],
            description=asked["description"],
            unit=unit,
            community=None if unit else self.community(asked),
            owner=self.owner_for(unit, asked),
            by=self.actor,
            now=self.now,
        )
        return Response(self.just(ticket.pk), status=201)

    def named(self, rows: Any, asked: dict[str, Any], name: str) -> Any:
        """The row that a value names; unknown and not visible are one fault."""
        value = asked.get(name)
        if value is None:
            return None
        for row in rows.filter(pk=value)[:1]:
            return row
        raise ValidationError({name: [ErrorDetail(str(NOT_THERE), "does_not_exist")]})

    def channel_of(self, asked: dict[str, Any]) -> str:
        """Staff say how it reached them; what owners send came through here, whatever they say."""
        told: str = asked["channel"]
        return told if self.member.can(Can.FILE_FOR_OWNER) else Source.API

    def community(self, asked: dict[str, Any]) -> Community | None:
        rows = Community.objects.visible_to(self.member)
        if not self.member.can(Can.FILE_FOR_OWNER):
            mine = Unit.objects.lived_in_by(self.member)
            rows = rows.filter(id__in=mine.values("community_id"))
        found: Community | None = self.named(rows, asked, "community")
        return found

    def owner_for(self, unit: Unit | None, asked: dict[str, Any]) -> Owner | None:
        """In whose name it is filed."""
        if not self.member.can(Can.FILE_FOR_OWNER):
            rows = Owner.objects.filter(membership_id=self.member.id)
            myself: Owner | None = self.named(rows, asked, "owner") or rows.first()
            return myself
        rows = Owner.objects.visible_to(self.member)
        if unit is None:
            named: Owner | None = self.named(rows, asked, "owner")
            return named
        ties = Ownership.objects.current().filter(unit_id=unit.pk)
        if asked.get("owner"):
            tied: Owner | None = self.named(
                rows.filter(id__in=ties.values("owner_id")), asked, "owner"
            )
            return tied
        people = list(ties.select_related("owner"))
        owning = [tie for tie in people if tie.role == OwnershipRole.OWNER]
        only: dict[UUID, Owner] = {tie.owner_id: tie.owner for tie in owning or people}
        return next(iter(only.values())) if len(only) == 1 else None

    # --- what happens to one ---

    @done(
        "Accept a ticket",
        sends=None,
        more="Somebody answers for it from now on: whoever accepts, unless it has a handler.",
    )
    def accept(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return self.act(handling.accept)

    @done(
        "Hand a ticket over",
        sends=AssignSerializer,
        refusals=("wrong_state", "nobody_named", "cannot_handle", "is_away"),
        sent={"assignee": "019a1b2c-0000-7000-8000-000000000003"},
    )
    def assign(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        asked = self.sent(AssignSerializer)
        return self.act(
            handling.assign,
            department=self.named(Department.objects.visible_to(self.member), asked, "department"),
            assignee=self.named(Membership.objects.active().staff(), asked, "assignee"),
            insist=asked["insist"],
        )

    @done(
        "Take a ticket over",
        sends=None,
        more="Into the hands of whoever asks; a new one is accepted as well.",
    )
    def take_over(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return self.act(overseeing.take_over)

    @done(
        "Say that an escalation was seen",
        sends=None,
        more="Of a ticket that has come up to the member and is still open; it stands in the "
        "timeline, for staff.",
        refusals=("nothing_came_up",),
    )
    def seen(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return self.act(overseeing.mark_seen)

    @done(
        "Pause a ticket",
        sends=PauseSerializer,
        more="Its clocks stand still while somebody else is waited for; the callback's goes on.",
        sent={"reason": "part", "note": "等电梯主板到货"},
    )
    def pause(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return self.act(handling.pause, **self.sent(PauseSerializer))

    @done("Resume a ticket", sends=None, more="What was left of each promise counts from now.")
    def resume(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return self.act(handling.resume)

    @done(
        "Move the day of a ticket",
        sends=MoveDaySerializer,
        more="Of what the company set itself to do, while it is open. What the machine has done "
        "about the old day stays; the handler is told.",
        refusals=("wrong_state", "no_day_named", "reason_missing", "day_is_past", "same_day"),
        sent={"due_on": "2027-02-26", "reason": "配件下月才到"},
    )
    def move_day(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return self.act(moving_day.move_day, **self.sent(MoveDaySerializer))

    @done(
        "Resolve a ticket",
        sends=ResolveSerializer,
        refusals=("wrong_state", "solution_missing"),
        sent={"solution": "更换主板，试运行两小时正常"},
    )
    def resolve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return self.act(handling.resolve, **self.sent(ResolveSerializer))

    @done("Close a ticket", sends=None, refusals=("wrong_state", "call_first"))
    def close(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return self.act(handling.close)

    @done(
        "Reopen a ticket",
        sends=ReopenSerializer,
        refusals=("wrong_state", "reason_missing"),
        sent={"reason": "第二天又停了"},
    )
    def reopen(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return self.act(handling.reopen, **self.sent(ReopenSerializer))

    @done(
        "Urge a ticket",
        sends=None,
        more="The owner asks to hurry (催办), once per working day.",
        refusals=("wrong_state", "urged_already", "not_yours"),
    )
    def urge(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return self.act(owner_voice.urge)
