"""What the pages weigh and how soon they can be used, in a real Chromium like a mid phone.

Every page is opened with a cold cache: first visit, slow line, slow processor.
"""

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from statistics import median
from typing import Any

from playwright.sync_api import Browser, CDPSession, Page

from benchmarks.figures import Figure
from benchmarks.servers import Installation, manage, web
from benchmarks.world import Size
from config import embedded
from tests.browser.chromium import running_browser, sign_in, visit_as

WORLD = Size("pages", 0)
# A phone of the middle class on a 4G line: https://web.dev/articles/defining-core-web-vitals-thresholds
# and the "mid-tier mobile" of Lighthouse: 1.6 Mbit/s, 150 ms, a processor four times slower.
LINE = {
    "offline": False,
    "latency": 150,
    "downloadThroughput": 1_600_000 / 8,
    "uploadThroughput": 750_000 / 8,
}
SLOWER = 4
TIMES = 3
FIRST_PAGE_KB, FIRST_PAINT_MS = 150, 1000
# What is on the screen, and when: paints, and the end of the last long task (over 50 ms).
OBSERVE = """
window.paints = {}; window.busyUntil = 0;
new PerformanceObserver(list => list.getEntries().forEach(e => window.paints[e.name] = e.startTime))
  .observe({type: 'paint', buffered: true});
new PerformanceObserver(list => list.getEntries().forEach(
  e => window.busyUntil = Math.max(window.busyUntil, e.startTime + e.duration)))
  .observe({type: 'longtask', buffered: true});
"""
SEEN = """() => {
  const page = performance.getEntriesByType('navigation')[0];
  const timing = page.serverTiming.find(each => each.name === 'db');
  return {
    paint: window.paints['first-contentful-paint'] ?? 0,
    usable: Math.max(page.domContentLoadedEventEnd, window.busyUntil),
    statements: timing ? parseInt(timing.description) : 0,
    waited: timing ? timing.duration : 0,
  };
}"""


@dataclass(frozen=True, slots=True)
class Place:
    """A page that somebody opens."""

    name: str
    login: str
    path: str


PLACES = (
    Place("signing in by code", "", "/accounts/login/code/"),
    Place("owner: home", "owner", "my/"),
    Place("owner: speak up", "owner", "tickets/file/"),
    Place("technician: my jobs", "technician", "jobs/"),
    Place("desk: queue", "desk", "queue/"),
    Place("desk: taking a call", "desk", "tickets/take/"),
    Place("desk: call list", "desk", "calls/"),
    Place("supervisor: late", "supervisor", "late/"),
    Place("manager: figures", "manager", "figures/"),
    Place("admin: settings", "admin", "settings/promises/"),
)


@dataclass
class Visit:
    """One opening of a page: bytes over the line, requests, milliseconds."""

    sizes: list[int] = field(default_factory=list)
    paint: float = 0
    usable: float = 0
    statements: int = 0

    @property
    def kilobytes(self) -> float:
        return sum(self.sizes) / 1024


def measure(found: Installation) -> list[Figure]:
    """Every place of the demo world, several times; the median of each figure."""
    found.create(WORLD.database)
    manage(found, WORLD.database, "migrate", "--verbosity", "0")
    manage(found, WORLD.database, "collectstatic", "--no-input", "--verbosity", "0")
    load_demo(found)
    figures: list[Figure] = []
    # People of the demo world are let in only where it is one.
    how = {"DEMO": "on", "SERVER_TIMING": "on"}
    with web(found, WORLD, **how) as port, running_browser() as browser:
        origin = f"http://localhost:{port}"
        people = {place.login for place in PLACES}
        known = {login: cookies_of(browser, origin, login) for login in people}
        for place in PLACES:
            cookies = known[place.login]
            visits = [visit(browser, origin, place, cookies) for _ in range(TIMES)]
            figures += lines(place, visits)
    return figures


def load_demo(found: Installation) -> None:
    subprocess.run(
        [sys.executable, str(embedded.ROOT / "manage.py"), "load_demo"],
        env=found.settings(WORLD.database, DEMO="on"),
        cwd=embedded.ROOT,
        check=True,
        stdout=subprocess.DEVNULL,
    )


def cookies_of(browser: Browser, origin: str, login: str) -> Any:
    """What somebody's browser keeps once they have signed in; they do so once, as people do."""
    with visit_as(browser, width=390, height=844) as context:
        if login:
            sign_in(context.new_page(), origin, f"{login}@jinxiu")
        return context.cookies()


def visit(browser: Browser, origin: str, place: Place, cookies: Any) -> Visit:
    """Bring nothing but the session, and open the page on a slow line."""
    context = visit_as(browser, width=390, height=844)
    context.add_cookies(cookies)
    page = context.new_page()
    page.add_init_script(OBSERVE)
    session = context.new_cdp_session(page)
    seen = Visit()
    slow_down(session, seen)
    path = place.path if place.path.startswith("/") else f"/jinxiu/{place.path}"
    answer = page.goto(origin + path, wait_until="load")
    if answer is None or answer.status != 200:
        raise RuntimeError(f"{path} did not open: {answer}")
    read(page, seen)
    context.close()
    return seen


def slow_down(session: CDPSession, seen: Visit) -> None:
    """A cold cache, the line and the processor of a phone; every byte is counted."""
    session.send("Network.enable")
    session.send("Network.clearBrowserCache")
    session.send("Network.setCacheDisabled", {"cacheDisabled": True})
    session.send("Network.emulateNetworkConditions", LINE)
    session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    session.on(
        "Network.loadingFinished",
        lambda event: seen.sizes.append(int(event["encodedDataLength"])),
    )


def read(page: Page, seen: Visit) -> None:
    page.wait_for_timeout(600)  # what comes after loading belongs to it
    facts: dict[str, Any] = page.evaluate(SEEN)
    seen.paint, seen.usable = facts["paint"], facts["usable"]
    seen.statements = facts["statements"]


def lines(place: Place, visits: list[Visit]) -> Iterator[Figure]:
    """What is told of one page; the owner's first page has promises to keep."""
    weight = median(each.kilobytes for each in visits)
    paint = median(each.paint for each in visits)
    usable = median(each.usable for each in visits)
    first = place.name == "owner: home"
    detail = f"{len(visits[0].sizes)} requests, {visits[0].statements} statements"
    yield Figure(
        f"{place.name}: weight of a first visit", detail, round(weight), " KB",
        FIRST_PAGE_KB if first else None,
    )  # fmt: skip
    yield Figure(
        f"{place.name}: first paint on a mid phone", f"usable after {usable:,.0f} ms",
        round(paint), " ms", FIRST_PAINT_MS if first else None,
    )  # fmt: skip
