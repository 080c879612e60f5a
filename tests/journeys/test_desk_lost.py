"""The desk on a bad day: a clock that is wrong, a connection that goes; and words at hand."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone
from playwright.sync_api import expect

from complaints.models import TicketEvent
from complaints.services.answer import add_answer
from tenancy.scope import company_scope
from tests.factories.cast import TUESDAY, Cast, cast_of
from tests.journeys.conftest import Arrival
from tests.journeys.test_desk_keys import at_the_queue, begin, file, kinds, sent

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

LONGER_THAN_A_MOMENT = 9_000  # milliseconds; an act is held back for eight seconds


@pytest.fixture
def cast(transactional_db: None) -> Cast:
    return cast_of("jinxiu", "锦绣物业")


def test_what_was_held_back_goes_when_the_connection_is_back(cast: Cast, arrive: Arrival) -> None:
    (ticket,) = file(cast, 1)
    desk = at_the_queue(cast, arrive)
    page = desk.page
    page.clock.install()
    page.goto(page.url)
    page.keyboard.press("j")
    begin(page, "n", "业主很着急")
    page.context.set_offline(True)
    page.keyboard.press("Control+Enter")
    page.clock.run_for(LONGER_THAN_A_MOMENT)
    expect(page.locator("[data-act-trouble]")).to_be_visible()
    assert kinds(cast, ticket) == ["filed"]
    page.context.set_offline(False)
    sent(page)
    assert kinds(cast, ticket) == ["filed", "noted"]
    desk.faults[:] = [each for each in desk.faults if "ERR_INTERNET_DISCONNECTED" not in each]


@pytest.mark.parametrize("wrong", [timedelta(days=1), timedelta(days=-1)])
def test_countdowns_do_not_believe_a_clock_that_is_wrong(
    cast: Cast, arrive: Arrival, wrong: timedelta
) -> None:
    """A call promised for tomorrow is neither late nor far off, whatever the desk's clock says."""
    cast.file(now=TUESDAY)
    with time_machine.travel(TUESDAY + timedelta(minutes=10), tick=True):
        desk = arrive()
        desk.page.clock.install(time=timezone.now() + wrong)
        desk.sign_in(cast.desk, "/jinxiu/calls/")
        assert desk.text(".call .countdown-text") == "还剩 23小时"
        desk.page.clock.run_for(60_000)
        assert desk.text(".call .countdown-text") == "还剩 23小时"


def test_a_prepared_answer_is_picked_by_keyboard(cast: Cast, arrive: Arrival) -> None:
    facts: dict[str, Any] = {"by": cast.actor("supervisor"), "now": TUESDAY}
    with company_scope(cast.company.pk):
        add_answer(title="致歉", text="{业主}您好，非常抱歉。", **facts)
        add_answer(title="感谢", text="谢谢您，{工单号}已登记。", **facts)
    (ticket,) = file(cast, 1)
    desk = at_the_queue(cast, arrive)
    page = desk.page
    page.keyboard.press("j")
    page.keyboard.press("r")
    message = page.locator("#comment-text")
    expect(message).to_be_focused()
    page.keyboard.press("/")
    expect(page.locator("#answers [role=option]")).to_have_count(2)
    desk.look()
    page.keyboard.type("zq")
    expect(page.locator("#answers [role=option]:visible")).to_have_count(1)
    page.keyboard.press("Enter")
    expect(message).to_have_value("张伟您好，非常抱歉。")
    expect(message).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("/")
    expect(page.locator("#answers [aria-selected=true]")).to_be_visible()
    page.keyboard.press("/")  # a slash was meant
    page.keyboard.type(" 1/2")
    expect(message).to_have_value("张伟您好，非常抱歉。\n/ 1/2")
    page.keyboard.press("Control+Enter")
    page.goto(page.url)
    sent(page)
    with company_scope(cast.company.pk):
        (said,) = TicketEvent.objects.filter(ticket_id=ticket.pk, kind="commented")
    assert said.data["text"].splitlines() == ["张伟您好，非常抱歉。", "/ 1/2"]
