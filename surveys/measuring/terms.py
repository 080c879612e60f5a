"""The words of measuring."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Estimate:
    """What is thought of everybody, from the answers of some: a value and its 95 % interval."""

    value: float
    error: float  # the standard error
    freedom: float  # its degrees of freedom
    low: float
    high: float
    answered: int
    population: int


class Verdict(StrEnum):
    """What may be said of a difference."""

    REAL = "real"  # more than chance would explain
    CHANCE = "chance"  # could be chance
    TOO_FEW = "too_few"  # too few to say


@dataclass(frozen=True, slots=True)
class Change:
    """A difference between two estimates, and how far it can be trusted."""

    difference: float
    low: float
    high: float
    chance: float  # two-sided p
    verdict: Verdict


class Finding(StrEnum):
    """What came of the search for drivers."""

    FOUND = "found"
    NO_WHOLE = "no_whole"  # nobody was asked about the whole
    TOO_FEW = "too_few"  # answers that say enough
    ALL_ALIKE = "all_alike"  # everybody gave the same mark to the whole
    NOTHING_MOVES = "nothing_moves"  # no item goes along with the whole


@dataclass(frozen=True, slots=True)
class Driver:
    """How much of the differences in the whole goes along with one item."""

    item: int  # its column
    share: float  # of what all items explain together, 0 to 1
    correlation: float
    is_shared: bool  # it goes along with other items so much that they can hardly be told apart


@dataclass(frozen=True, slots=True)
class Drivers:
    """What moves the whole, the strongest first."""

    finding: Finding
    answered: int = 0  # of those who said something on everything that was looked at
    explained: float = 0  # R²
    drivers: tuple[Driver, ...] = ()
    # Items that could not be looked at, and why: "all_alike" or "asked_of_few".
    left_out: Mapping[int, str] = field(default_factory=dict)
