"""Who is told about a ticket: the people who answer for it, from the handler up to the admin."""

from collections.abc import Callable, Iterable
from typing import Protocol
from uuid import UUID

from complaints.models import Level
from tenancy.models import DepartmentMember, Membership, MembershipCommunity
from tenancy.permissions import Role

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

    Loaded with three queries, then kept: make one per request or pass. Every question is
    answered with at least one person as long as the company has any staff: where a level has
    nobody, the next higher one answers, and where there is nobody higher, the highest there is.
    """

    def __init__(self) -> None:
        staff = Membership.objects.active().staff().order_by("id")
        self.staff: dict[UUID, Membership] = {member.id: member for member in staff}
        self._places: dict[UUID, set[UUID]] = {}
        for member_id, community_id in MembershipCommunity.objects.values_list(
            "membership_id", "community_id"
        ):
            self._places.setdefault(member_id, set()).add(community_id)
        self._leaders: dict[UUID, list[UUID]] = {}
        for department_id, member_id in (
            DepartmentMember.objects.filter(is_supervisor=True)
            .order_by("id")
            .values_list("department_id", "membership_id")
        ):
            self._leaders.setdefault(department_id, []).append(member_id)
        self._known: dict[tuple[int, UUID, UUID | None, UUID | None], Ids] = {}

    def of_level(self, level: int, ticket: Concerned) -> Ids:
        """Whom the machine tells when a deadline of the ticket reaches a level."""
        key = (level, ticket.community_id, ticket.department_id, ticket.assignee_id)
        if key not in self._known:
            self._known[key] = self._asked[level](self, ticket)
        return self._known[key]

    def handler_or_supervisors(self, ticket: Concerned) -> Ids:
        """The handler; if nobody took it, the supervisors."""
        return self._handler(ticket) or self.supervisors(ticket)

    def handler_and_supervisors(self, ticket: Concerned) -> Ids:
        """The handler and those who answer for the department."""
        both = (*self._handler(ticket), *self._supervisors(ticket))
        return tuple(dict.fromkeys(both)) or self.managers(ticket)

    def supervisors(self, ticket: Concerned) -> Ids:
        """Who answers for the ticket's department, or for its community while it has none."""
        return self._supervisors(ticket) or self.managers(ticket)

    def managers(self, ticket: Concerned) -> Ids:
        """The managers of the ticket's community."""
        return self._with_role(Role.MANAGER, ticket) or self.admins(ticket)

    def admins(self, ticket: Concerned) -> Ids:
        """The admins of the company; without any, whoever stands highest."""
        return (
            tuple(each for each, member in self.staff.items() if Role.ADMIN in member.roles)
            or self._with_role(Role.MANAGER, ticket)
            or self._supervisors(ticket)
            or tuple(self.staff)
        )

    def names(self, ids: Iterable[UUID]) -> list[str]:
        """What the members are called in the company."""
        return [self.staff[each].name for each in ids]

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

    _asked: dict[int, Callable[["People", Concerned], Ids]] = {
        Level.WARNING: handler_or_supervisors,
        Level.BREACH: handler_and_supervisors,
        Level.MANAGER: managers,
        Level.ADMIN: admins,
    }


def handler_or_supervisors(ticket: Concerned) -> Ids:
    """The ticket's handler; if nobody took it, the supervisors."""
    return People().handler_or_supervisors(ticket)


def supervisors(ticket: Concerned) -> Ids:
    """Who answers for the ticket's department, or for its community while it has none."""
    return People().supervisors(ticket)


def managers(ticket: Concerned) -> Ids:
    """The managers of the ticket's community."""
    return People().managers(ticket)


def admins(ticket: Concerned) -> Ids:
    """The admins of the company."""
    return People().admins(ticket)
