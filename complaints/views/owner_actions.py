"""What only the owner of a ticket can do: ask us to hurry, and judge the answer."""

from typing import Any

from django.contrib import messages
from django.forms import Form
from django.utils.translation import gettext as _, gettext_lazy

from complaints.forms.owner import RatingForm
from complaints.models import Status, Ticket
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
