"""Version 1 of the API, below `/<company>/api/v1/`."""

from typing import Any, ClassVar

from django.http import HttpResponse
from django.urls import URLPattern, URLResolver, include, path, re_path
from django.utils.translation import gettext as _
from rest_framework.request import Request

from tenancy.permissions import Can
from tenancy.viewsets import CompanyViewSet, Need, Problem
from tenancy.viewsets.problems import NOT_FOUND

METHODS = ("get", "post", "put", "patch", "delete")


class NowhereViewSet(CompanyViewSet):
    """Every other address. Without it an address that lacks its last slash would be redirected,
    and a POST arrive as a GET."""

    schema = None
    needs: ClassVar[dict[str, Need]] = {"nothing": Can.BE_HERE}

    def nothing(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        slash = "" if request.path.endswith("/") else _("Addresses end with a slash.")
        raise Problem(404, "", f"{NOT_FOUND} {slash}".strip())


urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("tenancy.api.urls")),
    path("", include("notifications.api.urls")),
    path("", include("owners.api.urls")),
    path("", include("complaints.api.urls")),
    path("", include("surveys.api.urls")),
    path("", include("reports.api.urls")),
    re_path(r"^.*$", NowhereViewSet.as_view(dict.fromkeys(METHODS, "nothing"))),
]
