"""The desk's telephone: everything found by one field, calls made and taken by keyboard alone."""

import pytest
from playwright.sync_api import expect

from complaints.models import Callback, Ticket
from owners.services.archive import create_owner
from tenancy.scope import company_scope
from tests.factories.cast import TUESDAY, Cast
from tests.journeys.conftest import Arrival

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

CURRENT = "li.call.is-current"
# Browsers write the size of a note that somebody pulled larger down as a style. No swap may carry
# that over to another note: the policy forbids it, and the console would say so.
PULLED_LARGER = (
    "document.querySelectorAll('.call-note').forEach(note => note.style.height = '90px')"
)


@pytest.mark.parametrize(("width", "dark"), [(1440, False), (390, True)])
def test_one_field_leads_everywhere(jinxiu: Cast, arrive: Arrival, width: int, dark: bool) -> None:
    ticket = jinxiu.file(title="门禁失灵")
    with company_scope(jinxiu.company.pk):
        create_owner(name="李娜", phone="13900000002", by=jinxiu.actor("desk"), now=TUESDAY)
    desk = arrive(width=width, dark=dark, lang="en")
    desk.sign_in(jinxiu.desk, "/jinxiu/calls/")
    page = desk.page

    page.keyboard.press("Control+k")
    expect(page.locator("#palette [role=option]").first).to_be_visible()
    desk.look()
    page.keyboard.type("门禁")
    expect(page.locator("#palette [aria-selected=true]")).to_contain_text("门禁失灵")
    desk.go("Enter")
    assert page.url.endswith(f"/tickets/{ticket.pk}/")

    page.keyboard.press("Control+k")
    expect(page.locator("#palette [role=option]").first).to_contain_text("门禁失灵")  # recent
    page.keyboard.type("0002")
    expect(page.locator("#palette [aria-selected=true]")).to_contain_text("李娜")
    page.keyboard.press("Escape")
    expect(page.locator("#palette")).to_be_hidden()
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_word_that_is_being_composed_is_not_searched_for(jinxiu: Cast, arrive: Arrival) -> None:
    desk = arrive(lang="en")
    desk.sign_in(jinxiu.desk, "/jinxiu/calls/")
    asked: list[str] = []
    desk.page.on("request", lambda request: asked.append(request.url))
    desk.page.keyboard.press("Control+k")
    expect(desk.page.locator("#palette [role=option]").first).to_be_visible()
    asked.clear()
    desk.page.evaluate(
        """() => {
            const field = document.querySelector("#palette [role=combobox]");
            field.value = "zh";
            field.dispatchEvent(new InputEvent("input", { isComposing: true, bubbles: true }));
            field.dispatchEvent(new KeyboardEvent("keydown",
                { key: "Enter", isComposing: true, bubbles: true }));
        }"""
    )
    desk.page.wait_for_timeout(400)
    assert [url for url in asked if "palette" in url] == []
    expect(desk.page.locator("#palette")).to_be_visible()


def test_calls_are_made_with_one_key_each(jinxiu: Cast, arrive: Arrival) -> None:
    for number in range(3):
        jinxiu.file(title=f"call {number}")
    desk = arrive(lang="en")
    desk.sign_in(jinxiu.desk, "/jinxiu/calls/")
    page = desk.page
    expect(page.locator(CURRENT)).to_contain_text("call 0")
    page.evaluate(PULLED_LARGER)
    page.keyboard.press("v")
    expect(page.locator(f"{CURRENT} a[href^='tel:']")).to_contain_text("138 0000 0001")
    page.keyboard.press("n")
    page.keyboard.type("said thanks, 1 2 3")
    page.keyboard.press("Escape")
    page.keyboard.press("1")
    expect(page.locator("#messages")).to_contain_text("Reached, content")
    expect(page.locator(CURRENT)).to_contain_text("call 1")

    page.keyboard.press("3")
    expect(page.locator("#messages")).to_contain_text("again at")
    page.keyboard.press("z")
    expect(page.locator(CURRENT)).to_contain_text("call 1")
    page.keyboard.press("j")
    expect(page.locator(CURRENT)).to_contain_text("call 2")
    page.keyboard.press("4")
    expect(page.locator(".call-correct")).to_be_visible(timeout=15_000)
    desk.look()
    page.keyboard.press("w")
    page.wait_for_url("**/edit/**")
    desk.look()
    page.keyboard.type("13900000002")
    desk.go("Enter")
    assert page.url.endswith("/calls/")

    with company_scope(jinxiu.company.pk):
        made = list(Callback.objects.order_by("at").values_list("ticket__title", "outcome", "note"))
    assert made == [
        ("call 0", "reached_satisfied", "said thanks, 1 2 3"),
        ("call 2", "wrong_number", ""),
    ]


def test_a_call_is_taken_by_keyboard_and_what_was_typed_stays(
    jinxiu: Cast, arrive: Arrival
) -> None:
    jinxiu.file(title="before")
    desk = arrive(lang="en")
    desk.sign_in(jinxiu.desk, "/jinxiu/tickets/take/")
    page = desk.page
    page.keyboard.type("0001")
    page.keyboard.press("Control+a")
    page.keyboard.type("张伟")
    expect(page.locator("#found .row-link")).to_contain_text("张伟")
    desk.go("Enter")
    expect(page.locator(".contacts")).to_contain_text("before")
    expect(page.locator("input[name=title]")).to_be_focused()
    page.keyboard.type("电梯又停了")
    page.reload()
    expect(page.locator("[data-take-kept]")).to_be_visible()
    assert page.input_value("input[name=title]") == "电梯又停了"
    desk.press("input[name^=category]", "Space")
    with page.expect_navigation():
        page.keyboard.press("Control+Enter")
    assert "/tickets/" in page.url
    page.goto(f"{desk.origin}/jinxiu/tickets/take/?owner={jinxiu.resident.pk}")
    expect(page.locator("[data-take-kept]")).to_be_hidden()
    with company_scope(jinxiu.company.pk):
        titles = sorted(Ticket.objects.values_list("title", flat=True))
    assert titles == ["before", "电梯又停了"]
