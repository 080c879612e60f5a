"""How much somebody has in hand: a fragment for the page that lets them go."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from complaints.models import Ticket
from tenancy.models import Membership
from tenancy.pages import DetailPage
from tenancy.permissions import Can


class InHandPage(DetailPage):
    """The number of tickets somebody would leave behind."""

    needs = Can.SET_MEMBERS
    model = Membership

    def get(self, *args: Any, **kwargs: Any) -> HttpResponse:
        count = Ticket.objects.visible_to(self.me).active().filter(assignee=self.row).count()
        return render(self.request, "complaints/in_hand.html", {"count": count})
