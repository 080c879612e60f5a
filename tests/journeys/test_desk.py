"""The desk in a real browser: finding, taking a call, leafing back, and every page looked at."""

from typing import Any

import pytest
from playwright.sync_api import expect

from complaints.models import Ticket
from owners.services.archive import update_owner
from tenancy.models import AuditEntry
from tenancy.scope import company_scope
from tests.factories.cast import TUESDAY, Cast, cast_of
from tests.journeys.conftest import Arrival, Person

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def cast(transactional_db: None) -> Cast:
    made = cast_of("jinxiu", "锦绣物业")
    with company_scope(made.company.pk):
        # Found by sound and number, as everybody in the archive is.
        update_owner(
            owner=made.resident,
            name="张伟",
            phone="13800000001",
            by=made.actor("admin"),
            now=TUESDAY,
        )
    return made


def at_the_desk(cast: Cast, arrive: Arrival, place: str, role: str = "desk", **how: Any) -> Person:
    person = arrive(**how)
    person.sign_in(cast.members[role], f"/jinxiu/{place}")
    return person


def fits(person: Person) -> bool:
    found: bool = person.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    return found


@pytest.mark.parametrize("look", [{"width": 390}, {"lang": "en", "dark": True}])
def test_pages_of_the_desk_hurt_nobody(cast: Cast, arrive: Arrival, look: dict[str, Any]) -> None:
    admin = at_the_desk(cast, arrive, "queue/", "admin", **look)
    for place in (
        "queue/?search=nothing",
        "tickets/take/?q=zw",
        f"tickets/take/?owner={cast.resident.pk}",
        "tickets/take/?owner=new",
    ):
        admin.visit(f"/jinxiu/{place}")


def test_search_keeps_the_place_and_the_way_back(cast: Cast, arrive: Arrival) -> None:
    cast.file(title="电梯又停了")
    cast.file(title="水管漏水")
    desk = at_the_desk(cast, arrive, "queue/")
    desk.write("#queue-search", "水管")
    rows = desk.page.locator(".queue-row")
    expect(rows).to_have_count(1)
    assert desk.page.evaluate("document.activeElement.id") == "queue-search"
    desk.press(".queue-title")
    expect(desk.page.locator("[data-pane-heading]")).to_be_focused()
    desk.follow("[data-key=o]")
    desk.page.go_back()
    expect(desk.page.locator(".rail")).to_be_visible()
    expect(desk.page.locator("#queue-search")).to_have_value("水管")
    expect(rows).to_have_count(1)
    # Names and numbers must not stay behind on a computer that others use.
    kept = desk.page.evaluate("JSON.stringify([localStorage, sessionStorage])")
    assert "水管漏水" not in kept


def test_a_call_is_taken_by_keyboard(cast: Cast, arrive: Arrival) -> None:
    desk = at_the_desk(cast, arrive, "tickets/take/")
    desk.write("#take-q", "zw")
    expect(desk.page.locator("#found .row-link")).to_have_count(1)
    desk.follow("#found .row-link")
    desk.press(".phone-line button")
    expect(desk.page.locator("a[href='tel:+8613800000001']")).to_be_focused()
    desk.press("[name=kind]", "ArrowRight")
    expect(desk.page.locator("[name=kind][value=repair]")).to_be_checked()
    desk.press("[name=category-repair]", "Space")
    desk.write("[name=title]", "厨房水龙头漏水")
    desk.write("[name=description]", "昨晚开始漏")
    desk.follow(".take .btn-primary")
    assert desk.page.locator(".promised > li").count() == 3
    with company_scope(cast.company.pk):
        ticket = Ticket.objects.get()
        revealed = AuditEntry.objects.filter(action="reveal_phone").count()
    assert (ticket.kind, ticket.source, ticket.title, revealed) == (
        "repair",
        "phone",
        "厨房水龙头漏水",
        1,
    )


def test_a_promise_is_tried_before_it_is_made(cast: Cast, arrive: Arrival) -> None:
    admin = at_the_desk(cast, arrive, "settings/promises/", "admin", lang="en")
    preview = admin.page.locator(".rule-preview strong").first
    before = preview.inner_text()
    admin.reach(".rule input[type=number]")
    admin.page.keyboard.press("Control+a")
    admin.page.keyboard.type("4000")
    expect(preview).not_to_have_text(before)


def test_a_slow_preview_gives_way_to_the_newer(cast: Cast, arrive: Arrival) -> None:
    """What was typed last is what is shown, and the page says of the older nothing is wrong."""
    admin = at_the_desk(cast, arrive, "settings/promises/", "admin", lang="en")
    page = admin.page
    preview = page.locator(".rule-preview strong").first
    before = preview.inner_text()
    admin.reach(".rule input[type=number]")
    page.keyboard.press("Control+a")
    page.route("**/preview/*amount=4&*", lambda route: None)  # no answer ever comes
    with page.expect_request("**/preview/*amount=4&*"):
        page.keyboard.type("4")
    with page.expect_event("requestfailed"):
        page.keyboard.type("000")
    expect(preview).not_to_have_text(before)


@pytest.mark.parametrize("role", ["desk", "technician"])
def test_the_queue_fits_a_telephone(cast: Cast, arrive: Arrival, role: str) -> None:
    cast.file(title="电梯" * 60)
    person = at_the_desk(cast, arrive, "queue/", role, width=390, height=844)
    assert fits(person)
    person.follow(".queue-title")
    assert fits(person)
