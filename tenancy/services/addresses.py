"""Where a request comes from."""

from typing import Any

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
