"""What staff type when they do something to a ticket. Services decide; these only read."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django import forms
from django.db.models import Count
from django.utils.translation import gettext_lazy as _

from complaints.models import CallbackOutcome, PauseReason, Ticket
from tenancy.models import Department, DepartmentMember, Membership, MembershipCommunity
from tenancy.permissions import Can

LONGEST_TEXT = 10_000
LONGEST_NOTE = 500

Choice = tuple[str, str]


class EmptyForm(forms.Form):
    """A button."""


class CallForm(forms.Form):
    """How a call ended, and what was said."""

    outcome = forms.ChoiceField(label=_("How did the call end?"), choices=CallbackOutcome.choices)
    note = forms.CharField(
        label=_("What was said"),
        required=False,
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class PauseForm(forms.Form):
    """Who is waited for."""

    reason = forms.ChoiceField(
        label=_("Why nobody can go on"), choices=PauseReason.choices, widget=forms.RadioSelect
    )
    note = forms.CharField(
        label=_("What exactly is waited for"),
        required=False,
        max_length=LONGEST_NOTE,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class MoveDayForm(forms.Form):
    """By which other day, and why."""

    due_on = forms.DateField(
        label=_("Done by"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    reason = forms.CharField(
        label=_("Why it takes another day"),
        max_length=LONGEST_NOTE,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class ResolveForm(forms.Form):
    """What was done."""

    solution = forms.CharField(
        label=_("What was done (the owner reads it)"),
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class ProofForm(ResolveForm):
    """What was done of what nobody came with, and what shows it."""

    upload = forms.FileField(
        label=_("What shows it: a photo or PDF"),
        help_text=_("Or a link to the figures, in your words. Files added before count as well."),
        required=False,
        max_length=255,
        widget=forms.FileInput(attrs={"accept": "image/*,application/pdf"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["solution"].label = _("What was done")


class ReopenForm(forms.Form):
    """Why it goes on."""

    reason = forms.CharField(
        label=_("Why it has to go on"),
        max_length=LONGEST_NOTE,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class CommentForm(forms.Form):
    """A message to the other side."""

    text = forms.CharField(
        label=_("Message"), max_length=LONGEST_TEXT, widget=forms.Textarea(attrs={"rows": 3})
    )


class NoteForm(forms.Form):
    """A note that stays among staff."""

    text = forms.CharField(
        label=_("Internal note"), max_length=LONGEST_TEXT, widget=forms.Textarea(attrs={"rows": 3})
    )


class AttachForm(forms.Form):
    """A photo or a document; what it really is, the service finds out."""

    upload = forms.FileField(
        label=_("Photo or PDF"),
        max_length=255,
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": "image/*,application/pdf"}),
    )


class Handlers:
    """Whom tickets of some communities can be handed to, with how much they have in hand.

    Loaded with five queries whatever the number of people.
    """

    def __init__(self, communities: Iterable[UUID]) -> None:
        wanted = set(communities)
        places: dict[UUID, set[UUID]] = {}
        for member_id, community_id in MembershipCommunity.objects.values_list(
            "membership_id", "community_id"
        ):
            places.setdefault(member_id, set()).add(community_id)
        self.members: dict[UUID, Membership] = {
            member.pk: member
            for member in Membership.objects.active().staff().order_by("name", "id")
            if member.can(Can.RESOLVE)
            and (member.all_communities or wanted <= places.get(member.pk, set()))
        }
        self.departments: dict[UUID, Department] = {
            row.pk: row
            for row in Department.objects.filter(is_active=True).order_by("position", "name")
        }
        self.inside: dict[UUID, list[UUID]] = {}
        for department_id, member_id in DepartmentMember.objects.values_list(
            "department_id", "membership_id"
        ):
            self.inside.setdefault(department_id, []).append(member_id)
        self.load = load_by_member()

    def choices(self) -> list[tuple[str, list[Choice]]]:
        """Grouped by department: the department as a whole first, then its people."""
        groups, placed = [], set()
        for department in self.departments.values():
            members = [each for each in self.members if each in self.inside.get(department.pk, ())]
            placed.update(members)
            whole = (
                f"{department.pk}:",
                _("%(name)s – whoever is free") % {"name": department.name},
            )
            people = [(f"{department.pk}:{each}", self.described(each)) for each in members]
            groups.append((department.name, [whole, *people]))
        rest = [(f":{each}", self.described(each)) for each in self.members if each not in placed]
        return [*groups, (str(_("Without a department")), rest)] if rest else groups

    def described(self, member_id: UUID) -> str:
        """A name and how many tickets the person has in hand."""
        return str(
            _("%(name)s (%(count)s in hand)")
            % {"name": self.members[member_id].name, "count": self.load.get(member_id, 0)}
        )


def load_by_member() -> dict[UUID, int]:
    """How many tickets that still have to be solved everybody has in hand."""
    return dict(
        Ticket.objects.open()
        .exclude(assignee_id=None)
        .values_list("assignee_id")
        .annotate(count=Count("id"))
    )


class AssignForm(forms.Form):
    """A department, or a person in it."""

    to = forms.ChoiceField(label=_("Hand over to"))

    def __init__(self, *args: Any, handlers: Handlers, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.handlers = handlers
        field: Any = self.fields["to"]
        field.choices = [("", _("choose a department or a person")), *handlers.choices()]

    def clean_to(self) -> tuple[Department | None, Membership | None]:
        department, _colon, member = str(self.cleaned_data["to"]).partition(":")
        return (
            self.handlers.departments[UUID(department)] if department else None,
            self.handlers.members[UUID(member)] if member else None,
        )
