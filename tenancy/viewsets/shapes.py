"""What the API shows of a row, put together by the database.

A list of fifty rows is fifty short texts of JSON that go straight into the answer: building the
same out of Python objects took most of the time of a request.
"""

from typing import Any

import orjson
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import CharField, F, Func, JSONField, QuerySet, Value
from django.db.models.expressions import Combinable


class JsonObject(Func):
    """json_build_object(name, expression, …), inside another or inside an array."""

    function = "json_build_object"
    output_field = JSONField()

    def __init__(self, fields: dict[str, Any]) -> None:
        parts: list[Any] = []
        for name, value in fields.items():
            parts += [Value(name), F(value) if isinstance(value, str) else value]
        super().__init__(*parts)


class JsonText(JsonObject):
    """The same as a text, ready to be sent."""

    template = "%(function)s(%(expressions)s)::text"
    output_field = CharField()


def shaped(rows: QuerySet[Any], fields: dict[str, Any]) -> QuerySet[Any]:
    """The rows as texts of JSON. A field is a column's path, or an expression."""
    return rows.values_list(JsonText(fields), flat=True)


def nested(rows: QuerySet[Any], fields: dict[str, Any]) -> Combinable:
    """The rows of a correlated query (`OuterRef`) as an array of objects, [] for none."""
    return ArraySubquery(rows.values_list(JsonObject(fields), flat=True))


def fragment(text: str) -> Any:
    """A text of JSON as a part of an answer."""
    return orjson.Fragment(text)
