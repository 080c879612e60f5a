"""Who is asking: a program with a token, or a page of ours with its session."""

from typing import Any

from django.http import Http404
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext_lazy as _
from rest_framework.authentication import BaseAuthentication, CSRFCheck
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from tenancy.models import ApiToken, User
from tenancy.models.token import TokenScope
from tenancy.services.members import member_of_this_company
from tenancy.services.tokens import find_token
from tenancy.viewsets.problems import Problem

KEYWORD = "Token"
LONGEST_TOKEN = 200
UNKNOWN = _("This token is not valid here.")


class TokenAuthentication(BaseAuthentication):
    """`Authorization: Token …`. A token of another company is as unknown as an invented one."""

    def authenticate(self, request: Request) -> tuple[Any, ApiToken] | None:
        keyword, _space, plain = request.headers.get("Authorization", "").partition(" ")
        if keyword.lower() != KEYWORD.lower():
            return None
        plain = plain.strip()
        token = None
        if plain and len(plain) <= LONGEST_TOKEN and plain.isascii() and plain.isprintable():
            token = find_token(plain, timezone.now())
        if token is None:
            raise AuthenticationFailed(UNKNOWN)
        remember(request, token.membership)
        # Hardly anything asks for the person: the member is what counts.
        return SimpleLazyObject(lambda: token.membership.user), token

    def authenticate_header(self, request: Request) -> str:
        return KEYWORD


class SessionAuthentication(BaseAuthentication):
    """The signed-in browser, for pages of the same site. A stranger finds nothing here."""

    def authenticate(self, request: Request) -> tuple[User, None] | None:
        user = getattr(request._request, "user", None)
        if user is None or not user.is_active or not user.is_authenticated:
            return None
        self.enforce_csrf(request)
        membership = member_of_this_company(user)
        if membership is None:
            raise Http404
        remember(request, membership)
        return user, None

    def enforce_csrf(self, request: Request) -> None:
        check = CSRFCheck(lambda _request: None)  # type: ignore[arg-type]
        check.process_request(request._request)
        reason = check.process_view(request._request, None, (), {})  # type: ignore[arg-type]
        if reason:
            raise Problem(403, "csrf_failed", _("The CSRF token is missing or wrong."))


def remember(request: Request, membership: Any) -> None:
    """Where viewsets and filters find the member: on the request itself, as pages do."""
    request._request.membership = membership  # type: ignore[attr-defined]


def carries(token: Any, scope: TokenScope) -> bool:
    """Whether a request may do what a scope stands for. Sessions carry them all."""
    if not isinstance(token, ApiToken):
        return True
    if scope == TokenScope.READ:
        return TokenScope.READ in token.scopes or TokenScope.WRITE in token.scopes
    return scope in token.scopes
