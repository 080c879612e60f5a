"""Waves on their pages and through the API."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from owners.models import Building
from surveys.models import Invitation, Stage, Survey, Wave
from tenancy.models import Community, Department, Membership, MembershipCommunity
from tenancy.scope import company_scope
from tests.factories.cast import SHANGHAI, Cast
from tests.surveys.asking import opened, planned, street, survey_of

TODAY = timezone.now().astimezone(SHANGHAI).date()


DAY = timedelta(days=1)


def day(days: int) -> str:
    return (TODAY + timedelta(days=days)).isoformat()


def at(wave: Wave | None = None, action: str = "") -> str:
    return f"/jinxiu/surveys/waves/{wave.pk}/{action}" if wave else ""


def facts(**more: Any) -> dict[str, Any]:
    return {
        "name": "2026年下半年",
        "opens_on": day(10),
        "closes_on": day(23),
        "how": "census",
        "remind_after_days": "4，9",
        **more,
    }


@pytest.fixture
def survey(jinxiu: Cast) -> Survey:
    with company_scope(jinxiu.company.pk):
        street(jinxiu, "8栋", 6)
        return survey_of(jinxiu)


def only_wave(cast: Cast) -> Wave:
    with company_scope(cast.company.pk):
        wave: Wave = Wave.objects.get()
        return wave


def building_of(cast: Cast, name: str) -> Building:
    with company_scope(cast.company.pk):
        building: Building = Building.objects.get(name=name)
        return building


def parts_in(cast: Cast) -> list[tuple[str, str]]:
    wave = only_wave(cast)
    with company_scope(cast.company.pk):
        return [(part.source, part.key) for part in wave.parts.all()]


# --- pages ---


def test_form_counts_whom_it_would_ask_and_says_what_is_wrong(
    jinxiu: Cast, survey: Survey, sign_in: Callable[[Membership], Client]
) -> None:
    client = sign_in(jinxiu.manager)
    add = f"/jinxiu/surveys/{survey.pk}/waves/new/"
    page = client.get(add)
    assert page.context["preview"].people == 7
    look = client.post(add, facts(look="1", how="sample", sample_size="3"))
    assert (look.status_code, look.context["preview"].asked) == (200, 3)
    assert client.post(add, facts(look="1", how="sample")).context["trouble"]
    for wrong in (
        {"closes_on": day(9)},
        {"opens_on": day(-9)},
        {"remind_after_days": "bald"},
        {"remind_after_days": "4, 14"},  # after the last day
        {"how": "sample", "sample_size": "-3"},
        {"how": "sample", "sample_size": ""},
        {"part_building": "nirgends"},
        {"repeats_months": "5"},
        {"name": ""},
    ):
        assert client.post(add, facts(**wrong)).status_code == 422, wrong
    with company_scope(jinxiu.company.pk):
        assert Wave.objects.count() == 0


def test_form_for_staff_speaks_of_no_buildings_and_no_owners(
    jinxiu: Cast, sign_in: Callable[[Membership], Client]
) -> None:
    with company_scope(jinxiu.company.pk):
        survey = survey_of(jinxiu, audience="staff", one_per="person")
    client = sign_in(jinxiu.manager)
    add = f"/jinxiu/surveys/{survey.pk}/waves/new/"
    html = client.get(add).content.decode()
    assert "most_per_building" not in html
    assert "Owners read it" not in html
    assert "Those who are asked read it" in html
    assert client.post(add, facts(opens_on=day(0))).status_code == 302
    html = client.get(at(only_wave(jinxiu))).content.decode()
    assert 'class="tabs"' in html
    assert "/slips/" not in html


def test_manager_plans_opens_prolongs_and_closes(
    jinxiu: Cast, survey: Survey, sign_in: Callable[[Membership], Client]
) -> None:
    client = sign_in(jinxiu.manager)
    add = f"/jinxiu/surveys/{survey.pk}/waves/new/"
    answer = client.post(add, facts(part_community=str(jinxiu.community.pk), repeats_months="6"))
    wave = only_wave(jinxiu)
    assert (answer.status_code, answer["Location"]) == (302, at(wave))
    assert (wave.remind_after_days, wave.stage) == ([4, 9], Stage.PLANNED)
    change = client.get(at(wave, "change/"))
    assert change.context["form"]["part_community"].value() == (str(jinxiu.community.pk),)
    client.post(at(wave, "change/"), facts(name="下半年", most_per_building="5"))
    assert only_wave(jinxiu).most_per_building == 5
    page = client.get(at(wave))
    assert "锦绣" in page.content.decode()
    client.post(at(wave, "open/"))
    assert only_wave(jinxiu).stage == Stage.OPEN
    assert 'id="wave-live"' in client.get(at(wave)).content.decode()
    assert "<html" not in client.get(at(wave, "live/")).content.decode()
    client.post(at(wave, "prolong/"), {"closes_on": day(40)})
    client.post(at(wave, "prolong/"), {"closes_on": day(21)})  # refused
    client.post(at(wave, "prolong/"), {"closes_on": "bald"})
    assert only_wave(jinxiu).closes_on.isoformat() == day(40)
    client.post(at(wave, "close/"))
    assert only_wave(jinxiu).stage == Stage.CLOSED
    assert client.get(at(wave)).status_code == 200
    assert client.get(at(wave, "change/")).status_code == 404
    assert client.post(at(wave, "cancel/"))["Location"] == at(wave)


def test_two_who_plan_the_same_wave_do_not_overwrite_each_other(
    jinxiu: Cast, survey: Survey, sign_in: Callable[[Membership], Client]
) -> None:
    one, other = sign_in(jinxiu.manager), sign_in(jinxiu.admin)
    one.post(f"/jinxiu/surveys/{survey.pk}/waves/new/", facts(opens_on=day(3)))
    wave = only_wave(jinxiu)
    change = at(wave, "change/")
    both = [each.get(change).context["form"]["seen"].value() for each in (one, other)]
    assert one.post(change, facts(seen=both[0], most_per_building="5")).status_code == 302
    answer = other.post(change, facts(seen=both[1], remind_after_days="7", closes_on=day(30)))
    assert (answer.status_code, only_wave(jinxiu).most_per_building) == (422, 5)
    assert f'href="{at(wave)}" target="_blank"' in answer.content.decode()
    form = answer.context["form"]  # what was written is still there, and stands if sent again
    assert (form["remind_after_days"].value(), form["closes_on"].value()) == ("7", day(30))
    again = facts(seen=form["seen"].value(), remind_after_days="7", closes_on=day(30))
    assert other.post(change, again).status_code == 302
    wave = only_wave(jinxiu)
    assert (wave.remind_after_days, wave.most_per_building) == ([7], None)


def test_today_means_now_and_nobody_to_ask_plans_nothing(
    jinxiu: Cast,
    survey: Survey,
    sign_in: Callable[[Membership], Client],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    client = sign_in(jinxiu.manager)
    with company_scope(jinxiu.company.pk):
        empty = Community.objects.create(name="空")
    add = f"/jinxiu/surveys/{survey.pk}/waves/new/"
    nobody = facts(opens_on=day(0), part_community=str(empty.pk))
    assert client.post(add, nobody).status_code == 422
    client.post(add, facts(opens_on=day(0)))
    wave = only_wave(jinxiu)
    assert (wave.stage, wave.invited) == (Stage.OPEN, 7)
    with company_scope(jinxiu.company.pk):
        many = planned(jinxiu, survey, name="很多", opens_on=TODAY + DAY, closes_on=TODAY + DAY)
    monkeypatch.setattr("surveys.services.wave.AT_ONCE", 6)
    client.post(at(many, "open/"))
    assert "It is being opened" in client.get(at(many)).content.decode()
    with company_scope(jinxiu.company.pk):
        many.refresh_from_db()
        assert (many.stage, many.opens_on) == (Stage.PLANNED, TODAY)
        many.delete()
        later = planned(jinxiu, survey, name="取消的")
    assert client.get(at(later, "change/")).status_code == 200
    assert client.post(at(later, "cancel/"))["Location"] == f"/jinxiu/surveys/{survey.pk}/"
    assert only_wave(jinxiu) == wave


def test_whoever_looks_after_some_communities_sees_and_plans_theirs(
    jinxiu: Cast, survey: Survey, sign_in: Callable[[Membership], Client]
) -> None:
    with company_scope(jinxiu.company.pk):
        wave = opened(jinxiu, survey)
        member = jinxiu.manager
        member.all_communities = False
        member.save()
        MembershipCommunity.objects.create(membership=member, community=jinxiu.community)
    client = sign_in(member)
    page = client.get(f"/jinxiu/surveys/{survey.pk}/waves/new/")
    assert page.context["preview"].people == 7
    assert client.post(f"/jinxiu/surveys/{survey.pk}/waves/new/", facts()).status_code == 422
    page = client.get(at(wave))
    assert (page.context["may_change"], page.context["live"].whole.invited) == (False, 7)
    client.post(at(wave, "close/"))
    assert only_wave(jinxiu).stage == Stage.OPEN


@pytest.mark.parametrize("homes", [1, 3])
def test_page_of_a_wave_asks_as_much_however_many_homes(
    jinxiu: Cast,
    sign_in: Callable[[Membership], Client],
    django_assert_max_num_queries: Any,
    homes: int,
) -> None:
    with company_scope(jinxiu.company.pk):
        for number in range(homes):
            street(jinxiu, f"{number + 7}栋", 2)
        wave = opened(jinxiu)
    client = sign_in(jinxiu.manager)
    client.get(at(wave))
    with django_assert_max_num_queries(22):
        client.get(at(wave))
    with django_assert_max_num_queries(14):
        client.get(at(wave, "unanswered/"))


def test_who_has_not_answered_is_for_those_who_call_and_never_of_staff(
    jinxiu: Cast, survey: Survey, sign_in: Callable[[Membership], Client]
) -> None:
    with company_scope(jinxiu.company.pk):
        wave = opened(jinxiu, survey)
        Invitation.objects.filter(unit__label="8栋0").update(is_used=True)
        persons = opened(jinxiu, survey_of(jinxiu, title="按人", one_per="person"))
        staff = opened(jinxiu, survey_of(jinxiu, title="员工", audience="staff", one_per="person"))
    desk = sign_in(jinxiu.desk)
    page = desk.get(at(wave, "unanswered/")).content.decode()
    assert "3栋1201" in page
    assert "8栋0" not in page
    assert "8栋</option>" in page  # one has answered: how many have not is not told
    chosen = desk.get(at(wave, f"unanswered/?building={jinxiu.building.pk}"))
    assert [row.unit for row in chosen.context["rows"]] == [jinxiu.unit]
    assert len(desk.get(at(wave, "unanswered/?building=x")).context["rows"]) == 6
    assert "张伟" in desk.get(at(persons, "unanswered/")).content.decode()
    assert desk.get(at(staff, "unanswered/")).status_code == 404
    assert sign_in(jinxiu.technician).get(at(wave, "unanswered/")).status_code == 403
    staff_page = sign_in(jinxiu.manager).get(at(staff)).content.decode()
    assert "unanswered" not in staff_page
    assert "工程部" in staff_page
    with company_scope(jinxiu.company.pk):
        Invitation.objects.update(is_used=True)
        Department.objects.update(is_active=False)
    assert desk.get(at(wave, "unanswered/")).status_code == 200
    manager = sign_in(jinxiu.manager)
    assert manager.get(at(staff)).context["live"].whole.answered == 5
    add = manager.get(f"/jinxiu/surveys/{staff.survey_id}/waves/new/")
    assert [offer.name for offer in add.context["form"].offers()] == ["part_role"]


def test_what_was_laid_aside_stays_in_the_plan_until_somebody_takes_it_out(
    jinxiu: Cast, survey: Survey, sign_in: Callable[[Membership], Client]
) -> None:
    client = sign_in(jinxiu.manager)
    eight = building_of(jinxiu, "8栋")
    client.post(f"/jinxiu/surveys/{survey.pk}/waves/new/", facts(part_building=str(eight.pk)))
    wave = only_wave(jinxiu)
    with company_scope(jinxiu.company.pk):
        Building.objects.filter(pk=eight.pk).update(is_active=False)
    change = at(wave, "change/")
    page = client.get(change)
    text = " ".join(page.content.decode().split())
    assert f'value="{eight.pk}" checked> 阳光花园 · 8栋' in text
    assert "no longer used" in text
    assert "nobody to ask" in page.context["trouble"]  # rather than everybody
    kept = page.context["form"]["part_building"].value()
    assert client.post(change, facts(name="新名", part_building=kept)).status_code == 302
    assert only_wave(jinxiu).name == "新名"
    assert parts_in(jinxiu) == [("building", str(eight.pk))]
    # Whoever takes the tick away has seen it, and asks everybody.
    assert client.post(change, facts()).status_code == 302
    assert parts_in(jinxiu) == []
    assert client.post(change, facts(part_building=kept)).status_code == 422


# --- the API ---


API = "/jinxiu/api/v1/surveys/"


def send(client: Client, path: str, method: str = "post", **body: Any) -> Any:
    return getattr(client, method)(f"{API}{path}", body, content_type="application/json")


def test_waves_go_their_way_through_the_api(
    jinxiu: Cast, survey: Survey, sign_in: Callable[[Membership], Client]
) -> None:
    client = sign_in(jinxiu.manager)
    post = partial(send, client)
    parts = [{"source": "building", "keys": [str(jinxiu.building.pk)]}]
    asked = {"name": "秋", "opens_on": day(10), "closes_on": day(23)}
    sources = client.get(f"{API}{survey.pk}/sources/").json()
    assert [each["source"] for each in sources] == ["community", "building", "ticket"]
    seen = post("waves/preview/", survey=str(survey.pk), sample_size=3).json()
    assert (seen["people"], seen["asked"], len(seen["places"])) == (7, 3, 1)
    made = post("waves/", survey=str(survey.pk), parts=parts, repeats_months=6, **asked).json()
    assert (made["stage"], made["parts"]) == ("planned", [{**parts[0], "months": None}])
    wave = f"waves/{made['id']}/"
    changed = post(wave, "put", sample_size=3, seen=made["mark"], **asked).json()
    stale = post(wave, "put", seen=made["mark"], **asked)
    assert (stale.status_code, stale.json()["code"]) == (409, "changed_meanwhile")
    assert (changed["parts"], changed["sample_size"], changed["seed"]) == ([], 3, made["seed"])
    assert post(f"{wave}open/").json()["invited"] == 3
    assert post(f"{wave}prolong/", closes_on=day(40)).json()["closes_on"] == day(40)
    rate = client.get(f"{API}{wave}rate/").json()
    assert (rate["whole"]["invited"], rate["whole"]["answered"]) == (3, None)
    assert rate["communities"][0]["parts"]
    assert post(f"{wave}close/").json()["stage"] == "closed"
    assert client.get(f"{API}{wave}").json()["name"] == "秋"
    listed = client.get(f"{API}waves/?survey={survey.pk}&stage=closed").json()["results"]
    assert [each["id"] for each in listed] == [made["id"]]


def test_api_refuses_what_the_pages_refuse(
    jinxiu: Cast, heyue: Cast, survey: Survey, sign_in: Callable[[Membership], Client]
) -> None:
    client = sign_in(jinxiu.manager)
    post = partial(send, client)
    asked = {"name": "秋", "opens_on": day(10), "closes_on": day(23)}
    made = post("waves/", survey=str(survey.pk), **asked).json()
    wave = f"waves/{made['id']}/"
    for path, body, status, code in (
        ("waves/", {"survey": str(survey.pk), **asked}, 409, "name_taken"),
        ("waves/", {"survey": str(jinxiu.unit.pk), **asked}, 400, "does_not_exist"),
        ("waves/", {"survey": str(survey.pk), **asked, "sample_size": 0}, 400, "min_value"),
        ("waves/", {"survey": str(survey.pk), **asked, "name": "x", "closes_on": day(-9)},
         409, "wrong_days"),
        ("waves/", {"survey": str(survey.pk), **asked, "name": "x",
                    "parts": [{"source": "community", "keys": [str(heyue.community.pk)]}]},
         400, "unknown_part"),
        ("waves/", {"survey": str(survey.pk), **asked, "name": "x",
                    "parts": [{"source": "ticket", "keys": [str(jinxiu.lift.pk)]}]},
         400, "wrong_span"),
        (f"{wave}prolong/", {"closes_on": day(50)}, 409, "wrong_stage"),
        (f"waves/{survey.pk}/open/", {}, 404, "not_found"),
    ):  # fmt: skip
        answer = post(path, **body)
        assert answer.status_code == status, answer.content
        assert code in answer.content.decode()
    assert client.delete(f"{API}{wave}").status_code == 204
    assert sign_in(jinxiu.supervisor).post(f"{API}{wave}close/").status_code == 403


def test_parts_left_out_of_the_api_ask_nobody_more_than_was_planned(
    jinxiu: Cast, survey: Survey, sign_in: Callable[[Membership], Client]
) -> None:
    put = partial(send, sign_in(jinxiu.manager), method="put")
    eight = building_of(jinxiu, "8栋")
    parts = [{"source": "building", "keys": [str(eight.pk)], "months": None}]
    asked = {"name": "秋", "opens_on": day(10), "closes_on": day(23)}
    made = send(sign_in(jinxiu.manager), "waves/", survey=str(survey.pk), parts=parts, **asked)
    wave = f"waves/{made.json()['id']}/"
    with company_scope(jinxiu.company.pk):
        Building.objects.filter(pk=eight.pk).update(is_active=False)
    lost = put(wave, **{**asked, "name": "冬"})
    assert (lost.status_code, lost.json()["code"]) == (409, "parts_lost")
    assert put(wave, **{**asked, "name": "冬"}, parts=parts).json()["parts"] == parts
    assert put(wave, **asked, parts=[]).json()["parts"] == []
    assert put(wave, **asked).json()["parts"] == []
    assert put(wave, **asked, parts=parts).json()["code"] == "unknown_part"
