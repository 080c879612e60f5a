"""The response rate while a wave is open: who was asked, how many of them have answered.

What is told is that somebody answered, never what: the ballots are sealed until the wave closes.
Cells with fewer than five answers are withheld all the same, and others with them where a
difference would give them away (`surveys.services.cells`).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db.models import Count

from surveys.models import Invitation, ToldBy, Wave, WaveStratum
from surveys.services.cells import LEAST, kept
from surveys.services.house_order import BUILDINGS
from surveys.services.rounding import percent_of
from tenancy.models import Membership

# Community and its name, building and its name, group, population, invited.
StratumRow = tuple[UUID | None, str, UUID | None, str, str, int, int]
# Building, group, channel, whether it was used, how many.
AnswerRow = tuple[UUID | None, str, str, bool, int]


@dataclass(frozen=True, slots=True)
class Rate:
    """Of so many who were asked, so many have answered; None where that is withheld."""

    name: str
    invited: int
    answered: int | None
    population: int = 0
    parts: Sequence["Rate"] = ()
    key: Any = None  # of a community or building its id

    @property
    def percent(self) -> int | None:
        if self.answered is None or not self.invited:
            return None
        return percent_of(self.answered / self.invited)


@dataclass(frozen=True, slots=True)
class Live:
    """How far the answers of a wave have come, as one member may know it."""

    whole: Rate
    communities: Sequence[Rate]  # with their buildings as parts
    groups: Sequence[Rate]
    channels: Sequence[Rate]


@dataclass(slots=True)
class Cell:
    """What is counted of one place, group or channel."""

    name: str
    invited: int = 0
    answered: int = 0
    population: int = 0
    parts: dict[Any, "Cell"] = field(default_factory=dict)

    def part(self, key: Any, name: str) -> "Cell":
        return self.parts.setdefault(key, Cell(name))


class Board:
    """All the cells of a wave, counted together in two passes."""

    def __init__(self) -> None:
        self.whole, self.places, self.groups, self.channels = (Cell("") for _ in range(4))
        self.community_of: dict[Any, Any] = {}

    def people(self, row: StratumRow) -> None:
        """Count the people of a stratum, and how many of them were asked."""
        community, community_name, building, building_name, group, population, invited = row
        cells = [self.whole, self.groups.part(group, group)]
        if building:
            self.community_of[building] = community
            place = self.places.part(community, community_name)
            cells += [place, place.part(building, building_name)]
        for cell in cells:
            cell.population += population
            cell.invited += invited

    def answers(self, row: AnswerRow) -> None:
        """Count some invitations that have this in common."""
        building, group, told_by, is_used, count = row
        channel = self.channels.part(told_by, channel_name(told_by))
        channel.invited += count
        if not is_used:
            return
        cells = [channel, self.whole, self.groups.part(group, group)]
        if building:
            place = self.places.parts[self.community_of[building]]
            cells += [place, place.parts[building]]
        for cell in cells:
            cell.answered += count


def live(wave: Wave, member: Membership) -> Live:
    """Two queries, however many homes are asked."""
    board = Board()
    for stratum in strata_of(wave, member):
        board.people(stratum)
    for some in answers_of(wave, member):
        board.answers(some)
    return Live(
        whole=rate(board.whole, board.whole.answered >= LEAST),
        communities=rates(board.places),
        groups=rates(board.groups) if set(board.groups.parts) - {""} else [],
        channels=rates(board.channels) if set(board.channels.parts) - {""} else [],
    )


def rates(cell: Cell) -> list[Rate]:
    """The parts of a cell, each told as far as it may be told apart from the others."""
    told = kept({key: part.answered for key, part in cell.parts.items()})
    return [rate(part, key in told, key) for key, part in cell.parts.items()]


def rate(cell: Cell, is_told: bool, key: Any = None) -> Rate:
    answered = cell.answered if is_told else None
    parts = (
        rates(cell) if is_told else [rate(part, False, each) for each, part in cell.parts.items()]
    )
    return Rate(cell.name, cell.invited, answered, cell.population, parts, key)


def told_buildings(wave: Wave, member: Membership) -> frozenset[UUID]:
    """The buildings of which it is told how many have answered."""
    communities = live(wave, member).communities
    buildings = [each for community in communities for each in community.parts]
    return frozenset(each.key for each in buildings if each.answered is not None)


def strata_of(wave: Wave, member: Membership) -> Iterable[StratumRow]:
    """Served by `stratum_is_counted_once`."""
    rows = WaveStratum.objects.filter(wave=wave)
    if not member.all_communities:
        rows = rows.filter(community_id__in=member.community_ids())
    order = ("community__name", *BUILDINGS, "group", "id")
    found: Iterable[StratumRow] = rows.order_by(*order).values_list(
        "community_id", "community__name", "building_id", "building__name", "group",
        "population", "invited",
    )  # fmt: skip
    return found


def answers_of(wave: Wave, member: Membership) -> Iterable[AnswerRow]:
    """How many have answered by place, group and channel. Served by `invited_by_place`."""
    rows = Invitation.objects.visible_to(member).filter(wave=wave)
    by = rows.order_by("told_by").values_list("building_id", "group", "told_by", "is_used")
    found: Iterable[AnswerRow] = by.annotate(Count("id"))
    return found


def channel_name(told_by: str) -> str:
    return str(ToldBy(told_by).label) if told_by else ""
