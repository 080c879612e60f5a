"""The company's home: everybody begins where their work is."""

from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse

from reports.services.setup import is_empty
from tenancy.pages import Page
from tenancy.permissions import Can


class HomePage(Page):
    """Sends each role to its own first page."""

    needs = Can.BE_HERE

    def get(self, *args: Any, **kwargs: Any) -> HttpResponse:
        name = "complaints:my_tickets"
        if self.me.can(Can.SET_COMPANY) and is_empty():
            name = "reports:setup"
        elif self.me.can(Can.READ_FIGURES):
            name = "reports:figures"
        elif self.me.can(Can.READ_LATE):
            name = "complaints:late"
        elif self.me.can(Can.DO_JOBS):
            name = "complaints:jobs"
        elif self.me.can(Can.READ_QUEUE):
            name = "complaints:queue"
        return HttpResponseRedirect(reverse(name, kwargs={"company": self.request.company.slug}))
