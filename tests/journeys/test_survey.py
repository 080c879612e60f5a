"""Filling in a questionnaire: on a telephone, without scripts, by keyboard, off line."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import Client
from PIL import Image
from playwright.sync_api import Browser, Page, Route, expect
from pytest_django.live_server_helper import LiveServer

from surveys.models import Ballot, BallotPhoto, Interview, Invitation
from surveys.services.inviting import secret_of
from tenancy.scope import company_scope
from tests.factories.cast import Cast, cast_of
from tests.journeys.conftest import Arrival
from tests.surveys.asking import opened, survey_of
from tests.surveys.test_pages_answer import EVERYTHING, today

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

LIGHT = 60 * 1024  # bytes of a first visit


@pytest.fixture
def cast(transactional_db: None) -> Cast:
    return cast_of("jinxiu", "锦绣物业")


@pytest.fixture
def path(cast: Cast) -> str:
    with company_scope(cast.company.pk):
        wave = today(opened(cast, survey_of(cast, document=EVERYTHING)))
        return f"/jinxiu/s/{secret_of(Invitation.objects.get(wave=wave))}/"


@pytest.fixture
def plain(chromium: Browser) -> Iterator[Page]:
    """A telephone whose browser runs no scripts."""
    with chromium.new_context(
        viewport={"width": 390, "height": 844}, locale="zh-CN", java_script_enabled=False
    ) as context:
        yield context.new_page()


def lost(route: Route) -> None:
    """Nothing is sent any more; what was there before still comes."""
    if route.request.method == "POST":
        route.abort()
    else:
        route.continue_()


def ballots(cast: Cast) -> int:
    with company_scope(cast.company.pk):
        return int(Ballot.objects.count())


def test_questionnaire_is_filled_in_on_a_phone(
    phone: Page, live_server: LiveServer, cast: Cast, path: str, tmp_path: Path
) -> None:
    weighed: list[int] = []
    phone.on("requestfinished", lambda each: weighed.append(each.sizes()["responseBodySize"]))
    phone.goto(live_server.url + path)
    why = phone.locator("[data-question=why]")
    expect(why).to_be_hidden()
    phone.locator("label.pick").nth(0).click()  # 1 of 5 for the lift
    expect(why).to_be_visible()
    why.locator("textarea").fill("等太久 😡")
    # What is written stays on the phone while there is no connection.
    phone.context.set_offline(True)
    why.locator("textarea").press_sequentially("！")
    phone.context.set_offline(False)
    order = phone.locator("[data-ranking]")
    order.get_by_role("button", name="安静").first.click()
    expect(order.locator(".rank-place").first).to_have_text("1")
    photo = tmp_path / "lift.jpg"
    Image.effect_noise((800, 600), 60).convert("RGB").save(photo)
    phone.locator("input[type=file]").set_input_files(photo)
    expect(phone.locator("[data-photo-kept] img")).to_be_visible()
    phone.locator(".answer-send").click()
    expect(phone.locator(".answer-state-icon.is-good")).to_be_visible()
    phone.wait_for_function("localStorage.length === 0")
    assert ballots(cast) == 1
    with company_scope(cast.company.pk):
        assert BallotPhoto.objects.get().invitation_id is None
    assert phone.context.cookies() == []
    assert sum(weighed) < LIGHT


def test_digits_of_full_width_lead_where_the_server_leads(
    phone: Page, live_server: LiveServer, cast: Cast
) -> None:
    many = {"question": "people", "test": "at_least", "amount": 3}
    asked = [
        {"kind": "number", "text": "家里几个人？", "key": "people"},
        {
            "kind": "text",
            "text": "孩子几个？",
            "key": "kids",
            "required": True,
            "conditions": [many],
        },
    ]
    with company_scope(cast.company.pk):
        document = {"sections": [{"title": "家", "questions": asked}]}
        wave = today(opened(cast, survey_of(cast, document=document)))
        secret = secret_of(Invitation.objects.get(wave=wave))
    phone.goto(f"{live_server.url}/jinxiu/s/{secret}/")
    phone.locator("input[name=q-people]").fill("４")
    phone.locator("[data-question=kids] textarea").fill("两个")
    phone.locator(".answer-send").click()
    expect(phone.locator(".answer-state-icon.is-good")).to_be_visible()
    assert ballots(cast) == 1


def test_draft_survives_a_reload_and_a_lost_connection(
    phone: Page, live_server: LiveServer, path: str, console: list[str]
) -> None:
    phone.goto(live_server.url + path)
    phone.route(
        "**/s/**",
        lambda route: route.abort() if route.request.method == "POST" else route.continue_(),
    )
    phone.locator("input[name=q-years]").fill("7")
    phone.locator("label.pick").nth(3).click()
    expect(phone.locator("[data-says]")).to_be_visible(timeout=6000)
    phone.reload()
    expect(phone.locator("input[name=q-years]")).to_have_value("7")
    expect(phone.locator("input[name=q-lift][value='4']")).to_be_checked()
    console[:] = [line for line in console if "ERR_FAILED" not in line]


def test_questionnaire_works_without_scripts(
    plain: Page, live_server: LiveServer, cast: Cast, path: str
) -> None:
    plain.goto(live_server.url + path)
    assert not plain.locator("[data-question=why]").is_visible()
    plain.locator(".answer-send").click()
    assert plain.locator("[data-summary]").is_visible()
    plain.locator("label.pick").nth(1).click()
    plain.locator("select[name=q-order-green]").select_option("2")
    plain.locator("select[name=q-order-quiet]").select_option("1")
    plain.locator(".answer-send").click()
    plain.locator("[data-question=why] textarea").fill("按钮不灵")
    assert plain.locator("select[name=q-order-green]").input_value() == "2"
    plain.locator(".answer-send").click()
    assert plain.locator(".answer-state-icon.is-good").is_visible()
    assert ballots(cast) == 1


def test_questionnaire_by_keyboard_and_for_every_eye(
    arrive: Arrival, cast: Cast, path: str, live_server: LiveServer
) -> None:
    person = arrive(width=390, height=844)
    person.visit(path)
    person.press("input[name=q-lift]", "Space")
    person.page.keyboard.press("ArrowLeft")
    person.write("input[name=q-years]", "x")
    person.press(".answer-send", "Enter")
    person.page.wait_for_selector("[data-summary]:focus")
    person.look()
    person.page.goto(person.origin + "/jinxiu/s/aaaaaaaaaaaaaaaa/")
    person.look()
    # A browser complains of every page that says no.
    person.faults[:] = [each for each in person.faults if "Failed to load" not in each]


def test_call_that_brings_no_answer_ends_with_one_key(arrive: Arrival, cast: Cast) -> None:
    with company_scope(cast.company.pk):
        wave = today(opened(cast, survey_of(cast)))
        invitation = Invitation.objects.get(wave=wave)
    desk = arrive(width=1440)
    page = desk.page
    desk.sign_in(cast.desk, "/jinxiu/surveys/interviews/")
    page.locator(".shell-main .btn-primary").click()
    expect(page.locator(".question.is-current")).to_be_visible()
    # How it ended comes before the questions, and the key works only while nothing is answered.
    order = page.locator("[data-outcome-key], [data-question]").first
    expect(order).to_have_attribute("data-outcome-key", "n")
    with page.expect_navigation():
        page.keyboard.press("n")
    expect(page.locator(".message").first).to_contain_text("没有打通")
    with company_scope(cast.company.pk):
        assert Interview.objects.get(invitation=invitation).attempts == 1


def test_call_that_takes_long_is_not_given_to_another(arrive: Arrival, cast: Cast) -> None:
    with company_scope(cast.company.pk):
        wave = today(opened(cast, survey_of(cast)))
    desk = arrive(width=1440)
    page = desk.page
    page.clock.install()
    desk.sign_in(cast.desk, "/jinxiu/surveys/interviews/")
    page.locator(".shell-main .btn-primary").click()
    expect(page.locator(".question.is-current")).to_be_visible()
    page.clock.fast_forward("03:00")
    with page.expect_response("**/hold/") as held:
        page.keyboard.press("4")
    assert held.value.status == 204
    with company_scope(cast.company.pk):
        Interview.objects.filter(wave=wave).update(claimed_by=cast.supervisor)
    page.clock.fast_forward("03:00")
    with page.expect_response("**/hold/") as taken:
        page.keyboard.type("还好")
    assert taken.value.status == 409
    expect(page.locator("[data-hold]")).to_contain_text("另一位同事")
    # A browser complains of every answer that says no.
    desk.faults[:] = [each for each in desk.faults if "Failed to load" not in each]


def test_paper_is_entered_by_keyboard_alone(
    page: Page, live_server: LiveServer, cast: Cast
) -> None:
    with company_scope(cast.company.pk):
        wave = today(opened(cast, survey_of(cast)))
        secret = secret_of(Invitation.objects.get(wave=wave))
    client = Client()
    client.force_login(cast.desk.user, "django.contrib.auth.backends.ModelBackend")
    session = client.cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
    page.goto(f"{live_server.url}/jinxiu/surveys/waves/{wave.pk}/paper/")
    expect(page.locator("#code")).to_be_focused()
    page.keyboard.type(secret.upper())
    page.keyboard.press("Enter")
    page.keyboard.press("4")
    expect(page.locator("input[name=q-speed][value='4']")).to_be_checked()
    expect(page.locator("textarea[name=q-words]")).to_be_focused()
    page.keyboard.type("还好")
    page.keyboard.press("Enter")
    expect(page.locator(".answer-send")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#code")).to_have_value("")
    expect(page.locator("#code")).to_be_focused()
    assert ballots(cast) == 1
