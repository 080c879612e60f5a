"""What the admin says about somebody who works here."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext_lazy as _

from tenancy.forms.sign_in import PhoneField
from tenancy.models import Community, Department, DepartmentMember, Membership
from tenancy.permissions import RANKS, Role
from tenancy.services.phones import normal_phone, spelt_phone
from tenancy.services.staffing import Duties, rank

HINTS = {
    Role.TECHNICIAN: _("does the work on site, sees their own and their departments' tickets"),
    Role.DESK: _("takes calls, triages and calls back"),
    Role.SUPERVISOR: _("answers for what is late in a department"),
    Role.MANAGER: _("steers by figures, gets what a supervisor did not solve"),
    Role.ADMIN: _("sets everything up, sees the whole company"),
}


class DutiesForm(forms.Form):
    """A name, roles, communities and departments."""

    name = forms.CharField(
        label=_("Name"), max_length=60, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    work_phone = PhoneField(
        label=_("Work phone"),
        required=False,
        help_text=_("Where supervisors reach them with one tap. Nobody signs in with it."),
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "off", "inputmode": "tel"}),
    )
    roles = forms.MultipleChoiceField(label=_("Roles"), widget=forms.CheckboxSelectMultiple)
    departments: Any = forms.ModelMultipleChoiceField(
        label=_("Departments"),
        queryset=None,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    supervises: Any = forms.ModelMultipleChoiceField(
        label=_("Supervises"),
        queryset=None,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("What is late there is told to them first."),
    )
    communities: Any = forms.ModelMultipleChoiceField(
        label=_("Communities"),
        queryset=None,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None chosen: all of them."),
    )

    def __init__(self, *args: Any, me: Membership, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        mine = max(rank(role) for role in me.roles)
        departments = Department.objects.filter(is_active=True).order_by("position", "name")
        fields: Any = self.fields
        # The friendly answer; the service refuses what is not offered.
        fields["roles"].choices = [
            (role.value, _("%(role)s – %(hint)s") % {"role": role.label, "hint": HINTS[role]})
            for role in RANKS
            if role in HINTS and rank(role) <= mine
        ]
        fields["departments"].queryset = fields["supervises"].queryset = departments
        fields["communities"].queryset = Community.objects.filter(is_active=True).order_by("name")

    @property
    def duties(self) -> Duties:
        """What was said, for the service."""
        said = self.cleaned_data
        return Duties(
            roles=said["roles"],
            communities=list(said["communities"]) or None,
            departments=list(said["departments"]),
            supervises=list(said["supervises"]),
        )


class InviteForm(DutiesForm):
    """The same, and how to reach the person."""

    address = forms.CharField(
        label=_("E-mail or mobile phone"),
        max_length=150,
        help_text=_(
            "The person signs in with it. They get a letter with a link to choose a password, or"
            " an SMS, and sign in with codes sent to the phone."
        ),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none"}),
    )
    field_order = ("name", "address", "work_phone")

    def clean_address(self) -> dict[str, str]:
        typed = str(self.cleaned_data["address"]).strip()
        if "@" in typed:
            validate_email(typed)
            return {"email": typed.lower()}
        phone = normal_phone(typed)
        if not phone:
            raise ValidationError(_("This is neither an e-mail address nor a telephone number."))
        return {"phone": phone}


def said_of(row: Membership) -> dict[str, Any]:
    """What the form begins with for somebody who is here: two queries."""
    places = list(DepartmentMember.objects.filter(membership=row))
    return {
        "name": row.name,
        "work_phone": spelt_phone(row.work_phone),
        "roles": row.roles,
        "departments": [place.department_id for place in places],
        "supervises": [place.department_id for place in places if place.is_supervisor],
        "communities": [] if row.all_communities else row.community_ids(),
    }
