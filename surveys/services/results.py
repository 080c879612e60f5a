"""What a wave has found, as it may be told: read from tallies alone, each question as a value."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.conf import settings
from django.db.models import F, Sum

from surveys.models import Tally, Wave, WaveStratum
from surveys.questionnaire import Kind, Question, Questionnaire, read
from surveys.services.cells import WHOLE, Scope
from surveys.services.house_order import BUILDINGS
from surveys.services.tallying import BELOW, FROM, MEAN, MEDIAN, QUARTERS
from surveys.services.wording import read_in
from tenancy.models import Membership

# Marks that say that something is wrong, and that somebody is content.
LOW: Mapping[Kind, range] = {
    Kind.RATING: range(1, 3), Kind.MATRIX: range(1, 3), Kind.SCORE: range(7)
}  # fmt: skip
HIGH: Mapping[Kind, range] = {
    Kind.RATING: range(4, 6), Kind.MATRIX: range(4, 6), Kind.SCORE: range(9, 11)
}  # fmt: skip
# More places are cheaper found among all tallies of the wave.
MOST_BY_INDEX = 30
WEAK = 60  # of 100; below, something has to be done


@dataclass(frozen=True, slots=True)
class Place:
    """Of whom something may be told, and how many of them answered."""

    scope: Scope
    name: str
    n: int
    kind: str  # whole, community, building or group
    short: str = ""  # a building's own name, where its community is said already

    @property
    def key(self) -> str:
        return key_of(self.scope)


def key_of(scope: Scope) -> str:
    """A place as an address names it; empty for everybody."""
    if scope.building:
        return f"building:{scope.building}"
    if scope.community:
        return f"community:{scope.community}"
    return f"group:{scope.group}" if scope.group else ""


@dataclass(frozen=True, slots=True)
class Bar:
    """How many of those who answered said one thing."""

    key: str
    count: int
    n: int
    number: Decimal | None = None  # of a mark, a class, or the mean place in a ranking

    @property
    def share(self) -> float:
        return self.count / self.n


@dataclass(frozen=True)
class Item:
    """What came of one question, or of one row of a matrix, in one place."""

    question: Question
    row: str
    n: int
    bars: list[Bar] = field(default_factory=list)
    statistics: Mapping[str, Decimal] = field(default_factory=dict)

    @property
    def key(self) -> str:
        return f"{self.question.key}.{self.row}" if self.row else self.question.key

    @property
    def label(self) -> str:
        """The row of a matrix; a question's own text stands above it."""
        return next((each.text for each in self.question.rows if each.key == self.row), "")

    @cached_property
    def marks(self) -> list[tuple[int, int]]:
        """Each mark of the scale with how often it was given."""
        counts = {int(each.number): each.count for each in self.bars if each.number is not None}
        return [(mark, counts.get(mark, 0)) for mark in self.question.scale]

    @cached_property
    def mean(self) -> float | None:
        if self.question.scale:
            return sum(mark * count for mark, count in self.marks) / self.n
        found = self.statistics.get(MEAN)
        return None if found is None else float(found)

    @property
    def value(self) -> float | None:
        """The mean on the way from the worst mark to the best, 0 to 100."""
        scale = self.question.scale
        if not scale or self.mean is None:
            return None
        return (self.mean - scale[0]) / (scale[-1] - scale[0]) * 100

    @property
    def is_weak(self) -> bool:
        return self.value is not None and self.value < WEAK

    def of(self, marks: range) -> int:
        return sum(count for mark, count in self.marks if mark in marks)

    @property
    def low(self) -> int:
        """How many gave a low mark."""
        return self.of(LOW[self.question.kind])

    @property
    def high(self) -> int:
        return self.of(HIGH[self.question.kind])

    @property
    def nps(self) -> float | None:
        """Net promoter score: nines and tens less noughts to sixes, of 100."""
        if self.question.kind is not Kind.SCORE:
            return None
        return (self.high - self.low) / self.n * 100

    @property
    def median(self) -> Decimal | None:
        return self.statistics.get(MEDIAN)

    @property
    def quarters(self) -> tuple[Decimal, Decimal] | None:
        """Between which the middle half lies."""
        low, high = (self.statistics.get(each) for each in QUARTERS)
        return None if low is None or high is None else (low, high)


@dataclass(frozen=True)
class Found:
    """What came of one question; without items nothing of it may be told here."""

    question: Question
    section: str
    items: list[Item]

    @property
    def n(self) -> int:
        return max((each.n for each in self.items), default=0)

    @property
    def value(self) -> float:
        """The weakest item's, for an order in which these come first."""
        return min((each.value for each in self.items if each.value is not None), default=101)


@dataclass(frozen=True)
class Results:
    """Everything that may be told of one wave in one place."""

    wave: Wave
    place: Place
    invited: int
    questionnaire: Questionnaire
    found: list[Found]

    @cached_property
    def items(self) -> dict[str, Item]:
        return {item.key: item for each in self.found for item in each.items}

    def weakest_first(self) -> list[Found]:
        return sorted(self.found, key=lambda each: each.value)


# --- where ---


def places_of(wave: Wave, member: Membership) -> list[Place]:
    """Of whom this member may be told something: everybody first, then community by community
    with its buildings, then groups. One query."""
    rows = Tally.objects.visible_to(member).filter(wave=wave, question="")
    ordered = rows.select_related("community", "building").order_by(
        "group",
        F("community__name").asc(nulls_first=True),
        "community_id",
        *BUILDINGS,
    )
    return [_place(each) for each in ordered]


def _place(row: Any) -> Place:
    scope = Scope(row.community_id, row.building_id, row.group)
    if row.building:
        name = f"{row.community.name} · {row.building.name}"
        return Place(scope, name, row.count, "building", row.building.name)
    if row.community:
        return Place(scope, row.community.name, row.count, "community")
    return Place(scope, row.group, row.count, "group" if row.group else "whole")


# --- what ---


def results(*, wave: Wave, places: Iterable[Place], language: str = "") -> list[Results]:
    """What was found in these places, side by side. Two queries, however many places."""
    asked = list(places)
    questionnaire = in_words(wave, language)
    invited = _invited(wave)
    rows: dict[Scope, list[Any]] = {each.scope: [] for each in asked}
    for row in _rows(wave, asked):
        here = rows.get(Scope(row.community_id, row.building_id, row.group))
        if here is not None:
            here.append(row)
    return [
        Results(
            wave, place, invited.get(place.scope, 0), questionnaire,
            _found(questionnaire, rows[place.scope]),
        )
        for place in asked
    ]  # fmt: skip


def in_words(wave: Wave, language: str) -> Questionnaire:
    """What was asked, in a language; in its own it is as it was written."""
    asked = read(wave.edition.document)
    own = wave.survey.language or settings.LANGUAGE_CODE
    return asked if language.lower() == own.lower() else read_in(asked, language, own)


def _rows(wave: Wave, places: Sequence[Place]) -> Iterable[Any]:
    """The tallies of these places, each by its index."""
    rows = Tally.objects.filter(wave=wave).exclude(question="")
    if len(places) > MOST_BY_INDEX:
        return rows.iterator()
    parts = [
        rows.filter(community_id=community, building_id=building, group=group)
        for community, building, group in (each.scope for each in places)
    ]
    return parts[0].union(*parts[1:], all=True) if parts else []


def _invited(wave: Wave) -> dict[Scope, int]:
    """How many were asked, in each place and group."""
    found: dict[Scope, int] = {WHOLE: wave.invited}
    strata = WaveStratum.objects.filter(wave=wave).values_list("community", "building", "group")
    for community, building, group, invited in strata.annotate(n=Sum("invited")):
        for scope in {Scope(community), Scope(community, building), Scope(group=group)} - {WHOLE}:
            found[scope] = found.get(scope, 0) + invited
    return found


def _found(questionnaire: Questionnaire, rows: Iterable[Any]) -> list[Found]:
    by_item: dict[tuple[str, str], list[Any]] = {}
    for row in rows:
        by_item.setdefault((row.question, row.row), []).append(row)
    return [
        Found(
            question,
            section.title,
            [
                _item(question, key, by_item[question.key, key])
                for key in ([each.key for each in question.rows] or [""])
                if (question.key, key) in by_item
            ],
        )
        for section in questionnaire.sections
        for question in section.questions
    ]


def _item(question: Question, row: str, rows: list[Any]) -> Item:
    """What the tallies say of one item."""
    n = next(each.count for each in rows if not each.choice and each.number is None)
    told = [each for each in rows if each.choice or each.number is not None]
    statistics = {each.choice: each.number for each in told if each.choice in STATISTICS}
    if question.kind is Kind.RANKING:
        bars = _ranked(question, told, n)
    elif question.choices:
        counts = {each.choice: each.count for each in told}
        bars = [Bar(each.key, counts.get(each.key, 0), n) for each in question.choices]
    elif question.kind is Kind.NUMBER:
        classes = sorted(
            (each for each in told if each.choice in (BELOW, FROM)),
            key=lambda each: (each.number, each.choice == FROM),
        )
        bars = [Bar(each.choice, each.count, n, each.number) for each in classes]
    else:
        ordered = sorted(told, key=lambda each: (each.choice, each.number))
        bars = [Bar(each.choice, each.count, n, each.number) for each in ordered]
    return Item(question, row, n, bars, statistics if question.kind is Kind.NUMBER else {})


STATISTICS = frozenset({MEAN, MEDIAN, *QUARTERS})


def _ranked(question: Question, rows: Iterable[Any], n: int) -> list[Bar]:
    """Each choice with its mean place and how many put it first, the best place first."""
    sums: dict[str, Decimal] = {each.key: Decimal(0) for each in question.choices}
    first: dict[str, int] = dict.fromkeys(sums, 0)
    for row in rows:
        sums[row.choice] += row.number * row.count
        if row.number == 1:
            first[row.choice] = row.count
    bars = [Bar(key, first[key], n, total / n) for key, total in sums.items()]
    return sorted(bars, key=lambda each: each.number or 0)
