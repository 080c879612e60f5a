"""The satisfaction index of a wave."""

import random
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest

from owners.models import Building
from surveys.measuring.comparing import change
from surveys.measuring.terms import Estimate
from surveys.models import (
    IndexFigure,
    IndexReport,
    IndexWeights,
    Response,
    ResponseMark,
    Tally,
    Wave,
    WaveStratum,
)
from surveys.services.cells import LEAST
from surveys.services.index import (
    FIRST,
    measure,
    set_weights,
)
from surveys.services.survey import rewrite
from tests.factories.cast import TUESDAY, Cast
from tests.surveys.asking import (
    FIVE_DIMENSIONS,
    ITEMS,
    TODAY,
    Given,
    filled,
    marks_of,
    opened,
    street,
    survey_of,
)

FACTS: dict[str, int] = {dimension.value: weight for dimension, weight in FIRST.items()}


def two_streets(cast: Cast, **more: Any) -> tuple[Wave, Building, Building]:
    """A wave asked of 40 homes in one building and 20 in another (and one in a third)."""
    large, small = street(cast, "8栋", 40), street(cast, "9栋", 20)
    wave = opened(cast, survey_of(cast, document=FIVE_DIMENSIONS), **more)
    return wave, large, small


def told(report: IndexReport, dimension: str = "") -> dict[tuple[str, str], float]:
    rows = IndexFigure.objects.filter(report=report, dimension=dimension).order_by("place", "label")
    return {(each.place, each.label): round(each.value, 2) for each in rows}


def test_index_weighs_dimensions_and_buildings(scoped: Cast) -> None:
    wave, large, small = two_streets(scoped)
    # Reliability is marked lower, in the large building by one and in the small one by two.
    filled(
        wave,
        [
            (large, [marks_of(5, rel1=4, rel2=4)] * 10),
            (small, [marks_of(5, rel1=3, rel2=3)] * 10),
        ],
    )

    report = measure(wave=wave, now=TUESDAY)

    # 41 people stand behind the ten of the large building: with them goes the third, of which
    # nobody answered. 75 and 50 become (41·75 + 20·50) / 61, of which 32 in a hundred count.
    of_all = (41 * 75 + 20 * 50) / 61
    assert told(report, "reliability") == {
        ("all", ""): round(of_all, 2),
        ("building", f"{scoped.community.name} 8栋"): 75,
        ("building", f"{scoped.community.name} 9栋"): 50,
        ("community", scoped.community.name): round(of_all, 2),
    }
    assert told(report)["all", ""] == round(100 - 0.32 * (100 - of_all), 2)
    assert told(report, "empathy")["all", ""] == 100
    assert (report.answered, report.population, report.strata, report.merged) == (20, 61, 2, 1)
    whole = IndexFigure.objects.get(report=report, place="all", dimension="reliability")
    # Nobody differs within a stratum; of 41 who kept silent somebody may.
    assert whole.low < whole.value - 5 < whole.value + 5 < whole.high
    assert whole.items == [
        {"question": key, "row": "", "dimension": "reliability", "n": 20,
         "mean": pytest.approx(of_all / 25 + 1)}
        for key in ("rel1", "rel2")
    ]  # fmt: skip


def test_answers_without_a_place_speak_for_themselves_in_the_whole(scoped: Cast) -> None:
    wave, large, _small = two_streets(scoped)
    filled(wave, [(large, [marks_of(5)] * 12), (None, [marks_of(1)] * 6)])

    report = measure(wave=wave, now=TUESDAY)

    # 61 homes are in the one community; six more spoke of whom nothing is known.
    assert told(report)["all", ""] == round(61 * 100 / 67, 2)
    assert told(report)["community", scoped.community.name] == 100


def test_measuring_twice_is_measuring_once(scoped: Cast) -> None:
    wave, large, _small = two_streets(scoped)
    filled(wave, [(large, [marks_of(4)] * 6)])
    first = measure(wave=wave, now=TUESDAY)
    set_weights(weights={**FACTS, "empathy": 26, "reliability": 22}, by=scoped.actor("manager"),
                now=TUESDAY)  # fmt: skip

    again = measure(wave=wave, now=TUESDAY + timedelta(days=1))

    assert (again.pk, again.weights.number) == (first.pk, 1)
    assert IndexReport.objects.count() == 1


def test_dimension_that_was_not_asked_leaves_its_weight_to_the_others(scoped: Cast) -> None:
    document = {"sections": FIVE_DIMENSIONS["sections"][:2]}
    place = street(scoped, "8栋", 12)
    wave = opened(scoped, survey_of(scoped, document=document))
    filled(wave, [(place, [{("rel1", ""): 5, ("res1", ""): 3, ("res2", ""): 3}] * 10)])

    report = measure(wave=wave, now=TUESDAY)

    # rel2 was marked by nobody; 32 to 22 becomes 100 to 50.
    assert told(report)["all", ""] == round((32 * 100 + 22 * 50) / 54, 2)
    assert told(report, "empathy") == {}


def test_wave_without_items_has_no_index_and_says_why(scoped: Cast) -> None:
    place = street(scoped, "8栋", 12)
    none = filled(opened(scoped), [(place, [{("speed", ""): 5}] * 6)])
    survey = survey_of(scoped, title="五维", document=FIVE_DIMENSIONS)
    few = filled(opened(scoped, survey), [(place, [marks_of(4)] * 4)])

    assert measure(wave=none, now=TUESDAY).finding == "nothing_asked"
    assert measure(wave=few, now=TUESDAY).finding == "too_few"
    assert IndexFigure.objects.count() == 0


def test_place_is_told_only_where_every_item_may_be(scoped: Cast) -> None:
    wave, large, small = two_streets(scoped)
    gap = {key: mark for key, mark in marks_of(4).items() if key != ("emp2", "")}
    # In the small building only four marked one of the items.
    filled(wave, [(large, [marks_of(5)] * 12), (small, [marks_of(4)] * 4 + [gap] * 8)])

    report = measure(wave=wave, now=TUESDAY)

    assert {place for place, _label in told(report)} == {"all", "community"}
    # What cannot be told apart is not weighed apart either.
    assert told(report, "reliability")["all", ""] == round((12 * 100 + 12 * 75) / 24, 2)


def test_buildings_that_are_not_told_are_not_weighed_as_such(scoped: Cast) -> None:
    """Results tell the plain mean, the index the weighed one: of a building that neither tells,
    the difference of the two would say what its four have answered."""
    few, fewer = street(scoped, "10栋", 90), street(scoped, "11栋", 30)
    wave, large, small = two_streets(scoped)
    lots = [
        (large, [marks_of(5)] * 10), (small, [marks_of(3)] * 10),
        (few, [marks_of(1)] * 4), (fewer, [marks_of(4)] * 3),
    ]  # fmt: skip

    report = measure(wave=filled(wave, lots), now=TUESDAY)

    assert {label[-2:] for place, label in told(report) if place == "building"} == {"8栋", "9栋"}
    # The seven are one stratum, with the home of which nobody answered, whoever lives where.
    left = (4 * 0 + 3 * 75) / 7
    assert told(report)["all", ""] == round((40 * 100 + 20 * 50 + 121 * left) / 181, 2)
    assert report.strata == 3


def test_wave_measured_by_another_method_is_measured_anew_before_it_is_compared(
    scoped: Cast,
) -> None:
    wave, large, _small = two_streets(scoped)
    filled(wave, [(large, [marks_of(4)] * 10)])
    before = measure(wave=wave, now=TUESDAY)
    rows = IndexFigure.objects.filter(place="all", dimension="")
    sides = [rows.get(report=before)]
    # As it was once measured: ten who say the same, sure to the last digit.
    IndexReport.objects.filter(pk=before.pk).update(method="stratified_t")
    IndexFigure.objects.filter(report=before).update(error=0, low=75, high=75)

    report = measure(wave=filled(next_wave(scoped, wave), [(large, [marks_of(5)] * 10)]),
                     now=TUESDAY)  # fmt: skip

    sides.append(rows.get(report=report))
    of_both = [Estimate(*(getattr(each, name) for name in Estimate.__slots__)) for each in sides]
    assert sides[1].chance == pytest.approx(change(*of_both).chance)
    assert sides[0].error > 5


def in_groups(wave: Wave, lots: Sequence[tuple[Building, str, int, int, int]]) -> Wave:
    """The wave counted: of each building and group how many there are, have answered, and their
    mark for everything."""
    filled(wave, [(house, [marks_of(mark)] * n) for house, _group, _people, n, mark in lots])
    WaveStratum.objects.filter(wave=wave).delete()
    for house, group, people, n, mark in lots:
        said = ResponseMark.objects.filter(wave=wave, question="rel1", number=mark)
        rows = Response.objects.filter(wave=wave, building=house, group="")
        some = rows.filter(pk__in=said.values("response")).values("pk")[:n]
        Response.objects.filter(pk__in=list(some.values_list("pk", flat=True))).update(group=group)
        WaveStratum.objects.create(
            wave=wave, community=house.community, building=house, group=group,
            population=people, invited=people,
        )  # fmt: skip
    return wave


def test_groups_are_weighed_apart_in_each_building(scoped: Cast) -> None:
    wave, large, small = two_streets(scoped)
    lots = [
        (large, "甲", 30, 10, 5), (large, "乙", 10, 10, 1),
        (small, "甲", 10, 10, 5), (small, "乙", 10, 10, 1),
    ]  # fmt: skip

    report = measure(wave=in_groups(wave, lots), now=TUESDAY)

    found = {label[-2:]: value for (_place, label), value in told(report).items()}
    assert found == {"": 66.67, "花园": 66.67, "8栋": 75, "9栋": 50, "甲": 100, "乙": 0}
    assert report.strata == 4


def test_group_too_small_in_one_building_is_not_weighed_apart_there(scoped: Cast) -> None:
    wave, large, small = two_streets(scoped)
    lots = [
        (large, "甲", 30, 17, 5), (large, "乙", 10, 3, 1),
        (small, "甲", 10, 10, 5), (small, "乙", 10, 10, 1),
    ]  # fmt: skip

    report = measure(wave=in_groups(wave, lots), now=TUESDAY)

    # With the plain mean of 85 a weighted one would tell what the three had said.
    found = {label[-2:]: value for (_place, label), value in told(report).items()}
    assert found == {"": 73.33, "花园": 73.33, "8栋": 85, "9栋": 50, "甲": 100, "乙": 0}
    assert report.strata == 2


def test_nothing_is_told_beyond_what_the_results_tell(scoped: Cast) -> None:
    """Whatever is skipped by whom: a figure stands only where each of its items has a tally."""
    chance = random.Random(3)
    houses = [street(scoped, f"{number}号楼", 12) for number in range(6)]
    wave = opened(scoped, survey_of(scoped, document=FIVE_DIMENSIONS))
    lots = []
    for house in houses:
        skips = chance.choice((0, 0.1, 0.5))
        answers = [
            {key: mark for key, mark in marks_of(chance.randint(1, 5)).items()
             if chance.random() >= skips}
            for _each in range(chance.randint(3, 12))
        ]  # fmt: skip
        lots.append((house, answers))

    report = measure(wave=filled(wave, lots), now=TUESDAY)

    bases = Tally.objects.filter(wave=wave, choice="", number=None).exclude(question="")
    places = {place for place, _label in told(report)}
    assert places >= {"all", "community"}
    for figure in report.figures.filter(dimension=""):
        where = bases.filter(building=None, community=None)
        if figure.place == "community":
            where = bases.filter(building=None, community_id=figure.key)
        elif figure.place == "building":
            where = bases.filter(building_id=figure.key)
        asked = set(where.values_list("question", "row"))
        assert asked >= set(ITEMS)
        assert min(where.values_list("count", flat=True)) >= LEAST


def next_wave(cast: Cast, wave: Wave, name: str = "2027年上半年") -> Wave:
    later = TODAY + timedelta(days=180)
    days = {"opens_on": later, "closes_on": later + timedelta(days=9)}
    return opened(cast, wave.survey, name=name, **days)


def mixed(low: int, high: int, times: int) -> list[Any]:
    return [marks_of(low), marks_of(high), marks_of(low, emp1=high)] * times


def test_change_since_the_wave_before_and_what_may_be_said_of_it(scoped: Cast) -> None:
    wave, large, small = two_streets(scoped)
    filled(wave, [(large, mixed(2, 3, 5)), (small, mixed(3, 4, 2))])
    measure(wave=wave, now=TUESDAY)
    after = filled(next_wave(scoped, wave), [(large, mixed(4, 5, 5)), (small, mixed(3, 4, 2))])

    report = measure(wave=after, now=TUESDAY)

    assert (report.before_id, report.items_differ) == (wave.pk, False)
    rows = {(each.place, each.label[-2:]): each for each in report.figures.filter(dimension="")}
    assert rows["all", ""].verdict == "real"
    assert rows["all", ""].was < rows["all", ""].value
    assert rows["all", ""].change_low > 0
    assert rows["building", "9栋"].verdict == "too_few"
    assert rows["building", "8栋"].chance < 0.001
    # Six of twenty homes said the same again.
    assert rows["building", "9栋"].was == rows["building", "9栋"].value


def test_other_weights_alone_are_no_change(scoped: Cast) -> None:
    wave, large, _small = two_streets(scoped)
    answers = [marks_of(5, emp1=1, emp2=1), marks_of(4, emp1=2, emp2=2)] * 6
    filled(wave, [(large, answers)])
    before = measure(wave=wave, now=TUESDAY)
    set_weights(weights={**FACTS, "empathy": 46, "reliability": 2}, by=scoped.actor("manager"),
                now=TUESDAY)  # fmt: skip

    report = measure(wave=filled(next_wave(scoped, wave), [(large, answers)]), now=TUESDAY)

    whole = IndexFigure.objects.get(report=report, place="all", dimension="")
    assert whole.value < told(before)["all", ""]
    assert whole.was == pytest.approx(whole.value)
    assert (report.weights.number, whole.verdict) == (2, "chance")


def test_wave_before_that_asked_nothing_that_counts_now_is_no_measure(scoped: Cast) -> None:
    place = street(scoped, "8栋", 12)
    survey = survey_of(scoped, document={"sections": FIVE_DIMENSIONS["sections"][:2]})
    before = filled(opened(scoped, survey), [(place, [marks_of(4)] * 6)])
    measure(wave=before, now=TUESDAY)
    by: Any = {"by": scoped.actor("manager"), "now": TUESDAY}
    rewrite(survey=survey, document=FIVE_DIMENSIONS, **by)
    tangible = {**dict.fromkeys(FACTS, 0), "tangibles": 100}
    set_weights(weights=tangible, **by)

    report = measure(wave=filled(next_wave(scoped, before), [(place, [marks_of(5)] * 6)]),
                     now=TUESDAY)  # fmt: skip

    rows = {each.dimension: each for each in report.figures.filter(place="all")}
    assert rows.keys() == {"", "tangibles"}
    assert (rows[""].value, rows[""].was, rows[""].verdict) == (100, None, "")


def test_figures_are_for_staff_alone(scoped: Cast) -> None:
    report = measure(wave=driven(scoped), now=TUESDAY)
    for rows in (IndexFigure.objects, IndexReport.objects, IndexWeights.objects):
        assert rows.visible_to(scoped.members["owner"]).count() == 0
        assert rows.visible_to(scoped.manager).count() > 0
    assert str(report.weights) == "1"
    assert str(report) == str(report.wave_id)
    assert str(report.figures.get(place="all", dimension="reliability")) == "25.0"


def test_other_items_than_before_are_said(scoped: Cast) -> None:
    wave, large, _small = two_streets(scoped)
    fewer = {key: mark for key, mark in marks_of(4).items() if key[0] != "emp2"}
    filled(wave, [(large, [fewer] * 12)])
    measure(wave=wave, now=TUESDAY)
    after = filled(next_wave(scoped, wave), [(large, [marks_of(4)] * 12)])
    assert measure(wave=after, now=TUESDAY).items_differ


def driven(cast: Cast) -> Wave:
    """A wave of 39 answers in which the whole follows one item that is marked low."""
    wave, large, _small = two_streets(cast)
    chance = random.Random(7)
    answers: list[Given] = []
    for at in range(39):
        low = 1 + at % 3
        noise = {key: chance.randint(3, 5) for key, _row in ITEMS}
        answers.append(marks_of(4, **{**noise, "rel1": low, "rel2": low, "overall": low + 1}))
    return filled(wave, [(large, answers)])


def test_drivers_name_the_item_where_work_pays_most(scoped: Cast) -> None:
    wave = driven(scoped)

    report = measure(wave=wave, now=TUESDAY)

    found = report.drivers
    # Ten items are too many for 39 answers: dimensions are looked at.
    assert (found["finding"], found["whole"], found["answered"]) == ("found", "overall", 39)
    assert found["drivers"][0]["dimension"] == "reliability"
    assert [each["dimension"] for each in found["drivers"] if each["is_lever"]] == ["reliability"]
    assert sum(each["share"] for each in found["drivers"]) == pytest.approx(1, abs=0.001)


def test_drivers_are_items_where_enough_have_answered(scoped: Cast) -> None:
    wave, large, small = two_streets(scoped)
    answers = [
        marks_of(3 + at % 2, rel1=1 + at % 5, overall=1 + at % 5, emp2=1 + at // 2 % 5, ass1=4)
        for at in range(60)
    ]
    filled(wave, [(large, answers[:40]), (small, answers[40:])])

    found = measure(wave=wave, now=TUESDAY).drivers

    first = found["drivers"][0]
    assert (first["question"], first["row"], first["is_lever"]) == ("rel1", "", True)
    assert found["left_out"] == [
        {"question": "ass1", "row": "", "dimension": "assurance", "reason": "all_alike"}
    ]


def test_nobody_asked_about_the_whole(scoped: Cast) -> None:
    place = street(scoped, "8栋", 12)
    asked = survey_of(scoped, document={"sections": FIVE_DIMENSIONS["sections"][:2]})
    wave = filled(opened(scoped, asked), [(place, [marks_of(4)] * 6)])
    assert measure(wave=wave, now=TUESDAY).drivers == {"finding": "no_whole"}
