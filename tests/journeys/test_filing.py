"""Speaking up on a telephone: few taps, nothing lost, once, and without scripts too."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import Client
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from complaints.models import Attachment, Ticket
from complaints.services import handling
from tenancy.scope import company_scope
from tests.browser.chromium import listen, visit_as
from tests.factories.cast import Cast, cast_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

FILING, MINE = "/jinxiu/tickets/file/", "/jinxiu/my/"
FEW = 8


@pytest.fixture
def cast(transactional_db: None) -> Cast:
    return cast_of("jinxiu", "锦绣物业")


@pytest.fixture(autouse=True)
def media(settings: object, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"  # type: ignore[attr-defined]


def enter(context: BrowserContext, cast: Cast, origin: str) -> Page:
    """The owner, signed in before."""
    client = Client()
    client.force_login(cast.owner.user, "django.contrib.auth.backends.ModelBackend")
    session = client.cookies["sessionid"].value
    context.add_cookies([{"name": "sessionid", "value": session, "url": origin}])
    return context.new_page()


@pytest.fixture
def phone(chromium: Browser, cast: Cast, live_server: LiveServer) -> Iterator[Page]:
    console: list[str] = []
    with visit_as(chromium, width=390, height=844) as context:
        page = listen(enter(context, cast, live_server.url), console)
        page.goto(live_server.url + FILING)
        yield page
    assert console == []


@pytest.fixture
def plain_phone(chromium: Browser, cast: Cast, live_server: LiveServer) -> Iterator[Page]:
    """A telephone whose browser runs no scripts."""
    with chromium.new_context(
        viewport={"width": 390, "height": 844}, locale="zh-CN", java_script_enabled=False
    ) as context:
        page = enter(context, cast, live_server.url)
        page.goto(live_server.url + FILING)
        yield page


def picture(place: Path, name: str, size: tuple[int, int] = (40, 30)) -> Path:
    path = place / name
    Image.effect_noise(size, 90).convert("RGB").save(path)
    return path


def tickets(cast: Cast) -> list[Ticket]:
    with company_scope(cast.company.pk):
        return list(Ticket.objects.order_by("id").select_related("category"))


def submit(page: Page) -> None:
    with page.expect_navigation():
        page.locator(".speak .btn-primary").tap()


def test_filing_fits_one_screen_and_takes_few_taps(phone: Page, cast: Cast, tmp_path: Path) -> None:
    taps = 0
    for selector in ("[value=incident]", f"[value='{cast.trapped.pk}']", "textarea[name=text]"):
        phone.locator(selector).tap()
        taps += 1
    phone.keyboard.type("电梯里困着两个人")
    phone.locator("[name=photos]").set_input_files(picture(tmp_path, "lift.png"))
    expect(phone.locator(".photos img")).to_have_count(1)
    taps += 3  # the button, the gallery, the picture
    assert phone.locator(".speak-hotline").is_visible()
    send = phone.locator(".speak .btn-primary").bounding_box()
    assert send is not None
    assert send["y"] + send["height"] <= 844
    submit(phone)
    taps += 1
    assert (taps <= FEW, [ticket.category for ticket in tickets(cast)]) == (True, [cast.trapped])


def test_photos_add_up_can_be_taken_out_and_are_made_smaller(
    phone: Page, cast: Cast, tmp_path: Path
) -> None:
    phone.locator(f"[value='{cast.lift.pk}']").tap()
    phone.locator("textarea[name=text]").fill("灯坏了")
    choose = phone.locator("[name=photos]")
    choose.set_input_files(picture(tmp_path, "large.png", (2600, 1000)))
    choose.set_input_files([picture(tmp_path, "second.png"), picture(tmp_path, "third.png")])
    expect(phone.locator(".photo-item")).to_have_count(3)
    expect(phone.locator("img[alt='large.jpg']")).to_have_count(1)
    phone.locator(".photo-remove").nth(1).tap()
    expect(phone.locator(".photo-item")).to_have_count(2)
    words = tmp_path / "words.txt"
    words.write_text("words")
    choose.set_input_files(words)
    expect(phone.locator("#photo-problem")).to_contain_text("words.txt")
    sent = phone.evaluate("document.querySelector('[name=photos]').files[0].size")
    assert sent < (tmp_path / "large.png").stat().st_size
    submit(phone)
    with company_scope(cast.company.pk):
        found = list(Attachment.objects.order_by("id").values_list("name", "width"))
    assert found == [("large.jpg", 1600), ("third.png", 40)]


def test_what_is_missing_is_said_before_the_photos_are_lost(
    phone: Page, cast: Cast, tmp_path: Path
) -> None:
    phone.locator("[name=photos]").set_input_files(picture(tmp_path, "lift.png"))
    phone.locator(".speak .btn-primary").tap()
    missing = phone.locator("[data-missing]")
    expect(missing).to_have_text("请选择事项分类。请简单写几句情况。")
    phone.locator(f"[value='{cast.lift.pk}']").tap()
    phone.locator("textarea[name=text]").fill("灯坏了")
    submit(phone)
    with company_scope(cast.company.pk):
        assert Attachment.objects.count() == 1


def test_draft_is_kept_until_it_has_been_sent(
    phone: Page, cast: Cast, live_server: LiveServer
) -> None:
    phone.locator("[value=repair]").tap()
    phone.locator(f"[value='{cast.tap.pk}']").tap()
    phone.locator("textarea[name=text]").fill("水龙头漏水")
    phone.goto(live_server.url + MINE)
    phone.goto(live_server.url + FILING)
    expect(phone.locator("textarea[name=text]")).to_have_value("水龙头漏水")
    assert phone.locator(f"[value='{cast.tap.pk}']").is_checked()
    submit(phone)
    phone.goto(live_server.url + FILING)
    expect(phone.locator("textarea[name=text]")).to_have_value("")
    assert [ticket.category for ticket in tickets(cast)] == [cast.tap]


def test_going_back_and_sending_again_makes_one_ticket(phone: Page, cast: Cast) -> None:
    phone.locator(f"[value='{cast.lift.pk}']").tap()
    phone.locator("textarea[name=text]").fill("电梯停了")
    submit(phone)
    phone.go_back()
    phone.locator(f"[value='{cast.lift.pk}']").tap()
    phone.locator("textarea[name=text]").fill("电梯停了")
    submit(phone)
    assert [ticket.title for ticket in tickets(cast)] == ["电梯停了"]


def test_another_kind_forgets_the_category_of_the_first(phone: Page, cast: Cast) -> None:
    phone.locator(f"[value='{cast.lift.pk}']").tap()
    phone.locator("[value=repair]").tap()
    assert phone.locator("[name=category]:checked").count() == 0
    assert phone.locator(f"[value='{cast.tap.pk}']").is_visible()
    assert not phone.locator(f"[value='{cast.lift.pk}']").is_visible()


def test_filing_following_and_rating_need_no_script(
    plain_phone: Page, cast: Cast, tmp_path: Path
) -> None:
    page = plain_phone
    page.locator("[value=repair]").click()
    page.locator(f"[value='{cast.tap.pk}']").click()
    page.locator("textarea[name=text]").fill("水龙头漏水")
    page.locator("[name=photos]").set_input_files(picture(tmp_path, "tap.png"))
    page.locator(".speak .btn-primary").click()
    page.locator(".receipt-ways .btn-primary").click()
    assert page.locator(".timeline-item").count() == 1
    [ticket] = tickets(cast)
    with company_scope(cast.company.pk):
        handling.resolve(
            ticket=ticket, solution="换了垫片", by=cast.actor("desk"), now=ticket.created_at
        )
    page.reload()
    page.locator("[name=fixed][value=yes]").click()
    page.locator("[name=score][value='4']").click()
    page.locator("#rating .btn-primary").click()
    assert [ticket.status for ticket in tickets(cast)] == ["closed"]
