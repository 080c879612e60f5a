"""Who gets a ticket that is handed over, and the hand-over itself."""

from datetime import datetime
from functools import cached_property
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from complaints.models import EventKind, Ticket
from complaints.services.lifecycle import Act, check
from complaints.services.timeline import write
from tenancy.models import Department, DepartmentMember, Membership
from tenancy.permissions import Can
from tenancy.services.absences import away, spoken
from tenancy.services.actor import Actor
from tenancy.services.refusal import Refused


class NobodyNamed(Refused):
    """A hand-over without a department or a person."""

    code = "nobody_named"
    sentence = _("Choose a department or a person.")


class CannotHandle(Refused):
    """The person named does not handle tickets, or not in this department."""

    code = "cannot_handle"
    sentence = _("%(name)s does not handle tickets there.")


class IsAway(Refused):
    """The person named is away and somebody covers; whoever means it says so."""

    code = "is_away"
    sentence = _("%(name)s is away until %(until)s; %(cover)s covers. Choose %(cover)s, or insist.")


class IsAwayUncovered(IsAway):
    """The person named is away, and nobody covers."""

    sentence = _("%(name)s is away until %(until)s, and nobody covers. Choose another, or insist.")


class Receiver:
    """A department, a person, or a person in a department: who is to have tickets from now on.

    What is asked about them is asked once, however many tickets they get.
    """

    def __init__(self, department: Department | None, assignee: Membership | None) -> None:
        if department is None and assignee is None:
            raise NobodyNamed
        self.department, self.assignee = department, assignee

    @property
    def name(self) -> str:
        """Whom people are told about."""
        named = self.assignee or self.department
        return named.name if named else ""

    def make_sure_is_here(self, *, now: datetime, by: Actor) -> None:
        """Somebody who is away gets nothing by mistake; to oneself one may give anything."""
        if self.assignee is None or self.assignee.pk == by.membership_id:
            return
        absence = away(members=[self.assignee.pk], now=now).get(self.assignee.pk)
        if absence is None:
            return
        facts = {"name": self.assignee.name, "until": spoken(absence.ends_on)}
        if absence.covered_by is None:
            raise IsAwayUncovered(**facts)
        raise IsAway(**facts, cover=absence.covered_by.name)

    def make_sure_can_handle(self, ticket: Ticket) -> None:
        """Whether the person named does this kind of work, in this ticket's community."""
        member = self.assignee
        if member is None:
            return
        in_community = member.all_communities or ticket.community_id in member.community_ids()
        if not (member.is_active and member.can(Can.RESOLVE) and in_community):
            raise CannotHandle(name=member.name)

    def department_for(self, ticket: Ticket) -> Department | None:
        """The department the receiver acts for: the ticket's when they are in it, else their
        first."""
        if self.department is not None:
            return self.department
        fitting = [place for place in self.places if place.pk == ticket.department_id]
        return (fitting or self.places)[0] if self.places else ticket.department

    @cached_property
    def places(self) -> list[Department]:
        """The departments of the person, their first one first."""
        rows = (
            DepartmentMember.objects.filter(membership=self.assignee)
            .select_related("department")
            .order_by("department__position", "id")
        )
        return [row.department for row in rows]


def has_it_already(ticket: Ticket, to: Receiver) -> bool:
    """Whether the ticket lies there: the same hand-over again changes nothing."""
    department = to.department_for(ticket)
    return (ticket.department_id, ticket.assignee_id) == (id_of(department), id_of(to.assignee))


def id_of(row: Department | Membership | None) -> UUID | None:
    return row.pk if row else None


def hand_over(*, ticket: Ticket, to: Receiver, by: Actor, now: datetime) -> None:
    """Give a claimed ticket to somebody else; telling them is the caller's."""
    facts = change(ticket, to)
    ticket.save(update_fields=["department", "assignee"])
    write(ticket=ticket, kind=EventKind.ASSIGNED, by=by, now=now, **facts)


def change(ticket: Ticket, to: Receiver) -> dict[str, Any]:
    """Put the receiver into a claimed ticket, not saved yet; what its timeline will say."""
    check(Act.ASSIGN, ticket)
    to.make_sure_can_handle(ticket)
    department, assignee = to.department_for(ticket), to.assignee
    before = {"department": _text(ticket.department_id), "assignee": _text(ticket.assignee_id)}
    ticket.department, ticket.assignee = department, assignee
    return {
        "before": before,
        "department": department.name if department else "",
        "assignee": assignee.name if assignee else "",
    }


def _text(value: object) -> str:
    return str(value) if value else ""
