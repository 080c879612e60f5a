"""How much is late, and soon will be, in each place: counted in one query, named in two."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from itertools import chain
from typing import Any
from uuid import UUID

from django.db.models import Count, Min, Q, QuerySet
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from complaints.models import PromiseKind
from tenancy.models import Department, Membership

KEYS = ("ticket__department_id", "ticket__assignee_id", "promise")


@dataclass(slots=True)
class Pile:
    """How much is late in one place: a department, a person, a kind of promise."""

    name: Any
    query: str = ""  # how the list is narrowed to it
    late: int = 0
    soon: int = 0
    since: datetime | None = None  # the moment from which the longest late one is late
    phone: str = ""

    def add(self, late: int, everything: int, first: datetime) -> None:
        self.late += late
        self.soon += everything - late
        if late:
            self.since = min(first, self.since or first)


@dataclass(slots=True)
class Piles:
    """The same promises three times: by department, by person, by what was promised."""

    whole: Pile = field(default_factory=lambda: Pile(""))
    by_department: dict[UUID | None, Pile] = field(default_factory=dict)
    by_person: dict[UUID | None, Pile] = field(default_factory=dict)
    by_promise: dict[str, Pile] = field(default_factory=dict)

    @property
    def departments(self) -> list[Pile]:
        return ranked(self.by_department.values())

    @property
    def people(self) -> list[Pile]:
        return ranked(self.by_person.values())

    @property
    def promises(self) -> list[Pile]:
        return ranked(self.by_promise.values())

    def all(self) -> Iterable[Pile]:
        """Every pile but the whole."""
        kinds = (self.by_department, self.by_person, self.by_promise)
        return chain.from_iterable(kind.values() for kind in kinds)


def pile_up(running: QuerySet[Any], now: datetime) -> Piles:
    """Sort these promises into their piles."""
    counted = list(
        running.values_list(*KEYS)
        .annotate(late=Count("id", filter=Q(due_at__lt=now)), all=Count("id"), first=Min("due_at"))
        .values_list(*KEYS, "late", "all", "first")
    )
    names = dict(Department.objects.values_list("id", "name"))
    members = Membership.objects.in_bulk({row[1] for row in counted} - {None})
    piles = Piles()
    for department, person, promise, *numbers in counted:
        piles.whole.add(*numbers)
        piles.by_department.setdefault(department, department_pile(department, names)).add(*numbers)
        piles.by_person.setdefault(person, person_pile(person, members)).add(*numbers)
        label = capfirst(PromiseKind(promise).label)
        piles.by_promise.setdefault(promise, Pile(label, f"promise={promise}")).add(*numbers)
    return piles


def department_pile(department: UUID | None, names: dict[UUID, str]) -> Pile:
    """The still empty pile of one department, or of none."""
    if department is None:
        return Pile(capfirst(_("no department")), "department=none")
    return Pile(names[department], f"department={department}")


def person_pile(person: UUID | None, members: dict[UUID, Membership]) -> Pile:
    """The still empty pile of one person, or of nobody."""
    if person is None:
        return Pile(capfirst(_("nobody yet")), "person=none")
    member = members[person]
    return Pile(member.name, f"person={person}", phone=member.work_phone)


def ranked(piles: Iterable[Pile]) -> list[Pile]:
    """The highest pile first."""
    return sorted(piles, key=lambda pile: (-pile.late, -pile.soon, str(pile.name)))
