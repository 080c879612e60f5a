"""Who works here, for the admin: finding, inviting, changing, letting go."""

from typing import Any

from django.db.models import Prefetch, QuerySet
from django.forms import Form
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from tenancy.filters.member import MemberFilter
from tenancy.forms.member import DutiesForm, InviteForm, said_of
from tenancy.models import Department, DepartmentMember, Membership, MembershipCommunity
from tenancy.pages import ActionPage, CreatePage, EditPage, ListPage, Page
from tenancy.permissions import RANKS, TABLE, Can, Role
from tenancy.services.staffing import (
    change_member,
    dismiss_member,
    invite_member,
    readmit_member,
)
from tenancy.templatetags.navigation import address
from tenancy.views.guided import Guided


class MemberListPage(ListPage):
    """Everybody who works here, or did: by name, role, department, community."""

    needs = Can.SET_MEMBERS
    title = _("Members")
    template_name = "tenancy/member_list.html"
    fragment_name = "tenancy/member_rows.html"
    filterset_class = MemberFilter

    def rows(self) -> QuerySet[Any]:
        places = DepartmentMember.objects.select_related("department").order_by(
            "department__position", "id"
        )
        communities = MembershipCommunity.objects.select_related("community").order_by("id")
        rows: QuerySet[Any] = Membership.objects.visible_to(self.me).prefetch_related(
            Prefetch("department_rows", queryset=places),
            Prefetch("community_rows", queryset=communities),
        )
        return rows.order_by("-is_active", "name", "id")

    def context(self, **more: Any) -> dict[str, Any]:
        context = super().context(**more)
        for row in context["rows"]:
            row.role_labels = role_labels(row)
        return {
            **context,
            "roles": [(role.value, role.label) for role in RANKS if role != Role.OWNER],
            "departments": Department.objects.filter(is_active=True).order_by("position", "name"),
            "asked": self.request.GET,
        }


def role_labels(row: Membership) -> list[Any]:
    """What somebody is, in words; being an owner as well is their own affair."""
    return [Role(role).label for role in row.roles if role != Role.OWNER]


class MemberAddPage(Guided, CreatePage):
    """Invites somebody to work here."""

    needs = Can.SET_MEMBERS
    title = _("Invite somebody")
    template_name = "tenancy/member_form.html"
    form_class = InviteForm
    done = _("Invited. They are told how to sign in.")

    def form_arguments(self) -> dict[str, Any]:
        return {"me": self.me}

    def act(self, form: Any) -> str:
        invite_member(
            name=form.cleaned_data["name"],
            **form.cleaned_data["address"],
            work_phone=form.cleaned_data["work_phone"],
            duties=form.duties,
            by=self.actor,
            now=self.now,
        )
        return self.after(address("tenancy:member_list", self.request.company))


class MemberPage(EditPage):
    """Somebody who works here, and what they are."""

    needs = Can.SET_MEMBERS
    model = Membership
    template_name = "tenancy/member_form.html"
    form_class = DutiesForm
    done = _("Saved. They are told.")

    def form_arguments(self) -> dict[str, Any]:
        return {"me": self.me, "initial": said_of(self.row)}

    def context(self, **more: Any) -> dict[str, Any]:
        return super().context(**{"title": self.row.name, **more})

    def act(self, form: Any) -> str:
        change_member(
            membership=self.row,
            name=form.cleaned_data["name"],
            work_phone=form.cleaned_data["work_phone"],
            duties=form.duties,
            by=self.actor,
            now=self.now,
        )
        return address("tenancy:member_list", self.request.company)


class MemberDismissPage(EditPage):
    """Asks whether somebody really leaves, shows what they have in hand, and lets them go."""

    needs = Can.SET_MEMBERS
    model = Membership
    template_name = "tenancy/member_dismiss.html"
    form_class = Form
    done = _("They can no longer sign in here. What they did stays under their name.")

    def context(self, **more: Any) -> dict[str, Any]:
        return super().context(**{"title": _("Let somebody go"), **more})

    def act(self, form: Form) -> str:
        dismiss_member(membership=self.row, by=self.actor, now=self.now)
        return address("tenancy:member_list", self.request.company)


class MemberReadmitPage(ActionPage):
    """Lets somebody in again."""

    needs = Can.SET_MEMBERS
    model = Membership
    form_class = Form
    done = _("They can sign in again.")

    def do(self, form: Form) -> None:
        readmit_member(membership=self.row, by=self.actor, now=self.now)

    def back(self) -> str:
        kwargs = {"company": self.request.company.slug, "pk": self.kwargs["pk"]}
        return reverse("tenancy:member", kwargs=kwargs)


class RolePage(Page):
    """The roles, and what each may do: the very table by which it is decided."""

    needs = Can.SET_MEMBERS
    title = _("Roles and what each may do")
    template_name = "tenancy/role_table.html"

    def context(self, **more: Any) -> dict[str, Any]:
        rows = [(can.label, [can in TABLE[role] for role in RANKS]) for can in Can]
        return super().context(roles=[role.label for role in RANKS], rows=rows, **more)
