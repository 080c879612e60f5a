"""The company admin in a real browser: from nothing to a working desk, and every page looked at."""

import time

import pytest
from playwright.sync_api import expect

from complaints.models import Ticket
from complaints.services.onboarding import bring_on_board
from owners.models import Unit
from tenancy.models import Membership
from tenancy.scope import company_scope
from tests.factories.cast import PASSWORD, Cast, cast_of
from tests.journeys.conftest import KNOWN, Arrival, Person

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# Formats, and what people type into the boxes.
KNOWN.update({"API", "PNG", "JPEG", "WebP", "CSV", "SMS"})
TEN_MINUTES = 600
SAVE = ".settings-body form .btn-primary"
PLACES = (
    "", "company/", "looks/", "communities/", "communities/new/", "departments/",
    "members/", "members/new/", "roles/", "categories/", "categories/new/", "promises/",
    "calendar/?on=2026-11-11", "calendar/?year=2027", "tokens/", "audit/",
)  # fmt: skip


@pytest.fixture
def cast(transactional_db: None) -> Cast:
    return cast_of("jinxiu", "锦绣物业")


@pytest.fixture
def new(transactional_db: None) -> Membership:
    """The admin of a company with nothing in it."""
    admin = bring_on_board(slug="xinyuan", name="新苑物业", admin="新苑管理员").admin
    admin.user.set_password(PASSWORD)
    admin.user.save()
    return admin


def fits(person: Person) -> bool:
    found: bool = person.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    return found


def replace(person: Person, selector: str, text: str) -> None:
    person.reach(selector)
    person.page.keyboard.press("Control+a")
    person.page.keyboard.type(text)


def step(person: Person, place: str) -> None:
    """From the guide to one of its steps."""
    person.follow(f"a.setup-step[href*='{place}']")


def set_up_places(admin: Person) -> None:
    """Company, community, and 2,160 units in one go."""
    step(admin, "/company/")
    admin.write("[name=hotline]", "400-800-1234")
    admin.follow(SAVE)
    step(admin, "/communities/new/")
    admin.write("[name=name]", "月亮湾")
    admin.write("[name=address]", "滨江路 1 号")
    admin.follow(SAVE)
    replace(admin, "[name=building_to]", "12")
    replace(admin, "[name=staircases]", "3")
    admin.write("[name=skipped_floors]", "4, 13, 14")
    expect(admin.page.locator(".range-count")).to_have_text("2160 套房屋")
    expect(admin.page.locator(".range-labels li").first).to_have_text("1栋1单元101")
    admin.follow(SAVE)


def set_up_work(admin: Person) -> None:
    """Departments, one person for the desk, a look at promises and calendar."""
    step(admin, "/departments/")
    admin.follow(".settings-body > p > a.btn")
    step(admin, "/members/new/")
    admin.write("[name=name]", "李雷")
    admin.write("[name=address]", "13900000009")
    admin.press("[name=roles][value=desk]", "Space")
    admin.follow(SAVE)
    for place in ("/promises/", "/calendar/"):
        step(admin, place)
        admin.follow(".settings-body > .notice a")


def file_first(admin: Person) -> None:
    """The first ticket, for somebody who is in no archive yet."""
    admin.follow(".settings-body .btn-primary")
    admin.write("#take-q", "张伟")
    expect(admin.page.locator("#found a[href*='owner=new']")).to_be_visible()
    admin.follow("#found a[href*='owner=new']")
    admin.write("[name=name]", "张伟")
    admin.write("[name=phone]", "13800000001")
    admin.press("[name=category-complaint]", "Space")
    admin.write("[name=title]", "电梯停了")
    admin.follow(".take .btn-primary")


def test_an_empty_company_has_a_working_desk_within_ten_minutes(
    new: Membership, arrive: Arrival
) -> None:
    admin = arrive()
    began = time.monotonic()
    admin.sign_in(new, "/xinyuan/")
    expect(admin.page.locator(".setup-next")).to_have_count(1)
    expect(admin.page.locator(".setup-done")).to_have_count(3)
    set_up_places(admin)
    set_up_work(admin)
    expect(admin.page.locator(".setup-done")).to_have_count(7)
    file_first(admin)
    took = time.monotonic() - began
    with company_scope(new.company_id):
        ticket = Ticket.objects.get()
        assert (ticket.title, Unit.objects.count()) == ("电梯停了", 2160)
        assert ticket.next_due_at is not None
    assert took < TEN_MINUTES
    print(f"from an empty company to the first ticket by keyboard: {took:.0f} s")  # noqa: T201


def test_a_year_is_one_stop_for_the_tab_key(cast: Cast, arrive: Arrival) -> None:
    admin = arrive(lang="en")
    admin.sign_in(cast.admin, "/jinxiu/settings/")
    admin.page.goto(f"{admin.origin}/jinxiu/settings/calendar/?year=2026&on=2026-11-11")
    admin.reach("a.day-picked")
    for key, day in (
        ("ArrowRight", "12"),
        ("ArrowDown", "19"),
        ("ArrowLeft", "18"),
        ("ArrowUp", "11"),
    ):
        admin.page.keyboard.press(key)
        assert admin.page.evaluate("document.activeElement.firstChild.textContent") == day
    admin.page.keyboard.press("ArrowRight")
    admin.page.keyboard.press("Enter")
    expect(admin.page.locator("[name=since]")).to_have_value("2026-11-12")
    admin.page.keyboard.press("Tab")
    admin.reach("summary")


def test_a_change_of_the_calendar_is_rehearsed(cast: Cast, arrive: Arrival) -> None:
    cast.file()
    admin = arrive(lang="en")
    admin.sign_in(cast.admin, "/jinxiu/settings/calendar/")
    replace(admin, "#week-day1", "10:00-12:00")
    with admin.page.expect_navigation():
        admin.page.keyboard.press("Enter")
    expect(admin.page.locator(".confirm-move")).to_be_visible()
    expect(admin.page.locator(".confirm-move button")).to_be_focused()
    admin.look()
    admin.go("Enter")
    expect(admin.page.locator(".message-success")).to_be_visible()
    expect(admin.page.locator("#week-day1")).to_have_value("10:00-12:00")


def test_a_colour_is_seen_before_it_is_taken(cast: Cast, arrive: Arrival) -> None:
    admin = arrive(lang="en")
    admin.sign_in(cast.admin, "/jinxiu/settings/looks/")
    admin.follow(".swatches a[href*='7a2e8e']")
    sample = (
        "getComputedStyle(document.querySelector('.looks-sample .btn-primary')).backgroundColor"
    )
    rail = "getComputedStyle(document.querySelector('.rail')).backgroundColor"
    before = admin.page.evaluate(rail)
    assert admin.page.evaluate(sample) == "rgb(122, 46, 142)"
    admin.follow(".settings-body form[method=post] .btn-primary")
    assert admin.page.evaluate(rail) != before
    for place in ("settings/", "queue/"):
        admin.page.goto(f"{admin.origin}/jinxiu/{place}")
        admin.look()
