"""Speaking up where things go wrong: no network, a closed tab, an ended session, many photos."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from complaints.models import Attachment, Ticket
from tenancy.scope import company_scope
from tests.browser.chromium import visit_as
from tests.factories.cast import PASSWORD, Cast, cast_of
from tests.journeys.test_filing import FILING, MINE, picture

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WORDS = "三号楼电梯停了，老人下不了楼"
ATTACH = "**/attachments/"
SMALL = 4_000_000  # bytes
# The first photograph arrives, but nobody on the telephone learns of it.
LOSE_ONE_ANSWER = """() => {
  const send = XMLHttpRequest.prototype.send;
  let lost = false;
  XMLHttpRequest.prototype.send = function (body) {
    if (!lost && body.has("file")) {
      lost = true;
      const failed = this.onerror;
      this.onload = () => failed();
    }
    return send.call(this, body);
  };
}"""


@pytest.fixture
def cast(transactional_db: None) -> Cast:
    return cast_of("jinxiu", "锦绣物业")


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def telephone(chromium: Browser, cast: Cast, live_server: LiveServer) -> Iterator[BrowserContext]:
    """The owner's telephone, signed in; its console may complain of the network."""
    client = Client()
    client.force_login(cast.owner.user, "django.contrib.auth.backends.ModelBackend")
    session = client.cookies["sessionid"].value
    with visit_as(chromium, width=390, height=844) as context:
        context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
        yield context


@pytest.fixture
def filled(telephone: BrowserContext, cast: Cast, live_server: LiveServer, tmp_path: Path) -> Page:
    """A complaint with one photograph, not sent yet."""
    page = telephone.new_page()
    page.goto(live_server.url + FILING)
    fill(page, cast, tmp_path)
    return page


def fill(page: Page, cast: Cast, place: Path) -> None:
    page.locator(f"[value='{cast.lift.pk}']").tap()
    page.locator("textarea[name=text]").fill(WORDS)
    page.locator("[name=photos]").set_input_files(picture(place, "lift.png"))
    expect(page.locator(".photos img")).to_have_count(1)


def send(page: Page) -> None:
    page.locator(".speak .btn-primary").last.tap()


def arrived(page: Page) -> None:
    page.wait_for_url("**/received/")


def what_came(cast: Cast) -> list[tuple[str, int]]:
    with company_scope(cast.company.pk):
        return [
            (ticket.title, Attachment.objects.filter(ticket=ticket).count())
            for ticket in Ticket.objects.order_by("id")
        ]


def test_without_a_network_it_waits_and_goes_by_itself(
    telephone: BrowserContext, filled: Page, cast: Cast
) -> None:
    telephone.set_offline(True)
    expect(filled.locator("[data-offline]")).to_be_visible()
    send(filled)
    expect(filled.locator(".sending")).to_contain_text("现在没有网络")
    assert what_came(cast) == []
    telephone.set_offline(False)
    arrived(filled)
    assert what_came(cast) == [(WORDS, 1)]


def test_connection_that_comes_back_says_that_nothing_was_lost(
    telephone: BrowserContext, filled: Page
) -> None:
    telephone.set_offline(True)
    telephone.set_offline(False)
    expect(filled.locator(".sending")).to_have_text("网络已恢复，内容都还在。")
    expect(filled.locator("[data-offline]")).to_be_hidden()


def test_closed_tab_loses_neither_words_nor_photos(
    telephone: BrowserContext, filled: Page, cast: Cast, live_server: LiveServer
) -> None:
    filled.wait_for_timeout(300)  # the photograph is being put away
    filled.close()
    page = telephone.new_page()
    page.goto(live_server.url + FILING)
    expect(page.locator("[data-draft-note]")).to_be_visible()
    expect(page.locator(".photos img")).to_have_count(1)
    send(page)
    arrived(page)
    assert what_came(cast) == [(WORDS, 1)]
    page.goto(live_server.url + FILING)
    expect(page.locator("textarea[name=text]")).to_have_value("")
    expect(page.locator(".photos img")).to_have_count(0)


def test_beginning_anew_forgets_the_draft(filled: Page, live_server: LiveServer) -> None:
    filled.wait_for_timeout(300)
    filled.reload()
    filled.locator("[data-draft-note] button").tap()
    expect(filled.locator("textarea[name=text]")).to_have_value("")
    filled.reload()
    expect(filled.locator("[data-draft-note]")).to_be_hidden()
    expect(filled.locator(".photos img")).to_have_count(0)


KEPT_HERE = """async () => {
  const opened = indexedDB.open("portal", 1);
  await new Promise((done) => { opened.onsuccess = opened.onupgradeneeded = done; });
  const stores = opened.result.objectStoreNames.length;
  return [Object.keys(localStorage), stores];
}"""


def test_sign_out_leaves_no_draft_behind(
    telephone: BrowserContext, filled: Page, live_server: LiveServer
) -> None:
    filled.wait_for_timeout(300)
    filled.evaluate("localStorage.setItem('survey:/jinxiu/s/x/', 'begun')")
    filled.goto(f"{live_server.url}/jinxiu/me/")
    filled.locator("main form[data-leaves] button").tap()
    filled.wait_for_url("**/accounts/login/")
    assert filled.evaluate(KEPT_HERE) == [[], 0]


def test_sign_out_keeps_photos_that_have_a_ticket_and_says_so(
    filled: Page, live_server: LiveServer
) -> None:
    filled.route(ATTACH, lambda route: route.abort())
    send(filled)
    expect(filled.locator(".sending")).to_contain_text("照片")
    filled.goto(f"{live_server.url}/accounts/")
    filled.locator("main form[data-leaves] button").tap()
    expect(filled.locator("[data-unsent]")).to_contain_text("还有 1 项")
    filled.locator("main form[data-leaves] button").tap()
    filled.wait_for_url("**/accounts/login/")
    assert filled.evaluate(KEPT_HERE) == [[], 1]


def test_ended_session_asks_to_sign_in_and_brings_everything_back(filled: Page, cast: Cast) -> None:
    filled.wait_for_timeout(300)
    Session.objects.all().delete()
    send(filled)
    filled.locator(".sending a").tap()
    filled.locator("input[name=login]").fill(cast.owner.user.username)
    filled.locator("input[name=password]").fill(PASSWORD)
    filled.locator("input[name=password]").press("Enter")
    filled.wait_for_url(f"**{FILING}")
    expect(filled.locator("textarea[name=text]")).to_have_value(WORDS)
    expect(filled.locator(".photos img")).to_have_count(1)
    send(filled)
    arrived(filled)
    assert what_came(cast) == [(WORDS, 1)]


def test_ended_session_takes_no_message_away(
    telephone: BrowserContext, cast: Cast, live_server: LiveServer
) -> None:
    ticket = cast.file()
    page = telephone.new_page()
    page.goto(f"{live_server.url}/jinxiu/tickets/{ticket.pk}/")
    page.locator("#message").fill(WORDS)
    Session.objects.all().delete()
    page.locator(".talk-form button").tap()
    page.locator("input[name=login]").fill(cast.owner.user.username)
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("input[name=password]").press("Enter")
    expect(page.locator("#message")).to_have_value(WORDS)
    expect(page.locator(".talk-form [data-kept-note]")).to_be_visible()
    page.locator(".talk-form button").tap()
    expect(page.locator(".talk-mine .talk-words")).to_have_text(WORDS)
    expect(page.locator("#message")).to_have_value("")
    page.wait_for_function("Object.keys(localStorage).length === 0")


def test_photo_that_fails_is_sent_again_and_arrives_once(filled: Page, cast: Cast) -> None:
    filled.evaluate(LOSE_ONE_ANSWER)
    send(filled)
    expect(filled.locator(".sending")).to_contain_text("文字已收到")
    expect(filled.locator(".photo-item[data-state=failed]")).to_have_count(1)
    assert what_came(cast) == [(WORDS, 1)]
    send(filled)
    arrived(filled)
    assert what_came(cast) == [(WORDS, 1)]


def test_photos_left_behind_are_sent_from_the_next_page(
    telephone: BrowserContext, filled: Page, cast: Cast, live_server: LiveServer
) -> None:
    filled.route(ATTACH, lambda route: route.abort())
    send(filled)
    expect(filled.locator(".photo-item[data-state=failed]")).to_have_count(1)
    filled.close()
    assert what_came(cast) == [(WORDS, 0)]
    page = telephone.new_page()
    page.goto(live_server.url + MINE)
    expect(page.locator("[data-leftover]")).to_contain_text("已经全部上传")
    assert what_came(cast) == [(WORDS, 1)]


def test_photo_that_is_none_is_named_and_the_words_arrive(
    filled: Page, cast: Cast, tmp_path: Path
) -> None:
    false = tmp_path / "false.jpg"
    false.write_bytes(b"these are words")
    filled.locator("[name=photos]").set_input_files(false)
    expect(filled.locator(".photo-item")).to_have_count(2)
    send(filled)
    expect(filled.locator(".sending")).to_contain_text("false.jpg")
    filled.locator(".sending a").tap()
    arrived(filled)
    assert what_came(cast) == [(WORDS, 1)]


def test_twenty_photos_go_and_one_more_is_refused_at_once(
    filled: Page, cast: Cast, tmp_path: Path
) -> None:
    more = [picture(tmp_path, f"{number}.png") for number in range(20)]
    filled.locator("[name=photos]").set_input_files(more)
    expect(filled.locator(".photo-item")).to_have_count(20)
    expect(filled.locator("#photo-problem")).to_have_text("最多 20 个文件。")
    send(filled)
    arrived(filled)
    assert what_came(cast) == [(WORDS, 20)]


def test_photo_of_twelve_megabytes_is_made_small_and_upright(
    filled: Page, cast: Cast, tmp_path: Path
) -> None:
    large = tmp_path / "large.jpg"
    image = Image.effect_noise((3600, 3000), 120).convert("RGB")
    exif = image.getexif()
    exif[0x0112] = 6  # the camera was held upright
    image.save(large, quality=100, exif=exif)
    assert large.stat().st_size > 12_000_000
    filled.locator(".photo-remove").tap()
    choose(filled, "[name=photos]", large)
    send(filled)
    arrived(filled)
    filled.locator(".receipt-ways .btn-primary").tap()
    filled.locator(".mine-add summary").tap()
    choose(filled, "[name=upload]", large)
    filled.locator(".mine-attach button").tap()
    expect(filled.locator(".message-success")).to_be_visible()
    with company_scope(cast.company.pk):
        assert list(Attachment.objects.values_list("width", "height")) == [(1333, 1600)] * 2


def choose(page: Page, field: str, large: Path) -> None:
    """Choose a large photograph, and wait until it is small."""
    page.locator(field).set_input_files(large)
    while page.evaluate(f"document.querySelector('{field}').files[0].size") > SMALL:
        page.wait_for_timeout(50)


def test_what_is_wrong_is_said_without_leaving_the_page(filled: Page, cast: Cast) -> None:
    with company_scope(cast.company.pk):
        cast.lift.is_active = False
        cast.lift.save()
    send(filled)
    expect(filled.locator(".sending")).to_contain_text("请选择事项分类。")
    expect(filled.locator("textarea[name=text]")).to_have_value(WORDS)
    expect(filled.locator(".photos img")).to_have_count(1)


def test_clock_wrong_by_a_day_files_in_time(
    telephone: BrowserContext, cast: Cast, live_server: LiveServer, tmp_path: Path
) -> None:
    telephone.clock.install(time="2020-01-01T00:00:00Z")
    page = telephone.new_page()
    page.goto(live_server.url + FILING)
    fill(page, cast, tmp_path)
    send(page)
    arrived(page)
    assert what_came(cast) == [(WORDS, 1)]
