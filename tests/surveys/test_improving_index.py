"""Improvements of what is no single question: a dimension, the index, the row of a matrix."""

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal

import pytest
from django.template.loader import render_to_string
from django.utils.translation import override

from owners.models import Building
from surveys.models import Effect, Survey, Wave
from surveys.services.cells import Scope
from surveys.services.improving import check_effects, item_words
from surveys.services.improving_values import Item, value_of
from surveys.services.index import measure, set_weights
from surveys.views.improvement import shown
from tests.factories.cast import TUESDAY, Cast
from tests.surveys.asking import (
    FIVE_DIMENSIONS,
    TODAY,
    Given,
    done,
    filled,
    marks_of,
    opened,
    street,
    survey_of,
)
from tests.surveys.test_improving import LATER, decide


@pytest.fixture
def survey(scoped: Cast) -> Survey:
    return survey_of(scoped, document=FIVE_DIMENSIONS)


def measured(cast: Cast, survey: Survey, name: str, *marks: int, days: int = 0) -> Wave:
    """A wave asked of a street so many days later, and what it came to."""
    place = street(cast, name, 40)
    return asked_again(cast, survey, place, [marks_of(mark) for mark in marks * 5], days)


def asked_again(
    cast: Cast, survey: Survey, place: Building, marks: Sequence[Given], days: int = 0
) -> Wave:
    """A wave so many days later, answered so in one building."""
    opens = TODAY + timedelta(days=days)
    dates = {"opens_on": opens, "closes_on": opens + timedelta(days=9), "today": opens}
    wave = opened(cast, survey, name=f"第{days}天", now=TUESDAY + timedelta(days=days), **dates)
    filled(wave, [(place, marks)])
    measure(wave=wave, now=TUESDAY)
    found: Wave = Wave.objects.select_related("edition").get(pk=wave.pk)
    return found


def test_dimension_is_improved_where_its_figure_is_told(scoped: Cast, survey: Survey) -> None:
    wave = measured(scoped, survey, "8栋", 2, 3, 2)
    building = wave.responses.exclude(building=None)[0].building
    assert building is not None
    here = {
        item.name: [
            value_of(wave, item, scope) is not None
            for scope in (
                Scope(), Scope(scoped.community.pk), Scope(scoped.community.pk, building.pk),
            )
        ]
        for item in (Item(), Item(dimension="empathy"), Item("rel1"))
    }  # fmt: skip
    assert here == dict.fromkeys(("index", "dimension:empathy", "rel1"), [True] * 3)
    row = decide(scoped, wave, item=Item(dimension="empathy"), building=building)
    whole = decide(scoped, wave, item=Item())
    with override("en"):
        assert (shown(row).words, shown(whole).words) == ("empathy", "satisfaction index")  # type: ignore[attr-defined]
    assert (row.dimension, row.building, row.community) == (
        "empathy", building, scoped.community,
    )  # fmt: skip
    done(scoped, row, whole)
    after = measured(scoped, survey, "9栋", 4, 5, 5, days=20)
    assert check_effects(wave=after, now=LATER) == 1  # the building was not asked enough
    whole.refresh_from_db()
    assert whole.effect == Effect.BETTER
    assert whole.value_after is not None
    assert whole.value_after > Decimal(80)


def test_row_of_a_matrix_has_its_own_words(scoped: Cast, survey: Survey) -> None:
    wave = measured(scoped, survey, "8栋", 2, 3)
    asked = [each for part in wave.edition.document["sections"] for each in part["questions"]]
    matrix = next(each for each in asked if each["kind"] == "matrix")
    row = matrix["rows"][0]
    item = Item(matrix["key"], row["key"])
    assert item_words(wave, item) == f"{matrix['text']} – {row['text']}"
    assert decide(scoped, wave, item=item).row == row["key"]


def test_other_weights_alone_improve_nothing(scoped: Cast, survey: Survey) -> None:
    marks = [marks_of(at, emp1=5) for at in (1, 2, 3)] * 5
    place = street(scoped, "8栋", 40)
    before = asked_again(scoped, survey, place, marks)
    row = decide(scoped, before, item=Item(), expected=Decimal(70))
    done(scoped, row)
    weights = {"reliability": 5, "responsiveness": 5, "assurance": 5, "empathy": 80, "tangibles": 5}
    set_weights(weights=weights, by=scoped.actor("manager"), now=TUESDAY)
    after = asked_again(scoped, survey, place, marks, days=20)
    assert check_effects(wave=after, now=LATER) == 1
    row.refresh_from_db()
    assert row.effect == Effect.UNCLEAR
    assert row.value_after is not None
    assert row.was == pytest.approx(row.value_after, abs=Decimal("0.02"))
    assert row.value_after > row.value_before + 10
    assert (row.is_measured_anew, row.is_as_expected) == (True, False)
    with override("en"):
        said = render_to_string("surveys/improvement_effect.html", {"row": shown(row)})
    assert "By the weights of the later wave it stood at" in said
