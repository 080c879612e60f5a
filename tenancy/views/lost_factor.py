"""A member has lost their second factor, and their admin lets them set up a new one."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from tenancy.forms.operator import ReasonForm
from tenancy.models import Membership
from tenancy.pages import EditPage
from tenancy.permissions import Can
from tenancy.services.members import ids_of
from tenancy.services.second_factor import reset_second_factor
from tenancy.services.staffing import refuse_roles
from tenancy.templatetags.navigation import address


class MemberLostFactor(EditPage):
    """Take the second factor of a member away, with a reason."""

    needs = Can.RESET_SECOND_FACTOR
    title = _("Lost second factor")
    template_name = "tenancy/member_lost_factor.html"
    model = Membership
    form_class = ReasonForm
    done = _("They can set up a new one when they sign in.")

    def rows(self) -> Any:
        members: Any = Membership.objects.visible_to(self.me)
        return members.active().select_related("user")

    def act(self, form: Any) -> str:
        member: Membership = self.row
        refuse_roles(member.roles, self.actor)
        user = member.user
        others = [pk for pk in ids_of(user) if pk != self.request.company.pk]
        reset_second_factor(
            member=member,
            reason=form.cleaned_data["reason"],
            elsewhere=bool(others) or user.is_staff,
            by=self.actor,
            now=self.now,
        )
        return address("tenancy:member_list", self.request.company) or self.request.path
