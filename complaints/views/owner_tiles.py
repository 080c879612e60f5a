"""The tiles an owner chooses from: what it is, and what it is about."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from complaints.models import Category, ComplaintClass, Kind
from tenancy.templatetags.icons import DRAWINGS

# Few people open the portal to praise, and nobody should have to look for how to complain.
ORDER = (Kind.COMPLAINT, Kind.REPAIR, Kind.SUGGESTION, Kind.PRAISE, Kind.ENQUIRY)


@dataclass
class Tile:
    """One category."""

    id: str
    name: str
    icon: str
    is_chosen: bool
    is_emergency: bool


@dataclass
class Group:
    """The categories of one class of complaints; the other kinds have one group without a name."""

    value: str
    label: str
    icon: str
    tiles: list[Tile] = field(default_factory=list)
    is_chosen: bool = False


@dataclass
class KindTile:
    """One kind of ticket with its categories."""

    value: str
    label: str
    groups: list[Group]
    is_chosen: bool


def icon_of(category: Category) -> str:
    """The category's own icon, or its kind's where the company named one that nobody drew."""
    own = (category.icon, category.complaint_class)
    return next((name for name in own if name in DRAWINGS), category.kind)


def tiles(categories: Iterable[Category], kind: str | None, chosen: object) -> list[KindTile]:
    """The kinds that have categories, with what is chosen marked."""
    rows = list(categories)
    offered = [each for each in ORDER if any(row.kind == each for row in rows)]
    wanted = kind if kind in offered else offered[0] if offered else ""
    return [
        KindTile(
            value=each.value,
            label=str(each.label),
            groups=groups([row for row in rows if row.kind == each], str(chosen or "")),
            is_chosen=each == wanted,
        )
        for each in offered
    ]


def groups(rows: list[Category], chosen: str) -> list[Group]:
    """Categories by class, in the order of the classes; one of the groups is open."""
    found: dict[str, Group] = {}
    for value in [*ComplaintClass.values, ""]:
        mine = [row for row in rows if row.complaint_class == value]
        if mine:
            label = str(ComplaintClass(value).label) if value else ""
            group = Group(value, label, value or mine[0].kind, [tile(row, chosen) for row in mine])
            group.is_chosen = any(each.is_chosen for each in group.tiles)
            found[value] = group
    opened = list(found.values())
    if opened and not any(group.is_chosen for group in opened):
        opened[0].is_chosen = True
    return opened


def tile(row: Category, chosen: str) -> Tile:
    return Tile(
        id=str(row.pk),
        name=str(row),
        icon=icon_of(row),
        is_chosen=str(row.pk) == chosen,
        is_emergency=row.urgency == "emergency",
    )
