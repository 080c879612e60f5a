"""Results of groups, of many places, and of photographs."""

from typing import Any

import pytest
from django.urls import reverse

from surveys.models import Audience, OnePer, Response, ResponseMark, ResponsePhoto, Stage, Wave
from surveys.services import results as service
from surveys.services.results import places_of, results
from surveys.services.tallying import tally
from tenancy.models import Community, MembershipCommunity
from tests.factories.cast import Cast
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
    scoped.community, mine = other, scoped.community
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
