"""How numbers are told: halves go up, and everywhere to as many places.

A mark and a value of a hundred are told to a tenth, a share in whole percent. Templates say
`floatformat:1`, which rounds in the same way.
"""

from decimal import ROUND_HALF_UP, Decimal
from typing import Any


def half_up(value: Any, places: int = 1) -> Decimal:
    """Rounded as people do; a number is taken as it is written, 0.25 as two and a half tenths."""
    return Decimal(str(value)).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


def tenth(value: float) -> float:
    """The same for whoever keeps plain numbers."""
    return float(half_up(value))


def percent_of(share: float) -> int:
    """A share in whole percent; 23 of 40 are 58, though 100 times that fraction falls short."""
    return int(half_up(100 * Decimal(str(share)), 0))
