"""Signing in and the frame of every page, in a real browser: codes, themes, languages, menus."""

import re
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.cache import cache
from django.core.mail import EmailMessage
from playwright.sync_api import Page, expect

from tenancy.models import User
from tests.factories.cast import PASSWORD, Cast, cast_of
from tests.journeys.conftest import Arrival, Person

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PHONE = "+8613900000001"
BOTH_SCREENS = pytest.mark.parametrize("width", [390, 1440])


@pytest.fixture
def cast(transactional_db: None) -> Cast:
    cache.clear()
    return cast_of("jinxiu", "锦绣物业")


def theme(page: Page) -> str:
    found: str = page.evaluate("document.documentElement.dataset.bsTheme")
    return found


def open_account_menu(person: Person) -> None:
    person.press(".account-menu > summary")
    expect(person.page.locator(".account-menu .menu-panel")).to_be_visible()


@pytest.mark.parametrize("look", [{"width": 390}, {"lang": "en", "dark": True}])
def test_pages_of_signing_in_hurt_nobody(cast: Cast, arrive: Arrival, look: dict[str, Any]) -> None:
    visitor = arrive(**look)
    for path in ("login/", "login/code/", "password/reset/", "inactive/"):
        visitor.visit(f"/accounts/{path}")
        assert theme(visitor.page) == ("dark" if "dark" in look else "light")


def test_phone_code_signs_in_on_a_telephone(
    cast: Cast, arrive: Arrival, mailoutbox: list[EmailMessage], settings: LazySettings
) -> None:
    settings.SMS_URL = "mail://"
    user = cast.owner.user
    user.set_phone(PHONE)
    user.save()
    owner = arrive(width=390, height=844)
    owner.page.goto(f"{owner.origin}/")
    owner.follow("a[href^='/accounts/login/code/']")
    owner.write("input[name=phone]", "139 0000 0001")
    owner.go("Enter")
    code = re.search(r"\d{6}", str(mailoutbox[0].body))
    assert code is not None
    owner.write("input[name=code]", code.group())
    owner.go("Enter")
    assert owner.page.url == f"{owner.origin}/jinxiu/my/"


def test_other_number_can_be_given_while_a_code_is_awaited(cast: Cast, arrive: Arrival) -> None:
    visitor = arrive(width=390)
    visitor.page.goto(f"{visitor.origin}/accounts/login/code/")
    visitor.write("input[name=phone]", "13900000002")
    visitor.go("Enter")
    visitor.follow("form[action='/accounts/logout/'] button")
    assert visitor.page.url == f"{visitor.origin}/accounts/login/"


def test_theme_changes_at_once_and_lasts(cast: Cast, arrive: Arrival) -> None:
    desk = arrive(width=390)
    desk.sign_in(cast.desk, "/jinxiu/queue/")
    open_account_menu(desk)
    with desk.page.expect_response("**/accounts/theme/"):
        desk.press(".account-menu [name=theme][value=dark]")
    assert theme(desk.page) == "dark"
    desk.page.reload()
    assert theme(desk.page) == "dark"
    desk.look()


def test_theme_follows_the_device_until_one_is_chosen(cast: Cast, arrive: Arrival) -> None:
    visitor = arrive(dark=False)
    visitor.page.goto(f"{visitor.origin}/accounts/login/")
    visitor.page.emulate_media(color_scheme="dark")
    expect(visitor.page.locator("html")).to_have_attribute("data-bs-theme", "dark")


def test_language_is_changed_by_choosing_it(cast: Cast, arrive: Arrival) -> None:
    desk = arrive(lang="zh-CN")
    desk.sign_in(cast.desk, "/jinxiu/queue/")
    open_account_menu(desk)
    with desk.page.expect_navigation():
        desk.page.locator(".account-menu [name=language]").select_option("en")
    assert desk.page.locator("html").get_attribute("lang") == "en"
    assert desk.page.url == f"{desk.origin}/jinxiu/queue/"
    assert User.objects.get(pk=cast.desk.user_id).language == "en"


@BOTH_SCREENS
def test_menu_closes_by_escape_and_by_a_click_elsewhere(
    cast: Cast, arrive: Arrival, width: int
) -> None:
    desk = arrive(width=width)
    desk.sign_in(cast.desk, "/jinxiu/queue/")
    panel = desk.page.locator(".account-menu .menu-panel")
    open_account_menu(desk)
    desk.look()
    desk.page.keyboard.press("Escape")
    expect(panel).to_be_hidden()
    assert desk.page.evaluate("document.activeElement.matches('.account-menu > summary')")
    desk.page.keyboard.press("Enter")
    expect(panel).to_be_visible()
    desk.page.locator("h1").click()
    expect(panel).to_be_hidden()


def test_keyboard_skips_to_the_content(cast: Cast, arrive: Arrival) -> None:
    desk = arrive()
    desk.sign_in(cast.desk, "/jinxiu/queue/")
    desk.page.reload()
    desk.page.keyboard.press("Tab")
    expect(desk.page.locator(".skip-link")).to_be_focused()
    desk.page.keyboard.press("Enter")
    expect(desk.page.locator("#main")).to_be_focused()


def test_rail_stays_while_the_page_scrolls(cast: Cast, arrive: Arrival) -> None:
    for _number in range(20):
        cast.file()
    desk = arrive(width=1440, height=600)
    desk.sign_in(cast.desk, "/jinxiu/queue/")
    desk.page.evaluate("scrollTo({top: 300, behavior: 'instant'})")
    assert desk.page.evaluate("scrollY") == 300
    assert desk.page.locator(".rail").bounding_box() == {
        "x": 0,
        "y": 0,
        "width": 216,
        "height": 600,
    }


def test_countdown_ticks_into_lateness(cast: Cast, arrive: Arrival) -> None:
    desk = arrive(lang="en")
    desk.sign_in(cast.desk, "/jinxiu/queue/")
    soon = (
        "<span class='countdown countdown-ok' data-left='{} left' data-late='{} late'"
        " data-countdown='2026-11-10T12:00:00+08:00'><span class='countdown-text'></span></span>"
    )
    desk.page.evaluate("html => { document.querySelector('h1').innerHTML = html }", soon)
    chip = desk.page.locator("h1 .countdown")
    for at, text, state in (
        ("09:00", "3 hours left", "countdown-ok"),
        ("10:30", "90 minutes left", "countdown-soon"),
        ("12:01", "1 minute late", "countdown-late"),
        ("23:00", "11 hours late", "countdown-late"),
    ):
        desk.page.evaluate("at => { Date.now = () => Date.parse(at) }", f"2026-11-10T{at}+08:00")
        desk.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
        assert (chip.inner_text(), chip.get_attribute("class")) == (text, f"countdown {state}")


def test_second_click_sends_nothing(cast: Cast, arrive: Arrival) -> None:
    visitor = arrive()
    visitor.page.goto(f"{visitor.origin}/accounts/login/")
    visitor.write("input[name=login]", "desk@jinxiu")
    visitor.write("input[name=password]", PASSWORD)
    sent: list[str] = []
    visitor.page.on("request", lambda asked: sent.append(asked.method))
    visitor.page.evaluate(
        "() => { const b = document.querySelector('.entrance .btn-primary'); b.click(); b.click() }"
    )
    visitor.page.wait_for_url("**/jinxiu/**")
    assert sent.count("POST") == 1
