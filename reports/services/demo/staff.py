"""Who works in a demo company, and who of its owners has an account."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.contrib.auth.hashers import make_password
from pypinyin import lazy_pinyin

from owners.models import Owner
from reports.services.demo.company import CROWD_SEED, Blueprint
from reports.services.demo.estate import Houses
from reports.services.demo.people import names, staff_phone
from tenancy.models import (
    Absence,
    Community,
    Company,
    Department,
    DepartmentMember,
    Membership,
    MembershipCommunity,
    User,
)
from tenancy.permissions import Role
from tenancy.services.absences import today

PASSWORD = "portal-demo-2026"  # noqa: S105  known to everybody, refused outside the demo
# Account, role, department, and whether they answer for it. The rest of each team follows.
ACCOUNTS = (
    ("manager", Role.MANAGER, "", False),
    ("supervisor", Role.SUPERVISOR, "工程部", True),
    ("desk", Role.DESK, "客服部", False),
    ("technician", Role.TECHNICIAN, "工程部", False),
)
TEAMS = (
    ("客服部", Role.SUPERVISOR, Role.DESK, 2),
    ("工程部", None, Role.TECHNICIAN, 3),
    ("秩序部", Role.SUPERVISOR, Role.TECHNICIAN, 3),
    ("保洁绿化部", Role.SUPERVISOR, Role.TECHNICIAN, 3),
    ("财务部", Role.SUPERVISOR, Role.TECHNICIAN, 1),
)
REGIONAL = "regional"  # one person who is a manager in both companies


@dataclass
class Staff:
    """The people of a company, by what they do."""

    accounts: dict[str, Membership] = field(default_factory=dict)
    desk: list[Membership] = field(default_factory=list)
    hands: dict[str, list[Membership]] = field(default_factory=dict)  # by department name
    leaders: dict[str, Membership] = field(default_factory=dict)


class Office:
    """Hires people into a company that exists already."""

    def __init__(self, blueprint: Blueprint, company: Company, password_hash: str) -> None:
        self.blueprint, self.company, self.hash = blueprint, company, password_hash
        self.names = iter(names(CROWD_SEED + blueprint.block))
        self.departments = {row.name: row for row in Department.objects.all()}
        self.staff = Staff()
        self.hired = 0

    def hire_everybody(self, communities: list[Community]) -> Staff:
        """The named accounts, then the teams, then the regional manager."""
        for account, role, department, leads in ACCOUNTS:
            member = self.hire(account, role, department, leads=leads)
            self.staff.accounts[account] = member
        for department, leader, role, count in TEAMS:
            if leader is not None:
                self.hire("", leader, department, leads=True)
            for _ in range(count):
                self.hire("", role, department)
        if len(communities) > 1:
            self.limit(self.hire("", Role.MANAGER, ""), communities[-1])
        self.join_regional()
        return self.staff

    def hire(self, account: str, role: Role, department: str, *, leads: bool = False) -> Membership:
        """One person: account, membership, place in a department."""
        name = next(self.names)
        account = account or "".join(lazy_pinyin(name))
        user = person(account, name, self.blueprint, self.hired, self.hash)
        user.save(force_insert=True)
        self.hired += 1
        member = Membership(user=user, name=name, roles=[role], work_phone=user.phone)
        member.save(force_insert=True)
        if department:
            DepartmentMember(
                department=self.departments[department], membership=member, is_supervisor=leads
            ).save(force_insert=True)
            self.place(member, role, department, leads=leads)
        return member

    def place(self, member: Membership, role: Role, department: str, *, leads: bool) -> None:
        if leads:
            self.staff.leaders[department] = member
        else:
            self.staff.hands.setdefault(department, []).append(member)
        if role is Role.DESK:
            self.staff.desk.append(member)

    def limit(self, member: Membership, community: Community) -> None:
        """Let somebody look after one community only."""
        member.all_communities = False
        member.save(update_fields=["all_communities"])
        MembershipCommunity(membership=member, community=community).save(force_insert=True)

    def join_regional(self) -> None:
        """The one person of both companies: shows the switch between them."""
        user, _ = User.objects.get_or_create(
            username=REGIONAL,
            defaults={
                "name": "区域经理", "email": f"{REGIONAL}@portal.example", "password": self.hash,
            },
        )  # fmt: skip
        Membership(user=user, name=user.name, roles=[Role.MANAGER]).save(force_insert=True)


def person(account: str, name: str, blueprint: Blueprint, number: int, password_hash: str) -> User:
    """An account that can sign in by password and by phone code."""
    user = User(
        username=f"{account}@{blueprint.slug}",
        name=name,
        email=f"{account}@{blueprint.slug}.example",
        password=password_hash,
        phone_verified=True,
    )
    user.set_phone(staff_phone(blueprint.block, number))
    return user


def let_in(blueprint: Blueprint, houses: Houses, password_hash: str) -> Membership:
    """Give every second of the first owners an account; the first who still lives there is
    `owner@…`.
    """
    here = {owner.id for owner, _ in houses.tenants}
    chosen = houses.owners[: blueprint.accounts_until : 2]
    chosen = [owner for owner in chosen if owner.id in here]
    users: list[User] = []
    members: list[Membership] = []
    for number, owner in enumerate(chosen):
        account = f"resident{number}" if number else "owner"
        user = person(account, owner.name, blueprint, 0, "!" if number else password_hash)
        user.set_phone(owner.phone)
        users.append(user)
        members.append(Membership(user=user, name=owner.name, roles=[Role.OWNER]))
        owner.membership = members[-1]
    User.objects.bulk_create(users)
    Membership.objects.bulk_create(members)
    Owner.objects.bulk_update(chosen, ["membership"], batch_size=500)
    return members[0]


def send_on_leave(member: Membership, *, cover: Membership, now: datetime) -> None:
    """One of a team is on holiday for some days; a colleague covers."""
    first = today(now) - timedelta(days=1)
    Absence(
        membership=member, starts_on=first, ends_on=first + timedelta(days=5), covered_by=cover
    ).save(force_insert=True)


def hash_once() -> str:
    """The demo password's digest: made once, because making one is meant to be slow."""
    return make_password(PASSWORD)
