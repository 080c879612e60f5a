"""From the address to the company, and who may be there at all."""

import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.signals import user_logged_in
from django.db import transaction
from django.dispatch import receiver
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render, resolve_url
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from tenancy import scope
from tenancy.models import Company, Membership, User
from tenancy.services.access import ReadOnly, note_page
from tenancy.services.addresses import client_address, parts_of
from tenancy.services.members import ids_of
from tenancy.services.operating import Suspended
from tenancy.services.refusal import Refused
from tenancy.services.second_factor import SecondFactorMissing
from tenancy.services.tokens import find_token

SAFE = ("GET", "HEAD", "OPTIONS")
SEEN, SEEN_SECONDS = "seen", 60 * 60

Answer = Callable[[HttpRequest], HttpResponse]


class CompanyMiddleware:
    """Serves the company that the first path segment names, for the length of the view.

    It stands last: sessions and sign-in belong to no company and are done outside its scope.
    The transaction is opened by ATOMIC_REQUESTS around the view, not here.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        try:
            response = self.get_response(request)
        finally:
            scope.leave()
        if hasattr(request, "company"):
            # What one member sees is for no shared cache, and stale for their own.
            response.headers.setdefault("Cache-Control", "private, no-cache")
        return response

    def process_view(
        self, request: Any, view: Any, args: Any, kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        slug = kwargs.get("company")
        if slug is None:
            return None
        company = find_company(slug)
        if company is None:
            raise Http404(_("There is nothing here."))
        request.company = company
        scope.enter(company.id)
        if not company.is_active:
            return suspended(request)
        if request.user.is_staff:
            return visited(request)
        return None

    def process_exception(self, request: Any, exception: Exception) -> HttpResponse | None:
        """Lead whoever lacks a second factor to where they get one."""
        if not isinstance(exception, SecondFactorMissing):
            return None
        where = {"company": request.company.slug, "next": page_to_return_to(request)}
        return HttpResponseRedirect(f"{reverse('tenancy:factor_needed')}?{urlencode(where)}")


# By hand, because every request of a company begins with it.
BY_SLUG = "SELECT * FROM tenancy_company WHERE slug = %s"


def find_company(slug: str) -> Company | None:
    """The company of that short name."""
    return next(iter(Company.objects.raw(BY_SLUG, [slug])), None)


def suspended(request: Any) -> HttpResponse:
    """Members are told; to all others a suspended company is as absent as an unknown one."""
    with transaction.atomic():
        if not is_member(request):
            raise Http404(_("There is nothing here."))
    return refused(request, Suspended(), "tenancy/suspended.html")


def is_member(request: Any) -> bool:
    """Whether a browser or a program of this company is asking."""
    if request.user.is_authenticated:
        return bool(Membership.objects.active().filter(user_id=request.user.pk).exists())
    _keyword, _space, plain = request.headers.get("Authorization", "").partition(" ")
    return plain.isascii() and find_token(plain.strip(), timezone.now()) is not None


def visited(request: Any) -> HttpResponse | None:
    """Write down what an operator of the platform opens; they look, and change nothing."""
    with transaction.atomic():
        member = Membership.objects.active().filter(user_id=request.user.pk).first()
        if member is None or not member.is_platform:
            return None
        if request.method not in SAFE:
            return refused(request, ReadOnly(), "tenancy/read_only.html")
        if not request.path.endswith("/live/"):
            address = client_address(request)
            note_page(member=member, path=request.path, address=address, now=timezone.now())
    return None


def refused(request: Any, refusal: Refused, template: str) -> HttpResponse:
    """A page that says no; the API says the same in its own language."""
    answer = render(request, template, {"company": request.company, "refusal": refusal}, status=403)
    answer.refusal = refusal  # type: ignore[attr-defined]
    return answer


# --- signing in ---


class SignInMiddleware(LoginRequiredMiddleware):
    """Sends to sign-in whoever has to, and afterwards back to a page that can be opened.

    Whose session ended while they were writing comes back to the form, not to the address that
    it was sent to.
    """

    def handle_no_permission(self, request: Any, view_func: Any) -> Any:
        back = page_to_return_to(request)
        if request.method not in SAFE:
            messages.warning(
                request,
                _("You had been signed out meanwhile, so this was not sent. Please send it again."),
            )
        sign_in = resolve_url(self.get_login_url(view_func))
        target = f"{sign_in}?{urlencode({'next': back}, safe='/')}"
        if request.headers.get("HX-Request"):
            return HttpResponse(status=401, headers={"HX-Redirect": target})
        return HttpResponseRedirect(target)


def page_to_return_to(request: HttpRequest) -> str:
    """The page that somebody has before them: the one they asked for, or sent a form from."""
    if request.method == "GET" and not request.headers.get("HX-Request"):
        return request.get_full_path()
    return page_before(request) or "/"


def page_before(request: HttpRequest) -> str:
    """The page of ours that a request comes from; empty when it says none."""
    address = request.headers.get("HX-Current-URL") or request.headers.get("Referer", "")
    parts = parts_of(address)
    ours = url_has_allowed_host_and_scheme(
        address, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    if not ours or not parts.path.startswith("/") or parts.path.startswith("//"):
        return ""
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


class SeenMiddleware:
    """Remembers once an hour from where a session is used, for the list of one's devices."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            now = int(time.time())
            if now - request.session.get(SEEN, 0) > SEEN_SECONDS:
                UserSession.objects.create_from_request(request)
                remember(request, request.user, now)
        return self.get_response(request)


@receiver(user_logged_in)
def begin_to_see(request: HttpRequest | None, user: User, **_more: Any) -> None:
    """Signing in is itself a use, and written down by allauth."""
    if request is not None:
        remember(request, user, int(time.time()))


def remember(request: HttpRequest, user: Any, now: int) -> None:
    """When the session was used, and how many companies its menu may offer to switch between."""
    request.session[SEEN] = now
    request.session["companies"] = len(ids_of(user))
