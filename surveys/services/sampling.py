"""Drawing a sample: how large, stratified, in proportion, and repeatable from its seed."""

import math
import random
from collections.abc import Hashable, Mapping, Sequence
from typing import TypeVar

Stratum = TypeVar("Stratum", bound=Hashable)
Person = TypeVar("Person")
NORMAL = 1.959964  # 95 of 100 lie within so many standard deviations


def allocate(sizes: Mapping[Stratum, int], total: int) -> dict[Stratum, int]:
    """How many of each stratum: in proportion to its size, by the largest remainders.

    Nobody is drawn twice, so never more than there are. Hamilton's method; ties go to the larger
    stratum, then to the one named first.
    """
    everybody = sum(sizes.values())
    if total >= everybody:
        return dict(sizes)
    shares = {stratum: size * total // everybody for stratum, size in sizes.items()}
    left = total - sum(shares.values())
    by_remainder = sorted(
        sizes, key=lambda each: (-(sizes[each] * total % everybody), -sizes[each])
    )
    for stratum in by_remainder[:left]:
        shares[stratum] += 1
    return shares


def draw(people: Mapping[Stratum, Sequence[Person]], total: int, seed: str) -> list[Person]:
    """So many of them, of each stratum its share; the same for the same people and seed.

    `people` come in an order of their own (by id): the draw depends on it.
    """
    chance = random.Random(seed)  # noqa: S311 - a draw to be repeated, not a secret
    shares = allocate({stratum: len(them) for stratum, them in people.items()}, total)
    return [
        person
        for stratum, them in people.items()
        for person in chance.sample(list(them), shares[stratum])
    ]


def size_for(points: float, population: int) -> int:
    """How many answers tell a share to ± so many percentage points, 95 times of 100.

    Simple random sampling of the finite population, for the share that is hardest to tell, one
    half (Cochran, Sampling Techniques, 3rd ed. 1977, §4.4).
    """
    endless = (NORMAL * 50 / points) ** 2
    return min(math.ceil(endless / (1 + (endless - 1) / population)), population)


def margin_of(size: int, population: int) -> float:
    """How many percentage points a share may be off, told from so many answers of so many."""
    if size >= population or population < 2:
        return 0.0
    rest = (population - size) / (population - 1)
    return NORMAL * 50 * math.sqrt(rest / size)
