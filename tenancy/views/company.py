"""From the front door to a company."""

from typing import cast

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views import View

from tenancy.models import Company, User
from tenancy.services.members import companies_of


def home_of(company: Company) -> str:
    """The address at which a company begins."""
    return reverse("reports:home", kwargs={"company": company.slug})


@method_decorator(login_not_required, name="dispatch")
class FrontDoor(View):
    """`/`: on to sign-in, to the one company, or to the choice between several."""

    def get(self, request: HttpRequest) -> HttpResponse:
        user = request.user
        if not isinstance(user, User):
            return HttpResponseRedirect(reverse("account_login"))
        companies = companies_of(user)
        if len(companies) == 1:
            return HttpResponseRedirect(home_of(companies[0]))
        return HttpResponseRedirect(reverse("tenancy:company_switch"))


class CompanySwitch(View):
    """The companies a person belongs to, or what to do when there is none."""

    def get(self, request: HttpRequest) -> HttpResponse:
        user = cast(User, request.user)  # the middleware lets nobody else through
        rows = [(company, home_of(company)) for company in companies_of(user)]
        title = _("Choose a company") if rows else _("No company yet")
        context = {"rows": rows, "title": title, "person": user}
        return render(request, "tenancy/company_switch.html", context)
