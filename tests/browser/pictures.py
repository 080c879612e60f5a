"""Every picture of the README and the guide: what to look at, as whom, and after doing what.

`tests/journeys/test_pictures.py` takes them; `make pictures` saves them.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

from PIL import Image, ImageChops, ImageStat
from playwright.sync_api import Browser, Page

from tests.browser.chromium import ROOT, listen, sign_in, visit_as

FOLDER = ROOT / "docs" / "guide" / "pictures"
PHONE, DESK = 390, 1440
SEEN_HEIGHT, SAVED_WIDTH = {PHONE: 844, DESK: 900}, {PHONE: 488, DESK: 1200}


def follow(selector: str, text: str = "", then: str = "", at: str = "") -> Callable[[Page], None]:
    """Go where the first such link leads, and on from there; `at` comes to the top."""

    def act(page: Page) -> None:
        address = page.locator(selector, has_text=text).first.get_attribute("href") or ""
        page.goto(urljoin(page.url, address).split("#")[0] + then, wait_until="networkidle")
        if at:
            page.locator(at).evaluate("place => place.scrollIntoView({behavior: 'instant'})")

    return act


def fill_in(page: Page) -> None:
    """A complaint just before it is sent."""
    page.locator(".tile:visible").first.click()
    page.locator("#text").fill("3号电梯今早困人两次，门关到一半又打开，老人不敢坐。请尽快检修。")
    page.locator("h1").click()


def narrow(page: Page) -> None:
    """One department's part of the queue: what is late, and what is not yet."""
    chosen = page.locator("#filter-department option", has_text="保洁绿化部")
    address = f"{page.url.split('?')[0]}?department={chosen.get_attribute('value')}"
    page.goto(address, wait_until="networkidle")


def choose(page: Page) -> None:
    """A ticket beside the queue."""
    page.locator(".queue-title").nth(2).click()
    page.locator("[data-pane-ticket]").wait_for()


def find(page: Page) -> None:
    """Search while the telephone rings."""
    page.keyboard.type("zw")
    page.locator("#found .row-link").first.wait_for()


def enlarge(page: Page) -> None:
    """Large print, for this look only."""
    page.context.add_cookies([{"name": "print", "value": "large", "url": page.url}])
    page.reload(wait_until="networkidle")


def see_near(page: Page) -> None:
    """What neighbours have reported of the lift."""
    page.locator(".tile:visible").first.click()
    page.locator("#near .near-item").first.wait_for()
    page.locator("#near").evaluate("place => place.scrollIntoView({block: 'center'})")


def open_palette(page: Page) -> None:
    """Everything is a few letters away."""
    page.keyboard.press("Control+k")
    page.keyboard.type("zw")
    page.locator("[role=option]").first.wait_for()


def open_answers(page: Page) -> None:
    """What is prepared to be said about the second ticket."""
    page.locator(".queue-title").nth(1).click()
    page.locator("#comment-text").wait_for(state="attached")
    page.keyboard.press("r")
    page.locator("#comment-text:focus").wait_for()
    page.keyboard.press("/")
    page.locator("#answers [role=option]").first.wait_for()


def begin(page: Page) -> None:
    """A job that is under way."""
    page.locator("main a", has_text="已到场").first.click()
    page.wait_for_load_state("networkidle")


def sign_in_on_two_devices(page: Page) -> None:
    """A telephone in the hall and the screen at the desk; signing in is what is shown."""
    browser = page.context.browser
    assert browser is not None
    origin, path = page.url.split("/accounts/")
    for device in (visit_as(browser, width=PHONE), page.context):
        device.clear_cookies()
        there = device.new_page()
        sign_in(there, origin, "desk@jinxiu")
        there.close()
    page.goto(f"{origin}/accounts/{path}", wait_until="networkidle")


def say_why(page: Page) -> None:
    """An operator about to look into a company."""
    follow("main th a")(page)
    page.locator("#id_enter-reason").fill("协助排查回访列表不更新的问题")
    page.locator("h1").click()


# Whether the service worker has kept a page for when there is no network.
KEPT = "async (url) => Boolean(await caches.match(url, {ignoreVary: true}))"


def work_without_a_network(page: Page) -> None:
    """What is done in a dead spot stays on the phone."""
    begin(page)
    page.wait_for_function(KEPT, arg=page.url)
    page.context.set_offline(True)
    page.locator("#finish-solution").fill("更换灯具两盏，试亮正常。")
    page.locator("#finish button").last.click()
    page.locator(".outbox:visible").first.wait_for()
    page.evaluate("scrollTo({top: 0, behavior: 'instant'})")  # where it says what waits


# Asked in the demo, and where what came of it has been published.
SURVEY, WAVE, RUNNING, HOME = "业主满意度调查", "2026年下半年", "五问速查", "锦绣江南"


def look_into(survey: str, wave: str = "", then: str = "") -> Callable[[Page], None]:
    """A survey from the list of all, or one of its waves, and a page of that."""

    def act(page: Page) -> None:
        for text in filter(None, (survey, wave)):
            follow("main .row-link", text)(page)
        page.goto(urljoin(page.url, then), wait_until="networkidle")

    return act


def call_somebody(page: Page) -> None:
    """The first home that has not answered."""
    page.locator("main form .btn-primary").first.click()
    page.wait_for_url("**/interviews/*-*/")


def answer_some(page: Page) -> None:
    """A questionnaire on a phone, begun."""
    follow("main a", RUNNING)(page)
    for marked in page.locator("fieldset").all()[:2]:
        marked.locator("label", has_text="4").first.click()
    page.evaluate("scrollTo({top: 0, behavior: 'instant'})")


@dataclass(frozen=True, slots=True)
class Picture:
    """One page as somebody sees it."""

    name: str
    path: str
    login: str = ""
    width: int = DESK
    act: Callable[[Page], None] | None = None
    dark: bool = False

    @property
    def path_of_file(self) -> Path:
        return FOLDER / f"{self.name}.png"


ROOF = "1栋1单元顶楼屋面漏水"  # a story of the demo: in hand and called
PART = ".report-tile:first-child .report-parts span:last-child .report-number"
SEARCH = f"queue/?search={ROOF}"
PICTURES = (
    Picture("owner-file", "tickets/file/", "owner", PHONE, fill_in),
    Picture("owner-ticket", "my/", "owner", PHONE, follow(".row-link", ROOF)),
    Picture("desk-queue", "queue/", "desk", act=narrow),
    Picture("desk-ticket", SEARCH, "desk", act=follow(".queue-title")),
    Picture("sign-in", "/accounts/login/code/", width=PHONE),
    Picture("owner-home", "my/", "owner", PHONE),
    Picture("owner-receipt", "my/", "owner", PHONE, follow(".row-link", ROOF, "received/")),
    Picture("owner-rating", "my/", "owner", PHONE, follow("a[href$='#rating']")),
    Picture("owner-large", "my/", "owner", PHONE, enlarge),
    Picture("owner-near", "tickets/file/", "owner", PHONE, see_near),
    Picture("owner-household", "household/", "owner", PHONE),
    Picture("owner-inbox", "inbox/", "owner", PHONE),
    Picture("owner-me", "me/", "owner", PHONE),
    Picture("owner-dark", "my/", "owner", PHONE, dark=True),
    Picture("desk-split", "queue/", "desk", act=choose),
    Picture("desk-palette", "queue/", "desk", act=open_palette),
    Picture("desk-find", "tickets/take/", "desk", act=find),
    Picture("desk-take", "tickets/take/?q=1-101", "desk", act=follow("#found .row-link")),
    Picture("desk-calls", "calls/", "desk"),
    Picture("desk-answers", "queue/", "desk", act=open_answers),
    Picture("desk-owner", "owners/?q=1-101", "desk", act=follow("#people a.row-title")),
    Picture("technician-jobs", "jobs/", "technician", PHONE),
    Picture("technician-job", "jobs/", "technician", PHONE, begin),
    Picture("technician-offline", "jobs/", "technician", PHONE, work_without_a_network),
    Picture("supervisor-late", "late/", "supervisor"),
    Picture("supervisor-escalated", "late/escalated/", "supervisor"),
    Picture("supervisor-loads", "late/loads/", "supervisor"),
    Picture("supervisor-answers", "answers/", "supervisor"),
    Picture("supervisor-reassign", "late/reassign/?back=late&all=1&state=late", "supervisor"),
    Picture("manager-figures", "figures/?period=quarter", "manager"),
    Picture("manager-tickets", "figures/?period=quarter", "manager", act=follow(PART)),
    Picture("manager-timeline", "late/", "manager", act=follow(".queue-title", at="#story")),
    Picture("manager-late", "late/", "manager"),
    Picture("manager-survey", "surveys/", "manager", act=look_into(SURVEY, then="questions/")),
    Picture("manager-wave-plan", "surveys/", "manager", act=look_into(SURVEY, then="waves/new/")),
    Picture("manager-wave", "surveys/", "manager", act=look_into(RUNNING, WAVE)),
    Picture("manager-results", "surveys/", "manager", act=look_into(SURVEY, WAVE, "results/")),
    Picture("manager-index", "surveys/", "manager", act=look_into(SURVEY, WAVE, "index/")),
    Picture("manager-words", "surveys/", "manager", act=look_into(SURVEY, WAVE, "texts/")),
    Picture("manager-improvements", "surveys/improvements/", "manager"),
    Picture(
        "manager-publication",
        "surveys/publications/",
        "manager",
        act=follow("main th a", "锦绣江南"),
    ),
    Picture("desk-interview", "surveys/interviews/", "desk", act=call_somebody),
    Picture("desk-paper", "surveys/interviews/", "desk", act=follow("main a", "录入纸质问卷")),
    Picture("desk-slips", "surveys/interviews/", "desk", act=follow("main a", "通知与纸条")),
    Picture("supervisor-after", "surveys/after/", "supervisor"),
    Picture("owner-survey", "surveys/mine/", "owner", PHONE, answer_some),
    Picture("owner-said", "said/", "", PHONE, follow("main li a", "我们做的")),
    Picture("admin-weights", "surveys/weights/", "admin"),
    Picture("admin-setup", "settings/", "admin"),
    Picture(
        "admin-units", "settings/communities/", "admin", act=follow("main .row-link", then="units/")
    ),
    Picture("admin-members", "settings/members/", "admin"),
    Picture("admin-calendar", "settings/calendar/", "admin"),
    Picture("admin-looks", "settings/looks/", "admin"),
    Picture("admin-audit", "settings/audit/", "admin"),
    Picture("admin-promises", "settings/promises/", "admin"),
    Picture("admin-undelivered", "dead-letters/", "admin"),
    Picture("admin-tokens", "tokens/", "admin"),
    Picture("account-home", "/accounts/", "desk"),
    Picture("account-factors", "/accounts/second-factor/", "desk"),
    Picture("account-devices", "/accounts/sessions/", "desk", act=sign_in_on_two_devices),
    Picture("operator-companies", "/operator/", "operator"),
    Picture("operator-enter", "/operator/", "operator", act=say_why),
)


THUMBNAIL = 64  # pixels: layout and colours count, not the shape of letters


def reduced(picture: Picture, shot: bytes) -> Image.Image:
    """As large as it is shown, and with a palette: small enough for a repository."""
    image = Image.open(BytesIO(shot)).convert("RGB")
    width = SAVED_WIDTH[picture.width]
    image = image.resize((width, image.height * width // image.width), Image.Resampling.LANCZOS)
    return image.quantize(256)


def difference(picture: Picture, image: Image.Image) -> float:
    """How far the saved picture is from what the page looks like now: 0 the same, 255 opposite."""
    if not picture.path_of_file.exists():
        return 255.0
    saved = Image.open(picture.path_of_file)
    small = [
        each.convert("RGB").resize(
            (THUMBNAIL, each.height * THUMBNAIL // each.width), Image.Resampling.BOX
        )
        for each in (saved, image)
    ]
    if small[0].size != small[1].size:
        return 255.0
    bands: list[float] = ImageStat.Stat(ImageChops.difference(*small)).mean
    return sum(bands) / len(bands)


def take(
    browser: Browser, origin: str, picture: Picture, now: datetime, session: Callable[[str], Any]
) -> Image.Image:
    """Look as somebody and return what was seen; a complaint of the console is an error.

    `session` gives the cookie of somebody who is signed in: so many would be too many to sign in
    from one address within a minute.
    """
    width, height = picture.width, SEEN_HEIGHT[picture.width]
    context = visit_as(browser, width=width, height=height, dark=picture.dark)
    context.clock.set_fixed_time(now)
    complaints: list[str] = []
    page = listen(context.new_page(), complaints)
    # The world was made a moment ago, in the picture it has long been so: nothing is news.
    page.route("**/live/?*", lambda route: route.fulfill(status=204))
    page.route("**/queue/news/?*", lambda route: route.fulfill(json={"changes": []}))
    try:
        if picture.login:
            known = "" if picture.login == "operator" else "@jinxiu"
            cookie = session(picture.login + known)
            context.add_cookies([{"name": cookie["name"], "value": cookie["value"], "url": origin}])
        company = "" if picture.path.startswith("/") else "/jinxiu/"
        page.goto(f"{origin}{company}{picture.path}")
        page.wait_for_load_state("load")
        if picture.act is not None:
            picture.act(page)
        page.evaluate("document.fonts.ready")
        shot = page.screenshot(animations="disabled", caret="hide")
    finally:
        context.close()
    # One of the pictures is of work without a network.
    heard = [each for each in complaints if "ERR_INTERNET_DISCONNECTED" not in each]
    assert heard == [], f"{picture.name}: {heard}"
    return reduced(picture, shot)
