"""What a visitor chooses for themselves: the language and the appearance."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.decorators import method_decorator
from django.utils.http import url_has_allowed_host_and_scheme
from django.views import View

from tenancy.adapters import remember_language
from tenancy.models import User

THEMES = ("auto", "light", "dark")
ONE_YEAR = 365 * 24 * 60 * 60


def way_back(request: HttpRequest) -> str:
    """Where the visitor came from, if that is a page of ours; else the front door."""
    wanted = request.POST.get("next", "")
    ours = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if ours else "/"


@method_decorator(login_not_required, name="dispatch")
class SetLanguage(View):
    """Takes a language, for this browser and for the person's own record."""

    http_method_names = ["post", "options"]

    def post(self, request: HttpRequest) -> HttpResponse:
        response = HttpResponseRedirect(way_back(request))
        language = request.POST.get("language", "")
        if language in dict(settings.LANGUAGES):
            remember_language(response, language)
            if isinstance(request.user, User):
                User.objects.filter(pk=request.user.pk).update(language=language)
        return response


@method_decorator(login_not_required, name="dispatch")
class SetTheme(View):
    """Takes an appearance, for this browser."""

    http_method_names = ["post", "options"]

    def post(self, request: HttpRequest) -> HttpResponse:
        response = HttpResponseRedirect(way_back(request))
        theme = request.POST.get("theme", "")
        if theme in THEMES:
            response.set_cookie(
                "theme",
                theme,
                max_age=ONE_YEAR,
                secure=settings.SESSION_COOKIE_SECURE,
                httponly=True,
                samesite="Lax",
            )
        return response
