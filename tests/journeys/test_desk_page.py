"""A ticket's own page: no act is lost there, and none is done that nobody meant (docs/adr/0012)."""

import pytest
from playwright.sync_api import Page, expect

from complaints.models import Ticket
from complaints.services.handling import accept, resolve
from tenancy.scope import company_scope
from tests.factories.cast import TUESDAY, Cast, cast_of
from tests.journeys.conftest import Arrival, Person
from tests.journeys.test_desk_keys import KEPT, at_the_queue, begin, beside, file, kinds, sent
from tests.journeys.test_desk_lost import LONGER_THAN_A_MOMENT
from tests.journeys.test_live import HALF_A_MINUTE

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def cast(transactional_db: None) -> Cast:
    return cast_of("jinxiu", "锦绣物业")


def on_its_page(cast: Cast, arrive: Arrival, ticket: Ticket) -> Person:
    """The ticket as a page of its own, where time passes as fast as one likes."""
    desk = arrive()
    desk.page.clock.install()
    desk.sign_in(cast.desk, f"/jinxiu/tickets/{ticket.pk}/")
    return desk


def pick(page: Page, name: str) -> None:
    """Hand over to somebody, not yet sent."""
    page.keyboard.press("a")
    expect(page.locator("#assign-to")).to_be_focused()
    page.keyboard.type(name)


def stands(page: Page, status: str) -> None:
    expect(page.locator(f".ticket-head .chip-status-{status}:not(.is-held)")).to_be_visible()


def test_a_second_act_sends_the_first_and_is_sent_itself(cast: Cast, arrive: Arrival) -> None:
    (ticket,) = file(cast, 1)
    desk = on_its_page(cast, arrive, ticket)
    page = desk.page
    page.keyboard.press("t")
    expect(page.locator("form[data-act=accept] button[aria-disabled=true]")).to_be_visible()
    expect(page.locator(".ticket-head .chip-status-new.is-held")).to_be_visible()
    desk.look()
    pick(page, "technician")
    page.keyboard.press("Enter")
    stands(page, "accepted")
    assert kinds(cast, ticket) == ["filed", "accepted"]
    page.clock.fast_forward(LONGER_THAN_A_MOMENT)
    sent(page)
    assert kinds(cast, ticket) == ["filed", "accepted", "assigned"]
    expect(page.locator(".ticket-facts")).to_contain_text("technician")
    expect(page.locator("details[name=act][open]")).to_have_count(0)


def test_a_call_after_another_act_is_logged_too(cast: Cast, arrive: Arrival) -> None:
    (ticket,) = file(cast, 1)
    page = on_its_page(cast, arrive, ticket).page
    page.keyboard.press("t")
    page.keyboard.press("c")
    page.keyboard.press("3")  # nobody answered
    page.clock.fast_forward(LONGER_THAN_A_MOMENT)
    sent(page)
    assert kinds(cast, ticket) == ["filed", "accepted", "called_back"]
    expect(page.locator(".attempts li")).to_have_count(1)


def test_a_choice_half_made_outlives_the_moment(cast: Cast, arrive: Arrival) -> None:
    (ticket,) = file(cast, 1)
    page = on_its_page(cast, arrive, ticket).page
    page.keyboard.press("t")
    pick(page, "technician")
    chosen = page.locator("#assign-to").input_value()
    page.clock.fast_forward(LONGER_THAN_A_MOMENT)
    stands(page, "accepted")
    expect(page.locator("#assign-to")).to_be_focused()
    assert page.locator("#assign-to").input_value() == chosen != ""
    page.keyboard.press("Escape")
    expect(page.locator("summary[data-key=a]")).to_be_focused()
    page.keyboard.press("a")
    page.keyboard.press("?")
    expect(page.locator("#keys[open]")).to_be_visible()


def test_nobody_who_writes_is_interrupted_or_heard_as_keys(cast: Cast, arrive: Arrival) -> None:
    (ticket,) = file(cast, 1)
    page = on_its_page(cast, arrive, ticket).page
    page.keyboard.press("t")
    begin(page, "r", "您好，")
    page.clock.fast_forward(LONGER_THAN_A_MOMENT)
    page.keyboard.type("3号楼的师傅")
    stands(page, "accepted")
    page.keyboard.type("1小时内到")
    message = page.locator("#comment-text")
    expect(message).to_be_focused()
    expect(message).to_have_value("您好，3号楼的师傅1小时内到")
    page.keyboard.press("Control+Enter")
    page.clock.fast_forward(LONGER_THAN_A_MOMENT)
    sent(page)
    assert kinds(cast, ticket) == ["filed", "accepted", "commented"]
    expect(page.locator("form[data-act=accept]")).to_have_count(0)
    expect(page.locator("#comment-text")).to_have_value("")


def test_what_is_on_its_way_is_no_draft_on_the_page_after(cast: Cast, arrive: Arrival) -> None:
    (ticket,) = file(cast, 1)
    page = on_its_page(cast, arrive, ticket).page
    begin(page, "r", "师傅明天来")
    page.keyboard.press("Control+Enter")
    expect(page.locator("[data-act-message]")).to_be_visible()
    page.reload()
    expect(page.locator(".timeline-quote")).to_have_count(1)
    assert page.locator("#comment-text").input_value() == ""
    assert kinds(cast, ticket) == ["filed", "commented"]


def test_how_a_call_ended_is_only_heard_in_the_form_of_the_call(
    cast: Cast, arrive: Arrival
) -> None:
    """It stands open for whoever owes a call; a digit typed elsewhere keeps no promise."""
    (ticket,) = file(cast, 1)
    page = on_its_page(cast, arrive, ticket).page
    page.keyboard.press("t")
    page.clock.fast_forward(LONGER_THAN_A_MOMENT)
    stands(page, "accepted")
    page.reload()
    expect(page.locator("form[data-act=call]")).to_be_visible()
    page.keyboard.press("1")
    page.keyboard.press("r")
    page.keyboard.type("第")
    page.evaluate("document.activeElement.blur()")  # taken from under who writes
    page.keyboard.press("c")
    page.keyboard.press("1")
    expect(page.locator("[data-act-message]")).to_have_count(0)
    assert page.evaluate(KEPT, "acts:") == []
    page.clock.fast_forward(LONGER_THAN_A_MOMENT)
    page.keyboard.press("c")
    page.keyboard.press("1")
    expect(page.locator("[data-act-message]")).to_be_visible()


def test_what_is_taken_back_on_its_page_stands_in_its_form_again(
    cast: Cast, arrive: Arrival
) -> None:
    (ticket,) = file(cast, 1)
    page = on_its_page(cast, arrive, ticket).page
    pick(page, "technician")
    chosen = page.locator("#assign-to").input_value()
    page.keyboard.press("Enter")
    expect(page.locator("#assign-to")).to_be_hidden()
    page.keyboard.press("z")
    expect(page.locator("#assign-to")).to_have_value(chosen)
    page.clock.fast_forward(LONGER_THAN_A_MOMENT)
    assert kinds(cast, ticket) == ["filed"]


def test_what_was_refused_on_its_page_can_be_sent_again_there(cast: Cast, arrive: Arrival) -> None:
    (ticket,) = file(cast, 1)
    desk = on_its_page(cast, arrive, ticket)
    page = desk.page
    begin(page, "e", "换好了")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#resolve-solution")).to_be_hidden()
    with company_scope(cast.company.pk):
        accept(ticket=ticket, by=cast.actor("supervisor"), now=TUESDAY)
    page.clock.fast_forward(LONGER_THAN_A_MOMENT)
    expect(page.locator("[data-act-trouble]")).to_be_visible()
    stands(page, "accepted")
    expect(page.locator("#resolve-solution")).to_have_value("换好了")
    page.locator("[data-act-trouble] a").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#resolve-solution")).to_be_focused()
    expect(page.locator("#resolve-solution")).to_have_value("换好了")
    page.keyboard.press("Control+Enter")
    page.clock.fast_forward(LONGER_THAN_A_MOMENT)
    stands(page, "resolved")
    assert sorted(kinds(cast, ticket)) == ["accepted", "filed", "resolved"]
    desk.faults[:] = [each for each in desk.faults if "409" not in each]


def test_what_a_colleague_did_is_shown_around_a_form_in_use(cast: Cast, arrive: Arrival) -> None:
    (ticket,) = file(cast, 1)
    page = on_its_page(cast, arrive, ticket).page
    begin(page, "e", "换好了")
    with company_scope(cast.company.pk):
        resolve(ticket=ticket, solution="修好了", by=cast.actor("supervisor"), now=TUESDAY)
    page.clock.fast_forward(HALF_A_MINUTE)
    page.locator("[data-live-reload]").click()
    stands(page, "resolved")
    expect(page.locator("#resolve-solution")).to_have_value("换好了")
    expect(page.locator("#actions [data-moved]")).to_be_visible()


def test_a_row_that_has_left_the_list_shows_what_became_of_it(cast: Cast, arrive: Arrival) -> None:
    first, _second = file(cast, 2)
    page = at_the_queue(cast, arrive, "tab=untaken").page
    page.keyboard.press("j")
    page.keyboard.press("t")
    beside(page, "第1件")
    page.keyboard.press("t")
    row = page.locator(f".queue-row[data-ticket='{first.pk}']")
    expect(row.locator(".chip-status-accepted")).to_be_visible()
    expect(row.locator(".queue-handler")).to_have_class("queue-handler is-me")
