"""Reading what a wave has found, by keyboard: results, own words, slides."""

import re

import pytest
from playwright.sync_api import expect

from surveys.models import TextCode
from surveys.services.tallying import tally
from tenancy.scope import company_scope
from tests.factories.cast import Cast, cast_of
from tests.journeys.conftest import Arrival, Person
from tests.surveys.test_results_tallying import everything

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def cast(transactional_db: None) -> Cast:
    return cast_of("jinxiu", "锦绣物业")


def test_manager_reads_codes_and_presents(arrive: Arrival, cast: Cast) -> None:
    with company_scope(cast.company.pk):
        wave = everything(cast)
        tally(wave=wave)
    place = f"/jinxiu/surveys/waves/{wave.pk}/"
    manager = arrive(width=1440)
    page = manager.page
    manager.sign_in(cast.manager, f"{place}results/")
    expect(page.locator(".result-tiles")).to_contain_text("100%")
    manager.visit(f"{place}results/?order=weak")
    manager.visit(f"{place}compare/?by=communities")

    manager.visit(f"{place}texts/")
    row = page.locator(".result-texts > li")
    page.keyboard.press("j")
    expect(row.nth(0)).to_be_focused()
    page.keyboard.press("j")
    expect(row.nth(1)).to_be_focused()
    page.keyboard.press("x")
    expect(row.nth(1).locator("[name=texts]")).to_be_checked()
    page.locator("#id_category").select_option(str(cast.lift.pk))
    with page.expect_navigation():
        page.locator(".result-bulk .btn").click()
    expect(row.nth(1).locator(".chip-brand")).to_have_count(1)
    expect(row.nth(1)).to_be_focused()
    with company_scope(cast.company.pk):
        assert TextCode.objects.count() == 1

    presents(manager, f"{place}present/")

    phone = arrive(width=390, lang="en", dark=True)
    phone.sign_in(cast.manager, f"{place}results/")
    for name in ("results", "compare", "texts", "present"):
        phone.visit(f"{place}{name}/")
        current = phone.page.locator("nav.tabs [aria-current]")
        if name != "present":  # however many tabs there are, the one where one is is seen
            expect(current).to_be_in_viewport(ratio=1)
            assert phone.page.evaluate("scrollY") == 0
    phone.visit(f"{place}texts/")
    expect(phone.page.locator("nav.tabs")).to_have_class(re.compile("has-more-before"))


def presents(manager: Person, address: str) -> None:
    """Slides by the arrow keys."""
    manager.visit(address)
    page = manager.page
    shown = page.locator(".deck-slide.is-shown")
    expect(shown).to_have_count(1)
    expect(page.locator("[data-slide-place]")).to_have_text("1 / 6")
    page.keyboard.press("ArrowRight")
    expect(shown).to_contain_text("30")
    page.keyboard.press("End")
    expect(page.locator("[data-slide-place]")).to_have_text("6 / 6")
