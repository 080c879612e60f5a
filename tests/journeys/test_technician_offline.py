"""A technician in a dead spot, in a real browser: nothing is lost, and nothing is done twice."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from complaints.models import Attachment, EventKind, Material, Status, Ticket, TicketEvent
from complaints.services import handling, working
from tenancy.models import Membership, User
from tenancy.scope import company_scope
from tests.factories.cast import TUESDAY, Cast, cast_of, hashed
from tests.journeys.conftest import Arrival, wait_for_quiet
from tests.journeys.technician import (
    CONTROLLED,
    KEPT,
    WAITING,
    add_material,
    at_work,
    forgive_the_network,
    go_to,
    job,
    kinds,
    main_button,
    picture,
    place,
    sign_in,
    until,
    wait_until_sent,
    write_note,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def cast(transactional_db: None, settings: Any, tmp_path: Any) -> Iterator[Cast]:
    settings.MEDIA_ROOT = str(tmp_path)
    yield cast_of("jinxiu", "锦绣物业")
    wait_for_quiet()


TRY_AGAIN = """async () => {
  dispatchEvent(new Event("online"));
  return (await Outbox.all()).length;
}"""


# --- in a dead spot ---


def test_a_whole_job_in_a_dead_spot_arrives_once_and_in_order(cast: Cast, arrive: Arrival) -> None:
    ticket = job(cast)
    person = at_work(cast, arrive, ticket)
    context, page = person.page.context, person.page
    context.set_offline(True)
    page.goto(f"{person.origin}/jinxiu/jobs/")
    page.locator("a[data-keeps]").click()
    main_button(page).click()
    expect(page.locator("[data-outbox-state]")).to_contain_text("1 项")
    expect(page.locator("[data-station=arrive]")).to_have_attribute("aria-current", "step")
    main_button(page).click()
    page.locator("form[data-outbox=photo] input[type=file]").first.set_input_files(picture())
    expect(page.locator(".photo-unsent")).to_have_text("待上传")
    add_material(page, "门机皮带")
    expect(page.locator("[data-unsent]")).to_contain_text("门机皮带")
    write_note(page, "机房钥匙在门卫处")
    expect(page.locator("[data-outbox-state]")).to_contain_text("5 项")
    # The telephone is switched off and on again, still without a signal.
    page.close()
    page = context.new_page()
    page.goto(f"{person.origin}{place(ticket)}")
    expect(page.locator("[data-outbox-state]")).to_contain_text("5 项")
    page.locator("#finish-solution").fill("换了皮带")
    page.locator("#finish button").click()
    expect(page.locator("[data-outbox-state]")).to_contain_text("6 项")
    assert kinds(cast, ticket) == []

    context.set_offline(False)
    wait_until_sent(page)
    forgive_the_network(person)

    assert kinds(cast, ticket) == [
        "set_off", "arrived", "attached", "worked", "noted", "worked", "resolved",
    ]  # fmt: skip
    with company_scope(cast.company.pk):
        assert [each.stage for each in Attachment.objects.all()] == ["before"]
        assert [each.name for each in Material.objects.all()] == ["门机皮带"]


def test_an_answer_that_is_lost_doubles_nothing(cast: Cast, arrive: Arrival) -> None:
    ticket = job(cast)
    person = at_work(cast, arrive, ticket)
    page = person.page
    go_to(person, ticket)
    lost: list[str] = []

    def lose(route: Any) -> None:
        """The server does it; the telephone never hears of it."""
        if len(lost) < 3:
            lost.append(route.request.url)
            route.fetch()
            route.abort()
        else:
            route.continue_()

    page.route(re.compile(r"/(note|material|photo)/$"), lose)
    write_note(page, "小心漏电")
    until(page, lambda: page.evaluate(TRY_AGAIN) == 0)
    page.wait_for_load_state("networkidle")
    forgive_the_network(person)

    assert len(lost) == 3
    assert kinds(cast, ticket) == ["noted"]


@pytest.mark.parametrize("reaches_the_server", [True, False])
def test_a_page_killed_while_it_sends_loses_and_doubles_nothing(
    cast: Cast, arrive: Arrival, reaches_the_server: bool
) -> None:
    ticket = job(cast)
    person = at_work(cast, arrive, ticket)
    context, page = person.page.context, person.page
    go_to(person, ticket)
    held: list[Any] = []

    def hold(route: Any) -> None:
        if reaches_the_server:
            route.fetch()
        held.append(route)

    page.route(re.compile(r"/photo/$"), hold)
    page.locator("form[data-outbox=photo] input[type=file]").first.set_input_files(picture())
    until(page, lambda: page.evaluate(WAITING) == 1)
    while not held:
        page.wait_for_timeout(50)
    page.close()

    page = context.new_page()
    page.goto(f"{person.origin}/jinxiu/jobs/")
    wait_until_sent(page)
    forgive_the_network(person)

    assert kinds(cast, ticket) == ["attached"]


def test_what_is_being_written_outlives_a_photo(cast: Cast, arrive: Arrival) -> None:
    """A photo that has arrived renews the page; half a sentence stays."""
    ticket = job(cast)
    with company_scope(cast.company.pk):
        working.arrive(ticket=ticket, by=cast.actor("technician"), now=TUESDAY)
    person = at_work(cast, arrive, ticket)
    page = person.page
    go_to(person, ticket)
    page.locator("#finish-solution").fill("换了皮")
    with page.expect_navigation():
        page.locator("form[data-outbox=photo] input[type=file]").first.set_input_files(picture())
        page.locator("h1").click()
    expect(page.locator("#finish-solution")).to_have_value("换了皮")
    expect(page.locator(".photos img")).to_have_count(1)


def test_a_job_that_somebody_else_has_by_now_keeps_what_was_written(
    cast: Cast, arrive: Arrival
) -> None:
    ticket = job(cast)
    person = at_work(cast, arrive, ticket)
    context, page = person.page.context, person.page
    go_to(person, ticket)
    main_button(page).click()
    page.wait_for_load_state("networkidle")
    expect(page.locator("[data-for=finish]").first).to_be_hidden()
    with page.expect_navigation():
        main_button(page).click()
    context.set_offline(True)
    page.locator("#finish-solution").fill("换了皮带，试运行正常")
    page.locator("#finish button").click()
    expect(page.locator("[data-outbox-state]")).to_contain_text("1 项")
    with company_scope(cast.company.pk):
        handling.assign(ticket=ticket, assignee=cast.supervisor, by=cast.actor("desk"), now=TUESDAY)
    context.set_offline(False)

    expect(page.locator(".outbox-refused")).to_contain_text("supervisor 已接手此工单。")
    expect(page.locator(".outbox-refused blockquote")).to_have_text("换了皮带，试运行正常")
    person.look()
    # It is still there tomorrow, until the person throws it away: twice asked.
    page.goto(f"{person.origin}/jinxiu/jobs/")
    expect(page.locator(".outbox-refused blockquote")).to_have_text("换了皮带，试运行正常")
    discard = page.locator(".outbox-refused .btn-quiet")
    discard.click()
    discard.click()
    expect(page.locator(".outbox-refused")).to_have_count(0)
    forgive_the_network(person)
    person.faults[:] = [fault for fault in person.faults if "409" not in fault]
    with company_scope(cast.company.pk):
        assert Ticket.objects.get(pk=ticket.pk).status == Status.ACCEPTED


def colleague(cast: Cast) -> Membership:
    """Another technician of the same department."""
    with company_scope(cast.company.pk):
        user = User.objects.create(username="wang@jinxiu", name="小王", password=hashed())
        member: Membership = Membership.objects.create(user=user, name="小王", roles=["technician"])
        return member


def test_what_waits_is_sent_only_by_the_person_who_wrote_it(cast: Cast, arrive: Arrival) -> None:
    ticket, other = job(cast), colleague(cast)
    person = at_work(cast, arrive, ticket)
    context, page = person.page.context, person.page
    go_to(person, ticket)
    context.set_offline(True)
    write_note(page, "机房钥匙在门卫处")
    expect(page.locator("[data-outbox-state]")).to_contain_text("1 项")
    # The session has ended meanwhile.
    context.clear_cookies(name="sessionid")
    context.set_offline(False)
    expect(page.locator("[data-outbox-state]")).to_contain_text("请重新登录后发送")

    sign_in(page, person.origin, other.user.username)
    expect(page.locator("[data-outbox-state]")).to_contain_text("别人未发送")
    assert "机房钥匙" not in page.content()
    page.goto(f"{person.origin}/jinxiu/jobs/")
    sign_out(page, person.origin, warned=True)
    sign_in(page, person.origin, cast.technician.user.username)
    wait_until_sent(page)
    forgive_the_network(person)

    assert kinds(cast, ticket) == ["noted"]
    with company_scope(cast.company.pk):
        note = TicketEvent.objects.get(kind=EventKind.NOTED)
        assert note.by_id == cast.technician.pk


def sign_out(page: Page, origin: str, *, warned: bool = False) -> None:
    page.goto(f"{origin}/accounts/logout/")
    expect(page.locator("[data-unsent]")).to_be_visible(visible=warned)
    page.locator("main form button").first.click()
    page.wait_for_url("**/accounts/login/")
    until(page, lambda: page.evaluate(CONTROLLED))
    page.wait_for_load_state("networkidle")


def test_who_signs_out_leaves_nothing_behind(cast: Cast, arrive: Arrival) -> None:
    ticket = job(cast)
    person = at_work(cast, arrive, ticket)
    context, page = person.page.context, person.page
    sign_out(page, person.origin)
    context.set_offline(True)
    page.goto(f"{person.origin}{place(ticket)}")

    expect(page.locator("h1")).to_have_text("现在没有网络")
    assert (
        page.evaluate("(async () => (await caches.keys()).filter((n) => /^jobs/.test(n)))()") == []
    )
    person.look()
    forgive_the_network(person)


def test_a_colleagues_telephone_does_not_show_my_jobs(cast: Cast, arrive: Arrival) -> None:
    ticket, other = job(cast), colleague(cast)
    person = at_work(cast, arrive, ticket)
    context, page = person.page.context, person.page
    context.clear_cookies()
    sign_in(page, person.origin, other.user.username)
    until(page, lambda: page.evaluate(KEPT, "/jinxiu/jobs/"))
    context.set_offline(True)
    page.goto(f"{person.origin}{place(ticket)}")

    expect(page.locator("h1")).to_have_text("现在没有网络")
    forgive_the_network(person)


@pytest.mark.parametrize(
    ("lang", "words"), [("en", "No network right now"), ("zh-TW", "現在沒有網路")]
)
def test_everybody_hears_in_their_language_that_there_is_no_network(
    cast: Cast, arrive: Arrival, lang: str, words: str
) -> None:
    person = arrive(width=390, height=844, lang=lang)
    person.page.goto(f"{person.origin}/accounts/login/")
    until(person.page, lambda: person.page.evaluate(CONTROLLED))
    person.page.wait_for_load_state("networkidle")
    person.page.context.set_offline(True)
    person.page.goto(f"{person.origin}/jinxiu/my/")
    expect(person.page.locator("h1")).to_have_text(words)
    person.look()
    forgive_the_network(person)
