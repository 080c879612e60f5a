"""Reading the satisfaction index: a figure, what is behind it, over time, and its weights."""

import pytest
from playwright.sync_api import expect

from surveys.services.index import measure
from tenancy.scope import company_scope
from tests.factories.cast import TUESDAY, Cast, cast_of
from tests.journeys.conftest import Arrival
from tests.surveys.asking import filled
from tests.surveys.test_index import driven, mixed, next_wave

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def cast(transactional_db: None) -> Cast:
    return cast_of("jinxiu", "锦绣物业")


def test_manager_reads_the_index_and_weighs_it_otherwise(arrive: Arrival, cast: Cast) -> None:
    with company_scope(cast.company.pk):
        before = driven(cast)
        measure(wave=before, now=TUESDAY)
        house = before.responses.select_related("building")[0].building
        wave = filled(next_wave(cast, before), [(house, mixed(3, 5, 8))])
        measure(wave=wave, now=TUESDAY)
    index = f"/jinxiu/surveys/waves/{before.pk}/index/"
    manager = arrive(width=1440)
    page = manager.page
    manager.sign_in(cast.manager, index)
    manager.press(".index-dimension summary")
    expect(page.locator(".index-dimension[open] tbody tr")).to_have_count(2)
    manager.press("#definition summary")
    manager.look()
    manager.visit(f"/jinxiu/surveys/waves/{wave.pk}/index/")
    manager.visit(f"/jinxiu/surveys/{wave.survey_id}/trend/")
    expect(page.locator(".index-series > section")).to_have_count(6)

    manager.visit("/jinxiu/surveys/weights/")
    page.locator("[name=reliability]").fill("30")
    page.locator("[name=tangibles]").fill("13")
    with page.expect_navigation():
        page.locator("main form .btn-primary").click()
    expect(page.locator("main tbody tr")).to_have_count(2)

    phone = arrive(width=390, lang="en", dark=True)
    phone.sign_in(cast.manager, index)
    for path in (index, f"/jinxiu/surveys/{wave.survey_id}/trend/", "/jinxiu/surveys/weights/"):
        phone.visit(path)
