"""People in front of a real browser: no mouse, and every page looked at for what would hurt."""

import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Literal
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.db import connection
from playwright.sync_api import Browser, Page
from pytest_django.live_server_helper import LiveServer

from tenancy.models import Membership
from tenancy.permissions import Role
from tests.browser.chromium import listen, visit_as
from tests.factories.cast import PASSWORD

HURTS = ("serious", "critical")
# Without preloading: it would ask for imported style sheets at addresses that are none.
LOOK = {"resultTypes": ["violations"], "preload": False}
ASK_AXE = "([where, options]) => axe.run(where, options).then(found => found.violations)"
# The twelfth row of a list and those after it are like the first eleven.
MORE_ROWS = [["tbody > tr:nth-child(n+12)"], ["li:nth-child(n+12)"]]
# Nothing fades from one theme to the other while its colours are looked at.
NO_FADING = """() => { const calm = new CSSStyleSheet();
  calm.replaceSync('*, ::before, ::after { transition: none !important }');
  document.adoptedStyleSheets.push(calm) }"""
# What a page is made of. Many people pass the page of signing in: its shape is looked at once.
SHAPE = """[document.documentElement.dataset.bsTheme, document.title,
  ...[...document.querySelectorAll('body *')].map(part =>
    [part.tagName, part.getAttribute('class'), part.getAttribute('role')])].join()"""
LOOKED_AT: set[tuple[str, int, str]] = set()
FARTHEST = 90  # presses of Tab until somebody would give up
# Words in Latin letters on a Chinese page: names of the cast, and what has no other name.
LATIN = re.compile(r"[A-Za-z]{3,}")
ADDRESS = re.compile(r"https?://[!-~]+")  # the same in every language
KNOWN = {
    "API",
    "Ctrl",
    "Enter",
    "Esc",
    "English",
    "PDF",
    "Excel",
    "CSV",
    "PNG",
    "JPEG",
    "WebP",
    *Role.values,
}
# What is marked as a name, a key, a piece of code or another language may be in Latin letters.
EXCUSED = "[translate=no], [lang=en], code, kbd, samp, option[lang]"
WORDS = """excused => [document.body.innerText,
  [...document.querySelectorAll(excused)].map(part => part.innerText).join(' ')]"""
HAS_FOCUS = "(wanted) => document.activeElement.matches(wanted)"


BUSY = (
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
    " AND pid <> pg_backend_pid() AND state <> 'idle' AND backend_type = 'client backend'"
)


def wait_for_quiet() -> None:
    """Let the server end what telephones asked for by themselves, before tables are emptied."""
    quiet = 0
    with connection.cursor() as cursor:
        for _turn in range(100):
            cursor.execute(BUSY)
            # Between two statements of one request it is quiet for a moment, too.
            quiet = quiet + 1 if cursor.fetchone() == (0,) else 0
            if quiet == 3:
                return
            time.sleep(0.05)


@dataclass
class Person:
    """Somebody with a keyboard in front of the portal."""

    page: Page
    origin: str
    lang: str = "zh-CN"
    faults: list[str] = field(default_factory=list)

    def sign_in(self, member: Membership, place: str) -> None:
        """By the page that everybody uses."""
        self.page.goto(f"{self.origin}/accounts/login/?next={place}")
        self.look()
        self.write("input[name=login]", member.user.username)
        self.write("input[name=password]", PASSWORD)
        self.go("Enter")

    def reach(self, selector: str) -> None:
        """Walk there with the Tab key."""
        for _press in range(FARTHEST):
            if self.page.evaluate(HAS_FOCUS, selector):
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"no way by keyboard to {selector} on {self.page.url}")

    def press(self, selector: str, key: str = "Enter") -> None:
        """Walk there and press a key."""
        self.reach(selector)
        self.page.keyboard.press(key)

    def write(self, selector: str, text: str) -> None:
        self.reach(selector)
        self.page.keyboard.type(text)

    def follow(self, selector: str) -> None:
        """Walk to a link or button that leads to another page, and look at that page."""
        self.reach(selector)
        self.go("Enter")

    def go(self, key: str) -> None:
        with self.page.expect_navigation():
            self.page.keyboard.press(key)
        self.look()

    def look(self) -> None:
        """Whether the page hurts those who cannot see, hear or point well."""
        size = self.page.viewport_size
        assert size is not None
        shape = (self.lang, size["width"], self.page.evaluate(SHAPE))
        if shape not in LOOKED_AT:
            self.ask_axe(LOOK)
            LOOKED_AT.add(shape)
        if self.lang.startswith("zh"):
            said, excused = self.page.evaluate(WORDS, EXCUSED)
            words = set(LATIN.findall(ADDRESS.sub("", said)))
            foreign = words - set(LATIN.findall(excused)) - KNOWN
            self.faults.extend(f"{self.page.url}: not Chinese: {word}" for word in foreign)

    def look_at_colours(self, theme: Literal["light", "dark"]) -> None:
        """Whether everything can be told from its ground in the other theme, `light` or `dark`."""
        self.page.evaluate(NO_FADING)
        self.turn(theme)
        self.ask_axe({**LOOK, "runOnly": ["color-contrast"]})

    def visit(self, path: str) -> None:
        """Open a page, and see it in both themes and at every width that matters beside its own."""
        self.page.goto(self.origin + path)
        self.look()
        self.fit()
        dark = self.page.evaluate("document.documentElement.dataset.bsTheme") == "dark"
        self.look_at_colours("light" if dark else "dark")
        self.turn("dark" if dark else "light")

    def turn(self, theme: Literal["light", "dark"]) -> None:
        """Ask the system for another theme, and see the page follow."""
        self.page.emulate_media(color_scheme=theme)
        self.page.locator(f"html[data-bs-theme={theme}]").wait_for(state="attached")

    def fit(self) -> None:
        """Nothing scrolls sideways; at 200 % zoom a screen of 1440 px is one of 720."""
        size = self.page.viewport_size
        assert size is not None
        for width in (size["width"], 320 if size["width"] < 600 else 720):
            self.page.set_viewport_size({"width": width, "height": size["height"]})
            if self.page.evaluate("document.documentElement.scrollWidth > innerWidth"):
                self.faults.append(f"{self.page.url}: scrolls sideways at {width} px")
        self.page.set_viewport_size(size)

    def ask_axe(self, options: dict[str, Any]) -> None:
        axe = Axe()
        if not self.page.evaluate("'axe' in window"):
            self.page.evaluate(axe.axe_script)
        for each in self.page.evaluate(ASK_AXE, [{"exclude": MORE_ROWS}, options]):
            if each["impact"] in HURTS:
                where = [node["target"] for node in each["nodes"]]
                self.faults.append(f"{self.page.url}: {each['id']}: {where}")

    def text(self, selector: str) -> str:
        return self.page.locator(selector).first.inner_text()


Arrival = Callable[..., Person]


@pytest.fixture
def arrive(chromium: Browser, live_server: LiveServer) -> Iterator[Arrival]:
    """`arrive(width=390, lang="en", dark=True)`: somebody opens a browser of that kind.

    When all have left: nothing hurt, nothing was fetched from elsewhere, the console is empty.
    """
    faults: list[str] = []
    contexts: list[Any] = []

    def fresh(**how: Any) -> Person:
        context = visit_as(chromium, sharp=False, **how)
        contexts.append(context)
        page = listen(context.new_page(), faults)
        page.on("request", lambda request: stay_here(request.url))
        return Person(page, live_server.url, how.get("lang", "zh-CN"), faults)

    def stay_here(url: str) -> None:
        if urlsplit(url).scheme in ("http", "https") and not url.startswith(live_server.url):
            faults.append(f"asked elsewhere: {url}")

    yield fresh
    for context in contexts:
        context.close()
    wait_for_quiet()
    assert faults == [], "\n".join(faults)
