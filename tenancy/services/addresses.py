"""Where a request comes from."""

from typing import Any
from urllib.parse import SplitResult, urlsplit

from allauth.account.adapter import get_adapter
from django.core.exceptions import ImproperlyConfigured, PermissionDenied


def client_address(request: Any) -> str:
    """The visitor's address: behind TRUSTED_PROXIES the one that the first of them saw.

    Sign-in counts attempts by it, the audit log keeps it; the proxy's own would tell nothing.
    """
    try:
        return str(get_adapter().get_client_ip(request))[:45]
    except (PermissionDenied, ImproperlyConfigured):  # none, or none that is an address
        return ""


def parts_of(address: str) -> SplitResult:
    """The parts of an address that a browser sends; none of what is no address, e.g. `//[`."""
    try:
        return urlsplit(address)
    except ValueError:
        return SplitResult("", "", "", "", "")
