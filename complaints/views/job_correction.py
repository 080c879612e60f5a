"""Putting a work record right: for the desk and those above; the timeline says what changed."""

from typing import Any
from zoneinfo import ZoneInfo

from django.forms import Form
from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _, gettext_lazy

from complaints.forms.job import CorrectionForm
from complaints.models import Ticket, WorkRecord
from complaints.services.working_costs import correct
from tenancy.pages import EditPage
from tenancy.permissions import Can


class JobCorrectionPage(EditPage):
    """The record of the present round, to be corrected."""

    needs = Can.CORRECT_WORK
    model = Ticket
    form_class = CorrectionForm
    template_name = "complaints/job_correction.html"
    title = gettext_lazy("Correct the work record")
    done = gettext_lazy("Corrected. The timeline says what it was before.")

    def prepare(self) -> None:
        super().prepare()
        self.record: WorkRecord | None = WorkRecord.objects.filter(
            ticket_id=self.row.pk, cycle=self.row.cycle
        ).first()
        if self.record is None:
            raise Http404(_("There is nothing here."))

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        # Times are typed and shown as the company's clocks have them.
        with timezone.override(ZoneInfo(request.company.zone)):
            return super().dispatch(request, *args, **kwargs)

    def form_arguments(self) -> dict[str, Any]:
        names = ("set_off_at", "arrived_at", "done_at", "minutes", "labour_fee", "payer")
        return {"initial": {name: getattr(self.record, name) for name in names}}

    def act(self, form: Form) -> str:
        correct(ticket=self.row, **form.cleaned_data, by=self.actor, now=self.now)
        where = {"company": self.request.company.slug, "pk": self.row.pk}
        return reverse("complaints:ticket_detail", kwargs=where)
