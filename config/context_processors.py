"""What every template may use."""

from django.http import HttpRequest


def csp_nonce(request: HttpRequest) -> dict[str, object]:
    """The nonce under the name that django-htmx reads; django-csp's own is called CSP_NONCE."""
    return {"csp_nonce": getattr(request, "csp_nonce", "")}
