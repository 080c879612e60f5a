"""What the API shows of a row, put together by the database.

A row is a short text of JSON that goes straight into the answer: building the same out of Python
objects took most of the time of a request. The statement that makes the texts is written by the
ORM once per process and kept, because writing it took most of the rest.
"""

from collections.abc import Callable, Hashable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from django.contrib.postgres.expressions import ArraySubquery
from django.db import connection
from django.db.models import CharField, F, Func, JSONField, QuerySet, Value
from django.db.models.expressions import Combinable
from django.utils import timezone

from tenancy.models.base import uuid7
from tenancy.scope import require_company_id


class JsonObject(Func):
    """json_build_object(name, expression, …), inside another or inside an array."""

    function = "json_build_object"
    output_field: Any = JSONField()

    def __init__(self, fields: dict[str, Any]) -> None:
        parts: list[Any] = []
        for name, value in fields.items():
            parts += [Value(name), F(value) if isinstance(value, str) else value]
        super().__init__(*parts)


class JsonText(JsonObject):
    """The same as a text, ready to be sent."""

    template = "%(function)s(%(expressions)s)::text"
    output_field = CharField()


def nested(rows: QuerySet[Any], fields: dict[str, Any]) -> Combinable:
    """The rows of a correlated query (`OuterRef`) as an array of objects, [] for none."""
    return ArraySubquery(rows.values_list(JsonObject(fields), flat=True))


Fields = Callable[[datetime], dict[str, Any]]
COMPANY, NOW, IDS = "company", "now", "ids"


class Statement:
    """One kept statement: rows by their ids, as JSON. Company, moment and ids are its places."""

    def __init__(self, model: Any, fields: Fields) -> None:
        now, row_id = timezone.now(), uuid7()
        places = {require_company_id(): COMPANY, now: NOW, row_id: IDS}
        rows = model.objects.filter(pk=row_id).order_by()
        query = rows.values_list("pk", JsonText(fields(now))).query
        sql, params = query.sql_with_params()
        self.params = [self.placed(value, places) for value in params]
        by_id = f'"{model._meta.db_table}"."id" = %s'
        before, after = sql.rsplit(by_id, 1)
        self.sql = f"{before}{by_id.replace('%s', 'ANY(%s)')}{after}"

    @staticmethod
    def placed(value: Any, places: dict[Any, str]) -> tuple[str, Any]:
        """A parameter: a place to be filled, or a constant."""
        place = places.get(value, "") if isinstance(value, UUID | datetime) else ""
        return place, value

    def texts(self, ids: Sequence[UUID], now: datetime) -> dict[UUID, str]:
        """The rows of these ids, each as a text of JSON."""
        filled: dict[str, Any] = {COMPANY: require_company_id(), NOW: now, IDS: list(ids)}
        with connection.cursor() as cursor:
            cursor.execute(self.sql, [filled.get(place, value) for place, value in self.params])
            return dict(cursor.fetchall())


_kept: dict[Hashable, Statement] = {}


def texts(
    key: Hashable, model: Any, fields: Fields, ids: Sequence[UUID], now: datetime
) -> dict[UUID, str]:
    """The rows of these ids as JSON; `key` names the statement, which is the same ever after."""
    if not ids:
        return {}
    if key not in _kept:
        _kept[key] = Statement(model, fields)
    return _kept[key].texts(ids, now)


def fragment(text: str) -> Any:
    """A text of JSON as a part of an answer."""
    return orjson.Fragment(text)
