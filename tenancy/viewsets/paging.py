"""Lists by keyset: a cursor names the row it follows, so pages neither slip nor get slower."""

import base64
import binascii
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _
from rest_framework.request import Request
from rest_framework.utils.urls import replace_query_param

from tenancy.viewsets.problems import bad_parameter

PAGE_SIZE = 50
LARGEST_PAGE = 200
LONGEST_CURSOR = 600


def moment(value: Any) -> datetime:
    """A moment out of a cursor."""
    found = datetime.fromisoformat(value)
    if found.tzinfo is None:
        raise ValueError
    return found


def text(value: Any) -> str:
    """A text out of a cursor."""
    if not isinstance(value, str) or "\x00" in value:
        raise ValueError
    return value


def number(value: Any) -> int:
    """A whole number out of a cursor."""
    if type(value) is not int or abs(value) >= 2**31:
        raise ValueError
    return value


@dataclass(frozen=True, slots=True)
class Order:
    """An order of rows: by one column and then by id. Descending is ascending read backwards,
    so rows without a value come last one way and first the other."""

    field: str
    read: Callable[[Any], Any] = moment
    descending: bool = False
    nullable: bool = False

    def reversed(self) -> "Order":
        return Order(self.field, self.read, not self.descending, self.nullable)

    def sort(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        column = F(self.field)
        if self.descending:
            return rows.order_by(column.desc(nulls_first=self.nullable or None), "-id")
        return rows.order_by(column.asc(nulls_last=self.nullable or None), "id")

    def segments(self, rows: QuerySet[Any], cursor: "Cursor | None") -> list[QuerySet[Any]]:
        """The rows after a cursor, in order: runs that each are one range of an index."""
        if cursor is None:
            return [self.sort(rows)]
        sign = "lt" if self.descending else "gt"
        by_id = Q(**{f"id__{sign}": cursor.id})
        unknown = Q(**{f"{self.field}__isnull": True})
        if cursor.value is None:
            same = self.sort(rows.filter(unknown & by_id))
            return [same, self.sort(rows.filter(~unknown))] if self.descending else [same]
        beyond = Q(**{f"{self.field}__{sign}": cursor.value})
        from_here = Q(**{f"{self.field}__{sign}e": cursor.value})
        found = [self.sort(rows.filter(from_here, beyond | by_id))]
        if self.nullable and not self.descending:
            found.append(self.sort(rows.filter(unknown)))
        return found


@dataclass(frozen=True, slots=True)
class Cursor:
    """A place in a list: behind (or, going back, before) the row with this value and id."""

    value: Any
    id: UUID
    back: bool = False

    def write(self, ordering: str) -> str:
        facts = orjson.dumps([ordering, self.value, self.id, self.back])
        return base64.urlsafe_b64encode(facts).rstrip(b"=").decode()

    @classmethod
    def parse(cls, typed: str, ordering: str, order: Order) -> "Cursor":
        try:
            if len(typed) > LONGEST_CURSOR:
                raise ValueError
            padded = typed.encode() + b"=" * (-len(typed) % 4)
            facts = orjson.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
            named, value, row_id, back = facts
            if named != ordering or not isinstance(back, bool):
                raise ValueError
            if not (value is None and order.nullable):
                value = order.read(value)
            return cls(value, UUID(row_id), back)
        except (ValueError, TypeError, AttributeError, binascii.Error, OverflowError) as error:
            raise bad_parameter("cursor", _("This cursor belongs to no list.")) from error


@dataclass(frozen=True, slots=True)
class Page:
    """One page: its rows, and the cursors around it."""

    rows: Sequence[Any]
    next: str | None
    previous: str | None


def read_page(
    rows: QuerySet[Any],
    *,
    orders: dict[str, Order],
    ordering: str,
    typed: str,
    size: int,
    shape: Callable[[QuerySet[Any]], QuerySet[Any]],
    place: Callable[[Any], tuple[Any, Any]],
) -> Page:
    """One page of a list. `shape` makes the rows what they are to be, `place` tells one's value
    in the order and its id."""
    order = orders[ordering]
    cursor = Cursor.parse(typed, ordering, order) if typed else None
    back = cursor is not None and cursor.back
    found: list[Any] = []
    for segment in (order.reversed() if back else order).segments(rows, cursor):
        if len(found) <= size:
            found.extend(shape(segment)[: size + 1 - len(found)])
    more, found = len(found) > size, found[:size]
    if back:
        found.reverse()
    if not found:
        return Page([], None, None)
    before = Cursor(*place(found[0]), back=True).write(ordering)
    after = Cursor(*place(found[-1])).write(ordering)
    return Page(
        found,
        next=after if back or more else None,
        previous=before if (more if back else cursor) else None,
    )


def page_size(request: Request) -> int:
    """How many rows are asked for."""
    asked = request.query_params.get("page_size", "")
    if not asked:
        return PAGE_SIZE
    if not (asked.isascii() and asked.isdecimal() and len(asked) < 6):
        raise bad_parameter("page_size", _("Give a whole number."))
    if not 1 <= int(asked) <= LARGEST_PAGE:
        raise bad_parameter(
            "page_size", _("At least 1, at most %(most)s.") % {"most": LARGEST_PAGE}
        )
    return int(asked)


def link(request: Request, cursor: str | None) -> str | None:
    """The address of the page that begins at a cursor."""
    if cursor is None:
        return None
    return str(replace_query_param(request.build_absolute_uri(), "cursor", cursor))
