"""What only the owner of a ticket can do: ask us to hurry, judge the answer and the calls."""

from typing import Any

from django.contrib import messages
from django.forms import Form
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _, gettext_lazy

from complaints.forms.owner import CallRatingForm, RatingForm
from complaints.models import Callback, Status, Ticket
from complaints.services.callback_rating import rate_call
from complaints.services.owner_voice import rate, urge
from complaints.views.actions import TicketAction
from tenancy.permissions import Can


class UrgePage(TicketAction):
    """The owner asks us to hurry."""

    needs = Can.URGE
    done = gettext_lazy("We have told whoever has it that you are waiting.")

    def do(self, form: Form) -> None:
        urge(ticket=self.row, by=self.actor, now=self.now)


class RatePage(TicketAction):
    """The owner judges the answer."""

    needs = Can.RATE
    form_class = RatingForm
    form_name = "rating"

    def do(self, form: Any) -> None:
        rate(ticket=self.row, by=self.actor, now=self.now, **form.cleaned_data)
        status = Ticket.objects.values_list("status", flat=True).get(pk=self.row.pk)
        text = _("Thank you. Your rating has been noted.")
        if status == Status.ACCEPTED:
            text = _("Thank you for saying so. It is open again, and a supervisor looks after it.")
        messages.success(self.request, text)


class RateCallPage(TicketAction):
    """The owner says whether a call helped."""

    needs = Can.RATE
    form_class = CallRatingForm
    form_name = "call_rating"
    is_a_move = False
    done = gettext_lazy("Thank you. We have noted what you say about our call.")

    def do(self, form: Any) -> None:
        calls = Callback.objects.filter(ticket_id=self.row.pk)
        call = get_object_or_404(calls, pk=self.kwargs["call"])
        rate_call(callback=call, by=self.actor, now=self.now, **form.cleaned_data)
