"""Writing a survey at the desk and looking at it on a telephone."""

import pytest
from playwright.sync_api import expect

from surveys.models import Survey
from surveys.services.survey import newest, questionnaire_of
from tenancy.scope import company_scope
from tests.factories.cast import Cast, cast_of
from tests.journeys.conftest import Arrival

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PAGES = ("", "change/", "questions/", "questions/rel/", "questions/new/", "questions/sections/",
         "preview/", "words/?language=en", "editions/")  # fmt: skip


@pytest.fixture
def cast(transactional_db: None) -> Cast:
    cast = cast_of("jinxiu", "锦绣物业")
    cast.company.language = "zh-hans"
    cast.company.save()
    return cast


def test_manager_writes_a_survey(arrive: Arrival, cast: Cast) -> None:
    manager = arrive(width=1440)
    page = manager.page
    manager.sign_in(cast.manager, "/jinxiu/surveys/new/?template=pulse")
    with page.expect_navigation():
        page.locator("form.form-column .btn-primary").click()
    with company_scope(cast.company.pk):
        survey = Survey.objects.get()
    card, form = page.locator("#part-res"), page.locator("[data-builder-form]")
    phone = page.frame_locator("[data-builder-phone]")

    # Kind and condition are chosen from lists, and nothing written is lost on the way.
    card.locator(".builder-acts a").click()
    form.locator("[name=text]").fill("您是怎么联系我们的？")
    form.locator("[name=kind]").select_option("single")
    form.locator("[name=more_choices]").fill("电话\n前台")
    form.locator("[name=when-0-question_key]").select_option("rel")
    form.locator("[name=when-0-amount]").fill("3")
    expect(form.locator("[name=more_choices]")).to_have_value("电话\n前台")

    # Nothing else is done meanwhile.
    page.locator("#down-rel").click()
    expect(form.locator("[data-builder-busy]")).to_be_visible()
    form.locator(".btn-primary:not(.visually-hidden)").click()
    expect(card).to_contain_text("您是怎么联系我们的？")
    expect(phone.locator("#q-res legend")).to_contain_text("您是怎么联系我们的？")
    expect(phone.locator("#q-res")).to_be_hidden()
    phone.locator("#q-rel input[value='2']").check(force=True)
    expect(phone.locator("#q-res")).to_be_visible()

    # Before the one it waits for it is marked; the keys take it back.
    page.locator("#down-rel").click()
    expect(card.locator(".builder-fault")).to_be_visible()
    page.locator("#up-rel").focus()
    page.keyboard.press("Alt+ArrowUp")
    expect(card.locator(".builder-fault")).to_have_count(0)
    expect(page.locator("#up-rel")).to_be_focused()
    page.locator("#part-tan [value^=delete]").click()
    page.locator("[value^=back]").click()
    expect(page.locator("#part-tan")).to_be_visible()
    with company_scope(cast.company.pk):
        asked, faults = questionnaire_of(newest(survey))
    assert ([each.key for each in asked], faults) == (["rel", "res", "ass", "emp", "tan"], [])

    owner = arrive(width=390, lang="en", dark=True)
    owner.sign_in(cast.manager, "/jinxiu/surveys/")
    for place in PAGES:
        manager.visit(f"/jinxiu/surveys/{survey.pk}/{place}")
        owner.visit(f"/jinxiu/surveys/{survey.pk}/{place}")
    for place in ("", "?aside", "new/", f"bank/?into={survey.pk}"):
        manager.visit(f"/jinxiu/surveys/{place}")
        owner.visit(f"/jinxiu/surveys/{place}")
