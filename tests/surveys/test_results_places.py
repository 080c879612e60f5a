"""Results of groups, of many places, and of photographs."""

from copy import deepcopy
from typing import Any

import pytest
from django.urls import reverse

from surveys.models import Audience, OnePer, Response, ResponseMark, ResponsePhoto, Stage, Wave
from surveys.services import results as service, tallying
from surveys.services.comparing import Against, compared
from surveys.services.results import places_of, results
from surveys.services.survey import rewrite
from surveys.services.tallying import tally
from tenancy.models import Community, MembershipCommunity
from tests.factories.cast import TUESDAY, Cast
from tests.surveys.asking import FIVE_DIMENSIONS, filled, marks_of, opened, street, survey_of

STAFF: dict[str, Any] = {
    "sections": [
        {
            "title": "工作",
            "questions": [
                {"kind": "rating", "text": "工具够用吗？", "key": "tools"},
                {"kind": "text", "text": "缺什么？", "key": "what"},
                {"kind": "photo", "text": "拍一张", "key": "look"},
            ],
        }
    ]
}


def page(name: str, wave: Wave) -> str:
    return reverse(f"surveys:{name}", args=["jinxiu", wave.pk])


def staff_wave(cast: Cast, **groups: int) -> Wave:
    """A counted wave of staff, so many of each department; everybody's mark is 2, with a text."""
    survey = survey_of(cast, document=STAFF, audience=Audience.STAFF, one_per=OnePer.PERSON)
    wave = opened(cast, survey)
    for group, count in groups.items():
        for number in range(count):
            response = Response.objects.create(wave=wave, group=group)
            ResponseMark.objects.create(wave=wave, response=response, question="tools", number=2)
            ResponseMark.objects.create(
                wave=wave, response=response, question="what", text=f"{group}{number}"
            )
    wave.stage = Stage.COUNTED
    wave.save()
    return wave


def test_managers_see_departments_of_five_or_more(scoped: Cast, sign_in: Any) -> None:
    wave = staff_wave(scoped, 工程部=12, 客服部=11, 秩序部=7, 财务部=2)
    tally(wave=wave)
    # Of the finance department there are two: the order department is left out with them.
    told = [(each.key, each.name, each.n) for each in places_of(wave, scoped.manager)]
    assert told == [
        ("", "", 32), ("group:客服部", "客服部", 11), ("group:工程部", "工程部", 12)
    ]  # fmt: skip
    client = sign_in(scoped.manager)
    said = client.get(page("wave_texts", wave) + "?at=group:客服部").content.decode()
    assert (said.count('<li id="t-'), "工程部0" in said) == (11, False)
    compared = client.get(page("wave_compare", wave) + "?by=groups").content.decode()
    assert "工程部<br>" in compared
    assert "秩序部" not in compared
    small = client.get(page("wave_results", wave) + "?at=group:财务部").content.decode()
    assert "财务部" not in small


def test_whoever_is_limited_is_told_of_no_department(scoped: Cast, sign_in: Any) -> None:
    wave = staff_wave(scoped, 工程部=12, 客服部=11)
    tally(wave=wave)
    scoped.manager.all_communities = False
    scoped.manager.save()
    MembershipCommunity.objects.create(membership=scoped.manager, community=scoped.community)
    assert places_of(wave, scoped.manager) == []
    client = sign_in(scoped.manager)
    for name in ("wave_results", "wave_compare", "wave_texts", "wave_presentation"):
        said = client.get(page(name, wave) + "?by=groups").content.decode()
        assert "工程部" not in said


@pytest.mark.parametrize(("photos", "shown"), [(4, 0), (5, 5)])
def test_photos_are_shown_of_five_and_of_everybody(
    scoped: Cast, sign_in: Any, photos: int, shown: int
) -> None:
    wave = staff_wave(scoped, 工程部=12, 客服部=11)
    ResponsePhoto.objects.bulk_create(
        ResponsePhoto(wave=wave, question="look", content=b"x") for _ in range(photos)
    )
    tally(wave=wave)
    client = sign_in(scoped.manager)
    assert client.get(page("wave_results", wave)).content.decode().count("<img") == shown
    part = client.get(page("wave_results", wave) + "?at=group:客服部").content.decode()
    assert part.count("<img") == 0


def test_many_places_are_read_in_one_go_and_are_the_same(
    scoped: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    wave = opened(scoped, survey_of(scoped, document=FIVE_DIMENSIONS))
    streets = [street(scoped, f"{number}栋", 1) for number in range(3)]
    filled(wave, [(each, [marks_of(4)] * 6) for each in streets])
    tally(wave=wave)
    places = places_of(wave, scoped.manager)
    one_by_one = results(wave=wave, places=places[1:])
    monkeypatch.setattr(service, "MOST_BY_INDEX", 1)
    at_once = results(wave=wave, places=places[1:])
    assert [each.found for each in at_once] == [each.found for each in one_by_one]
    assert len(at_once) == 4
    assert results(wave=wave, places=[]) == []


def test_limited_member_compares_buildings_of_their_community(scoped: Cast, sign_in: Any) -> None:
    """The community is theirs, so it can be the whole; of several communities there is none."""
    other = Community.objects.create(name="别处")
    here = [street(scoped, f"{number}栋", 1) for number in range(2)]
    wave = opened(scoped, survey_of(scoped, document=FIVE_DIMENSIONS))
    mine = scoped.rows["community"]
    scoped.rows["community"] = other
    there = street(scoped, "9栋", 1)
    lots = [(here[0], [marks_of(5), marks_of(4)] * 10), (here[1], [marks_of(2), marks_of(3)] * 10)]
    filled(wave, [*lots, (there, [marks_of(3)] * 12)])
    tally(wave=wave)
    scoped.manager.all_communities = False
    scoped.manager.save()
    MembershipCommunity.objects.create(membership=scoped.manager, community=mine)
    client = sign_in(scoped.manager)
    buildings = client.get(page("wave_compare", wave) + "?by=buildings").content.decode()
    assert ("is-better" in buildings, "别处" in buildings) == (True, False)
    alone = client.get(page("wave_compare", wave) + "?by=communities").content.decode()
    assert "别处" not in alone


CHOICES: dict[str, Any] = {
    "sections": [
        {
            "title": "小区",
            "questions": [
                {
                    "kind": "single", "text": "最想要什么？", "key": "wish",
                    "choices": [{"key": "gym", "text": "健身房"}, {"key": "park", "text": "车位"}],
                },
                {"kind": "number", "text": "住了几年？", "key": "years"},
                {"kind": "number", "text": "几辆车？", "key": "cars"},
            ],
        }
    ]
}  # fmt: skip


def chosen(cast: Cast, wave: Wave, lots: list[tuple[Any, str, int]]) -> Wave:
    """A counted wave in which so many of a building chose this; the first of them say for how
    many years they live there."""
    for building, choice, count in lots:
        for number in range(count):
            response = Response.objects.create(
                wave=wave, building=building, community_id=building.community_id
            )
            said = {"wave": wave, "response": response}
            ResponseMark.objects.create(**said, question="wish", choice=choice)
            if count > 10 or number < 3:
                ResponseMark.objects.create(**said, question="years", number=number)
    wave.stage = Stage.COUNTED
    wave.save()
    tally(wave=wave)
    return wave


def test_choices_and_amounts_of_buildings_stand_side_by_side(
    scoped: Cast, sign_in: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of six in the last building three said for how many years: there it is a dash, and so it is
    in another. Nobody said how many cars."""
    monkeypatch.setattr(tallying, "AT_ONCE", 7)
    yards = [street(scoped, f"{number}栋", 1) for number in range(11, 15)]
    wave = opened(scoped, survey_of(scoped, document=CHOICES))
    chosen(scoped, wave, [
        (yards[0], "gym", 40), (yards[1], "park", 41), (yards[2], "gym", 12),
        (yards[2], "park", 12), (yards[3], "gym", 6),
    ])  # fmt: skip
    places = [each for each in places_of(wave, scoped.manager) if each.kind != "whole"]
    rows = compared(results(wave=wave, places=places), Against.WHOLE)
    told = {
        (row.item.key, row.choice): [cell and cell.verdict.value for cell in row.cells]
        for row in rows
    }
    assert told == {
        ("wish", "gym"): ["", "more", "less", "unclear", "few"],
        ("wish", "park"): ["", "less", "more", "unclear", "few"],
        ("years", ""): ["", "", "", None, None],
    }
    said = sign_in(scoped.manager).get(page("wave_compare", wave) + "?by=buildings")
    assert "19.5" in said.content.decode()


def test_wave_with_another_question_leaves_a_gap(scoped: Cast, sign_in: Any) -> None:
    """A question that changed its kind is another one; a place that was too small then is left
    out of the row of waves."""
    yard = street(scoped, "8栋", 1)
    survey = survey_of(scoped, document=CHOICES)
    first = opened(scoped, survey, name="上半年")
    other: dict[str, Any] = deepcopy(CHOICES)
    other["sections"][0]["questions"][0] |= {"kind": "multiple"}
    other["sections"][0]["questions"][1] |= {"kind": "rating"}
    other["sections"][0]["questions"].append({"kind": "rating", "text": "满意吗？", "key": "new"})
    chosen(scoped, first, [(yard, "gym", 12)])
    rewrite(survey=survey, document=other, by=scoped.actor("manager"), now=TUESDAY)
    second = opened(scoped, survey, name="下半年")
    chosen(scoped, second, [(yard, "park", 12)])
    columns = [
        results(wave=each, places=places_of(each, scoped.manager)[:1])[0]
        for each in (first, second)
    ]
    assert [row.cells[0] for row in compared(columns, Against.BEFORE)] == [None] * 3
    third = opened(scoped, survey, name="明年")
    chosen(scoped, third, [(yard, "park", 11), (street(scoped, "9栋", 1), "park", 11)])
    at = f"?at=building:{places_of(third, scoped.manager)[-1].scope.building}"
    said = sign_in(scoped.manager).get(page("wave_compare", third) + at).content.decode()
    assert "上半年<br>" not in said
