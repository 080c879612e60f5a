"""How far a new company has come. Worked out from what is there; nothing is kept about it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _, gettext_lazy, ngettext

from complaints.models import Category, Promise
from owners.models import Building, Unit
from tenancy.models import Community, Company, CompanyCalendar, Department, Membership


@dataclass(frozen=True, slots=True)
class Step:
    """One thing a company needs before its desk can work."""

    name: Any
    why: Any
    page: str
    icon: str
    is_done: bool
    # How it stands, in words; a step that is ready from the first day says with what.
    stands: str
    pk: Any = None


def is_empty() -> bool:
    """Whether nobody could speak up about anything yet."""
    return not Unit.objects.exists()


def steps(company: Company) -> Sequence[Step]:
    """The seven steps to a working desk, in the order in which they make sense."""
    communities = list(Community.objects.filter(is_active=True).order_by("name")[:2])
    count = Community.objects.filter(is_active=True).count() if communities else 0
    return [
        Step(
            gettext_lazy("Company"),
            gettext_lazy("The hotline that owners see and call."),
            "tenancy:company_edit",
            "company",
            bool(company.hotline),
            " · ".join(filter(None, [company.name, company.hotline])),
        ),
        Step(
            gettext_lazy("Community"),
            gettext_lazy("The residential communities that you look after."),
            "owners:community_add",
            "unit",
            bool(communities),
            ngettext("%(n)s community", "%(n)s communities", count) % {"n": count} if count else "",
        ),
        units_step(communities),
        departments_step(),
        people_step(),
        promises_step(),
        calendar_step(),
    ]


def units_step(communities: Sequence[Community]) -> Step:
    buildings = Building.objects.filter(is_active=True).count()
    units = Unit.objects.filter(is_active=True).count()
    first = communities[0].pk if communities else None
    return Step(
        gettext_lazy("Buildings and units"),
        gettext_lazy("Thousands of addresses in one form: say from where to where."),
        "owners:unit_range" if first else "",
        "door",
        bool(units),
        _("%(buildings)s buildings, %(units)s units") % {"buildings": buildings, "units": units}
        if units
        else "",
        first,
    )


def departments_step() -> Step:
    names = list(
        Department.objects.filter(is_active=True)
        .order_by("position", "name")
        .values_list("name", flat=True)
    )
    return Step(
        gettext_lazy("Departments"),
        gettext_lazy("Who does which kind of work. The usual five are there already."),
        "tenancy:department_list",
        "department",
        bool(names),
        _(", ").join(names),
    )


def people_step() -> Step:
    people = Membership.objects.active().staff().count()
    return Step(
        gettext_lazy("People"),
        gettext_lazy("Invite the desk, the technicians and whoever answers for them."),
        "tenancy:member_add",
        "owners",
        people > 1,
        ngettext("%(n)s person", "%(n)s people", people) % {"n": people},
    )


def promises_step() -> Step:
    promises = Promise.objects.filter(is_active=True).count()
    categories = Category.objects.active().count()
    stands = _("%(promises)s promises, %(categories)s categories in force")
    return Step(
        gettext_lazy("Promises"),
        gettext_lazy("How soon you accept, call back and solve. Good ones are in force already."),
        "complaints:rules",
        "promise",
        bool(promises),
        stands % {"promises": promises, "categories": categories} if promises else "",
    )


def calendar_step() -> Step:
    calendar = CompanyCalendar.objects.first()
    week = calendar.week if calendar else {}
    days = sum(bool(periods) for periods in week.values())
    return Step(
        gettext_lazy("Working calendar"),
        gettext_lazy("When you are open. Public holidays and make-up workdays are in it already."),
        "complaints:calendar",
        "calendar",
        bool(days),
        ngettext("open on %(n)s day a week", "open on %(n)s days a week", days) % {"n": days}
        if days
        else "",
    )
