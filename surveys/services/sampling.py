"""Drawing a sample: stratified, in proportion, and repeatable from its seed."""

import random
from collections.abc import Hashable, Mapping, Sequence
from typing import TypeVar

Stratum = TypeVar("Stratum", bound=Hashable)
Person = TypeVar("Person")


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
