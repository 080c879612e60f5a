"""Whether a page is to be shown in large print."""

from typing import Any

from django import template

register = template.Library()


@register.simple_tag
def large_print(request: Any) -> bool:
    """`{% large_print request as is_large %}`: the person's wish, or that of this browser."""
    if request is None:
        return False
    if request.COOKIES.get("print") == "large":
        return True
    # Only where the page has looked at who is there: an error page asks no database.
    return hasattr(request, "membership") and bool(request.user.large_print)
