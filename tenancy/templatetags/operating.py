"""The operators' log in words."""

from django import template
from django.utils.translation import gettext_lazy as _

from tenancy.models import OperatorEntry

register = template.Library()

DEEDS = {
    "create": _("took a company on board"),
    "suspend": _("suspended a company"),
    "resume": _("let a company go on"),
    "enter": _("entered a company"),
    "leave": _("left a company"),
    "export": _("exported a company"),
    "reset_second_factor": _("took away a second factor"),
    "add": _("added a row of a table"),
    "change": _("changed a row of a table"),
}


@register.filter
def operator_deed(entry: OperatorEntry) -> str:
    """What was done, and with whom or what if it was no company."""
    deed = str(DEEDS.get(entry.action, entry.action))
    what = entry.detail.get("account") or entry.detail.get("row", "")
    return f"{deed}: {what}" if what else deed
