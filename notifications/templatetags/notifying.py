"""What templates say of notifications."""

from typing import Any

from django import template

from notifications.models import Notification
from notifications.services.rendering import about, text_of
from tenancy.templatetags.moments import now_of, zone_of

register = template.Library()


@register.simple_tag(takes_context=True)
def news(context: Any, notification: Notification) -> str:
    """`{% news row %}`: its one line, in the reader's language."""
    return text_of(notification, zone=zone_of(context), now=now_of(context))


register.simple_tag(about)  # `{% about row as title %}`
