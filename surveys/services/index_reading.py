"""What was measured, as somebody may see it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any
from uuid import UUID

from surveys.models import IndexFigure, IndexReport, IndexWeights, Place, Survey, Wave
from surveys.questionnaire import Dimension, Questionnaire, read
from surveys.services.comparable import Pair
from surveys.services.index import first_weights
from surveys.services.index_figures import scope_of
from surveys.services.index_items import wording
from surveys.services.wording import read_in
from tenancy.models import Membership

ORDER = {place.value: number for number, place in enumerate(Place)}
NUMBERS = re.compile(r"(\d+)")
DIMENSIONS = [each.value for each in Dimension]


def in_order(figure: IndexFigure) -> tuple[int, list[tuple[bool, int, str]]]:
    """Everybody first, then by kind, and by name as one counts: building 9 before building 10."""
    parts = [
        (part.isdecimal(), int(part) if part.isdecimal() else 0, part)
        for part in NUMBERS.split(figure.label)
    ]
    return ORDER[figure.place], parts


@dataclass(frozen=True, slots=True)
class Spot:
    """A place with its figures: the whole, and each dimension that was asked."""

    whole: IndexFigure
    dimensions: dict[str, IndexFigure] = field(default_factory=dict)

    @property
    def key(self) -> str:
        """Its name in an address."""
        return f"{self.whole.place}:{self.whole.key}" if self.whole.key else self.whole.place

    @property
    def in_order(self) -> list[IndexFigure | None]:
        """A figure for each of the five, or nothing where it was not asked."""
        return [self.dimensions.get(name) for name in DIMENSIONS]


class Reading:
    """The index of one wave in one member's eyes. Two queries, and one for the items."""

    def __init__(self, wave: Wave, member: Membership, language: str) -> None:
        self.wave, self.member, self.language = wave, member, language

    @cached_property
    def report(self) -> IndexReport | None:
        rows = IndexReport.objects.visible_to(self.member).select_related("weights", "before")
        found: IndexReport | None = rows.filter(wave=self.wave).first()
        return found

    @cached_property
    def spots(self) -> list[Spot]:
        """Everybody first, then communities, buildings and groups by their names."""
        if self.report is None:
            return []
        rows = IndexFigure.objects.visible_to(self.member).filter(wave=self.wave)
        figures = sorted(rows.defer("items"), key=in_order)
        found: dict[tuple[str, str], Spot] = {}
        for each in figures:
            if not each.dimension:
                found[each.place, each.key] = Spot(each)
        for each in figures:
            if each.dimension:
                found[each.place, each.key].dimensions[each.dimension] = each
        return list(found.values())

    def spot(self, key: str) -> Spot | None:
        """The place of this key, or the first there is."""
        return next((each for each in self.spots if each.key == key), None) or next(
            iter(self.spots), None
        )

    @cached_property
    def questionnaire(self) -> Questionnaire:
        """As it was asked, in the reader's language where it has been translated."""
        asked = read(self.wave.edition.document)
        return read_in(asked, self.language, own=self.wave.survey.language)

    def items(self, spot: Spot) -> dict[str, list[dict[str, Any]]]:
        """The rows behind a place's figures: each dimension's items, the weakest first."""
        rows = IndexFigure.objects.filter(pk__in=[each.pk for each in spot.dimensions.values()])
        return {
            dimension: sorted(map(self.worded, items), key=lambda each: each["mean"])
            for dimension, items in rows.values_list("dimension", "items")
        }

    def worded(self, item: dict[str, Any]) -> dict[str, Any]:
        """The same with the words in which it was asked, and from 0 to 100."""
        text = wording(self.questionnaire, item["question"], item["row"])
        value = (item["mean"] - 1) * 25 if "mean" in item else item.get("value")
        return {**item, "text": text if item["question"] else "", "value": value}

    def asked_others(self, spot: Spot) -> bool:
        """Whether nothing is said of a change because other people were asked there before."""
        before = self.report.before if self.report else None
        if before is None or spot.whole.verdict:
            return False
        return not Pair(before, self.wave).same_people(scope_of(spot.whole))

    @property
    def sees_everybody(self) -> bool:
        return bool(self.spots) and self.spots[0].whole.place == Place.ALL

    @property
    def drivers(self) -> dict[str, Any]:
        """What moves the whole; of everybody, so only for whoever sees everybody."""
        if self.report is None or not self.sees_everybody:
            return {}
        kept = self.report.drivers
        return {
            **kept,
            "whole": wording(self.questionnaire, kept.get("whole", "")),
            "drivers": [self.worded(each) for each in kept.get("drivers", [])],
            "left_out": [self.worded(each) for each in kept.get("left_out", [])],
        }


def trend(survey: Survey, member: Membership, place: str, key: str) -> list[Spot]:
    """One place's figures in every wave that was measured, the oldest first. One query."""
    rows = IndexFigure.objects.visible_to(member).filter(wave__survey=survey, place=place, key=key)
    found: dict[UUID, Spot] = {}
    ordered = rows.select_related("wave").defer("items")
    for each in ordered.order_by("wave__opens_on", "wave_id", "dimension"):
        if not each.dimension:
            found[each.wave_id] = Spot(each)
        elif each.wave_id in found:
            found[each.wave_id].dimensions[each.dimension] = each
    return list(found.values())


def places_in(survey: Survey, member: Membership) -> list[Spot]:
    """The places of which any wave of a survey told the index, under their newest names."""
    rows = IndexFigure.objects.visible_to(member).filter(wave__survey=survey, dimension="")
    newest = {
        (each.place, each.key): Spot(each)
        for each in rows.defer("items").order_by("wave__opens_on", "wave_id")
    }
    return sorted(newest.values(), key=lambda each: in_order(each.whole))


def versions(member: Membership, now: datetime) -> Sequence[IndexWeights]:
    """Every version of the weights, the newest first; the first, if nobody has set any."""
    rows = IndexWeights.objects.visible_to(member).select_related("by").order_by("-number")
    return list(rows) or [first_weights(now)]
