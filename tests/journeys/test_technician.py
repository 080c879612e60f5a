"""A technician's day in a real browser: by keyboard, by thumb, and where no script runs."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.factories.cast import Cast, cast_of
from tests.journeys.conftest import Arrival, wait_for_quiet
from tests.journeys.technician import (
    at_work,
    go_to,
    job,
    kinds,
    picture,
    place,
    sign_in,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def cast(transactional_db: None, settings: Any, tmp_path: Any) -> Iterator[Cast]:
    settings.MEDIA_ROOT = str(tmp_path)
    yield cast_of("jinxiu", "锦绣物业")
    wait_for_quiet()


# --- with a signal ---


@pytest.mark.parametrize(("lang", "dark"), [("zh-CN", False), ("en", True)])
def test_a_job_is_done_by_keyboard(cast: Cast, arrive: Arrival, lang: str, dark: bool) -> None:
    ticket = cast.file()
    person = arrive(width=390, height=844, lang=lang, dark=dark)
    person.sign_in(cast.technician, "/jinxiu/jobs/")
    person.follow("a[data-keeps]")
    for stage in ("take", "set_off", "arrive"):
        with person.page.expect_navigation():
            person.press(f"form[data-outbox={stage}] button")
        person.page.wait_for_load_state("networkidle")
        person.look()
    person.write("#finish-solution", "换了门机皮带")
    # One large button at a time: the form's own is in sight, so the one that leads there is not.
    expect(person.page.locator("[data-next] a:visible")).to_have_count(0)
    with person.page.expect_navigation():
        person.press("#finish button")
    person.page.wait_for_load_state("networkidle")
    person.look()

    assert kinds(cast, ticket)[-4:] == ["set_off", "arrived", "worked", "resolved"]
    assert person.page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("width", [195, 320, 1440])
def test_jobs_fit_any_screen(cast: Cast, arrive: Arrival, width: int) -> None:
    """195 px: a telephone at 200 %."""
    ticket = job(cast, "电梯" * 30)
    person = arrive(width=width, height=844)
    person.sign_in(cast.technician, "/jinxiu/jobs/")
    for address in ("/jinxiu/jobs/", place(ticket)):
        person.page.goto(f"{person.origin}{address}")
        person.look()
        wide = person.page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert wide <= 0, (address, width, wide)


def test_whatever_a_thumb_touches_is_large(cast: Cast, arrive: Arrival) -> None:
    ticket = job(cast)
    person = at_work(cast, arrive, ticket)
    go_to(person, ticket)
    small = person.page.evaluate(
        """() => [...document.querySelectorAll("#main :is(a.btn, button, summary, .job-shutter)")]
             .filter((each) => each.offsetParent && each.getBoundingClientRect().height < 44)
             .map((each) => each.outerHTML.slice(0, 80))"""
    )
    assert small == []


# --- without scripts ---


@pytest.fixture
def plain(chromium: Browser) -> Any:
    context: BrowserContext = chromium.new_context(
        java_script_enabled=False, viewport={"width": 390, "height": 844}, locale="zh-CN"
    )
    yield context.new_page()
    context.close()


def test_steps_are_plain_forms_where_no_script_runs(
    cast: Cast, plain: Page, live_server: LiveServer
) -> None:
    ticket = cast.file()
    sign_in(plain, live_server.url, cast.technician.user.username)
    plain.locator(".job-link").click()
    for _step in range(3):
        plain.locator("[data-next] .btn-primary:visible").click()
    plain.locator("form[data-outbox=photo] input[type=file]").first.set_input_files(picture())
    plain.locator("form[data-outbox=photo] button").first.click()
    plain.locator("#finish-solution").fill("换了皮带")
    plain.locator("#finish button").click()

    assert kinds(cast, ticket)[-3:] == ["attached", "worked", "resolved"]
