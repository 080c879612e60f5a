"""How many requests a client may send."""

from typing import Any

from django.conf import settings
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from tenancy.services.limiting import Unreachable, count

WINDOW = 60


class ClientThrottle(BaseThrottle):
    """So many requests a minute for each token; for pages of ours, for each member.

    While Redis is down nobody is turned away: answering matters more than counting.
    """

    seconds_left: int | None = None

    def allow_request(self, request: Request, view: Any) -> bool:
        membership = getattr(request, "membership", None)
        if membership is None:
            return True
        client = request.auth or membership
        try:
            seen = count(f"api:{client.pk}", window=WINDOW)
        except Unreachable:
            return True
        most = settings.API_REQUESTS_PER_MINUTE
        self.seconds_left = seen.seconds_left
        view.limit_headers = {
            "RateLimit-Limit": str(most),
            "RateLimit-Remaining": str(max(0, most - seen.times)),
            "RateLimit-Reset": str(seen.seconds_left),
        }
        return bool(seen.times <= most)

    def wait(self) -> float | None:
        return self.seconds_left
