"""How large the measured installations are, and how their tickets spread over companies."""

from collections.abc import Sequence
from dataclasses import dataclass

COMPANIES = 200
SIZES = {"10k": 10_000, "100k": 100_000, "1m": 1_000_000}
# The first company holds a tenth of everything: exactly 100,000 tickets of a million.
LARGEST_SHARE = 10
# The second is the same in every installation, whatever grows around it.
CONSTANT = 1_000
SKEW = 0.8
SEED = 20_261_122


@dataclass(frozen=True, slots=True)
class Size:
    """One installation: what it is called, and how many tickets it holds."""

    name: str
    tickets: int

    @property
    def database(self) -> str:
        return f"bench_{self.name}"

    @property
    def largest(self) -> int:
        return self.tickets // LARGEST_SHARE


def sizes_up_to(name: str) -> list[Size]:
    """The installations that a run of this size compares, the smallest first."""
    most = SIZES[name]
    return [Size(each, tickets) for each, tickets in SIZES.items() if tickets <= most]


def slug_of(rank: int) -> str:
    """The short name of a company; rank 1 is the largest."""
    return f"c{rank:03d}"


LARGEST, SAME = slug_of(1), slug_of(2)


def spread(total: int) -> Sequence[int]:
    """How many tickets each company has, by rank: skewed, and `total` altogether."""
    first = total // LARGEST_SHARE
    weights = [1 / rank**SKEW for rank in range(3, COMPANIES + 1)]
    rest = total - first - CONSTANT
    shares = [int(rest * weight / sum(weights)) for weight in weights]
    shares[0] += rest - sum(shares)
    return [first, CONSTANT, *shares]
