"""Rows that a body names by their id."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework.exceptions import ErrorDetail, ValidationError

NOT_THERE = _("There is nothing with this id.")


def named(rows: Any, asked: dict[str, Any], name: str) -> Any:
    """The row that a value names, None when none is named; unknown and not visible are one
    fault."""
    value = asked.get(name)
    if value is None:
        return None
    for row in rows.filter(pk=value)[:1]:
        return row
    raise ValidationError({name: [ErrorDetail(str(NOT_THERE), "does_not_exist")]})
