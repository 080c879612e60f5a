"""Units by the range: "buildings 1 to 12, staircases 1 to 3, floors 1 to 18, 4 flats a floor".

Pure: what was said goes in, addresses come out. The saving is in `owners.services.place`.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

MOST_UNITS = 20_000
NUMBER = "#"  # stands for the number in a name, e.g. "#栋"
# How a flat is numbered: by floor and door.
STYLES = {
    "101": "{floor}{door:02d}",
    "0101": "{floor:02d}{door:02d}",
    "1-1": "{floor}-{door}",
    "1A": "{floor}{letter}",
}
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


@dataclass(frozen=True, slots=True)
class Spot:
    """One unit to be: where it is, and what it is called."""

    building: str
    position: int
    number: str
    floor: int

    @property
    def label(self) -> str:
        """Its full address in the community."""
        return f"{self.building}{self.number}"


@dataclass(frozen=True, slots=True)
class UnitRange:
    """What somebody says once instead of typing thousands of addresses. 0 staircases = none."""

    building_from: int
    building_to: int
    building_name: str
    staircases: int
    staircase_name: str
    floor_from: int
    floor_to: int
    doors: int
    style: str = "101"
    skipped_floors: frozenset[int] = frozenset()

    @property
    def floors(self) -> list[int]:
        """Those that exist: there is no floor 0 below the first."""
        every = range(self.floor_from, self.floor_to + 1)
        return [floor for floor in every if floor and floor not in self.skipped_floors]

    @property
    def buildings(self) -> int:
        return self.building_to - self.building_from + 1

    @property
    def count(self) -> int:
        """How many units these are; worked out, not counted."""
        return self.buildings * max(self.staircases, 1) * len(self.floors) * self.doors

    def spots(self) -> Iterator[Spot]:
        """Every unit, in the order in which people would walk."""
        for building in range(self.building_from, self.building_to + 1):
            name = self.building_name.replace(NUMBER, str(building))
            for number, floor in self.numbers():
                yield Spot(name, max(building, 0), number, floor)

    def numbers(self) -> Iterator[tuple[str, int]]:
        """Number and floor of every unit of one building."""
        for staircase in range(1, max(self.staircases, 1) + 1):
            before = self.staircase_name.replace(NUMBER, str(staircase)) if self.staircases else ""
            for floor in self.floors:
                for door in range(1, self.doors + 1):
                    yield before + numbered(self.style, floor, door), floor

    def examples(self, most: int = 6) -> tuple[list[str], str]:
        """The first few addresses, and the last one."""
        first = [spot.label for spot in islice(self.spots(), most)]
        building = self.building_name.replace(NUMBER, str(self.building_to))
        *_before, (last, _floor) = self.numbers()
        return first, building + last


def numbered(style: str, floor: int, door: int) -> str:
    """A flat's number; below ground it begins with B."""
    letter = LETTERS[(door - 1) % len(LETTERS)] * ((door - 1) // len(LETTERS) + 1)
    text = STYLES[style].format(floor=abs(floor), door=door, letter=letter)
    return f"B{text}" if floor < 0 else text
