"""What the API says when something is not possible: RFC 9457, with codes that stay the same."""

import logging
from collections.abc import Iterator
from typing import Any

from django.core import exceptions as django
from django.core.signals import got_request_exception
from django.db import DatabaseError, DataError, IntegrityError, OperationalError, ProgrammingError
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _, gettext_lazy
from rest_framework import exceptions as rest
from rest_framework.response import Response
from rest_framework.views import set_rollback

from tenancy.calendar_terms import CalendarError
from tenancy.services.refusal import Refused
from tenancy.viewsets.rendering import dump

log = logging.getLogger(__name__)

MEDIA_TYPE = "application/problem+json"
NOT_FOUND = gettext_lazy("There is nothing here.")

# Status → its stable code and its title. A problem may have a narrower code of its own.
TITLES: dict[int, tuple[str, Any]] = {
    400: ("invalid", gettext_lazy("The request is not valid")),
    401: ("not_authenticated", gettext_lazy("Sign in first")),
    403: ("not_allowed", gettext_lazy("Not allowed")),
    404: ("not_found", gettext_lazy("Not found")),
    405: ("method_not_allowed", gettext_lazy("Method not allowed")),
    406: ("not_acceptable", gettext_lazy("Only JSON is offered")),
    409: ("conflict", gettext_lazy("Not possible now")),
    413: ("too_large", gettext_lazy("Too large")),
    415: ("unsupported_media_type", gettext_lazy("Unsupported media type")),
    422: ("unprocessable", gettext_lazy("Not possible")),
    429: ("too_many_requests", gettext_lazy("Too many requests")),
    500: ("error", gettext_lazy("Something went wrong here")),
    503: ("unavailable", gettext_lazy("Not available at the moment")),
}


class Problem(rest.APIException):
    """Something that is not possible, with its status and code."""

    def __init__(self, status: int, code: str = "", detail: Any = "", **headers: str) -> None:
        self.status_code = status
        self.code = code or TITLES[status][0]
        self.headers = {name.replace("_", "-"): value for name, value in headers.items()}
        super().__init__(detail or TITLES[status][1], self.code)


def describe(
    status: int, code: str, detail: Any, path: str, errors: list[dict[str, str]] | None = None
) -> dict[str, Any]:
    """The members of a problem document."""
    default, title = TITLES.get(status, TITLES[400 if status < 500 else 500])
    code = code or default
    found: dict[str, Any] = {
        "type": f"urn:problem:{code}",
        "title": str(title),
        "status": status,
        "detail": str(detail),
        "code": code,
        "instance": path,
    }
    if errors is not None:
        found["errors"] = errors
    return found


def handle(exc: Exception, context: dict[str, Any]) -> Response:
    """DRF's exception handler: every exception becomes a problem, and undoes what was done."""
    set_rollback()
    request = context["request"]
    known = recognise(exc)
    if known is None:
        log.error("%s %s failed", request.method, request.path, exc_info=exc)
        got_request_exception.send(sender=None, request=request._request)
        known = Problem(500)
    if isinstance(known, rest.ValidationError):
        body = describe(400, "", _("Some values are not valid."), request.path, faults(known))
    else:
        body = describe(known.status_code, code_of(known), known.detail, request.path)
    return Response(
        body, status=known.status_code, headers=headers_of(known), content_type=MEDIA_TYPE
    )


def code_of(problem: rest.APIException) -> str:
    """Its own code, or the one of its status."""
    if isinstance(problem, Problem):
        return problem.code
    if isinstance(problem, rest.ParseError):
        return "malformed"
    if isinstance(problem, rest.AuthenticationFailed):
        return "invalid_token"
    return TITLES[problem.status_code][0]


def headers_of(problem: rest.APIException) -> dict[str, str]:
    """The headers that go with a problem."""
    headers: dict[str, str] = dict(getattr(problem, "headers", {}))
    challenge = getattr(problem, "auth_header", None)
    if challenge:
        headers["WWW-Authenticate"] = challenge
    wait = getattr(problem, "wait", None)
    if wait is not None:
        headers["Retry-After"] = str(max(1, round(wait)))
    return headers


def recognise(exc: Exception) -> rest.APIException | None:
    """The problem that an exception means; None for a bug of ours."""
    if isinstance(exc, rest.APIException):
        return exc
    if isinstance(exc, Refused):
        return Problem(exc.status, exc.code, str(exc))
    if isinstance(exc, Http404):
        return Problem(404, "", NOT_FOUND)
    if isinstance(exc, DatabaseError):
        return recognise_database(exc)
    if isinstance(exc, CalendarError):
        return Problem(409, "calendar_never_opens", _("The working calendar has no such time."))
    return recognise_django(exc)


def recognise_django(exc: Exception) -> rest.APIException | None:
    if isinstance(exc, django.PermissionDenied):
        return Problem(403, "", str(exc) or _("Your role does not allow this."))
    if isinstance(exc, django.RequestDataTooBig):
        return Problem(413, "", _("The request is too large."))
    if isinstance(exc, django.SuspiciousOperation | django.BadRequest):
        return Problem(400, "malformed", _("The request cannot be read."))
    if isinstance(exc, django.ValidationError):
        return rest.ValidationError(exc.messages)
    return None


# What PostgreSQL says, by its code (SQLSTATE).
ROW_SECURITY = "42501"
BUSY = {"55P03", "40P01", "40001"}  # a lock not to be had, a deadlock, a lost race
TOO_SLOW = "57014"


def recognise_database(exc: DatabaseError) -> rest.APIException | None:
    """A database error as a problem of the request; None when it is a bug of ours."""
    state = getattr(exc.__cause__, "pgcode", None)
    if state in BUSY:
        return Problem(
            409, "busy", _("Somebody else is changing this. Try again."), Retry_After="1"
        )
    if isinstance(exc, ProgrammingError):
        return Problem(404, "", NOT_FOUND) if state == ROW_SECURITY else None
    if isinstance(exc, IntegrityError):
        return Problem(409, "", _("This contradicts what is already there."))
    if isinstance(exc, DataError):
        return Problem(400, "", _("Some values are not valid."))
    if isinstance(exc, OperationalError):
        log.error("database: %s", exc)
        return Problem(503, "too_slow" if state == TOO_SLOW else "", "", Retry_After="5")
    return None


def faults(error: rest.ValidationError) -> list[dict[str, str]]:
    """Every fault of a body, with a JSON pointer to it; `?name` points to a query parameter."""
    return list(_faults(error.get_full_details(), ""))


def _faults(found: Any, pointer: str) -> Iterator[dict[str, str]]:
    if isinstance(found, list):
        for number, each in enumerate(found):
            leaf = isinstance(each, dict) and set(each) == {"message", "code"}
            yield from _faults(each, pointer if leaf else f"{pointer}/{number}")
    elif set(found) == {"message", "code"} and not isinstance(found["message"], dict | list):
        yield {"pointer": pointer, "code": str(found["code"]), "detail": str(found["message"])}
    else:
        for name, each in found.items():
            step = "" if name == "non_field_errors" else step_to(str(name))
            yield from _faults(each, pointer + step)


def step_to(name: str) -> str:
    """A name as one step of a JSON pointer (RFC 6901)."""
    return name if name.startswith("?") else "/" + name.replace("~", "~0").replace("/", "~1")


def bad_parameter(name: str, detail: Any, code: str = "invalid") -> rest.ValidationError:
    """A query parameter that makes no sense."""
    return rest.ValidationError({f"?{name}": [rest.ErrorDetail(str(detail), code)]})


def respond(request: HttpRequest, status: int, detail: Any = "", code: str = "") -> HttpResponse:
    """A problem from outside any viewset, e.g. a company that does not exist."""
    body = describe(status, code, detail or TITLES.get(status, TITLES[500])[1], request.path)
    return HttpResponse(dump(body), status=status, content_type=MEDIA_TYPE)
