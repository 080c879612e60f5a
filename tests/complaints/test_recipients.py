"""Who answers for a ticket: from the handler up, and never nobody."""

from dataclasses import dataclass
from uuid import UUID, uuid4

import pytest

from complaints.models import Level
from complaints.services import recipients
from complaints.services.recipients import People
from tenancy.models import (
    Absence,
    Community,
    DepartmentMember,
    Membership,
    MembershipCommunity,
    User,
)
from tenancy.permissions import Role
from tests.factories.cast import TUESDAY, Cast


@dataclass(frozen=True)
class Facts:
    """The three facts of a ticket that decide."""

    community_id: UUID
    department_id: UUID | None
    assignee_id: UUID | None


@pytest.fixture
def ticket(scoped: Cast) -> Facts:
    return Facts(scoped.community.pk, scoped.engineering.pk, scoped.technician.pk)


def without(ticket: Facts, *, handler: bool = True, department: bool = True) -> Facts:
    return Facts(
        ticket.community_id,
        ticket.department_id if department else None,
        ticket.assignee_id if handler else None,
    )


def names(level: Level, ticket: Facts) -> list[str]:
    people = People(now=TUESDAY)
    return people.names(people.of_level(level, ticket))


def leaves(*members: Membership) -> None:
    Membership.objects.filter(id__in=[member.pk for member in members]).update(is_active=False)


def join(name: str, *roles: str, community: Community | None = None) -> Membership:
    """Another member of staff, for one community if it is named."""
    member: Membership = Membership.objects.create(
        user=User.objects.create(username=f"{name}-{uuid4()}"),
        name=name,
        roles=list(roles),
        all_communities=community is None,
    )
    if community is not None:
        MembershipCommunity.objects.create(membership=member, community=community)
    return member


def test_each_level_has_its_people(scoped: Cast, ticket: Facts) -> None:
    assert [names(level, ticket) for level in Level] == [
        ["technician"],
        ["technician", "supervisor"],
        ["manager"],
        ["admin"],
    ]


def test_nobody_took_it_so_the_supervisors_are_told(scoped: Cast, ticket: Facts) -> None:
    untaken = without(ticket, handler=False)
    assert names(Level.WARNING, untaken) == names(Level.BREACH, untaken) == ["supervisor"]


def test_handler_who_left_is_nobody(scoped: Cast, ticket: Facts) -> None:
    leaves(scoped.technician)
    assert names(Level.WARNING, ticket) == names(Level.BREACH, ticket) == ["supervisor"]


def test_supervisor_who_handles_it_is_told_once(scoped: Cast, ticket: Facts) -> None:
    own = Facts(ticket.community_id, ticket.department_id, scoped.supervisor.pk)
    assert names(Level.BREACH, own) == ["supervisor"]


def test_without_a_department_the_supervisors_of_the_community_are_told(
    scoped: Cast, ticket: Facts
) -> None:
    elsewhere = Community.objects.create(name="月光小区")
    join("here", Role.SUPERVISOR, community=scoped.community)
    join("elsewhere", Role.SUPERVISOR, community=elsewhere)
    nowhere = without(ticket, handler=False, department=False)
    assert names(Level.WARNING, nowhere) == ["supervisor", "here"]


def test_department_has_several_supervisors(scoped: Cast, ticket: Facts) -> None:
    second = join("second", Role.TECHNICIAN)
    DepartmentMember.objects.create(
        department=scoped.engineering, membership=second, is_supervisor=True
    )
    assert names(Level.WARNING, without(ticket, handler=False)) == ["supervisor", "second"]


def test_supervisor_of_other_communities_is_not_told(scoped: Cast, ticket: Facts) -> None:
    elsewhere = Community.objects.create(name="月光小区")
    Membership.objects.filter(pk=scoped.supervisor.pk).update(all_communities=False)
    MembershipCommunity.objects.create(membership=scoped.supervisor, community=elsewhere)
    assert names(Level.WARNING, without(ticket, handler=False)) == ["manager"]


@pytest.mark.parametrize(
    ("gone", "expected"),
    [
        (["supervisor"], ["manager"]),
        (["supervisor", "manager"], ["admin"]),
        # Nobody higher: the highest there is.
        (["supervisor", "manager", "admin"], ["technician", "desk"]),
    ],
)
def test_level_without_people_goes_to_the_next_higher(
    scoped: Cast, ticket: Facts, gone: list[str], expected: list[str]
) -> None:
    leaves(*(scoped.members[name] for name in gone))
    assert names(Level.WARNING, without(ticket, handler=False)) == expected


@pytest.mark.parametrize(
    ("gone", "expected"),
    [(["admin"], ["manager"]), (["admin", "manager"], ["supervisor"])],
)
def test_without_an_admin_the_highest_there_is_answers(
    scoped: Cast, ticket: Facts, gone: list[str], expected: list[str]
) -> None:
    leaves(*(scoped.members[name] for name in gone))
    assert names(Level.ADMIN, ticket) == expected


def test_owners_are_never_told_of_escalations(scoped: Cast, ticket: Facts) -> None:
    staff = [member for name, member in scoped.members.items() if name != Role.OWNER]
    leaves(*staff)
    assert [names(level, ticket) for level in Level] == [[], [], [], []]


def away(member: Membership, cover: Membership | None = None) -> None:
    Absence.objects.create(
        membership=member, starts_on=TUESDAY.date(), ends_on=TUESDAY.date(), covered_by=cover
    )


def test_cover_of_an_absent_handler_is_told_first(scoped: Cast, ticket: Facts) -> None:
    away(scoped.technician, scoped.desk)
    assert [names(level, ticket) for level in Level] == [
        ["desk", "technician"],
        ["desk", "supervisor", "technician"],
        ["manager"],
        ["admin"],
    ]


def test_supervisors_are_told_where_nobody_covers(scoped: Cast, ticket: Facts) -> None:
    away(scoped.technician)
    assert names(Level.WARNING, ticket) == ["supervisor", "technician"]


def test_cover_who_is_away_is_covered_in_turn(scoped: Cast, ticket: Facts) -> None:
    away(scoped.technician, scoped.desk)
    away(scoped.desk, scoped.manager)
    assert names(Level.WARNING, ticket) == ["manager", "technician"]


def test_covers_who_cover_each_other_are_nobody(scoped: Cast, ticket: Facts) -> None:
    away(scoped.technician, scoped.desk)
    away(scoped.desk, scoped.technician)
    assert names(Level.WARNING, ticket) == ["supervisor", "technician"]


@pytest.mark.parametrize("joins", [False, True])
def test_cover_who_could_not_open_the_ticket_is_not_told(
    scoped: Cast, ticket: Facts, joins: bool
) -> None:
    """Who does nothing but jobs sees those of their own departments."""
    gardener = join("gardener", Role.TECHNICIAN)
    if joins:
        DepartmentMember.objects.create(department=scoped.engineering, membership=gardener)
    away(scoped.technician, gardener)
    first = "gardener" if joins else "supervisor"
    assert names(Level.WARNING, ticket) == [first, "technician"]


def test_cover_for_other_communities_is_not_told(scoped: Cast, ticket: Facts) -> None:
    elsewhere = Community.objects.create(name="月光小区")
    away(scoped.technician, join("elsewhere", Role.DESK, community=elsewhere))
    assert names(Level.WARNING, ticket) == ["supervisor", "technician"]


def test_absence_of_everybody_leaves_nobody_out(scoped: Cast, ticket: Facts) -> None:
    for name in ("technician", "supervisor", "manager", "admin"):
        away(scoped.members[name])
    assert names(Level.WARNING, ticket) == ["admin", "manager", "supervisor", "technician"]


def test_questions_about_one_ticket(scoped: Cast, ticket: Facts) -> None:
    assert (
        recipients.handler_or_supervisors(ticket, now=TUESDAY),
        recipients.supervisors(ticket, now=TUESDAY),
        recipients.managers(ticket, now=TUESDAY),
        recipients.admins(ticket, now=TUESDAY),
    ) == (
        (scoped.technician.pk,),
        (scoped.supervisor.pk,),
        (scoped.manager.pk,),
        (scoped.admin.pk,),
    )
