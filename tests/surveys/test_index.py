"""The satisfaction index of a wave."""

from datetime import timedelta
from typing import Any

import pytest

from owners.models import Building
from surveys.models import IndexFigure, IndexReport, IndexWeights, Wave
from surveys.services.index import (
    FIRST,
    WeightsChanged,
    WeightsNotWhole,
    measure,
    set_weights,
    weights_now,
)
from tenancy.models import AuditEntry
from tests.factories.cast import TUESDAY, Cast
from tests.surveys.asking import (
    FIVE_DIMENSIONS,
    TODAY,
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
    assert (whole.low, whole.high) == (whole.value, whole.value)  # nobody differs within a stratum
    assert whole.items == [
        {"question": key, "row": "", "dimension": "reliability", "n": 20,
         "mean": round(of_all / 25 + 1, 4)}
        for key in ("rel1", "rel2")
    ]  # fmt: skip


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


def test_other_items_than_before_are_said(scoped: Cast) -> None:
    wave, large, _small = two_streets(scoped)
    fewer = {key: mark for key, mark in marks_of(4).items() if key[0] != "emp2"}
    filled(wave, [(large, [fewer] * 12)])
    measure(wave=wave, now=TUESDAY)
    after = filled(next_wave(scoped, wave), [(large, [marks_of(4)] * 12)])
    assert measure(wave=after, now=TUESDAY).items_differ


def test_drivers_name_the_item_where_work_pays_most(scoped: Cast) -> None:
    wave, large, _small = two_streets(scoped)
    answers = []
    for at in range(39):
        # The whole follows reliability's first item, which is marked low; noise elsewhere.
        low = 1 + at % 3
        noise = {"res1": 3 + at % 2, "ass1": 4 + at // 2 % 2, "emp1": 3 + at // 3 % 3}
        answers.append(marks_of(4, rel1=low, overall=low + 1, **noise, tan=3 + at // 5 % 3))
    filled(wave, [(large, answers)])

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
    document = {"sections": FIVE_DIMENSIONS["sections"][:2]}
    wave = filled(
        opened(scoped, survey_of(scoped, document=document)), [(place, [marks_of(4)] * 6)]
    )
    assert measure(wave=wave, now=TUESDAY).drivers == {"finding": "no_whole"}


# --- weights ---


def test_weights_begin_with_those_of_the_literature(scoped: Cast) -> None:
    first = weights_now(now=TUESDAY)
    assert first.by_dimension == {
        "reliability": 32, "responsiveness": 22, "assurance": 19, "empathy": 16, "tangibles": 11
    }  # fmt: skip
    assert weights_now(now=TUESDAY).pk == first.pk


def test_weights_are_set_in_versions_on_the_record(scoped: Cast) -> None:
    by: Any = {"by": scoped.actor("manager"), "now": TUESDAY}
    even = dict.fromkeys(FACTS, 20)

    second = set_weights(weights=even, **by)

    assert (second.number, second.by_dimension) == (2, even)
    assert set_weights(weights=even, **by).pk == second.pk  # nothing was changed
    assert [each.number for each in IndexWeights.objects.order_by("number")] == [1, 2]
    entry = AuditEntry.objects.get(action="set_index_weights")
    assert (entry.detail["before"], entry.detail["after"]) == (FACTS, even)
    with pytest.raises(WeightsNotWhole) as caught:
        set_weights(weights={**even, "empathy": 21}, **by)
    assert "101" in str(caught.value)
    with pytest.raises(WeightsNotWhole):
        set_weights(weights={**even, "empathy": -20, "tangibles": 60}, **by)


def test_two_who_set_weights_at_once_do_not_overwrite(
    scoped: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    by: Any = {"by": scoped.actor("manager"), "now": TUESDAY}
    first = weights_now(now=TUESDAY)
    set_weights(weights=dict.fromkeys(FACTS, 20), **by)
    monkeypatch.setattr("surveys.services.index.weights_now", lambda **_when: first)
    with pytest.raises(WeightsChanged):
        set_weights(weights={**FACTS, "empathy": 6, "assurance": 29}, **by)
