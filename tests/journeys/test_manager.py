"""A manager's morning: the dashboard, its charts and tables, and the tickets behind a number."""

import re
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import expect

from complaints.services import handling
from complaints.services.figures_keeping import recount_all
from tenancy.scope import company_scope
from tests.factories.cast import TUESDAY, Cast, cast_of
from tests.journeys.conftest import Arrival, Person

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

NOVEMBER = "figures/?period=free&first=2026-11-01&last=2026-11-30&against=nothing"


@pytest.fixture
def cast(transactional_db: None) -> Cast:
    """A dozen tickets in two weeks, every third accepted too late."""
    made = cast_of("jinxiu", "锦绣物业")
    with company_scope(made.company.pk):
        for number in range(12):
            now = TUESDAY - timedelta(days=number % 8)
            ticket = made.file(title=f"电梯又停了 {number}", now=now)
            waited = timedelta(days=3) if number % 3 == 0 else timedelta(minutes=20)
            handling.accept(ticket=ticket, by=made.actor("desk"), now=now + waited)
        recount_all()
    return made


def arrived(cast: Cast, arrive: Arrival, **how: Any) -> Person:
    person = arrive(**how)
    person.sign_in(cast.members["manager"], "/jinxiu/figures/")
    person.page.goto(f"{person.origin}/jinxiu/{NOVEMBER}")
    person.look()
    return person


def test_a_manager_sees_charts_and_may_read_them_as_tables(cast: Cast, arrive: Arrival) -> None:
    manager = arrived(cast, arrive)
    page = manager.page
    expect(page.locator("[data-chart=line] svg")).to_be_visible()
    expect(page.locator("#trend-table")).to_be_hidden()
    manager.press("[data-shows-table=trend]")
    expect(page.locator("#trend-table")).to_be_visible()
    expect(page.locator("[data-chart=line]")).to_be_hidden()
    # What the chart draws is what the table says.
    heights = page.locator("#trend-table tbody td:nth-child(2)").all_inner_texts()
    assert sum(int(each) for each in heights) == 12
    manager.look()


def test_a_number_opens_its_tickets_and_one_of_them(cast: Cast, arrive: Arrival) -> None:
    manager = arrived(cast, arrive, width=390)
    missed = ".report-tile:first-child .report-parts span:last-child .report-number"
    count = int(manager.text(f"{missed} b"))
    assert count == 4
    manager.follow(missed)
    expect(manager.page.locator("[data-total]")).to_have_attribute("data-total", str(count))
    expect(manager.page.locator("main tbody tr")).to_have_count(count)
    manager.follow("main tbody a")
    assert re.search(r"/tickets/[0-9a-f-]{36}/$", manager.page.url)


def test_a_definition_is_one_key_away(cast: Cast, arrive: Arrival) -> None:
    manager = arrived(cast, arrive, dark=True)
    manager.press(".report-tile:first-child summary")
    expect(manager.page.locator(".report-what p").first).to_be_visible()
    manager.look()
    # Paper is white, whatever the screen is; and no column of a table falls off it.
    manager.page.set_viewport_size({"width": 720, "height": 1000})
    manager.page.emulate_media(media="print")
    expect(manager.page.locator("html")).to_have_attribute("data-bs-theme", "light")
    wide = manager.page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert wide <= 0
    manager.page.emulate_media(media="screen")
    expect(manager.page.locator("html")).to_have_attribute("data-bs-theme", "dark")


def test_another_theme_draws_the_charts_anew(cast: Cast, arrive: Arrival) -> None:
    page = arrived(cast, arrive).page
    text = page.locator("[data-chart=line] svg text").first
    light = text.get_attribute("fill")
    page.evaluate("document.documentElement.dataset.bsTheme = 'dark'")
    expect(text).not_to_have_attribute("fill", str(light))


def test_on_paper_every_figure_is_a_table(cast: Cast, arrive: Arrival) -> None:
    page = arrived(cast, arrive).page
    page.emulate_media(media="print")
    expect(page.locator("#trend-table table")).to_be_visible()
    expect(page.locator("#rows-table table")).to_be_visible()
    expect(page.locator("[data-chart=line]")).to_be_hidden()
