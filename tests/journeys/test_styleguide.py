"""The components in a real browser: nothing hurts, and nothing moves while one waits."""

import time
from typing import Any

import pytest
from django.conf import LazySettings
from playwright.sync_api import expect

from tests.factories.cast import Cast, cast_of
from tests.journeys.conftest import Arrival

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SHIFTS = """
window.moved = 0;
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) window.moved += entry.value;
}).observe({type: "layout-shift", buffered: true});
"""


@pytest.mark.parametrize("width", [390, 1440])
def test_the_styleguide_hurts_nobody(
    transactional_db: None, settings: LazySettings, arrive: Arrival, width: int
) -> None:
    settings.DEMO = True
    arrive(width=width, lang="en").visit("/styleguide/")


def test_a_slow_part_shimmers_in_its_place(transactional_db: None, arrive: Arrival) -> None:
    cast: Cast = cast_of("jinxiu", "锦绣物业")
    for number in range(3):
        cast.file(title=f"电梯又停了 {number}")
    person = arrive()
    person.sign_in(cast.admin, "/jinxiu/owners/")
    person.page.add_init_script(SHIFTS)
    person.page.reload()

    def slowly(route: Any) -> None:
        time.sleep(1.2)
        route.continue_()

    person.page.route("**/owners/?q=**", slowly)
    person.page.locator("#owner-q").focus()
    moved = person.page.evaluate("window.moved")
    person.page.keyboard.type("z")
    place = person.page.locator("#people")
    expect(place).to_have_class("is-waiting", timeout=5000)
    assert place.get_attribute("aria-busy") == "true"
    assert person.page.evaluate("window.moved") == moved
    expect(place).not_to_have_attribute("aria-busy", "true")
    expect(person.page.locator(".is-waiting")).to_have_count(0)
