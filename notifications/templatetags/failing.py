"""Why a message did not arrive, in words of people who run no mail server."""

import re

from django import template
from django.utils.translation import gettext as _

register = template.Library()

CODE = re.compile(r"\b([45]\d\d)\b")


@register.filter
def why_not(error: str) -> str:
    """`{{ row.last_error|why_not }}`: the likely cause; the answer itself stands beside it."""
    if not error:
        return _("Nobody said why.")
    found = CODE.match(error)
    if found and found[1][0] == "5":
        return _("The other side refuses it for good: mostly the address does not exist.")
    if found:
        return _("The other side could not take it just then.")
    if "SMS" in error or error == "Not delivered within 48 hours.":
        return _(error)
    if re.search(r"timed? ?out|refused|unreachable|Connection|OSError", error, re.IGNORECASE):
        return _("The server for it did not answer.")
    return _("It could not be sent.")
