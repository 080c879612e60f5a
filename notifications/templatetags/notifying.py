"""What templates say of notifications."""

from typing import Any

from django import template

from notifications.services.rendering import Said, about, name_on, said_in, text_of
from tenancy.templatetags.moments import now_of, zone_of

register = template.Library()


@register.simple_tag(takes_context=True)
def news(context: Any, notification: Said) -> str:
    """`{% news row %}`: its one line, in the reader's language."""
    return text_of(notification, zone=zone_of(context), now=now_of(context))


register.filter("said", said_in)  # `{{ row|said }}`: what a delivery carries
register.filter("addressee", name_on)  # `{{ row|addressee }}`: whom it is for
register.simple_tag(about)  # `{% about row as title %}`
