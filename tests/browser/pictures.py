"""Every picture of the README and the guide, made anew from a running demo.

    .venv/bin/python -m tests.browser.pictures http://localhost:8000 [NAME …]

Takes nothing but looks: no ticket is filed and nothing is sent, so a demo can be used again.
"""

import argparse
import sys
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from urllib.parse import urljoin

from PIL import Image
from playwright.sync_api import Browser, Page

from tests.browser.chromium import ROOT, listen, running_browser, sign_in, visit_as

README, GUIDE = ROOT / "docs" / "pictures", ROOT / "docs" / "guide" / "pictures"
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
    page.locator("#filter-department").select_option(label="保洁绿化部")
    page.wait_for_url("**department=*")
    page.wait_for_load_state("networkidle")


def find(page: Page) -> None:
    """Search while the telephone rings."""
    page.keyboard.type("zw")
    page.locator("#found .row-link").first.wait_for()


def unfold(page: Page) -> None:
    """What a technician writes when it is done."""
    follow(".queue-title", at=".ticket-actions")(page)
    page.locator("details.fold", has=page.locator("[name=solution]")).locator("summary").click()


@dataclass(frozen=True, slots=True)
class Picture:
    """One page as somebody sees it."""

    name: str
    path: str
    login: str = ""
    width: int = DESK
    act: Callable[[Page], None] | None = None
    dark: bool = False
    folder: Path = GUIDE


ROOF = "1栋1单元顶楼屋面漏水"  # a story of the demo: in hand and called
SEARCH = f"queue/?search={ROOF}"
PICTURES = (
    Picture("owner-file", "tickets/file/", "owner", PHONE, fill_in, folder=README),
    Picture("owner-ticket", "my/", "owner", PHONE, follow(".row-link", ROOF), folder=README),
    Picture("desk-queue", "queue/", "desk", act=narrow, folder=README),
    Picture("desk-ticket", SEARCH, "desk", act=follow(".queue-title"), folder=README),
    Picture("sign-in", "/accounts/login/code/", width=PHONE),
    Picture("owner-home", "my/", "owner", PHONE),
    Picture("owner-receipt", "my/", "owner", PHONE, follow(".row-link", ROOF, "received/")),
    Picture("owner-rating", "my/", "owner", PHONE, follow("a[href$='#rating']")),
    Picture("owner-inbox", "inbox/", "owner", PHONE),
    Picture("owner-me", "me/", "owner", PHONE),
    Picture("owner-dark", "my/", "owner", PHONE, dark=True),
    Picture("desk-find", "tickets/take/", "desk", act=find),
    Picture("desk-take", "tickets/take/?q=1-101", "desk", act=follow("#found .row-link")),
    Picture("desk-calls", "calls/", "desk"),
    Picture("desk-owner", "owners/?q=1-101", "desk", act=follow("#people a.row-title")),
    Picture("technician-queue", "queue/?tab=mine", "technician", PHONE),
    Picture("technician-resolve", "queue/?tab=mine&status=accepted", "technician", PHONE, unfold),
    Picture("supervisor-late", "late/", "supervisor"),
    Picture("supervisor-inbox", "inbox/", "supervisor"),
    Picture("manager-timeline", "late/", "manager", act=follow(".queue-title", at="#story")),
    Picture("manager-late", "late/", "manager"),
    Picture("admin-promises", "settings/promises/", "admin"),
    Picture("admin-undelivered", "dead-letters/", "admin"),
    Picture("admin-tokens", "tokens/", "admin"),
)


def save(picture: Picture, shot: bytes) -> int:
    """Small enough for a repository: scaled, and with a palette."""
    image = Image.open(BytesIO(shot)).convert("RGB")
    width = SAVED_WIDTH[picture.width]
    image = image.resize((width, image.height * width // image.width), Image.Resampling.LANCZOS)
    path = picture.folder / f"{picture.name}.png"
    image.quantize(256).save(path, optimize=True)
    return path.stat().st_size


def take(browser: Browser, origin: str, picture: Picture, complaints: list[str]) -> int:
    """Sign in, look, save; the size of the file."""
    width, height = picture.width, SEEN_HEIGHT[picture.width]
    context = visit_as(browser, width=width, height=height, dark=picture.dark)
    page = listen(context.new_page(), complaints)
    if picture.login:
        sign_in(page, origin, f"{picture.login}@jinxiu")
    company = "" if picture.path.startswith("/") else "/jinxiu/"
    page.goto(f"{origin}{company}{picture.path}", wait_until="networkidle")
    if picture.act is not None:
        picture.act(page)
    size = save(picture, page.screenshot())
    context.close()
    return size


def main() -> int:
    """The command line; 1 when a page's console showed errors."""
    parser = argparse.ArgumentParser(prog="python -m tests.browser.pictures", description=__doc__)
    parser.add_argument("origin", help="such as http://localhost:8000")
    parser.add_argument("names", nargs="*", help="only these pictures")
    asked, complaints = parser.parse_args(), list[str]()
    with running_browser() as browser:
        for picture in PICTURES:
            if not asked.names or picture.name in asked.names:
                size = take(browser, asked.origin.rstrip("/"), picture, complaints)
                sys.stdout.write(f"{size // 1024:5d} KB  {picture.name}\n")
    for complaint in complaints:
        sys.stderr.write(f"console: {complaint}\n")
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main())
