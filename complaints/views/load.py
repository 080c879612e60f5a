"""Who has how much to do, who has room, and who is away."""

from typing import Any

from django.db.models import QuerySet
from django.forms import Form
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from complaints.forms.absence import AbsenceForm
from complaints.forms.action import EmptyForm
from complaints.services.loading import Loads
from complaints.views.late import LateView
from tenancy.models import Absence, Department, Membership
from tenancy.pages import ActionPage, FormPage
from tenancy.permissions import Can
from tenancy.services.absences import end_absence, set_absence


class LoadsPage(LateView, FormPage):
    """Everybody's work in hours against the opening hours left; and a form for who is away."""

    title = _("Who has room")
    template_name = "complaints/loads.html"
    form_class = AbsenceForm
    http_method_names = ["get", "head", "options"]

    def form_arguments(self) -> dict[str, Any]:
        people = Membership.objects.visible_to(self.me).active().order_by("name", "id")
        return {"people": people}

    def context(self, **more: Any) -> dict[str, Any]:
        loads = Loads(now=self.now, times=self.times)
        mine = None if self.sees_all else self.me.department_ids()
        names = dict(Department.objects.values_list("id", "name"))
        shown = loads.of(mine)
        return super().context(
            loads=shown,
            span=loads.span,
            whole=round(loads.whole.total_seconds() / 3600, 1),
            over=sum(load.state == "over" for load in shown),
            free=sum(load.state == "free" for load in shown),
            away=sum(load.state == "away" for load in shown),
            unassigned=[
                (names.get(key, _("no department")), key, work)
                for key, work in loads.unassigned.items()
                if mine is None or key is None or key in mine
            ],
            absences=Absence.objects.visible_to(self.me)
            .not_over(loads.today)
            .select_related("membership", "covered_by")
            .order_by("starts_on", "membership__name", "id"),
            **more,
        )


class AbsencePage(LoadsPage):
    """Write down who is away; the page comes back with what was wrong."""

    needs = Can.SET_ABSENCES
    http_method_names = ["post", "options"]
    done = _("Noted.")

    def act(self, form: Form) -> str:
        set_absence(**form.cleaned_data, by=self.actor, now=self.now)
        return address_of(self)


class AbsenceEndPage(ActionPage):
    """Somebody is back, or will not go after all."""

    needs = Can.SET_ABSENCES
    model = Absence
    form_class = EmptyForm
    done = _("Taken out.")

    def rows(self) -> QuerySet[Any]:
        return super().rows().select_related("membership")

    def back(self) -> str:
        return address_of(self)

    def do(self, form: Form) -> None:
        end_absence(absence=self.row, by=self.actor, now=self.now)


def address_of(page: Any) -> str:
    return reverse("complaints:loads", kwargs={"company": page.request.company.slug})
