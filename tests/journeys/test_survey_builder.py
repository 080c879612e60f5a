"""Writing a survey at the desk and looking at it on a telephone."""

import pytest
from playwright.sync_api import expect

from surveys.models import Survey
from surveys.services.survey import newest, questionnaire_of
from surveys.services.templates import template
from tenancy.scope import company_scope
from tests.factories.cast import Cast, cast_of
from tests.journeys.conftest import Arrival
from tests.surveys.asking import survey_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PAGES = ("", "change/", "questions/", "questions/rel/", "questions/new/", "questions/sections/",
         "preview/", "words/?language=en", "editions/")  # fmt: skip


@pytest.fixture
def cast(transactional_db: None) -> Cast:
    cast = cast_of("jinxiu", "锦绣物业")
    cast.company.language = "zh-hans"
    cast.company.save()
    return cast


@pytest.fixture
def survey(cast: Cast) -> Survey:
    pulse = template("pulse", "zh-hans").document
    with company_scope(cast.company.pk):
        return survey_of(cast, document=pulse, language="zh-hans")


def test_manager_writes_a_survey(arrive: Arrival, cast: Cast, survey: Survey) -> None:
    manager = arrive(width=1440)
    page = manager.page
    manager.sign_in(cast.manager, f"/jinxiu/surveys/{survey.pk}/questions/")
    card, form = page.locator("#part-res"), page.locator("[data-builder-form]")
    phone = page.frame_locator("[data-builder-phone]")

    # Kind and condition are chosen from lists, and nothing written is lost on the way.
    card.locator(".builder-acts a").click()
    form.locator("[name=text]").fill("您是怎么联系我们的？")
    form.locator("[name=kind]").select_option("single")
    form.locator("[name=more_choices]").fill("电话\n前台")
    form.locator("[name=when-0-question_key]").focus()
    form.locator("[name=when-0-question_key]").select_option("rel")
    amount = form.locator("[name=when-0-amount]")
    expect(amount).to_have_attribute("required", "")
    expect(form.locator("[name=when-0-question_key]")).to_be_focused()
    form.locator("[name=when-0-test]").select_option("answered")
    expect(amount).to_be_hidden()
    form.locator("[name=when-0-test]").select_option("at_most")
    amount.fill("3")
    expect(form.locator("[name=more_choices]")).to_have_value("电话\n前台")

    # Nothing else is done meanwhile.
    page.locator("#down-rel").click()
    expect(form.locator("[data-builder-busy]")).to_be_visible()
    form.locator(".btn-primary:not(.visually-hidden)").press("Enter")
    expect(page.locator("#edit-res")).to_be_focused()
    expect(page.locator("#edit-res")).to_be_in_viewport()
    expect(page.locator("[data-builder-live]")).to_have_text("已保存")
    expect(card).to_contain_text("您是怎么联系我们的？")
    expect(phone.locator("#q-res legend")).to_contain_text("您是怎么联系我们的？")
    expect(phone.locator("#q-res")).to_be_hidden()
    phone.locator("#q-rel input[value='2']").check(force=True)
    expect(phone.locator("#q-res")).to_be_visible()


def test_questions_are_moved_and_put_back(arrive: Arrival, cast: Cast, survey: Survey) -> None:
    manager = arrive(width=1440)
    page = manager.page
    manager.sign_in(cast.manager, f"/jinxiu/surveys/{survey.pk}/questions/")
    first = page.locator("[data-builder-card]").first
    page.locator("#down-rel").click()
    expect(first).to_have_attribute("id", "part-res")
    expect(page.locator("#down-rel")).to_be_focused()
    page.keyboard.press("Alt+ArrowUp")
    expect(first).to_have_attribute("id", "part-rel")
    expect(page.locator("#up-rel")).to_be_focused()
    page.locator("#part-tan [value^=delete]").click()
    expect(page.locator("[value^=back]")).to_be_focused()
    page.locator("[value^=back]").click()
    expect(page.locator("#part-tan")).to_be_visible()

    # The buttons of a question are one stop; the arrows go from one to the next.
    page.locator("#edit-rel").focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator("#up-rel")).to_be_focused()
    page.keyboard.press("Home")
    expect(page.locator("#edit-rel")).to_be_focused()
    page.keyboard.press("Tab")
    following = page.locator("[data-builder-card]").nth(1).locator("[data-builder-edit]")
    expect(following).to_be_focused()
    with company_scope(cast.company.pk):
        asked, faults = questionnaire_of(newest(survey))
    assert ([each.key for each in asked], faults) == (["rel", "res", "ass", "emp", "tan"], [])


def test_pages_of_a_survey_hurt_nobody(arrive: Arrival, cast: Cast, survey: Survey) -> None:
    manager, phone = arrive(width=1440), arrive(width=390, lang="en", dark=True)
    for each in (manager, phone):
        each.sign_in(cast.manager, "/jinxiu/surveys/")
        for place in PAGES:
            each.visit(f"/jinxiu/surveys/{survey.pk}/{place}")
        for place in ("", "?aside", "new/", f"bank/?into={survey.pk}"):
            each.visit(f"/jinxiu/surveys/{place}")
