"""Version 1 of the API, below `/<company>/api/v1/`."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, include, path, re_path
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from tenancy.viewsets.problems import NOT_FOUND, respond


@csrf_exempt
@login_not_required
def nothing_here(request: HttpRequest, company: str) -> HttpResponse:
    """Every other address. Without it an address lacking its last slash would be redirected, and
    a POST arrive as a GET."""
    slash = "" if request.path.endswith("/") else _("Addresses end with a slash.")
    return respond(request, 404, f"{NOT_FOUND} {slash}".strip())


urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("tenancy.api.urls")),
    path("", include("notifications.api.urls")),
    path("", include("owners.api.urls")),
    path("", include("complaints.api.urls")),
    re_path(r"^.*$", nothing_here),
]
