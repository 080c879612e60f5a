"""What staff do to a ticket, each by one button: POST only.

What was typed is never lost: a form that is wrong comes back with its ticket around it.
"""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from complaints.forms.action import (
    AssignForm,
    AttachForm,
    CallForm,
    CommentForm,
    EmptyForm,
    Handlers,
    NoteForm,
    PauseForm,
    ReopenForm,
    ResolveForm,
)
from complaints.models import Ticket
from complaints.services import attaching, calling, handling, talking
from complaints.views.ticket import TicketPage
from tenancy.pages import ActionPage
from tenancy.permissions import Can
from tenancy.services.refusal import Refused

# Lists from which a button brings one back to the list.
BACK = {"calls": "complaints:call_list", "late": "complaints:late", "queue": "complaints:queue"}


class TicketAction(ActionPage):
    """Something done to a ticket."""

    model = Ticket
    form_class: type[forms.Form] = EmptyForm
    form_name = ""  # under which the ticket's page knows the form

    def back(self) -> str:
        origin = self.request.POST.get("back", "")
        company = self.request.company.slug
        if origin in BACK:
            return reverse(BACK[origin], kwargs={"company": company})
        return reverse(
            "complaints:ticket_detail", kwargs={"company": company, "pk": self.kwargs["pk"]}
        )

    def post(self, *args: Any, **kwargs: Any) -> HttpResponse:
        form = self.form(self.request.POST, self.request.FILES)
        if not form.is_valid():
            return self.again(form, 422)
        try:
            self.do(form)
        except Refused as refusal:
            if not form.fields:
                messages.error(self.request, str(refusal))
                return HttpResponseRedirect(self.back())
            form.add_error(None, str(refusal))
            return self.again(form, 409)
        if self.done:
            messages.success(self.request, self.done)
        return HttpResponseRedirect(self.back())

    def again(self, form: forms.Form, status: int) -> HttpResponse:
        """The ticket's page with the form as it was typed and what is wrong with it."""
        page = TicketPage()
        page.setup(self.request, *self.args, **self.kwargs)
        return page.show_again(self.form_name, form, status)


class AcceptPage(TicketAction):
    """Take a ticket in hand."""

    needs = Can.ACCEPT
    done = _("Accepted: it is in your hands.")

    def do(self, form: forms.Form) -> None:
        handling.accept(ticket=self.row, by=self.actor, now=self.now)


class AssignPage(TicketAction):
    """Hand a ticket over."""

    needs = Can.ASSIGN
    form_class = AssignForm
    form_name = "assign"
    done = _("Handed over.")

    def form_arguments(self) -> dict[str, Any]:
        return {"handlers": Handlers([self.row.community_id])}

    def do(self, form: forms.Form) -> None:
        department, assignee = form.cleaned_data["to"]
        handling.assign(
            ticket=self.row, department=department, assignee=assignee, by=self.actor, now=self.now
        )


class PausePage(TicketAction):
    """Stop the clocks while somebody else is waited for."""

    needs = Can.PAUSE
    form_class = PauseForm
    form_name = "pause"
    done = _("Paused. The clocks stand still, except the callback's.")

    def do(self, form: forms.Form) -> None:
        handling.pause(ticket=self.row, **form.cleaned_data, by=self.actor, now=self.now)


class ResumePage(TicketAction):
    """Go on."""

    needs = Can.PAUSE
    done = _("The clocks run again.")

    def do(self, form: forms.Form) -> None:
        handling.resume(ticket=self.row, by=self.actor, now=self.now)


class CallPage(TicketAction):
    """Log a call to the owner."""

    needs = Can.CALL_BACK
    form_class = CallForm
    form_name = "call"
    done = _("Call logged.")

    def do(self, form: forms.Form) -> None:
        calling.call_back(ticket=self.row, **form.cleaned_data, by=self.actor, now=self.now)


class ResolvePage(TicketAction):
    """Say what was done."""

    needs = Can.RESOLVE
    form_class = ResolveForm
    form_name = "resolve"
    done = _("Resolved. The owner has been told; a follow-up call is owed.")

    def do(self, form: forms.Form) -> None:
        handling.resolve(ticket=self.row, **form.cleaned_data, by=self.actor, now=self.now)


class ClosePage(TicketAction):
    """Put a ticket away."""

    needs = Can.CLOSE
    done = _("Closed.")

    def do(self, form: forms.Form) -> None:
        handling.close(ticket=self.row, by=self.actor, now=self.now)


class ReopenPage(TicketAction):
    """It was not done after all."""

    needs = Can.REOPEN
    form_class = ReopenForm
    form_name = "reopen"
    done = _("Reopened: a new round with new promises.")

    def do(self, form: forms.Form) -> None:
        handling.reopen(ticket=self.row, **form.cleaned_data, by=self.actor, now=self.now)


class CommentPage(TicketAction):
    """Write to the other side."""

    needs = Can.COMMENT
    form_class = CommentForm
    form_name = "comment"
    done = _("Message sent.")

    def do(self, form: forms.Form) -> None:
        talking.comment(ticket=self.row, **form.cleaned_data, by=self.actor, now=self.now)


class NotePage(TicketAction):
    """Write a note among staff."""

    needs = Can.NOTE
    form_class = NoteForm
    form_name = "note"
    done = _("Note kept. The owner does not see it.")

    def do(self, form: forms.Form) -> None:
        talking.note(ticket=self.row, **form.cleaned_data, by=self.actor, now=self.now)


class AttachPage(TicketAction):
    """Add a photo or a document."""

    needs = Can.ATTACH
    form_class = AttachForm
    form_name = "attach"
    done = _("File added.")

    def do(self, form: forms.Form) -> None:
        attaching.attach(ticket=self.row, **form.cleaned_data, by=self.actor, now=self.now)
