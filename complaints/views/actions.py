"""What staff do to a ticket, each by one button: POST only.

What was typed is never lost: a form that is wrong comes back with its ticket around it. A script
that holds an act back until it can no longer be undone sends it once more when it is not sure that
it arrived (`submission`), says what its member had seen (`seen`), and is answered in JSON.
"""

import hashlib
from typing import Any

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from complaints.forms.action import (
    AssignForm,
    AttachForm,
    CallForm,
    CommentForm,
    EmptyForm,
    Handlers,
    MoveDayForm,
    NoteForm,
    PauseForm,
    ProofForm,
    ReopenForm,
    ResolveForm,
)
from complaints.models import Ticket
from complaints.models.kinds import OWN
from complaints.services import attaching, calling, handling, moving_day, talking
from complaints.services.seen import make_sure_unmoved
from complaints.views.ticket import TicketPage
from tenancy.pages import ActionPage
from tenancy.permissions import Can
from tenancy.services.idempotency import Answer, claim_key, keep_answer
from tenancy.services.refusal import Refused
from tenancy.viewsets.idempotency import FITTING

# Lists from which a button brings one back to the list.
BACK = {"calls": "complaints:call_list", "late": "complaints:late", "queue": "complaints:queue"}


class TicketAction(ActionPage):
    """Something done to a ticket."""

    model = Ticket
    form_class: type[forms.Form] = EmptyForm
    form_name = ""  # under which the ticket's page knows the form
    is_a_move = True  # words may be added to a ticket that somebody else has moved meanwhile

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
            self.do_once(form)
        except Refused as refusal:
            return self.refuse(form, refusal)
        if self.is_script:
            return JsonResponse({"done": str(self.done)})
        if self.done:
            messages.success(self.request, self.done)
        return HttpResponseRedirect(self.back())

    @transaction.atomic
    def do_once(self, form: forms.Form) -> None:
        """Do it, unless it was done before, or the ticket is no longer as it was seen."""
        key, said = self.act_of(form)
        if key:
            if claim_key(membership=self.me, key=key, fingerprint=said, now=self.now):
                return
            keep_answer(membership=self.me, key=key, answer=Answer(200, ""))
        seen = self.request.POST.get("seen", "")
        if self.is_a_move and seen.isdecimal() and len(seen) < 6:
            make_sure_unmoved(ticket=self.row, seen=int(seen), by=self.actor)
        self.do(form)

    def act_of(self, form: forms.Form) -> tuple[str, str]:
        """The name of this act, if it has one, and what it says.

        A page's form has one name (`once`) however often it is sent: after going back, other words
        are another act, the same words are not.
        """
        sent = self.request.POST
        what = repr(sorted((name, sent[name]) for name in form.fields if name in sent))
        said = hashlib.sha256(f"{self.request.path}{what}".encode()).hexdigest()
        submission = sent.get("submission", "")[:36]
        if FITTING.fullmatch(submission):
            return f"page:{submission}", said
        if once := sent.get("once", ""):
            return f"once:{hashlib.sha256(f'{once}{said}'.encode()).hexdigest()}", said
        return "", said

    def refuse(self, form: forms.Form, refusal: Refused) -> HttpResponse:
        """Say why not, where it was asked."""
        if self.is_script:
            problem = {"code": refusal.code, "detail": str(refusal)}
            return JsonResponse(problem, status=409)
        if form.fields:
            form.add_error(None, str(refusal))
            return self.again(form, 409)
        messages.error(self.request, str(refusal))
        return HttpResponseRedirect(self.back())

    @property
    def is_script(self) -> bool:
        """Whether a script waits for the answer, not a person."""
        return self.request.headers.get("Accept") == "application/json"

    def again(self, form: forms.Form, status: int) -> HttpResponse:
        """The ticket's page with the form as it was typed and what is wrong with it."""
        if self.is_script:
            problems = [str(each) for problems in form.errors.values() for each in problems]
            return JsonResponse({"code": "invalid", "detail": " ".join(problems)}, status=status)
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


class MoveDayPage(TicketAction):
    """Let what the company set itself be done by another day."""

    needs = Can.IMPROVE
    form_class = MoveDayForm
    form_name = "move_day"
    done = _("The day was moved; the reason stands in the timeline.")

    def do(self, form: forms.Form) -> None:
        moving_day.move_day(ticket=self.row, **form.cleaned_data, by=self.actor, now=self.now)


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

    def form(self, *args: Any) -> forms.Form:
        if self.row.kind in OWN:
            self.done = _("Resolved, with what shows it.")
            return ProofForm(*args)
        return super().form(*args)

    def do(self, form: forms.Form) -> None:
        said = dict(form.cleaned_data)
        if upload := said.pop("upload", None):
            attaching.attach(ticket=self.row, upload=upload, by=self.actor, now=self.now)
        handling.resolve(ticket=self.row, **said, by=self.actor, now=self.now)


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
    is_a_move = False
    done = _("Message sent.")

    def do(self, form: forms.Form) -> None:
        talking.comment(ticket=self.row, **form.cleaned_data, by=self.actor, now=self.now)


class NotePage(TicketAction):
    """Write a note among staff."""

    needs = Can.NOTE
    form_class = NoteForm
    form_name = "note"
    is_a_move = False
    done = _("Note kept. The owner does not see it.")

    def do(self, form: forms.Form) -> None:
        talking.note(ticket=self.row, **form.cleaned_data, by=self.actor, now=self.now)


class AttachPage(TicketAction):
    """Add a photo or a document."""

    needs = Can.ATTACH
    form_class = AttachForm
    form_name = "attach"
    is_a_move = False
    done = _("File added.")

    def do(self, form: forms.Form) -> None:
        attaching.attach(ticket=self.row, **form.cleaned_data, by=self.actor, now=self.now)
