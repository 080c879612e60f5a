"""One's own account: what belongs to the person rather than to one of their companies."""

import time
from collections.abc import Callable
from functools import wraps
from typing import Any, cast
from urllib.parse import urlencode

from allauth.account.authentication import get_authentication_records
from allauth.account.internal.flows.reauthentication import get_reauthentication_flows
from allauth.account.views import LogoutView
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from allauth.usersessions.views import ListUserSessionsView
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _, gettext_lazy
from django.views import View

from tenancy.models import User
from tenancy.services.devices import device_of
from tenancy.services.members import companies_of
from tenancy.services.second_factor import FACTORS
from tenancy.views.company import home_of

FRESH_SECONDS = 5 * 60

Handler = Callable[..., HttpResponse]


def person(request: HttpRequest) -> User:
    """Who is signed in; the middleware lets nobody else through."""
    return cast(User, request.user)


def own_page(request: HttpRequest, wanted: str) -> str:
    """A page of ours to go on to; else the front door."""
    ours = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if ours else "/"


def freshly(view: Handler) -> Handler:
    """For whoever has neither password nor second factor: they sign in anew before it matters.

    allauth asks all others for one of these by itself.
    """

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        user = request.user
        if not user.is_authenticated or get_reauthentication_flows(user):
            return view(request, *args, **kwargs)
        records = get_authentication_records(request, user)
        if records and time.time() - records[-1]["at"] < FRESH_SECONDS:
            return view(request, *args, **kwargs)
        where = urlencode({"next": request.path})
        return HttpResponseRedirect(f"{reverse('tenancy:sign_in_again')}?{where}")

    return guarded


class AccountPage(View):
    """Everything about the person, each with the way to change it."""

    def get(self, request: HttpRequest) -> HttpResponse:
        user = person(request)
        kinds = list(Authenticator.objects.filter(user_id=user.pk).values_list("type", flat=True))
        rows = [(company, home_of(company)) for company in companies_of(user)]
        context = {
            "title": gettext_lazy("My account"),
            "person": user,
            "companies": rows,
            "passkeys": kinds.count(Authenticator.Type.WEBAUTHN),
            "app": Authenticator.Type.TOTP in kinds,
            "factors": [kind for kind in kinds if kind in FACTORS],
            "sessions": UserSession.objects.filter(user_id=user.pk).count(),
        }
        return render(request, "account/home.html", context)


class SignOut(LogoutView):  # type: ignore[misc]
    """The end of a session. What the browser kept goes too, once its page has seen that nothing
    in it waits to be sent: a technician's work in a dead spot outlives a sign-out."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        answer: HttpResponse = super().post(request, *args, **kwargs)
        if "forget" in request.POST:
            answer.headers["Clear-Site-Data"] = '"storage"'
        return answer


class SessionList(ListUserSessionsView):  # type: ignore[misc]  # allauth publishes no types
    """Where one is signed in; all others can be ended at once."""

    def get_context_data(self, **more: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**more)
        newest = sorted(context["sessions"], key=lambda row: row.last_seen_at, reverse=True)
        rows = [(row, row.is_current(), device_of(row.user_agent)) for row in newest]
        rows.sort(key=lambda each: not each[1])
        return {**context, "rows": rows, "title": _("Devices and sign-ins")}


class SessionEnd(View):
    """One of one's own sessions, ended."""

    http_method_names = ["post", "options"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        row = UserSession.objects.filter(user_id=person(request).pk, pk=pk).first()
        if row is None:
            raise Http404
        if row.session_key == request.session.session_key:
            return HttpResponseRedirect(reverse("account_logout"))
        row.end()
        messages.success(request, _("That device is signed out."))
        return HttpResponseRedirect(reverse("usersessions_list"))


class FactorNeeded(View):
    """What to do when a company lets its staff in with a second factor only."""

    def get(self, request: HttpRequest) -> HttpResponse:
        user = person(request)
        companies = companies_of(user)
        slug = request.GET.get("company", "")
        context = {
            "title": _("A second factor is needed"),
            "wants": next((each for each in companies if each.slug == slug), None),
            "others": [(each, home_of(each)) for each in companies if each.slug != slug],
            "next": own_page(request, request.GET.get("next", "")),
            "person": user,
        }
        request.session["after_second_factor"] = context["next"]
        return render(request, "account/factor_needed.html", context)


class SignInAgain(View):
    """For whoever has neither password nor second factor: a code to the phone, once more."""

    def get(self, request: HttpRequest) -> HttpResponse:
        code = reverse("account_request_login_code")
        where = own_page(request, request.GET.get("next", ""))
        context = {
            "title": _("Please sign in once more"),
            "then": f"{code}?{urlencode({'next': where})}",
        }
        return render(request, "account/sign_in_again.html", context)
