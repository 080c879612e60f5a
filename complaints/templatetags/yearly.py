"""The names of a week, for calendars."""

from typing import Any

from django import template

from tenancy.templatetags.moments import WEEKDAYS

register = template.Library()


@register.simple_tag
def weekdays() -> list[Any]:
    """`{% weekdays as names %}`: Monday to Sunday, as short as they get."""
    return WEEKDAYS
