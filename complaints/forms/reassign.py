"""Who is to have tickets from now on, with the room everybody has for them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.utils.dateformat import format as format_date
from django.utils.translation import gettext as _, gettext_lazy, pgettext

from complaints.forms.action import LONGEST_NOTE, Choice
from complaints.services.loading import Load, Loads
from tenancy.models import Department, Membership, MembershipCommunity
from tenancy.services.working_time import WorkingTimes


@dataclass(frozen=True, slots=True)
class Option:
    """One person who could have the tickets."""

    value: str
    load: Load


@dataclass(frozen=True, slots=True)
class Group:
    """A department: the whole of it, and its people, whoever has most room first."""

    name: str
    value: str  # of the department as a whole; empty for those without one
    options: list[Option]


class Rooms:
    """Whom tickets of some communities can be handed to, and who of them has room.

    Eight queries whatever the number of people. The named departments, those that know this kind
    of work, come first.
    """

    def __init__(
        self,
        communities: Iterable[UUID],
        *,
        now: datetime,
        times: WorkingTimes | None = None,
        departments: Iterable[UUID] = (),
    ) -> None:
        self.loads = Loads(now=now, times=times)
        wanted = set(communities)
        places: dict[UUID, set[UUID]] = {}
        for member_id, community_id in MembershipCommunity.objects.values_list(
            "membership_id", "community_id"
        ):
            places.setdefault(member_id, set()).add(community_id)
        self.members: dict[UUID, Membership] = {
            key: load.member
            for key, load in self.loads.people.items()
            if load.member.all_communities or wanted <= places.get(key, set())
        }
        self.departments: dict[UUID, Department] = {
            row.pk: row
            for row in Department.objects.filter(is_active=True).order_by("position", "name")
        }
        self.skilled = set(departments)

    def groups(self) -> list[Group]:
        """By department; those who are in none come last."""
        found, placed = [], set()
        for department in sorted(
            self.departments.values(), key=lambda row: row.pk not in self.skilled
        ):
            people = self.inside(department)
            placed.update(people)
            whole = f"{department.pk}:"
            found.append(Group(department.name, whole, self.options(whole, people)))
        rest = [each for each in self.members if each not in placed]
        if rest:
            found.append(Group(_("Without a department"), "", self.options(":", rest)))
        return found

    def inside(self, department: Department) -> list[UUID]:
        """Those of the department who can have the tickets."""
        return [
            key
            for key in self.members
            if department.pk in {row.pk for row in self.loads.people[key].departments}
        ]

    def options(self, prefix: str, people: Iterable[UUID]) -> list[Option]:
        return [Option(f"{prefix}{load.member.pk}", load) for load in self.loads.with_room(people)]

    def choices(self) -> list[tuple[str, list[Choice]]]:
        """The same for a select: the department as a whole first, then its people."""
        return [
            (
                group.name,
                [
                    *([(group.value, whole(group.name))] if group.value else []),
                    *((option.value, said(option.load)) for option in group.options),
                ],
            )
            for group in self.groups()
        ]


def whole(name: str) -> str:
    """A department as somebody tickets can be handed to."""
    return _("%(name)s – whoever is free") % {"name": name}


def said(load: Load) -> str:
    """A person in one line: away, or how full."""
    name = load.member.name
    if load.absence is not None:
        until = format_date(load.absence.ends_on, pgettext("date without year", "j M"))
        return _("%(name)s – away until %(until)s") % {"name": name, "until": until}
    if load.percent is None:
        return _("%(name)s (%(count)s in hand)") % {"name": name, "count": load.work.tickets}
    facts = {"name": name, "percent": load.percent, "hours": f"{load.work.hours:g}"}
    return _("%(name)s – %(percent)s%% full, %(hours)s h in hand") % facts


class ReassignForm(forms.Form):
    """A department or a person, and a word for whoever gets the tickets."""

    to = forms.ChoiceField(label=gettext_lazy("Hand over to"))
    note = forms.CharField(
        label=gettext_lazy("Note for colleagues"),
        required=False,
        max_length=LONGEST_NOTE,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    insist = forms.BooleanField(
        label=gettext_lazy("Hand over even to somebody who is away"), required=False
    )

    def __init__(self, *args: Any, rooms: Rooms, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rooms = rooms
        field: Any = self.fields["to"]
        field.choices = [("", gettext_lazy("choose who has room")), *rooms.choices()]

    def clean_to(self) -> tuple[Department | None, Membership | None]:
        department, _colon, member = str(self.cleaned_data["to"]).partition(":")
        return (
            self.rooms.departments[UUID(department)] if department else None,
            self.rooms.members[UUID(member)] if member else None,
        )
