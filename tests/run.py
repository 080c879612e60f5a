"""Everything that must hold, side by side: `make test`; with --lint only what needs no server.

The tests' output is shown as it comes; the other checks are silent unless they fail. The last
line is the summary of the tests, and the exit code is 0 only if everything holds.
"""

import contextlib
import json
import os
import re
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from config import processes

ROOT = Path(__file__).resolve().parent.parent
LOGS = ROOT / "var" / "checks"
SERVERS = [sys.executable, "-m", "config.embedded", "exec", "--"]
COLOURS = re.compile(r"\x1b\[[0-9;]*m")
# Settings as an operator would make them; nobody answers at these addresses.
PRODUCTION = {
    "SECRET_KEY": "0123456789-abcdefghijklmnopqrstuvwxyz-ABCDEFGHIJKLMNOPQRSTUVWXYZ",
    "FIELD_KEYS": "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=",
    "INDEX_KEY": "0123456789-abcdefghijklmnopqrstuvwxyz",
    "PUBLIC_URL": "https://portal.example.com",
    "DATABASE_URL": "postgres://portal_app:secret@database.example.com/portal",
    "REDIS_URL": "redis://redis.example.com:6379",
    "EMAIL_URL": "smtp+tls://user:secret@mail.example.com:587",
    "DEBUG": "off",
    "DEMO": "off",
    "DJANGO_SETTINGS_MODULE": "config.settings",
}


def tool(name: str) -> str:
    """A program of the virtual environment."""
    return str(Path(sys.executable).parent / name)


@dataclass
class Check:
    """One command that must succeed, running beside the others."""

    name: str
    command: list[str]
    env: dict[str, str] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | None = None
    began: float = 0

    @property
    def log(self) -> Path:
        return LOGS / f"{self.name.replace(' ', '-')}.log"

    def start(self) -> None:
        self.log.unlink(missing_ok=True)
        self.began = time.monotonic()
        env = {**os.environ, **self.env}
        self.process = processes.spawn(self.command, env=env, cwd=ROOT, log=self.log)

    def holds(self) -> bool:
        return self.process is not None and self.process.wait() == 0


def checks() -> list[Check]:
    """Everything but the tests."""
    manage = [sys.executable, "-W", "error", "manage.py"]
    templates = [str(path) for path in sorted((ROOT / "templates").rglob("*.html"))]
    testing = {"DJANGO_SETTINGS_MODULE": "config.settings_test"}
    found = [
        Check("types", [tool("mypy"), "."]),
        Check("lint", [tool("ruff"), "check", "."]),
        Check("format", [tool("ruff"), "format", "--check", "."]),
        Check("floors", [tool("lint-imports")]),
        Check("translations", [sys.executable, "-m", "config.translations", "--check"]),
        Check("migrations", [*SERVERS, *manage, "makemigrations", "--check"], testing),
        Check("deployment", [*manage, "check", "--deploy", "--fail-level", "WARNING"], PRODUCTION),
    ]
    if templates:
        shape = [tool("djade"), "--check", "--target-version", "5.2", *templates]
        found.append(Check("templates", shape))
    return found


def tests(arguments: list[str]) -> subprocess.Popen[bytes]:
    """The tests on servers of their own, on every core."""
    colour = ["--color=yes"] if sys.stdout.isatty() else []
    command = [
        *SERVERS,
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-n",
        str(workers()),
        "--dist=loadgroup",
        *colour,
    ]
    return subprocess.Popen([*command, *arguments], cwd=ROOT, stdout=subprocess.PIPE)


def workers() -> int:
    """One test process for each core, but three at least: some tests mostly wait."""
    return max(3, len(os.sched_getaffinity(0)))


def only_browsers_failed() -> bool:
    """Whether every test that failed drives a browser."""
    record = ROOT / ".pytest_cache" / "v" / "cache" / "lastfailed"
    failed = json.loads(record.read_text()) if record.exists() else {}
    return bool(failed) and all(each.startswith("tests/journeys/") for each in failed)


def show(output: IO[bytes]) -> str:
    """Pass the tests' output on as it comes, and keep back its summary."""
    summary = ""
    for line in output:
        text = line.decode(errors="replace").rstrip("\n")
        if re.search(r"\d+ (passed|failed|error|skipped).* in [\d.]+s", COLOURS.sub("", text)):
            summary = text
        else:
            print(text, flush=True)
    return summary


def report(running: list[Check], *, quietly: bool = False) -> bool:
    """Wait for the checks, show what those that failed have said, and tell whether all hold."""
    well = True
    for check in running:
        holds = check.holds()
        well = well and holds
        if not holds:
            print(f"\n--- {check.name} ---\n{check.log.read_text(errors='replace')}")
    failed = [check.name for check in running if not check.holds()]
    if failed or not quietly:
        print(f"checks: {len(running) - len(failed)} hold, {len(failed)} fail {failed or ''}")
    return well


def main() -> int:
    """Run it all."""
    began = time.monotonic()
    LOGS.mkdir(parents=True, exist_ok=True)
    running = checks()
    with contextlib.ExitStack() as stack:
        for check in running:
            check.start()
            if check.process:
                stack.callback(processes.stop, check.process, signal.SIGTERM, 5)
        if "--lint" in sys.argv:
            return 0 if report(running) else 1
        pytest = tests(sys.argv[1:])
        stack.callback(processes.stop, pytest, signal.SIGTERM, 60)
        summary = show(pytest.stdout) if pytest.stdout else ""
        passed = pytest.wait() == 0
        if not passed and only_browsers_failed():
            # A browser on a machine with more tests than cores may starve. What failed is said
            # above, and must hold by itself; nothing else gets a second chance.
            print("what failed in the browser, once more by itself:", flush=True)
            again = tests(["--last-failed", "--last-failed-no-failures=none", "-n", "1"])
            stack.callback(processes.stop, again, signal.SIGTERM, 60)
            summary = show(again.stdout) if again.stdout else ""
            passed = again.wait() == 0
        well = report(running)
    print(f"everything took {time.monotonic() - began:.0f} s")
    print(summary)
    return 0 if passed and well else 1


if __name__ == "__main__":
    sys.exit(main())
