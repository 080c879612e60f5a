"""The manager's answers: what the figures of a period are, beside another, and what gets worse."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import F
from django.utils.translation import get_language, gettext as _

from complaints.models import Category
from complaints.models.figure import NONE
from complaints.services.figures_days import Period
from complaints.services.figures_reading import (
    COMMUNITY,
    Answer,
    Counts,
    Hands,
    Question,
    on_hand,
    read,
    total_of,
)
from owners.models import Building
from reports.services.comparing import FEWEST, Share, Z, difference, strict
from reports.services.measures import SHARES, Measure
from reports.services.periods import pieces
from tenancy.models import Community, Department, Membership

DIMENSIONS = (COMMUNITY, "building", "category", "department", "person")
MOST_WORSE = 5
ByKey = dict[str, dict[UUID, Hands]]


@dataclass(frozen=True, slots=True)
class Asked:
    """What a manager wants to know."""

    question: Question
    period: Period
    against: Period | None


@dataclass(frozen=True, slots=True)
class Overview:
    """Everything that the dashboard shows, before it is put into words."""

    asked: Asked
    now: Answer
    before: Answer | None
    hands: ByKey
    names: Mapping[str, Mapping[UUID, str]]

    @property
    def can_compare(self) -> bool:
        """Whether there is enough in the other period to say anything."""
        return self.before is not None and self.before.total.filed >= FEWEST

    @property
    def in_hand(self) -> Hands:
        return total_of(self.hands)

    def rows(self, dimension: str) -> list["Row"]:
        """One row for each community, building …, those with the most tickets first."""
        found, hands = self.now.by[dimension], self.hands.get(dimension, {})
        old = self.before.by[dimension] if self.before else {}
        rows = [
            Row(
                key,
                self.name(dimension, key),
                found.get(key, Counts()),
                old.get(key) if self.before else None,
                hands.get(key, Hands()),
            )
            for key in {*found, *hands}
        ]
        shown = [row for row in rows if row.now.filed or row.hands.open or row.hands.late]
        return sorted(shown, key=lambda row: (-row.now.filed, -row.hands.open, row.name))

    def name(self, dimension: str, key: UUID) -> str:
        return self.names[dimension].get(key) or NOTHING_OF[dimension]()

    def series(self) -> list[tuple[Period, Counts]]:
        """The period in weeks or days."""
        return [
            (piece, sum((self.now.days.get(day, Counts()) for day in piece.days()), Counts()))
            for piece in pieces(self.asked.period)
        ]


@dataclass(frozen=True, slots=True)
class Row:
    """What became of the tickets of one community, building, category, department or person."""

    key: UUID
    name: str
    now: Counts
    before: Counts | None
    hands: Hands


@dataclass(frozen=True, slots=True)
class Worse:
    """Something that got worse, more than chance would have it."""

    measure: Measure
    dimension: str
    key: UUID
    name: str
    before: Share
    after: Share

    @property
    def weight(self) -> float:
        """How many more tickets went badly than would have before."""
        change = (self.after.value or 0) - (self.before.value or 0)
        return abs(change) * self.after.whole


NOTHING_OF = {
    COMMUNITY: lambda: _("no community"),
    "building": lambda: _("no building"),
    "category": lambda: _("no category"),
    "department": lambda: _("no department"),
    "person": lambda: _("nobody yet"),
}


def overview(asked: Asked, *, zone: ZoneInfo, now: datetime) -> Overview:
    """Read the figures of both periods, and what is on people's hands."""
    found = read(asked.question, asked.period, zone=zone, now=now)
    before = None
    if asked.against is not None:
        before = read(asked.question, asked.against, zone=zone, now=now)
    hands = on_hand(asked.question, now=now)
    answers = [found, *([before] if before else [])]
    keys = {
        dimension: {
            *hands.get(dimension, {}),
            *(key for answer in answers for key in answer.by.get(dimension, {})),
        }
        - {NONE}
        for dimension in DIMENSIONS
    }
    return Overview(asked, found, before, hands, names_of(keys))


def names_of(keys: Mapping[str, set[UUID]]) -> dict[str, dict[UUID, str]]:
    """What these rows are called: a query for each dimension that has any."""
    english = (get_language() or "").startswith("en")
    categories = Category.objects.filter(id__in=keys["category"])
    buildings = Building.objects.filter(id__in=keys["building"])
    return {
        COMMUNITY: _names(keys[COMMUNITY], Community.objects.filter(id__in=keys[COMMUNITY])),
        "category": {
            pk: (english and name_en) or name
            for pk, name, name_en in categories.values_list("id", "name", "name_en")
        },
        "building": {
            pk: f"{community} {name}"
            for pk, community, name in buildings.values_list("id", "community__name", "name")
        },
        "department": _names(
            keys["department"], Department.objects.filter(id__in=keys["department"])
        ),
        "person": _names(keys["person"], Membership.objects.filter(id__in=keys["person"])),
    }


def _names(keys: set[UUID], rows: object) -> dict[UUID, str]:
    return dict(rows.values_list("id", F("name"))) if keys else {}  # type: ignore[attr-defined]


def worsening(found: Overview) -> list[Worse]:
    """What got worse since the other period, what weighs most first; accidents left out."""
    if found.before is None:
        return []
    pairs = list(_comparable(found, found.before))
    z = strict(len(pairs))
    worse = [each for each in pairs if _is_worse(each, z)]
    whole = [each for each in _of_all(found, found.before) if _is_worse(each, Z)]
    return sorted([*whole, *worse], key=lambda each: (-each.weight, each.name))[:MOST_WORSE]


def _of_all(found: Overview, before: Answer) -> Iterable[Worse]:
    """The shares of everything that was asked about."""
    return _pairs("", NONE, _("Altogether"), before.total, found.now.total)


def _pairs(dimension: str, key: UUID, name: str, before: Counts, after: Counts) -> Iterable[Worse]:
    """Each share that has enough in both periods."""
    for measure in SHARES:
        pair = measure.share(before), measure.share(after)
        if min(share.whole for share in pair) >= FEWEST:
            yield Worse(measure, dimension, key, name, *pair)


def _comparable(found: Overview, before: Answer) -> Iterable[Worse]:
    """Every row and share that has enough in both periods."""
    for dimension in DIMENSIONS:
        for key, counts in found.now.by[dimension].items():
            old = before.by[dimension].get(key)
            if old is not None and key != NONE:
                yield from _pairs(dimension, key, found.name(dimension, key), old, counts)


def _is_worse(each: Worse, z: float) -> bool:
    interval = difference(each.before, each.after, z)
    return interval.high < 0 if each.measure.more_is_better else interval.low > 0
