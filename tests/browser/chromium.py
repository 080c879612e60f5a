"""A real Chromium for the tests, and pictures of pages for people.

    python -m tests.browser.chromium URL picture.png [--width 390] [--height 844] [--dark]
        [--lang en] [--login desk@jinxiu] [--full]

The machine's own Chromium is used if there is one, else the one that npm brought.
"""

import argparse
import contextlib
import fcntl
import os
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent.parent
UNPACKED = ROOT / "var" / "browser"
PACKAGE = ROOT / "node_modules" / "@sparticuz" / "chromium"
FONT_PACKAGE = ROOT / "node_modules" / "@expo-google-fonts" / "noto-sans-sc"
FONTS = ["400Regular/NotoSansSC_400Regular.ttf", "700Bold/NotoSansSC_700Bold.ttf"]
FLAGS = [
    "--no-sandbox",  # Chromium's sandbox does not work for root
    "--disable-gpu",
    "--disable-dev-shm-usage",  # containers give /dev/shm 64 MB
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
DEMO_PASSWORD = "portal-demo-2026"
# What htmx says of a question the page itself took back, having asked a newer one: no fault.
# A question that got no answer is told as htmx:sendError or htmx:timeout beside the first.
TAKEN_BACK = ("htmx:afterRequest,", "htmx:sendAbort,")
# Python reads no brotli; the Node that brought the package does.
INFLATE = (
    "const z=require('zlib'),f=require('fs'),[a,b]=process.argv.slice(1);"
    "require('stream').pipeline(f.createReadStream(a),z.createBrotliDecompress(),"
    "f.createWriteStream(b),e=>{if(e)throw e})"
)


def node() -> Path:
    """The Node of the virtual environment."""
    return Path(sys.executable).parent / "node"


def inflate(source: Path, target: Path) -> Path:
    """Decompress a brotli file."""
    subprocess.run([node(), "-e", INFLATE, source, target], check=True)
    return target


def unpack() -> None:
    """Put the browser of the npm package, its libraries and the fonts where they can be used."""
    if not PACKAGE.exists():
        raise FileNotFoundError("No browser: run `make node_modules/.dev` first")
    draft = UNPACKED.with_suffix(".new")
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(parents=True)
    inflate(PACKAGE / "bin" / "chromium.br", draft / "chromium").chmod(0o755)
    for name in ("al2023", "swiftshader"):
        archive = inflate(PACKAGE / "bin" / f"{name}.tar.br", draft / f"{name}.tar")
        with tarfile.open(archive) as members:
            members.extractall(draft, filter="data")
        archive.unlink()
    (draft / "fonts").mkdir()
    for name in FONTS:
        shutil.copy(FONT_PACKAGE / name, draft / "fonts")
    # Only this font, whatever the machine has: the same pixels everywhere.
    (draft / "fonts.conf").write_text(
        f"<fontconfig><dir>{UNPACKED}/fonts</dir><cachedir>{UNPACKED}/font-cache</cachedir>"
        "<match><edit name='family' mode='append_last'><string>Noto Sans SC</string></edit>"
        "</match></fontconfig>"
    )
    shutil.rmtree(UNPACKED, ignore_errors=True)
    draft.rename(UNPACKED)


def executable() -> Path:
    """The browser; the packaged one is unpacked once, by one process at a time."""
    if own := shutil.which("chromium") or shutil.which("chromium-browser"):
        return Path(own)
    UNPACKED.parent.mkdir(exist_ok=True)
    with UNPACKED.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        stamp = UNPACKED / "chromium"
        if not stamp.exists() or stamp.stat().st_mtime < PACKAGE.stat().st_mtime:
            unpack()
    return stamp


def browser_environment() -> dict[str, str]:
    """Where the packaged browser finds its libraries and its one font."""
    found = {**os.environ, "TZ": "Asia/Shanghai"}
    if (UNPACKED / "fonts.conf").exists():
        found["FONTCONFIG_FILE"] = str(UNPACKED / "fonts.conf")
        found["LD_LIBRARY_PATH"] = str(UNPACKED / "lib")
    return found


@contextlib.contextmanager
def running_browser() -> Iterator[Browser]:
    """One Chromium, running while the block runs."""
    # Playwright's own Node needs libatomic, which bare machines do not have.
    os.environ.setdefault("PLAYWRIGHT_NODEJS_PATH", str(node()))
    path = executable()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=path, args=FLAGS, env=dict(browser_environment())
        )
        try:
            yield browser
        finally:
            browser.close()


def visit_as(
    browser: Browser,
    *,
    width: int = 1440,
    height: int = 900,
    dark: bool = False,
    lang: str = "zh-CN",
    sharp: bool = True,
) -> BrowserContext:
    """A fresh visitor with a screen of this size; below 600 px it is a phone.

    A phone that is not `sharp` draws a quarter of the pixels: enough where nobody looks at them.
    """
    phone = width < 600
    return browser.new_context(
        viewport={"width": width, "height": height},
        color_scheme="dark" if dark else "light",
        locale=lang,
        timezone_id="Asia/Shanghai",
        device_scale_factor=2 if phone and sharp else 1,
        has_touch=phone,
        is_mobile=phone,
    )


def sign_in(page: Page, origin: str, username: str, password: str = DEMO_PASSWORD) -> None:
    """Sign in by the page that everybody uses."""
    page.goto(f"{origin}/accounts/login/")
    page.locator("input[name=login]").fill(username)
    page.locator("input[name=password]").fill(password)
    page.locator("input[name=password]").press("Enter")
    page.wait_for_url(lambda url: "/login" not in url)


def listen(page: Page, complaints: list[str]) -> Page:
    """Collect what the console says is wrong: errors, refused requests, broken rules."""

    def on_line(line: ConsoleMessage) -> None:
        if line.type == "error" and not line.text.startswith(TAKEN_BACK):
            complaints.append(f"{line.text} {line.location.get('url', '')}".strip())

    page.on("console", on_line)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    return page


def take_picture(arguments: argparse.Namespace) -> int:
    """Save what the page looks like; 1 when its console showed errors."""
    complaints: list[str] = []
    with running_browser() as browser:
        context = visit_as(
            browser,
            width=arguments.width,
            height=arguments.height,
            dark=arguments.dark,
            lang=arguments.lang,
        )
        page = context.new_page()
        listen(page, complaints)
        if arguments.login:
            parts = urlsplit(arguments.url)
            sign_in(page, f"{parts.scheme}://{parts.netloc}", arguments.login, arguments.password)
        answer = page.goto(arguments.url, wait_until="networkidle")
        page.screenshot(path=arguments.picture, full_page=arguments.full)
        print(f"{answer.status if answer else '?'} {page.url} → {arguments.picture}")
    for complaint in complaints:
        print(f"console: {complaint}", file=sys.stderr)
    return 1 if complaints else 0


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.browser.chromium", description=__doc__)
    parser.add_argument("url")
    parser.add_argument("picture")
    parser.add_argument("--width", type=int, default=1440)
    parser.add_argument("--height", type=int, default=900)
    parser.add_argument("--dark", action="store_true")
    parser.add_argument("--lang", default="zh-CN")
    parser.add_argument("--login", default="", help="a user name, such as desk@jinxiu")
    parser.add_argument("--password", default=DEMO_PASSWORD)
    parser.add_argument("--full", action="store_true", help="the whole page, not only one screen")
    return take_picture(parser.parse_args())


if __name__ == "__main__":
    sys.exit(main())
