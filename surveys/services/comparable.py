"""What may be held against what: a figure also changes when others are asked, or otherwise, and
neither is a change in the service."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from surveys.models import Wave, WaveStratum
from surveys.questionnaire import Question, read
from surveys.services.audiences import SOURCES
from surveys.services.cells import WHOLE, Scope

FARTHEST = 12  # waves that are looked at, for one that asked the same people
COMMUNITY = "community"  # the source that says where, and no more than that
Chosen = frozenset[tuple[str, int | None, str]]


@dataclass(frozen=True)
class Pair:
    """Two waves of a survey, one of which is to be held against the other."""

    before: Wave
    after: Wave

    def same_people(self, scope: Scope = WHOLE) -> bool:
        """Whether both asked the same people there: by the same plan, or in the same places.

        Everybody stays everybody when a community joins in between.
        """
        if self.before.one_per != self.after.one_per or self._differ(is_local=False):
            return False
        if scope.building:
            return True  # the whole of it: nothing is chosen within a building
        finer = self._differ(is_local=True, but=COMMUNITY)
        if not finer and (scope.community or not self._differ(is_local=True)):
            return True
        one, other = ({at(place, scope, finer) for place in each} for each in self._places)
        return one - {None} == other - {None}

    def same_question(self, key: str) -> bool:
        """Whether both asked it in the same way: five stars are no mark from 0 to 10."""
        one, other = (each.get(key) for each in self._questions)
        return one is not None and other is not None and one.kind is other.kind

    def _differ(self, *, is_local: bool, but: str = "") -> bool:
        """Whether other parts were chosen: of sources that are places, or of the others."""
        one, other = (
            {each for each in chosen if each[0] != but and is_place(each[0]) == is_local}
            for chosen in self._chosen
        )
        return one != other

    @cached_property
    def _chosen(self) -> tuple[Chosen, Chosen]:
        return chosen_for(self.before), chosen_for(self.after)

    @cached_property
    def _questions(self) -> tuple[Mapping[str, Question], Mapping[str, Question]]:
        one, other = (read(each.edition.document).by_key for each in (self.before, self.after))
        return one, other

    @cached_property
    def _places(self) -> tuple[set[Scope], set[Scope]]:
        """The buildings in which anybody could have been asked."""
        one, other = (
            {
                Scope(*each)
                for each in WaveStratum.objects.filter(wave=wave).values_list(
                    "community_id", "building_id"
                )
            }
            for wave in (self.before, self.after)
        )
        return one, other


def at(place: Scope, scope: Scope, finer: bool) -> UUID | None:
    """Which building it is, or which community, if it lies there."""
    if scope.community not in (None, place.community):
        return None
    return place.building if finer else place.community


def chosen_for(wave: Wave) -> Chosen:
    """Each part of whom it asks; empty: everybody."""
    return frozenset((each.source, each.months, each.key) for each in wave.parts.all())


def is_place(source: str) -> bool:
    """Whether the parts of a source are somewhere."""
    found = SOURCES.get(source)
    return found is not None and found.communities is not None


def before_among(earlier: QuerySet[Any], wave: Wave) -> Wave | None:
    """The wave that this one is held against: of those `earlier` the last that asked the same
    people; where none did, the last."""
    newest = earlier.select_related("edition").prefetch_related("parts")
    rows: list[Wave] = list(newest.order_by("-opens_on", "-id")[:FARTHEST])
    alike = (each for each in rows if Pair(each, wave).same_people())
    return next(alike, rows[0] if rows else None)
