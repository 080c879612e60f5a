"""A page of the desk that stays open while others work; here no stream reaches it."""

import pytest
from playwright.sync_api import expect

from complaints.services import handling
from tenancy.scope import company_scope
from tests.factories.cast import TUESDAY, Cast
from tests.journeys.conftest import Arrival

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

HALF_A_MINUTE = 40_000


def test_what_others_do_shows_where_it_happened_and_moves_nothing(
    jinxiu: Cast, arrive: Arrival
) -> None:
    ticket = jinxiu.file(title="first")
    desk = arrive(lang="en", width=1440)
    desk.page.clock.install()
    desk.sign_in(jinxiu.desk, "/jinxiu/queue/")
    page = desk.page
    row = page.locator(f"li[data-ticket='{ticket.pk}']")
    before = row.bounding_box()

    with company_scope(jinxiu.company.pk):
        handling.accept(ticket=ticket, by=jinxiu.actor("supervisor"), now=TUESDAY)
    jinxiu.file(title="second")
    page.clock.fast_forward(HALF_A_MINUTE)

    expect(row.locator("[data-live-mark]")).to_have_text("changed by supervisor")
    expect(page.locator("[data-live-show]")).to_contain_text("1 new")
    assert row.bounding_box() == before
    assert page.locator("li[data-ticket]").count() == 1
    desk.look()

    page.keyboard.press(".")
    expect(page.locator("li[data-ticket]")).to_have_count(2)
    expect(page.locator("[data-live-show]")).to_be_hidden()


def test_a_page_whose_session_has_ended_says_so(jinxiu: Cast, arrive: Arrival) -> None:
    desk = arrive(lang="en")
    desk.page.clock.install()
    desk.sign_in(jinxiu.desk, "/jinxiu/queue/")
    desk.page.context.clear_cookies()
    desk.page.clock.fast_forward(HALF_A_MINUTE)
    expect(desk.page.locator("[data-live-state]")).to_contain_text("signed out")
