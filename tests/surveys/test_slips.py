"""Paper: slips with a code for each home, posters with none."""

import io
import re
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from PIL import Image

from owners.models import Building
from surveys.models import Invitation, ToldBy, Wave
from surveys.services import slips as slips_service
from surveys.services.drawing import QUIET, drawn, modules_of, pictured
from surveys.services.inviting import hash_of, secret_of
from surveys.services.slips import grouped, print_slips
from surveys.services.wave import close_wave
from tenancy.models import AuditEntry, Membership, MembershipCommunity
from tenancy.scope import company_scope
from tenancy.services.actor import MACHINE
from tests.conftest import SignIn
from tests.factories.cast import TUESDAY, Cast
from tests.surveys.asking import opened, planned, says, street, survey_of


@pytest.fixture
def wave(jinxiu: Cast) -> Wave:
    with company_scope(jinxiu.company.pk):
        street(jinxiu, "8栋", 3)
        return opened(jinxiu)


def page(name: str, wave: Wave) -> str:
    return reverse(f"surveys:{name}", args=["jinxiu", wave.pk])


def printed(browser: Client, wave: Wave, building: object, **more: Any) -> Any:
    asked = {"building": getattr(building, "pk", building), **more}
    return browser.post(page("slips_print", wave), asked, follow=True)


def building(cast: Cast, name: str = "8栋") -> Building:
    with company_scope(cast.company.pk):
        found: Building = Building.objects.get(name=name)
    return found


def test_slips_hold_a_code_for_each_home_and_nobodys_name(
    jinxiu: Cast, wave: Wave, sign_in: SignIn, settings: Any
) -> None:
    settings.PUBLIC_URL = "https://portal.example"
    with company_scope(jinxiu.company.pk):
        first = Invitation.objects.get(unit__label="8栋0")
        says(secret_of(Invitation.objects.get(unit__label="8栋1")))
        Invitation.objects.filter(unit__label="8栋2").update(told_by=ToldBy.SMS)
    browser = sign_in(jinxiu.desk)
    response = printed(browser, wave, building(jinxiu))
    slips = response.context["slips"]
    assert [slip.home for slip in slips] == ["8栋0", "8栋2"]
    assert hash_of(slips[0].code.replace(" ", "")) == first.secret_hash
    text = response.content.decode()
    assert slips[0].code in text
    assert "portal.example/jinxiu/s/" in text
    assert "业主8栋" not in text
    only = printed(browser, wave, building(jinxiu), only="on").context["slips"]
    assert [slip.home for slip in only] == ["8栋0", "8栋2"]
    with company_scope(jinxiu.company.pk):
        entries = AuditEntry.objects.filter(action="print_slips")
        assert [(row.by_id, row.detail["buildings"], row.detail["count"]) for row in entries] == [
            (jinxiu.desk.pk, "8栋", 2)
        ] * 2
        Invitation.objects.filter(unit__label="8栋2").update(told_by=ToldBy.INBOX)
    only = printed(browser, wave, building(jinxiu), only="on").context["slips"]
    assert [slip.home for slip in only] == ["8栋0"]


def test_page_counts_nothing_that_tells_of_fewer_than_five(
    jinxiu: Cast, wave: Wave, sign_in: SignIn
) -> None:
    text = sign_in(jinxiu.desk).get(page("slips", wave), headers={"accept-language": "en"})
    html = text.content.decode()
    eight = building(jinxiu).pk
    assert ("Those not reached" in html, "The 3 not reached" in html) == (True, False)
    assert f'unreached/?building={eight}">Show<' in html  # the homes to go to are seen


def test_large_building_is_printed_in_parts(
    jinxiu: Cast, wave: Wave, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(slips_service, "MOST", 2)
    browser = sign_in(jinxiu.manager)
    parts = [printed(browser, wave, building(jinxiu), part=part) for part in (1, 2, 3)]
    found = [[slip.home for slip in part.context.get("slips") or ()] for part in parts]
    assert found == [["8栋0", "8栋1"], ["8栋2"], []]
    assert [str(each) for each in parts[2].context["messages"]] != []


def test_parts_stay_the_same_while_answers_come(
    jinxiu: Cast, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(slips_service, "MOST", 3)
    with company_scope(jinxiu.company.pk):
        street(jinxiu, "8栋", 8)
        wave = opened(jinxiu)
        Invitation.objects.filter(unit__label="8栋4").update(told_by=ToldBy.INBOX)
    eight = building(jinxiu)
    browser = sign_in(jinxiu.desk)

    def homes(part: int, **more: Any) -> list[str]:
        found = printed(browser, wave, eight, part=part, **more).context.get("slips") or ()
        return [slip.home for slip in found]

    def answers(*labels: str) -> None:
        with company_scope(jinxiu.company.pk):
            for label in labels:
                says(secret_of(Invitation.objects.get(unit__label=label)))

    first = homes(1)
    assert first == ["8栋0", "8栋1", "8栋2"]
    answers("8栋0", "8栋2")
    assert homes(2) == ["8栋3", "8栋4", "8栋5"]
    assert homes(2, only="on") == ["8栋3", "8栋5"]
    answers("8栋1", "8栋3", "8栋5")
    # A part of which everybody has answered is followed by one that is still needed.
    assert (homes(1), homes(2), homes(3)) == ([], ["8栋4"], ["8栋6", "8栋7"])
    codes = browser.post(
        f"/jinxiu/api/v1/surveys/waves/{wave.pk}/slips/",
        {"building": str(eight.pk), "part": 3},
        content_type="application/json",
    ).json()
    assert [each["home"] for each in codes] == ["8栋6", "8栋7"]


def test_page_offers_every_part_also_of_those_who_were_not_reached(
    jinxiu: Cast, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(slips_service, "MOST", 3)
    with company_scope(jinxiu.company.pk):
        street(jinxiu, "8栋", 8)
        wave = opened(jinxiu)
        Invitation.objects.filter(unit__label="8栋7").update(told_by=ToldBy.INBOX)
    browser = sign_in(jinxiu.manager)

    def offered() -> tuple[list[list[int]], int, bool]:
        response = browser.get(page("slips", wave), headers={"accept-language": "en"})
        parts = [list(parts) for _place, parts in response.context["places"]]
        html = response.content.decode()
        return parts, html.count('name="only"'), "Those not reached 3/3" in html

    # One of the other building, and each part of this one; so it stays once its rate is told.
    assert offered() == ([[1], [1, 2, 3]], 4, True)
    with company_scope(jinxiu.company.pk):
        for number in range(5):
            says(secret_of(Invitation.objects.get(unit__label=f"8栋{number}")))
    assert offered() == ([[1], [1, 2, 3]], 4, True)
    with company_scope(jinxiu.company.pk):
        for number in range(5, 8):
            says(secret_of(Invitation.objects.get(unit__label=f"8栋{number}")))
    assert offered() == ([[1], []], 1, False)


def test_slips_are_printed_of_an_open_wave_and_of_ones_own_buildings(
    jinxiu: Cast, heyue: Cast, wave: Wave, sign_in: SignIn
) -> None:
    browser = sign_in(jinxiu.desk)
    theirs, mine = building(heyue, "3栋"), building(jinxiu)
    for wrong in (theirs, uuid4(), ""):
        response = printed(browser, wave, wrong)
        assert [each.level_tag for each in response.context["messages"]] == ["error"]
    with company_scope(jinxiu.company.pk):
        later = planned(jinxiu, survey_of(jinxiu, title="以后"))
        Membership.objects.filter(pk=jinxiu.desk.pk).update(all_communities=False)
    assert "slips" not in printed(sign_in(jinxiu.manager), later, building(jinxiu)).context
    # Somebody of no community sees no building, whatever they ask for.
    assert "slips" not in printed(browser, wave, building(jinxiu)).context
    assert browser.get(page("slips", wave)).context["places"] == []
    with company_scope(jinxiu.company.pk):
        MembershipCommunity.objects.create(membership=jinxiu.desk, community=jinxiu.community)
    assert len(printed(browser, wave, building(jinxiu)).context["slips"]) == 3
    with company_scope(jinxiu.company.pk), pytest.raises(slips_service.NoSlips):
        print_slips(wave=wave, building=mine, by=MACHINE, now=TUESDAY)


def test_paper_stands_under_interviews_for_the_desk_and_under_surveys_for_managers(
    jinxiu: Cast, wave: Wave, sign_in: SignIn
) -> None:
    for member, place in ((jinxiu.desk, "interviews"), (jinxiu.manager, "survey_list")):
        text = sign_in(member).get(page("slips", wave)).content.decode()
        rail = text[text.index("rail-link") :]
        marked = re.findall(
            r'href="([^"]+)"[^>]* aria-current="page"', rail[: rail.index("</nav>")]
        )
        assert marked == [reverse(f"surveys:{place}", args=["jinxiu"])]


@pytest.mark.parametrize("role", ["owner", "technician"])
def test_paper_is_for_those_who_ask(jinxiu: Cast, wave: Wave, sign_in: SignIn, role: str) -> None:
    browser = sign_in(jinxiu.members[role])
    for name in ("slips", "poster", "poster_picture"):
        assert browser.get(page(name, wave)).status_code == 403
    assert printed(browser, wave, building(jinxiu)).status_code == 403


@pytest.mark.parametrize("count", [1, 3])
def test_page_of_letters_asks_the_same_for_one_building_and_three(
    jinxiu: Cast, sign_in: SignIn, count: int, django_assert_max_num_queries: Any
) -> None:
    with company_scope(jinxiu.company.pk):
        for number in range(count):
            street(jinxiu, f"{number}栋", 1)
        wave = opened(jinxiu)
    browser = sign_in(jinxiu.manager)
    browser.get(page("slips", wave))  # what a session and a process keep is asked once
    with django_assert_max_num_queries(20):
        response = browser.get(page("slips", wave))
    assert len(response.context["places"]) == count + 1
    assert response.context["reach"].unreachable == count


def test_page_of_letters_of_a_planned_wave_says_so(jinxiu: Cast, sign_in: SignIn) -> None:
    with company_scope(jinxiu.company.pk):
        wave = planned(jinxiu)
    response = sign_in(jinxiu.manager).get(page("slips", wave))
    assert (response.status_code, response.context["places"]) == (200, [])


def test_poster_leads_to_the_entrance_and_holds_no_code(
    jinxiu: Cast, heyue: Cast, wave: Wave, sign_in: SignIn, settings: Any
) -> None:
    settings.PUBLIC_URL = "https://portal.example"
    browser = sign_in(jinxiu.desk)
    address = "https://portal.example/jinxiu/s/"
    response = browser.get(page("poster", wave))
    assert (response.context["address"], response.context["building"]) == (address, None)
    assert response.context["path"] == drawn(address)[1]
    with company_scope(jinxiu.company.pk):
        secrets = [secret_of(row) for row in Invitation.objects.all()]
    text = response.content.decode().lower()
    assert [secret for secret in secrets if secret in text] == []
    mine, theirs = building(jinxiu), building(heyue, "3栋")
    for asked, shown in ((mine.pk, mine), (theirs.pk, None), ("x", None)):
        found = browser.get(page("poster", wave), {"building": str(asked)})
        assert found.context["building"] == shown
    picture = browser.get(page("poster_picture", wave))
    assert picture["Content-Type"] == "image/png"
    assert picture.content == pictured(address)


def test_code_is_drawn_as_it_is_made() -> None:
    text = "https://portal.example/jinxiu/s/"
    rows = modules_of(text)
    side, path = drawn(text)
    dark = [(x, y) for y, row in enumerate(rows) for x, square in enumerate(row) if square]
    assert side == len(rows) + 2 * QUIET
    painted = []
    for run in path.removesuffix("z").split("z"):
        x, rest = run.removeprefix("M").split(" ")
        y, width = rest.split("v")[0].split("h")
        painted += [(int(x) - QUIET + step, int(y) - QUIET) for step in range(int(width))]
    assert painted == dark
    with Image.open(io.BytesIO(pictured(text))) as picture:
        assert (picture.size[0] % 16, picture.getpixel((0, 0))) == (0, 255)


def test_codes_are_written_in_groups() -> None:
    assert grouped("abcdefghijklmnop") == "ABCD EFGH IJKL MNOP"


def test_codes_are_taken_by_programs_on_the_record(
    jinxiu: Cast, heyue: Cast, wave: Wave, sign_in: SignIn, settings: Any
) -> None:
    settings.PUBLIC_URL = "https://portal.example"
    browser, root = sign_in(jinxiu.desk), f"/jinxiu/api/v1/surveys/waves/{wave.pk}"
    found = browser.get(f"{root}/letters/").json()
    assert (found["portal"], found["unreachable"]) == (1, 3)
    assert found["sms"] == found["email"] == {"sent": 0, "waiting": 0, "dead": 0}
    eight = building(jinxiu)
    assert found["buildings"][1] == {
        "building": str(eight.pk), "name": "8栋", "community": "阳光花园", "invited": 3,
        "unreachable": None,  # fewer than five have answered
    }  # fmt: skip

    def take(**sent: Any) -> Any:
        return browser.post(f"{root}/slips/", sent, content_type="application/json")

    codes = take(building=str(eight.pk), only_unreachable=True).json()
    assert [each["home"] for each in codes] == ["8栋0", "8栋1", "8栋2"]
    secret = codes[0]["code"].replace(" ", "").lower()
    assert codes[0]["link"] == f"https://portal.example/jinxiu/s/{secret}/?from=paper"
    assert take(building=str(building(heyue, "3栋").pk)).status_code == 404
    assert take(building="x").status_code == 400
    assert take(building=str(eight.pk), part=2).json()["code"] == "no_slips"
    with company_scope(jinxiu.company.pk):
        assert AuditEntry.objects.filter(action="print_slips").count() == 1
    assert sign_in(jinxiu.technician).get(f"{root}/letters/").status_code == 403


@pytest.mark.parametrize("count", [1, 3])
def test_homes_that_were_not_reached_are_listed(
    jinxiu: Cast, sign_in: SignIn, count: int, django_assert_max_num_queries: Any
) -> None:
    with company_scope(jinxiu.company.pk):
        street(jinxiu, "8栋", count)
        street(jinxiu, "9栋", 1)
        wave = opened(jinxiu)
        Invitation.objects.filter(unit__label="8栋0").update(told_by=ToldBy.SMS)
    browser = sign_in(jinxiu.desk)

    def homes(**asked: Any) -> list[str]:
        rows = browser.get(page("unreached", wave), asked).context["rows"]
        return [row.unit.label for row in rows]

    with django_assert_max_num_queries(21):
        assert homes() == [*(f"8栋{number}" for number in range(count)), "9栋0"]
    assert homes(building=building(jinxiu, "9栋").pk) == ["9栋0"]
    assert homes(building="x") == []
    other = reverse("surveys:unreached", args=["jinxiu", uuid4()])
    assert browser.get(other).status_code == 404
    # Once it is closed nobody has to know any more who has not answered.
    with company_scope(jinxiu.company.pk):
        close_wave(wave=wave, by=jinxiu.actor("manager"), now=TUESDAY)
    assert browser.get(page("unreached", wave)).status_code == 404
