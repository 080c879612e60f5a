"""The number on the bell, for the frame of every page."""

from django import template

from notifications.services.inbox import MANY, unread_count
from tenancy.models import Membership

register = template.Library()


@register.simple_tag
def unread(me: Membership | None) -> str:
    """`{% unread me as count %}`: how many notifications wait, e.g. 7 or 99+; empty for none."""
    if me and "_unread" not in me.__dict__:  # once per request: the bell and the first page ask
        me.__dict__["_unread"] = unread_count(me)
    waiting = me.__dict__["_unread"] if me else 0
    return f"{MANY - 1}+" if waiting >= MANY else str(waiting or "")
