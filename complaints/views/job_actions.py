"""The buttons of a job: POST only, as plain forms or from a telephone's outbox."""

from typing import Any

from django import forms
from django.http import Http404
from django.utils.translation import gettext as _, gettext_lazy

from complaints.forms.action import EmptyForm, NoteForm
from complaints.forms.job import FinishForm, JobPhotoForm, MaterialForm, StepForm
from complaints.models import Material
from complaints.services import talking, working, working_costs
from complaints.views.job_sending import JobAction


class TakeJobPage(JobAction):
    """Take a job of one's department, or accept one's own."""

    form_class = EmptyForm
    done = gettext_lazy("It is your job now.")

    def do(self, form: forms.Form) -> None:
        working.take(ticket=self.row, by=self.actor, now=self.now)


class SetOffPage(JobAction):
    """On the way."""

    form_class = StepForm
    done = gettext_lazy("On the way. The owner has been told.")

    def do(self, form: Any) -> None:
        working.set_off(ticket=self.row, by=self.actor, now=self.now, phone=form.phone())


class ArrivePage(JobAction):
    """On site."""

    form_class = StepForm
    done = gettext_lazy("You are on site.")

    def do(self, form: Any) -> None:
        working.arrive(ticket=self.row, by=self.actor, now=self.now, phone=form.phone())


class FinishPage(JobAction):
    """Done."""

    form_class = FinishForm
    form_name = "finish"
    done = gettext_lazy("Done. The owner has been asked whether it is fixed.")

    def do(self, form: Any) -> None:
        said = {
            name: form.cleaned_data[name] for name in ("solution", "minutes", "labour_fee", "payer")
        }
        working.finish(ticket=self.row, **said, by=self.actor, now=self.now, phone=form.phone())


class AddMaterialPage(JobAction):
    """Write down something that was used up."""

    form_class = MaterialForm
    form_name = "material"
    done = gettext_lazy("Material written down.")

    def do(self, form: forms.Form) -> None:
        working_costs.add_material(
            ticket=self.row, **form.cleaned_data, by=self.actor, now=self.now
        )


class RemoveMaterialPage(JobAction):
    """Take a line out again."""

    form_class = EmptyForm
    done = gettext_lazy("Material taken out.")

    def prepare(self) -> None:
        super().prepare()
        lines = Material.objects.visible_to(self.me).filter(record__ticket_id=self.row.pk)
        found: Material | None = lines.filter(pk=self.kwargs["material"]).first()
        if found is None:
            raise Http404(_("There is nothing here."))
        self.material = found

    def do(self, form: forms.Form) -> None:
        working_costs.remove_material(
            ticket=self.row, material=self.material, by=self.actor, now=self.now
        )


class JobPhotoPage(JobAction):
    """Add photos before or after the work: all that were chosen, or none."""

    form_class = JobPhotoForm
    form_name = "photo"
    done = gettext_lazy("Photo added.")

    def do(self, form: forms.Form) -> None:
        for upload in form.cleaned_data["upload"]:
            working.add_photo(
                ticket=self.row,
                stage=form.cleaned_data["stage"],
                upload=upload,
                by=self.actor,
                now=self.now,
            )


class JobNotePage(JobAction):
    """Write a note among staff."""

    form_class = NoteForm
    form_name = "note"
    done = gettext_lazy("Note kept. The owner does not see it.")

    def do(self, form: forms.Form) -> None:
        talking.note(ticket=self.row, **form.cleaned_data, by=self.actor, now=self.now)
