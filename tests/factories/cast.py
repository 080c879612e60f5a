"""A small company with one person of each role, one unit and one owner."""

from copy import deepcopy
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from django.apps import apps
from django.contrib.auth.hashers import make_password
from django.db import connection

from complaints.models import (
    Category,
    ComplaintClass,
    Kind,
    Promise,
    PromiseKind,
    ServicePolicy,
    Source,
    Ticket,
    Urgency,
)
from complaints.services.filing import file_ticket
from owners.models import Building, Owner, Ownership, Unit
from tenancy.calendar import Measure
from tenancy.fields import blind_index
from tenancy.models import (
    Community,
    Company,
    CompanyCalendar,
    CompanyModel,
    Department,
    DepartmentMember,
    Membership,
    User,
)
from tenancy.permissions import Role
from tenancy.scope import company_scope
from tenancy.services.actor import Actor, Via

SHANGHAI = ZoneInfo("Asia/Shanghai")
# A Tuesday morning of an ordinary week; the calendar of 2026 is published.
TUESDAY = datetime(2026, 11, 10, 9, 0, tzinfo=SHANGHAI)
OFFICE_WEEK = {str(day): [["08:30", "12:00"], ["13:30", "18:00"]] for day in range(5)}
PASSWORD = "correct horse battery staple"
PHONE = "+8613800000001"


@lru_cache(maxsize=1)
def hashed() -> str:
    return make_password(PASSWORD)


@dataclass
class Cast:
    """Everybody and everything of a small company, by name."""

    company: Company
    members: dict[str, Membership] = field(default_factory=dict)
    rows: dict[str, Any] = field(default_factory=dict)

    def __getattr__(self, name: str) -> Any:
        if name in self.__dict__.get("members", {}):
            return self.members[name]
        try:
            return self.__dict__["rows"][name]
        except KeyError:
            raise AttributeError(name) from None

    def actor(self, role: str) -> Actor:
        return Actor(self.members[role], Via.PAGE, "127.0.0.1")

    def file(self, *, now: datetime = TUESDAY, by: str = "owner", **more: Any) -> Ticket:
        """A complaint of the owner about their unit, through the real service."""
        facts: dict[str, Any] = {
            "kind": Kind.COMPLAINT,
            "category": self.lift,
            "source": Source.PORTAL,
            "title": "电梯又停了",
            "description": "三号楼电梯今早又停了",
            "unit": self.unit,
            "owner": self.resident,
            **more,
        }
        with company_scope(self.company.pk):
            return file_ticket(by=self.actor(by), now=now, **facts)


_made: dict[str, tuple[Cast, bytes]] = {}


def cast_of(slug: str, name: str) -> Cast:
    """The company as every test finds it: made once per process, then written back row by row."""
    if slug not in _made:
        cast = make_cast(slug, name)
        _made[slug] = (cast, rows_of(cast))
    cast, statements = _made[slug]
    with company_scope(cast.company.pk), connection.cursor() as cursor:
        if not Company.objects.filter(pk=cast.company.pk).exists():
            cursor.cursor.execute(statements)
    return deepcopy(cast)


def leave_nobody() -> None:
    """An installation as it is on its first day, for tests of what founds companies."""
    with connection.cursor() as cursor:
        for company_id in Company.objects.values_list("id", flat=True):
            with company_scope(company_id):
                for model in reversed(in_order(company_models())):
                    if not getattr(model, "append_only", False):
                        cursor.execute(f'DELETE FROM "{model._meta.db_table}"')  # noqa: S608
        cursor.execute("DELETE FROM tenancy_company")
        cursor.execute("DELETE FROM tenancy_user")


def rows_of(cast: Cast) -> bytes:
    """Everything that was written for a company, as INSERT statements."""
    users = [member.user_id for member in cast.members.values()]
    with company_scope(cast.company.pk), connection.cursor() as cursor:
        found = [
            *inserts(cursor.cursor, "tenancy_company", "id = %s", [cast.company.pk]),
            *inserts(cursor.cursor, "tenancy_user", "id = ANY(%s)", [users]),
        ]
        for model in in_order(company_models()):
            found += inserts(cursor.cursor, model._meta.db_table, "true", [])
    return b";".join(found)


def company_models() -> list[Any]:
    return [model for model in apps.get_models() if issubclass(model, CompanyModel)]


def in_order(models: list[Any]) -> list[Any]:
    """Models after those they point to."""
    ordered: list[Any] = []
    while left := [model for model in models if model not in ordered]:
        ready = [model for model in left if not targets(model) & (set(left) - {model})]
        ordered += ready
    return ordered


def targets(model: Any) -> set[Any]:
    return {field.related_model for field in model._meta.local_fields if field.is_relation}


def inserts(cursor: Any, table: str, which: str, params: list[Any]) -> list[bytes]:
    cursor.execute(f'SELECT * FROM "{table}" WHERE {which} ORDER BY id', params)  # noqa: S608
    names = ", ".join(f'"{column.name}"' for column in cursor.description)
    places = ", ".join(["%s"] * len(cursor.description))
    statement = f'INSERT INTO "{table}" ({names}) VALUES ({places})'  # noqa: S608
    return [cursor.mogrify(statement, row) for row in cursor.fetchall()]


def make_cast(slug: str, name: str) -> Cast:
    cast = Cast(Company.objects.create(slug=slug, name=name))
    with company_scope(cast.company.pk):
        _rules(cast)
        _places(cast)
        for role in Role:
            cast.members[role.value] = _member(cast, role)
        for place, supervises in (("technician", False), ("supervisor", True)):
            DepartmentMember.objects.create(
                department=cast.engineering,
                membership=cast.members[place],
                is_supervisor=supervises,
            )
        cast.rows["resident"] = resident(cast, "张伟", cast.members["owner"])
        Ownership.objects.create(owner=cast.resident, unit=cast.unit)
    return cast


def resident(cast: Cast, name: str, membership: Membership | None = None) -> Owner:
    owner: Owner = Owner.objects.create(
        name=name,
        phone=PHONE,
        phone_index=blind_index(PHONE, realm=str(cast.company.pk)),
        search_text=name,
        sort_key=name,
        membership=membership,
    )
    return owner


def _member(cast: Cast, role: Role) -> Membership:
    user = User.objects.create(
        username=f"{role.value}@{cast.company.slug}",
        name=f"{role.value} of {cast.company.slug}",
        email=f"{role.value}@{cast.company.slug}.example",
        password=hashed(),
    )
    member: Membership = Membership.objects.create(
        user=user, name=f"{role.value}", roles=[role.value]
    )
    return member


def _rules(cast: Cast) -> None:
    CompanyCalendar.objects.create(week=OFFICE_WEEK)
    ServicePolicy.objects.create()
    engineering = Department.objects.create(name="工程部")
    desk = Department.objects.create(name="客服部", position=1)
    lift = Category.objects.create(
        kind=Kind.COMPLAINT,
        complaint_class=ComplaintClass.FACILITIES,
        name="电梯",
        name_en="Lift",
        department=engineering,
    )
    tap = Category.objects.create(kind=Kind.REPAIR, name="水管", department=engineering)
    trapped = Category.objects.create(
        kind=Kind.COMPLAINT,
        complaint_class=ComplaintClass.INCIDENT,
        name="电梯困人",
        urgency=Urgency.EMERGENCY,
        department=engineering,
    )
    cast.rows.update(
        engineering=engineering, desk_department=desk, lift=lift, tap=tap, trapped=trapped
    )
    for promise, urgency, amount, measure in (
        (PromiseKind.ACCEPTANCE, "", 60, Measure.working_minutes),
        (PromiseKind.ACCEPTANCE, Urgency.EMERGENCY, 30, Measure.clock_minutes),
        (PromiseKind.CALLBACK, "", 1, Measure.working_days),
        (PromiseKind.RESOLUTION, "", 3, Measure.working_days),
        (PromiseKind.RESOLUTION, Urgency.EMERGENCY, 240, Measure.clock_minutes),
        (PromiseKind.FOLLOW_UP, "", 1, Measure.working_days),
    ):
        Promise.objects.create(promise=promise, urgency=urgency, amount=amount, measure=measure)


def _places(cast: Cast) -> None:
    community = Community.objects.create(name="阳光花园")
    building = Building.objects.create(community=community, name="3栋")
    unit = Unit.objects.create(
        building=building, community=community, number="1201", label="3栋1201"
    )
    cast.rows.update(community=community, building=building, unit=unit)
