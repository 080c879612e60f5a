"""Sessions in the database, asked for only by keys that can be in it."""

from typing import Any

from django.contrib.sessions import middleware
from django.contrib.sessions.backends import db
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers


class SessionStore(db.SessionStore):
    """A key that no session has is none: a NUL in a cookie would be an error of the database."""

    def _validate_session_key(self, key: Any) -> bool:
        return bool(super()._validate_session_key(key)) and key.isalnum()  # type: ignore[misc]


class SessionMiddleware(middleware.SessionMiddleware):
    """Takes a session's cookie back only when the session was ended here.

    Signing in gives a session another key. What was asked for before, such as the pages that a
    service worker keeps, came with the old one and is answered after: to take that key back would
    take from the browser the cookie it has been given meanwhile, and sign the person out.
    """

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        session = request.session
        if session.is_empty() and not session.modified:
            if session.accessed:
                patch_vary_headers(response, ("Cookie",))
            return response
        return super().process_response(request, response)
