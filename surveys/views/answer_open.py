"""Pages of a company that nobody signs in for."""

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.csrf import csrf_exempt

from tenancy.adapters import remember_language
from tenancy.models import Company
from tenancy.views.choosing import ONE_YEAR
from tenancy.views.large_print import COOKIE, LARGE


class OpenRequest(HttpRequest):
    """A request of anybody: only the company is known."""

    company: Company


# What lets one in is in the address. No cookie gives a right here, so there is none to be abused
# by a form on another site, and none is set that would recognise somebody.
@method_decorator(login_not_required, name="dispatch")
@method_decorator(csrf_exempt, name="dispatch")
class OpenPage(View):
    """A page that is open to whoever has its address; it leaves no trace on the way to or from it.

    Each such page stands in OPEN_TO_ALL of tests/architecture/test_doors.py, with its reason.
    """

    request: OpenRequest
    template_name: str
    title: Any = ""

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        answer = super().dispatch(request, *args, **kwargs)
        answer.headers["Referrer-Policy"] = "no-referrer"
        answer.headers.setdefault("X-Robots-Tag", "noindex, nofollow")
        # Somebody else may hold the phone next.
        answer.headers["Cache-Control"] = "private, no-store"
        return answer

    @property
    def now(self) -> datetime:
        """The one moment at which this request happens."""
        if not hasattr(self, "_now"):
            self._now = timezone.now()
        return self._now

    @property
    def today(self) -> date:
        """The company's day; whatever clock the visitor has."""
        return self.now.astimezone(ZoneInfo(self.request.company.zone)).date()

    def context(self, **more: Any) -> dict[str, Any]:
        """What the template is given; pages add to it."""
        return {"company": self.request.company, "now": self.now, "title": self.title, **more}

    def remember(self, response: HttpResponse, act: str) -> HttpResponse:
        """Keep a choice in this browser: `language:en`, `print:large`."""
        kind, _colon, wanted = act.partition(":")
        if kind == "language" and wanted in dict(settings.LANGUAGES):
            remember_language(response, wanted)
        if kind == "print" and wanted == LARGE:
            response.set_cookie(
                COOKIE, LARGE, ONE_YEAR, secure=settings.SESSION_COOKIE_SECURE,
                httponly=True, samesite="Lax",
            )  # fmt: skip
        elif kind == "print":
            response.delete_cookie(COOKIE, samesite="Lax")
        return response

    def show(self, status: int = 200, template: str = "", **more: Any) -> HttpResponse:
        name = template or self.template_name
        return render(self.request, name, self.context(**more), status=status)
