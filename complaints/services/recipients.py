"""Who is told about a ticket: the people who answer for it, from the handler up to the admin.

Whoever is away is told for the day they come back; who covers for them is told as well, and
stands first. Where nobody who is here would hear of it, those above hear of it too.
"""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Protocol
from uuid import UUID

from complaints.models import Level
from tenancy.models import DepartmentMember, Membership, MembershipCommunity
from tenancy.permissions import Role
from tenancy.services.absences import covers

Ids = tuple[UUID, ...]


class Concerned(Protocol):
    """What decides who answers for a ticket (a Ticket, or these three of its facts)."""

    @property
    def community_id(self) -> UUID: ...
    @property
    def department_id(self) -> UUID | None: ...
    @property
    def assignee_id(self) -> UUID | None: ...


class People:
    """The staff of the company being served, and who of them answers for what.

    Loaded with five queries, then kept: make one per request or pass. Every question is
    answered with at least one person as long as the company has any staff: where a level has
    nobody, the next higher one answers, and where there is nobody higher, the highest there is.
    """

    def __init__(self, *, now: datetime) -> None:
        staff = Membership.objects.active().staff().order_by("id")
        self.staff: dict[UUID, Membership] = {member.id: member for member in staff}
        self._places: dict[UUID, set[UUID]] = {}
        for member_id, community_id in MembershipCommunity.objects.values_list(
            "membership_id", "community_id"
        ):
            self._places.setdefault(member_id, set()).add(community_id)
        self._leaders: dict[UUID, list[UUID]] = {}
        self._members: set[tuple[UUID, UUID]] = set()
        for department_id, member_id, leads in DepartmentMember.objects.order_by("id").values_list(
            "department_id", "membership_id", "is_supervisor"
        ):
            self._members.add((department_id, member_id))
            if leads:
                self._leaders.setdefault(department_id, []).append(member_id)
        self._covers = covers(now=now)
        self._known: dict[tuple[int, UUID, UUID | None, UUID | None], Ids] = {}

    def of_level(self, level: int, ticket: Concerned) -> Ids:
        """Whom the machine tells when a deadline of the ticket reaches a level."""
        key = (level, ticket.community_id, ticket.department_id, ticket.assignee_id)
        if key not in self._known:
            self._known[key] = self._asked[level](self, ticket)
        return self._known[key]

    def handler_or_supervisors(self, ticket: Concerned) -> Ids:
        """The handler; if nobody took it, the supervisors."""
        return self._or_above(self._handler(ticket), ticket, People.supervisors)

    def handler_and_supervisors(self, ticket: Concerned) -> Ids:
        """The handler and those who answer for the department."""
        both = (*self._handler(ticket), *self._supervisors(ticket))
        return self._or_above(both, ticket, People.managers)

    def supervisors(self, ticket: Concerned) -> Ids:
        """Who answers for the ticket's department, or for its community while it has none."""
        return self._or_above(self._supervisors(ticket), ticket, People.managers)

    def managers(self, ticket: Concerned) -> Ids:
        """The managers of the ticket's community."""
        return self._or_above(self._with_role(Role.MANAGER, ticket), ticket, People.admins)

    def admins(self, ticket: Concerned) -> Ids:
        """The admins of the company; without any, whoever stands highest."""
        highest = (
            tuple(each for each, member in self.staff.items() if Role.ADMIN in member.roles)
            or self._with_role(Role.MANAGER, ticket)
            or self._supervisors(ticket)
            or tuple(self.staff)
        )
        return self._reached(highest, ticket)

    def names(self, ids: Iterable[UUID]) -> list[str]:
        """What the members are called in the company."""
        return [self.staff[each].name for each in ids]

    def _or_above(
        self, asked: Ids, ticket: Concerned, above: Callable[["People", Concerned], Ids]
    ) -> Ids:
        """Those who are asked and their covers; those above too, when none of them is here."""
        reached = self._reached(asked, ticket)
        if any(each not in self._covers for each in reached):
            return reached
        return self._reached((*above(self, ticket), *reached), ticket)

    def _reached(self, asked: Ids, ticket: Concerned) -> Ids:
        """Each of them once, with whoever covers for the absent; those who are here come first."""
        both: list[UUID] = []
        for each in asked:
            cover = self._covers.get(each)
            if cover is not None and self._may_see(cover, ticket):
                both.append(cover)
            both.append(each)
        return tuple(sorted(dict.fromkeys(both), key=lambda each: each in self._covers))

    def _handler(self, ticket: Concerned) -> Ids:
        handler = ticket.assignee_id
        return (handler,) if handler in self.staff and handler is not None else ()

    def _supervisors(self, ticket: Concerned) -> Ids:
        if ticket.department_id is None:
            return self._with_role(Role.SUPERVISOR, ticket)
        leaders = self._leaders.get(ticket.department_id, ())
        return tuple(each for each in leaders if self._looks_after(each, ticket))

    def _with_role(self, role: Role, ticket: Concerned) -> Ids:
        return tuple(
            each
            for each, member in self.staff.items()
            if role in member.roles and self._looks_after(each, ticket)
        )

    def _looks_after(self, member_id: UUID, ticket: Concerned) -> bool:
        """Still here, and allowed to see tickets of that community."""
        member = self.staff.get(member_id)
        if member is None:
            return False
        return member.all_communities or ticket.community_id in self._places.get(member_id, ())

    def _may_see(self, member_id: UUID, ticket: Concerned) -> bool:
        """As `visible_to` of tickets: who does nothing but jobs sees those of their departments."""
        if not self._looks_after(member_id, ticket):
            return False
        if set(self.staff[member_id].roles) - {Role.TECHNICIAN, Role.OWNER}:
            return True
        place = ticket.department_id
        return place is not None and (place, member_id) in self._members

    _asked: dict[int, Callable[["People", Concerned], Ids]] = {
        Level.WARNING: handler_or_supervisors,
        Level.BREACH: handler_and_supervisors,
        Level.MANAGER: managers,
        Level.ADMIN: admins,
    }


def handler_or_supervisors(ticket: Concerned, *, now: datetime) -> Ids:
    """The ticket's handler; if nobody took it, the supervisors."""
    return People(now=now).handler_or_supervisors(ticket)


def supervisors(ticket: Concerned, *, now: datetime) -> Ids:
    """Who answers for the ticket's department, or for its community while it has none."""
    return People(now=now).supervisors(ticket)


def managers(ticket: Concerned, *, now: datetime) -> Ids:
    """The managers of the ticket's community."""
    return People(now=now).managers(ticket)


def admins(ticket: Concerned, *, now: datetime) -> Ids:
    """The admins of the company."""
    return People(now=now).admins(ticket)
