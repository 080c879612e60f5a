"""Which groups may be told apart without telling on anybody."""

from collections.abc import Hashable, Mapping
from typing import TypeVar

Group = TypeVar("Group", bound=Hashable)
LEAST = 5  # answers in anything that is shown, stored with a place, or left over beside it


def kept(counts: Mapping[Group, int], least: int = LEAST) -> frozenset[Group]:
    """The groups that may be told apart: each is large enough, and so is what is left over.

    Of twenty answers, eight and ten told apart would leave two: whoever subtracts has them. So
    the smallest group that could be told is left out with them, and the next, until what is
    left over is nobody or enough.
    """
    told = {group: count for group, count in counts.items() if count >= least}
    left = sum(count for group, count in counts.items() if group not in told)
    for group in sorted(told, key=lambda each: told[each]):
        if left == 0 or left >= least:
            break
        left += told.pop(group)
    return frozenset(told)
