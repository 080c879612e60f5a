"""Which waves are asked again by themselves, when, and who decides it."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client

from notifications.models import Notification
from surveys.models import Stage, Survey, Wave
from surveys.services.asking_again import is_aside
from surveys.services.audiences import Part
from surveys.services.moving import move, pass_over_in_time
from surveys.services.wave import change_wave
from surveys.services.wave_news import MISSED, PLANNED
from surveys.services.wave_rhythm import RhythmIsEverybodys, set_rhythm
from tenancy.models import AuditEntry, Community, Membership, MembershipCommunity
from tenancy.scope import company_scope
from tests.factories.cast import TUESDAY, Cast
from tests.surveys.asking import TODAY, opened, planned, street, survey_of
from tests.surveys.test_pages_wave import API, at, day, facts as sent, only_wave

DAY = timedelta(days=1)


def rhythm(cast: Cast, survey: Survey, months: int | None = 6, days: int = 14) -> None:
    facts: Any = {"by": cast.actor("manager"), "now": TUESDAY}
    set_rhythm(survey=survey, repeats_months=months, open_days=days, **facts)


def move_on(cast: Cast, day: date) -> None:
    move(company=cast.company, today=day, now=TUESDAY + (day - TODAY))


def here(cast: Cast) -> list[Part]:
    return [Part("community", (str(cast.community.pk),))]


def waves_of(survey: Survey) -> list[tuple[date, date, int]]:
    rows = survey.waves.order_by("opens_on")
    return [(each.opens_on, each.closes_on, each.parts.count()) for each in rows]


def facts(**more: Any) -> dict[str, Any]:
    return sent(**{"remind_after_days": "", **more})


def kept(cast: Cast, survey: Survey) -> tuple[int | None, int]:
    """How often it is asked, and for how many days."""
    with company_scope(cast.company.pk):
        survey.refresh_from_db()
        return survey.repeats_months, survey.open_days


def named(cast: Cast, name: str) -> Wave:
    with company_scope(cast.company.pk):
        wave: Wave = Wave.objects.get(name=name)
        return wave


def told(cast: Cast, message: str) -> int:
    return Notification.objects.filter(recipient=cast.manager, message=message).count()


def limit(cast: Cast) -> None:
    """The manager looks after one community from now on."""
    cast.manager.all_communities = False
    cast.manager.save()
    MembershipCommunity.objects.create(membership=cast.manager, community=cast.community)


# --- whose turn it is ---


def test_wave_on_the_side_takes_nobodys_turn(scoped: Cast) -> None:
    survey = survey_of(scoped)
    opened(scoped, survey, name="所有人", closes_on=TODAY + 20 * DAY)
    rhythm(scoped, survey)
    days: Any = {"opens_on": TODAY + 2 * DAY, "closes_on": TODAY + 5 * DAY}
    planned(scoped, survey, name="一个小区", parts=here(scoped), **days)
    for passed in (2, 6, 21):
        move_on(scoped, TODAY + passed * DAY)
    assert [each[2] for each in waves_of(survey)] == [0, 1, 0]
    assert waves_of(survey)[-1][:2] == (date(2027, 5, 10), date(2027, 5, 23))


def test_those_who_are_asked_apart_follow_each_other_apart(scoped: Cast) -> None:
    """Two communities with waves of their own: neither takes the turn of the other."""
    survey = survey_of(scoped)
    other = Community.objects.create(name="别处")
    rhythm(scoped, survey)
    opened(scoped, survey, name="这里", parts=here(scoped))
    there = [Part("community", (str(other.pk),))]
    planned(scoped, survey, name="那里", opens_on=TODAY + DAY, parts=there)
    move_on(scoped, TODAY + 14 * DAY)
    again = [date(2027, 5, 10), date(2027, 5, 11)]
    assert [each[0] for each in waves_of(survey)] == [TODAY, TODAY + DAY, *again]


def test_part_of_a_part_is_on_the_side_too_until_the_whole_is_asked_no_more(scoped: Cast) -> None:
    survey = survey_of(scoped)
    other = Community.objects.create(name="别处")
    keys = (str(scoped.community.pk), str(other.pk))
    building = [Part("building", (str(street(scoped, "8栋", 2).pk),))]
    both = planned(scoped, survey, name="两个小区", parts=[Part("community", keys)])
    one = planned(scoped, survey, name="一个小区", parts=here(scoped))
    few = planned(scoped, survey, name="一栋楼", parts=building)
    lately = Part("ticket", (str(scoped.lift.pk),), 3)
    spoke = planned(scoped, survey, name="报修过", parts=[*here(scoped), lately])
    apart = planned(scoped, survey, name="哪里都问", parts=[lately])
    found = {each.name for each in (both, one, few, spoke, apart) if is_aside(each, 6)}
    assert found == {"一个小区", "一栋楼", "报修过"}
    half_a_year_ago = date(2026, 5, 10)
    Wave.objects.filter(pk=both.pk).update(opens_on=half_a_year_ago)
    assert not is_aside(one, 6)
    assert is_aside(one, 12)


# --- on which day ---


def test_short_month_takes_no_days_off_the_next(scoped: Cast) -> None:
    survey = survey_of(scoped)
    rhythm(scoped, survey, days=3)
    last = date(2027, 8, 31)
    planned(scoped, survey, opens_on=last, closes_on=last)
    planned(scoped, survey, name="别的人", opens_on=TODAY, closes_on=TODAY, parts=here(scoped))
    found = [last]
    for months in (6, 6, 6, 3, 3, 3):
        rhythm(scoped, survey, months, days=3)
        found.append(asked_after(scoped, survey, found[-1]))
    assert found[:4] == [last, date(2028, 2, 29), date(2028, 8, 31), date(2029, 2, 28)]
    assert found[4:] == [date(2029, 5, 31), date(2029, 8, 31), date(2029, 11, 30)]


def test_wave_moved_by_hand_is_the_first_of_those_after_it(scoped: Cast) -> None:
    survey = survey_of(scoped)
    rhythm(scoped, survey, months=3, days=3)
    last = date(2026, 11, 30)
    planned(scoped, survey, opens_on=last, closes_on=last)
    assert asked_after(scoped, survey, last) == date(2027, 2, 28)
    moved = date(2027, 2, 20)
    Wave.objects.filter(opens_on=date(2027, 2, 28)).update(opens_on=moved)
    assert asked_after(scoped, survey, moved) == date(2027, 5, 20)


def asked_after(cast: Cast, survey: Survey, day: date) -> date:
    """When it is asked again, after the wave of that day was opened and is over."""
    move_on(cast, day)
    last: Wave = survey.waves.get(opens_on=day)
    move_on(cast, last.closes_on + DAY)
    newest: Wave = survey.waves.latest("opens_on")
    return newest.opens_on


# --- what was missed ---


def test_wave_that_was_missed_is_told_once_and_asked_on_the_next_day_to_come(scoped: Cast) -> None:
    """The machine was down for longer than the wave was to be open, and once for years."""
    survey = survey_of(scoped)
    first = planned(scoped, survey, opens_on=TODAY + DAY, closes_on=TODAY + 14 * DAY)
    rhythm(scoped, survey)
    for passed in (15, 15, 16):
        move_on(scoped, TODAY + passed * DAY)
    first.refresh_from_db()
    assert first.is_missed
    assert told(scoped, MISSED) == 1
    assert waves_of(survey)[1:] == [(date(2027, 5, 11), date(2027, 5, 24), 0)]
    for _ in range(2):
        move_on(scoped, date(2029, 1, 2))
    assert waves_of(survey)[2:] == [(date(2029, 5, 11), date(2029, 5, 24), 0)]
    assert (told(scoped, MISSED), told(scoped, PLANNED)) == (2, 2)
    assert AuditEntry.objects.filter(action="miss_wave").count() == 2
    move_on(scoped, date(2029, 5, 11))
    assert survey.waves.filter(stage=Stage.OPEN).count() == 1


def test_wave_that_was_missed_can_be_planned_otherwise(scoped: Cast) -> None:
    wave = planned(scoped)
    after = TODAY + 14 * DAY
    by: Any = {"by": scoped.actor("manager"), "now": TUESDAY + 14 * DAY, "today": after}
    stale = Wave.objects.get(pk=wave.pk)
    move_on(scoped, after)
    change_wave(wave=wave, name="补问", opens_on=after, closes_on=after + DAY, **by)
    # Another machine, which had listed it before.
    assert not pass_over_in_time(stale, after, TUESDAY + 14 * DAY)
    assert not Wave.objects.get(pk=wave.pk).is_missed
    move_on(scoped, after + 2 * DAY)
    assert (Wave.objects.get(pk=wave.pk).is_missed, told(scoped, MISSED)) == (True, 2)
    change_wave(wave=wave, name="补问", opens_on=after, closes_on=after + 9 * DAY, **by)
    move_on(scoped, after + 3 * DAY)
    assert Wave.objects.get(pk=wave.pk).stage == Stage.OPEN


def test_page_says_that_a_wave_was_missed(
    jinxiu: Cast, sign_in: Callable[[Membership], Client]
) -> None:
    with company_scope(jinxiu.company.pk):
        wave = planned(jinxiu)
        Wave.objects.update(opens_on=date(2026, 1, 1), closes_on=date(2026, 1, 2), is_reckoned=True)
    client = sign_in(jinxiu.manager)
    for path in (at(wave), f"/jinxiu/surveys/{wave.survey_id}/"):
        assert 'chip-late">missed</span>' in client.get(path).content.decode()
    listed = client.get("/jinxiu/surveys/").content.decode()
    assert f"{wave.name} – missed" in listed


# --- who decides it ---


def test_whoever_looks_after_some_communities_sets_no_rhythm(scoped: Cast) -> None:
    survey = survey_of(scoped)
    scoped.manager.all_communities = False
    with pytest.raises(RhythmIsEverybodys) as caught:
        rhythm(scoped, survey)
    assert caught.value.code == "rhythm_is_everybodys"


def test_page_keeps_the_rhythm_of_all_from_a_wave_of_some(
    jinxiu: Cast, sign_in: Callable[[Membership], Client]
) -> None:
    with company_scope(jinxiu.company.pk):
        survey = survey_of(jinxiu)
        rhythm(jinxiu, survey)
        limit(jinxiu)
    client = sign_in(jinxiu.manager)
    add = f"/jinxiu/surveys/{survey.pk}/waves/new/"
    assert "only somebody who looks after all communities" in client.get(add).content.decode()
    some = facts(part_community=str(jinxiu.community.pk), closes_on=day(14), repeats_months="6")
    refused = client.post(add, {**some, "repeats_months": "3"})
    assert refused.status_code == 422
    assert str(RhythmIsEverybodys.sentence) in refused.content.decode()
    with company_scope(jinxiu.company.pk):
        assert Wave.objects.count() == 0
    assert client.post(add, some).status_code == 302
    change = at(only_wave(jinxiu), "change/")
    assert client.post(change, {**some, "repeats_months": ""}).status_code == 422
    assert client.post(change, some).status_code == 302
    assert kept(jinxiu, survey) == (6, 14)


def test_wave_on_the_side_is_planned_without_touching_the_rhythm(
    jinxiu: Cast, sign_in: Callable[[Membership], Client]
) -> None:
    with company_scope(jinxiu.company.pk):
        survey = survey_of(jinxiu)
    client = sign_in(jinxiu.manager)
    add = f"/jinxiu/surveys/{survey.pk}/waves/new/"
    client.post(add, facts(repeats_months="6"))
    page = client.get(at(only_wave(jinxiu)))
    assert page.context["repeats_months"] == 6
    part = {"part_community": str(jinxiu.community.pk), "closes_on": day(12), "name": "小"}

    client.post(add, facts(repeats_months="6", **part))
    assert kept(jinxiu, survey) == (6, 14)
    side = named(jinxiu, "小")
    assert client.get(at(side)).context["repeats_months"] is None
    client.post(at(side, "change/"), facts(repeats_months="3", **part))
    assert kept(jinxiu, survey) == (
        3,
        14,
    )  # how often was decided; how long is no business of these few
    client.post(
        at(named(jinxiu, "2026年下半年"), "change/"),
        facts(repeats_months="3", closes_on=day(19)),
    )
    assert kept(jinxiu, survey) == (3, 10)


def test_api_refuses_a_rhythm_of_some_and_plans_nothing(
    jinxiu: Cast, sign_in: Callable[[Membership], Client]
) -> None:
    with company_scope(jinxiu.company.pk):
        survey = survey_of(jinxiu)
        rhythm(jinxiu, survey)
        limit(jinxiu)
    client = sign_in(jinxiu.manager)
    body: dict[str, Any] = {
        "survey": str(survey.pk), "name": "秋", "opens_on": day(10), "closes_on": day(13),
        "parts": [{"source": "community", "keys": [str(jinxiu.community.pk)]}],
    }  # fmt: skip

    def post(**more: Any) -> Any:
        return client.post(f"{API}waves/", {**body, **more}, content_type="application/json")

    for months in (3, None):
        answer = post(repeats_months=months)
        assert (answer.status_code, answer.json()["code"]) == (409, "rhythm_is_everybodys")
    with company_scope(jinxiu.company.pk):
        assert Wave.objects.count() == 0
    assert post().status_code == 201
    assert post(name="冬", repeats_months=6).status_code == 201
    assert kept(jinxiu, survey) == (6, 14)
