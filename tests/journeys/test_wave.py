"""Planning a wave in a browser: who would be asked is counted while one chooses."""

import pytest
from playwright.sync_api import expect

from surveys.models import Stage, Wave
from tenancy.models import Company
from tenancy.scope import company_scope
from tests.factories.cast import Cast, cast_of
from tests.journeys.conftest import Arrival
from tests.surveys.asking import street, survey_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def cast(transactional_db: None) -> Cast:
    return cast_of("jinxiu", "锦绣物业")


def test_manager_plans_a_wave_and_watches_it(arrive: Arrival, cast: Cast) -> None:
    with company_scope(cast.company.pk):
        Company.objects.filter(pk=cast.company.pk).update(language="zh-hans")
        street(cast, "8栋", 6)
        survey = survey_of(cast)
    manager = arrive(width=1440)
    add = f"/jinxiu/surveys/{survey.pk}/waves/new/"
    manager.sign_in(cast.manager, add)
    page, asked = manager.page, manager.page.locator("#wave-preview .stat-number")
    expect(asked).to_have_text("7")
    page.get_by_text("楼栋", exact=True).click()
    page.get_by_label("8栋").check()
    expect(asked).to_have_text("6")
    page.get_by_label("随机抽样").check()
    page.get_by_label("抽样数").fill("4")
    page.get_by_label("抽样数").blur()
    expect(asked).to_have_text("4")
    manager.visit(add)
    page.get_by_role("button", name="计划本期").click()
    page.get_by_role("button", name="立即开放").click()
    expect(page.locator("#wave-live")).to_contain_text("8栋")
    manager.visit(page.url.removeprefix(manager.origin))
    with company_scope(cast.company.pk):
        assert Wave.objects.get().stage == Stage.OPEN
    phone = arrive(width=390, lang="en", dark=True)
    phone.sign_in(cast.manager, "/jinxiu/surveys/")
    for path in (page.url.removeprefix(manager.origin), add):
        phone.visit(path)
    phone.visit(f"{page.url.removeprefix(manager.origin)}unanswered/")
