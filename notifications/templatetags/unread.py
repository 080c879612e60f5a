"""The number on the bell, for the frame of every page."""

from django import template

from notifications.models import Notification
from tenancy.models import Membership

register = template.Library()

# Beyond this nobody reads the number; the database need not count on.
MOST = 99


@register.simple_tag
def unread(me: Membership | None) -> str:
    """`{% unread me as count %}`: how many notifications wait, e.g. 7 or 99+; empty for none."""
    if me is None:
        return ""
    waiting = Notification.objects.visible_to(me).unread()[: MOST + 1].count()
    return f"{MOST}+" if waiting > MOST else str(waiting or "")
