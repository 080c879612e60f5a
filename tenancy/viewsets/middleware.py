"""Problems that arise before a viewset is reached speak the API's language too."""

import re
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from tenancy.viewsets.problems import MEDIA_TYPE, NOT_FOUND, respond

API = re.compile(r"^/(?:[^/]+/)?api/")
JSON = "application/json"


class ProblemMiddleware:
    """Turns the HTML error pages of the framework into problems wherever the API answers."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code < 400 or not API.match(request.path):
            return response
        kind = response.headers.get("Content-Type", "")
        if kind.startswith((MEDIA_TYPE, JSON)):
            return response
        if refusal := getattr(response, "refusal", None):
            return respond(request, response.status_code, str(refusal), refusal.code)
        detail = NOT_FOUND if response.status_code == 404 else ""
        return respond(request, response.status_code, detail)
