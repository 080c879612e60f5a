"""The desk without a mouse: tickets triaged, acts taken back, drafts kept, two at one ticket."""

import re
import time
from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from complaints.models import Status, Ticket, TicketEvent
from complaints.services.handling import accept, assign
from tenancy.scope import company_scope
from tests.factories.cast import PASSWORD, TUESDAY, Cast, cast_of
from tests.journeys.conftest import Arrival, Person

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

COUNT_THE_MOUSE = """
window.mouse = 0;
for (const name of ["pointerdown", "mousedown", "mousemove", "wheel", "touchstart"])
  addEventListener(name, () => (window.mouse += 1), true);
"""
KEPT = """
(kind) => [...Object.keys(localStorage), ...Object.keys(sessionStorage)]
  .filter((name) => name.startsWith(kind))
"""
LONG_ENOUGH = 20  # seconds, on a slow machine; a clerk with a mouse needs minutes


@pytest.fixture
def cast(transactional_db: None) -> Cast:
    return cast_of("jinxiu", "锦绣物业")


def at_the_queue(cast: Cast, arrive: Arrival, query: str = "", **how: object) -> Person:
    person = arrive(**how)
    person.page.add_init_script(COUNT_THE_MOUSE)
    person.sign_in(cast.desk, f"/jinxiu/queue/?{query}")
    return person


def file(cast: Cast, count: int) -> list[Ticket]:
    return [
        cast.file(title=f"第{number}件", now=TUESDAY + timedelta(minutes=number))
        for number in range(count)
    ]


def kinds(cast: Cast, ticket: Ticket) -> list[str]:
    with company_scope(cast.company.pk):
        rows = TicketEvent.objects.filter(ticket_id=ticket.pk).order_by("at", "id")
        return list(rows.values_list("kind", flat=True))


def beside(page: Page, title: str) -> None:
    """Wait until the ticket is shown, all of it, and chosen in the list."""
    expect(page.locator("#pane:not([aria-busy]) [data-pane-heading]")).to_have_text(title)
    expect(page.locator(".queue-row.is-chosen .queue-title")).to_have_text(title)


def begin(page: Page, key: str, text: str) -> None:
    """Press the key of an act, and write."""
    page.keyboard.press(key)
    expect(page.locator("textarea:focus")).to_be_visible()
    page.keyboard.type(text)


def sent(page: Page) -> None:
    """Wait until nothing is held back any more."""
    for _again in range(100):
        if not page.evaluate(KEPT, "acts:"):
            return
        page.wait_for_timeout(100)
    raise AssertionError("an act was never sent")


def test_ten_tickets_are_triaged_without_the_mouse(
    cast: Cast, arrive: Arrival, record_property: Callable[[str, object], None]
) -> None:
    tickets = file(cast, 10)
    desk = at_the_queue(cast, arrive)
    page, press = desk.page, desk.page.keyboard.press
    began = time.monotonic()
    press("j")
    press("Enter")
    beside(page, "第0件")
    for number in range(3):
        press("t")
        beside(page, f"第{number + 1}件")
    for number in (3, 4):
        press("a")
        expect(page.locator("#assign-to")).to_be_focused()
        press("t")  # technician
        press("Enter")
        beside(page, f"第{number + 1}件")
    for key, text in (("r", "明天上午来"), ("e", "换了门机"), ("n", "业主很着急")):
        now = page.locator("[data-pane-heading]").inner_text()
        begin(page, key, text)
        press("Control+Enter")
        beside(page, f"第{int(now[1]) + 1}件")
    press("c")
    press("3")  # nobody answered
    beside(page, "第9件")
    press("c")
    press("1")
    expect(page.locator("[data-act-message]")).to_contain_text("第9件")
    took = time.monotonic() - began
    sent(page)
    assert page.evaluate("window.mouse") == 0
    assert [kinds(cast, each)[1:] for each in tickets] == [
        ["accepted"], ["accepted"], ["accepted"], ["assigned"], ["assigned"],
        ["commented"], ["resolved"], ["noted"], ["called_back"], ["called_back"],
    ]  # fmt: skip
    record_property("seconds", round(took, 1))
    assert took < LONG_ENOUGH
    desk.look()


def test_an_act_is_taken_back_before_anybody_is_told(cast: Cast, arrive: Arrival) -> None:
    first, _second = file(cast, 2)
    page = at_the_queue(cast, arrive).page
    page.keyboard.press("j")
    begin(page, "e", "换好了")
    page.keyboard.press("Control+Enter")
    beside(page, "第1件")
    assert kinds(cast, first) == ["filed"]
    page.keyboard.press("z")
    beside(page, "第0件")
    expect(page.locator("#resolve-solution")).to_have_value("换好了")
    expect(page.locator("#resolve-solution")).to_be_focused()
    page.wait_for_timeout(8_500)
    assert kinds(cast, first) == ["filed"]


def test_leaving_the_page_does_what_was_held_back(cast: Cast, arrive: Arrival) -> None:
    first, _second = file(cast, 2)
    desk = at_the_queue(cast, arrive)
    desk.page.keyboard.press("j")
    desk.page.keyboard.press("t")
    beside(desk.page, "第1件")
    desk.page.goto(f"{desk.origin}/jinxiu/inbox/")
    desk.page.goto(f"{desk.origin}/jinxiu/queue/")
    expect(desk.page.locator(".queue-row .chip-status-accepted")).to_have_count(1)
    assert kinds(cast, first) == ["filed", "accepted"]


def test_a_crash_after_sending_does_nothing_twice(cast: Cast, arrive: Arrival) -> None:
    (ticket,) = file(cast, 1)
    desk = at_the_queue(cast, arrive)
    page = desk.page
    page.keyboard.press("j")
    begin(page, "n", "业主很着急")
    # The server does it, but its answer never comes.
    page.route("**/note/", lambda route: (route.fetch(), route.abort()))
    page.keyboard.press("Control+Enter")
    expect(page.locator("[data-act-trouble]")).to_be_visible(timeout=15_000)
    page.unroute("**/note/")
    page.reload()
    expect(page.locator(".queue-row")).to_have_count(1)
    sent(page)
    assert kinds(cast, ticket) == ["filed", "noted"]
    desk.faults[:] = [each for each in desk.faults if "ERR_FAILED" not in each]


def test_whoever_comes_second_is_told_so_and_keeps_the_text(cast: Cast, arrive: Arrival) -> None:
    (ticket,) = file(cast, 1)
    desk = at_the_queue(cast, arrive, lang="en")
    page = desk.page
    page.keyboard.press("j")
    begin(page, "e", "换好了")
    with company_scope(cast.company.pk):
        accept(ticket=ticket, by=cast.actor("supervisor"), now=TUESDAY)
    page.keyboard.press("Control+Enter")
    trouble = page.locator("[data-act-trouble]")
    expect(trouble).to_contain_text("supervisor changed this ticket meanwhile", timeout=15_000)
    assert kinds(cast, ticket) == ["filed", "accepted"]
    trouble.locator("a").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#resolve-solution")).to_have_value("换好了")
    desk.faults[:] = [each for each in desk.faults if "409" not in each]


def test_a_draft_outlives_its_tab_and_its_session(cast: Cast, arrive: Arrival) -> None:
    (ticket,) = file(cast, 1)
    desk = at_the_queue(cast, arrive)
    page = desk.page
    page.goto(f"{desk.origin}/jinxiu/tickets/{ticket.pk}/")
    begin(page, "r", "您好，师傅明天上午九点到")
    context = page.context
    page.close()
    context.clear_cookies()
    again = Person(context.new_page(), desk.origin, faults=desk.faults)
    again.sign_in(cast.desk, f"/jinxiu/tickets/{ticket.pk}/")
    again.page.keyboard.press("r")
    expect(again.page.locator("#comment-text")).to_have_value("您好，师傅明天上午九点到")
    expect(again.page.locator("[data-draft-kept]")).to_be_visible()
    again.page.keyboard.press("Control+Enter")
    expect(again.page.locator("[data-act-message]")).to_be_visible()
    expect(again.page.locator(".timeline-quote")).to_have_count(1, timeout=25_000)
    assert again.page.evaluate(KEPT, "draft:") == []


def test_a_session_that_ends_in_mid_act_loses_nothing(cast: Cast, arrive: Arrival) -> None:
    (ticket,) = file(cast, 1)
    desk = at_the_queue(cast, arrive)
    page = desk.page
    page.keyboard.press("j")
    begin(page, "n", "业主很着急")
    page.context.clear_cookies()
    page.keyboard.press("Control+Enter")
    expect(page.locator("[data-act-trouble]")).to_be_visible(timeout=15_000)
    desk.sign_in(cast.desk, "/jinxiu/queue/")
    sent(page)
    assert kinds(cast, ticket) == ["filed", "noted"]
    desk.faults[:] = [each for each in desk.faults if not re.search("40[13]", each)]


def test_keys_are_not_heard_while_somebody_writes_and_can_be_switched_off(
    cast: Cast, arrive: Arrival
) -> None:
    file(cast, 2)
    desk = at_the_queue(cast, arrive)
    page = desk.page
    page.keyboard.press("/")
    expect(page.locator("#queue-search")).to_be_focused()
    page.keyboard.type("jt")
    assert page.locator("#queue-search").input_value() == "jt"
    page.keyboard.press("Control+a")
    page.keyboard.press("Delete")
    expect(page.locator(".queue-row")).to_have_count(2)
    page.keyboard.press("Tab")
    page.locator("[data-desk-heading]").focus()
    page.keyboard.press("Alt+j")
    page.dispatch_event("body", "keydown", {"key": "j", "isComposing": True, "bubbles": True})
    expect(page.locator(".is-chosen")).to_have_count(0)
    page.keyboard.press("?")
    expect(page.locator("#keys[open] .keys-list")).to_contain_text("J")
    desk.look()
    page.locator("[data-keys-on]").focus()
    page.keyboard.press("Space")
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    expect(page.locator(".is-chosen")).to_have_count(0)


def test_the_address_says_which_ticket_and_back_goes_back(cast: Cast, arrive: Arrival) -> None:
    first, second = file(cast, 2)
    desk = at_the_queue(cast, arrive)
    page = desk.page
    for ticket in (first, second):
        link = page.locator(f"[data-ticket='{ticket.pk}'] .queue-title")
        link.focus()
        page.keyboard.press("Enter")
        beside(page, ticket.title)
        assert page.url.endswith(f"?ticket={ticket.pk}")
    page.go_back()
    beside(page, "第0件")
    page.reload()
    beside(page, "第0件")
    desk.look()
    page.keyboard.press("Tab")
    page.locator("[data-pane-heading]").focus()
    page.keyboard.press("Escape")
    expect(page.locator(f"[data-ticket='{first.pk}'] .queue-title")).to_be_focused()
    assert page.url.endswith("/queue/")


@pytest.mark.parametrize("dark", [False, True])
def test_names_of_sixty_characters_and_a_zoomed_page_hold(
    cast: Cast, arrive: Arrival, dark: bool
) -> None:
    with company_scope(cast.company.pk):
        for member in cast.members.values():
            type(member).objects.filter(pk=member.pk).update(name="欧阳" * 30)
        type(cast.resident).objects.filter(pk=cast.resident.pk).update(name="司徒" * 30)
        ticket = cast.file(title="电梯" * 60)
        assign(ticket=ticket, assignee=cast.technician, by=cast.actor("desk"), now=TUESDAY)
    for width in (720, 1440):
        desk = at_the_queue(cast, arrive, f"ticket={ticket.pk}", width=width, dark=dark)
        expect(desk.page.locator("[data-pane-heading]")).to_be_visible()
        assert desk.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        desk.look()


def test_a_ticket_opened_on_a_phone_is_a_page(cast: Cast, arrive: Arrival) -> None:
    (ticket,) = file(cast, 1)
    desk = at_the_queue(cast, arrive, width=390, height=844)
    desk.follow(".queue-title")
    assert desk.page.url.endswith(f"/tickets/{ticket.pk}/")
    with company_scope(cast.company.pk):
        assert Ticket.objects.get().status == Status.NEW


def test_without_scripts_links_and_buttons_do_it_all(
    cast: Cast, chromium: Browser, live_server: LiveServer
) -> None:
    first, _second = file(cast, 2)
    context = chromium.new_context(java_script_enabled=False, locale="zh-CN")
    page = context.new_page()
    page.goto(f"{live_server.url}/accounts/login/?next=/jinxiu/queue/")
    page.locator("input[name=login]").fill(cast.desk.user.username)
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("input[name=password]").press("Enter")
    page.locator(".queue-title").first.click()
    expect(page.locator("h1")).to_have_text("第0件")
    page.locator("form[data-act=accept] button").click()
    expect(page.locator(".message-success")).to_be_visible()
    page.go_back()
    page.reload()
    expect(page.locator("h1")).to_have_text("第0件")
    page.goto(f"{live_server.url}/jinxiu/queue/?ticket={first.pk}")
    page.locator("#pane summary", has_text="内部备注").click()
    page.locator("#note-text").fill("业主很着急")
    page.locator("form[data-act=note] button").click()
    assert kinds(cast, first) == ["filed", "accepted", "noted"]
    context.close()


def test_going_back_after_an_act_does_not_do_it_again(cast: Cast, arrive: Arrival) -> None:
    first, second = file(cast, 2)
    desk = at_the_queue(cast, arrive)
    page = desk.page
    page.goto(f"{desk.origin}/jinxiu/tickets/{first.pk}/")
    page.keyboard.press("t")
    expect(page.locator("[data-act-message]")).to_be_visible()
    page.goto(f"{desk.origin}/jinxiu/tickets/{second.pk}/")
    page.go_back()
    expect(page.locator("form[data-act=accept]")).to_have_count(0, timeout=12_000)
    page.reload()
    sent(page)
    assert kinds(cast, first) == ["filed", "accepted"]
