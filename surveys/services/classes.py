"""Classes of amounts: round ones, so that nobody's own amount stands in a table."""

from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import Any

from django.db.models import Case, DecimalField, Value, When

CLASSES = 6  # between the open ends, about


def edges_of(low: Decimal, high: Decimal) -> list[Decimal]:
    """Round numbers, evenly spaced, from about the one to about the other."""
    step = _round_step((high - low) / CLASSES)
    first = (low / step).to_integral_value(ROUND_FLOOR) * step
    last = max((high / step).to_integral_value(ROUND_CEILING) * step, first + step)
    count = int((last - first) / step) + 1
    return [first + step * each for each in range(count)]


def _round_step(width: Decimal) -> Decimal:
    """1, 2 or 5 of a power of ten, at least as wide."""
    if width <= 0:
        return Decimal(1)
    power = Decimal(10) ** width.adjusted()
    return next(power * each for each in (1, 2, 5, 10) if power * each >= width)


def class_of(name: str, edges: list[Decimal]) -> Any:
    """In SQL: the edge at which the class of an amount begins; none below the first."""
    amount: Any = DecimalField(max_digits=16, decimal_places=4)
    whens = [
        When(**{f"{name}__gte": edge}, then=Value(edge, output_field=amount))
        for edge in reversed(edges)
    ]
    return Case(*whens, default=None, output_field=amount)
