"""The audiences of the house as it stands: places, posts, and whoever spoke up."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from complaints.models import Category, Kind, Ticket
from owners.models import Building
from surveys.models import Audience
from surveys.services.audiences import Candidate, Option, Part, Partition, Source
from surveys.services.house_order import AsCounted
from tenancy.models import Community, Department, DepartmentMember, Membership
from tenancy.permissions import STAFF_ROLES, Role

DAYS_OF_A_MONTH = 30.44


def names_in(model: Any) -> Callable[[Sequence[str], Membership], dict[str, str]]:
    """What rows are called, those that have been laid aside among them."""

    def names(keys: Sequence[str], member: Membership) -> dict[str, str]:
        return {
            str(row.pk): str(row) for row in model.objects.visible_to(member).filter(id__in=keys)
        }

    return names


def communities(member: Membership) -> list[Option]:
    rows = Community.objects.visible_to(member).in_use().order_by("name", "id")
    return [Option(str(pk), name) for pk, name in rows.values_list("id", "name")]


def in_communities(part: Part, _now: datetime) -> Q:
    return Q(unit__community_id__in=part.keys)


def named_communities(part: Part) -> frozenset[UUID]:
    return frozenset(UUID(key) for key in part.keys)


def buildings(member: Membership) -> list[Option]:
    rows = Building.objects.visible_to(member).filter(is_active=True, community__is_active=True)
    named = rows.order_by("community__name", "position", AsCounted("name"), "id")
    return [
        Option(str(pk), name, under)
        for pk, name, under in named.values_list("id", "name", "community__name")
    ]


def names_of_buildings(keys: Sequence[str], member: Membership) -> dict[str, str]:
    rows = Building.objects.visible_to(member).filter(id__in=keys).select_related("community")
    return {str(row.pk): f"{row.community.name} · {row.name}" for row in rows}


def in_buildings(part: Part, _now: datetime) -> Q:
    return Q(unit__building_id__in=part.keys)


def communities_of_buildings(part: Part) -> frozenset[UUID]:
    rows = Building.objects.filter(id__in=part.keys)
    return frozenset(rows.values_list("community_id", flat=True))


def categories(member: Membership) -> list[Option]:
    rows = Category.objects.visible_to(member).active().exclude(kind=Kind.IMPROVEMENT)
    rows = rows.order_by("kind", "position", "name")
    return [Option(str(row.pk), str(row), str(row.get_kind_display())) for row in rows]


def spoke_up(part: Part, now: datetime) -> Q:
    """Whoever filed such a ticket; where the ticket names nobody, everybody of that home."""
    since = now - timedelta(days=round((part.months or 0) * DAYS_OF_A_MONTH))
    here, theirs = Q(unit_id=OuterRef("unit_id")), Q(owner_id=OuterRef("owner_id"))
    tickets = Ticket.objects.filter(category_id__in=part.keys, created_at__gte=since)
    return Q(Exists(tickets.filter((here & (theirs | Q(owner=None))) | (Q(unit=None) & theirs))))


def roles(_member: Membership) -> list[Option]:
    return [Option(role.value, str(role.label)) for role in Role if role.value in STAFF_ROLES]


def in_roles(part: Part, _now: datetime) -> Q:
    return Q(roles__overlap=list(part.keys))


def departments(member: Membership) -> list[Option]:
    rows = Department.objects.visible_to(member).filter(is_active=True)
    named = rows.order_by("position", "name", "id").values_list("id", "name")
    return [Option(str(pk), name) for pk, name in named]


def in_departments(part: Part, _now: datetime) -> Q:
    rows = DepartmentMember.objects.filter(department_id__in=part.keys)
    return Q(id__in=rows.values("membership_id"))


def departments_of(found: Sequence[Candidate]) -> list[str]:
    """The department of each; of several the one that is named first."""
    rows = DepartmentMember.objects.filter(membership_id__in=[each.member for each in found])
    # The last written stays, so the first comes last.
    named = dict(
        rows.order_by("-department__position", "-department__name").values_list(
            "membership_id", "department__name"
        )
    )
    return [named.get(each.member, "") for each in found]


HERE = (
    Source(
        "community", _("Communities"), Audience.OWNERS, communities, in_communities,
        named_communities, names=names_in(Community),
    ),
    Source(
        "building", _("Buildings"), Audience.OWNERS, buildings, in_buildings,
        communities_of_buildings, names=names_of_buildings,
    ),
    Source(
        "ticket", _("Whoever filed a ticket about"), Audience.OWNERS, categories, spoke_up,
        looks_back=True, names=names_in(Category),
    ),
    Source(
        "department", _("Departments"), Audience.STAFF, departments, in_departments,
        names=names_in(Department),
    ),
    Source("role", _("Roles"), Audience.STAFF, roles, in_roles),
    Partition("department", _("Department"), Audience.STAFF, departments_of),
)  # fmt: skip
