"""A figure of the index as it is kept: of whom it tells, and what it says."""

from uuid import UUID

from surveys.measuring.terms import Estimate
from surveys.models import IndexFigure, Place
from surveys.services.cells import WHOLE, Scope


def place_of(scope: Scope) -> tuple[str, str]:
    """The place of a figure, and its key there."""
    if scope.group:
        return Place.GROUP.value, scope.group
    if scope.building:
        return Place.BUILDING.value, str(scope.building)
    if scope.community:
        return Place.COMMUNITY.value, str(scope.community)
    return Place.ALL.value, ""


def scope_of(figure: IndexFigure) -> Scope:
    """Of whom it tells."""
    if figure.place == Place.GROUP:
        return Scope(group=figure.key)
    if figure.place == Place.BUILDING:
        return Scope(figure.community_id, UUID(figure.key))
    return Scope(UUID(figure.key)) if figure.key else WHOLE


def estimate_of(figure: IndexFigure) -> Estimate:
    return Estimate(
        figure.value, figure.error, figure.freedom, figure.low, figure.high,
        figure.answered, figure.population,
    )  # fmt: skip
