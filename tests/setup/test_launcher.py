"""`make demo` starts everything, says when a part is sick, and leaves nothing behind."""

import http.client
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from config.embedded import socket_directory

ROOT = Path(__file__).resolve().parent.parent.parent
SERVERS_OF_THE_TESTS = {"DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL"}

# One at a time and in this order: they share one installation, which takes a while to set up.
pytestmark = [pytest.mark.setup, pytest.mark.xdist_group("launcher")]


class Launcher:
    """One installation of the demo in a directory of its own."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.process: subprocess.Popen[bytes] | None = None
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])

    def start(self) -> None:
        env = {
            name: value for name, value in os.environ.items() if name not in SERVERS_OF_THE_TESTS
        }
        env["PORTAL_VAR"] = str(self.home)
        command = [sys.executable, "-m", "config.demo", "--empty", "--port", str(self.port)]
        self.process = subprocess.Popen(command, env=env, cwd=ROOT)
        process = self.process
        self.wait(
            lambda: process.poll() is not None or self.health()[0] == http.client.OK, seconds=120
        )
        assert process.poll() is None, "the launcher ended by itself"

    def make_sure_it_runs(self) -> None:
        """The tests may come in any order, and each of them ends it."""
        if self.process is None or self.process.poll() is not None:
            self.start()

    def health(self) -> tuple[int, dict[str, Any]]:
        link = http.client.HTTPConnection("127.0.0.1", self.port, timeout=15)
        try:
            link.request("GET", "/healthz")
            answer = link.getresponse()
            return answer.status, json.loads(answer.read())
        except OSError:
            return 0, {}
        finally:
            link.close()

    def processes(self) -> dict[int, str]:
        """Every process of this installation, told by its environment or its command."""
        mark = f"PORTAL_VAR={self.home}".encode()
        # The servers write their title over their environment.
        places = (str(self.home), str(socket_directory(self.home / "demo")))
        found = {}
        for entry in Path("/proc").glob("[0-9]*"):
            try:
                command = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode()
                marked = mark in (entry / "environ").read_bytes().split(b"\0")
                if marked or any(place in command for place in places):
                    found[int(entry.name)] = command
            except OSError:
                continue
        return found

    def kill(self, words: str) -> None:
        """Kill the oldest process of this installation whose command has these words in it."""
        os.kill(min(pid for pid, command in self.processes().items() if words in command), 9)

    def wait(self, condition: Callable[[], bool], *, seconds: float) -> None:
        deadline = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < deadline, self.health()
            time.sleep(0.2)


@pytest.fixture(scope="module")
def launcher() -> Iterator[Launcher]:
    # Not pytest's own directory, which it shuts against the user whom PostgreSQL runs as.
    with tempfile.TemporaryDirectory(prefix="portal-launcher-") as directory:
        # Too long for a Unix socket on purpose.
        found = Launcher(Path(directory) / ("x" * 80) / "var")
        try:
            found.start()
            yield found
        finally:
            if found.process:
                found.process.terminate()
                found.process.wait(40)
            shutil.rmtree(socket_directory(found.home / "demo"), ignore_errors=True)


def test_everything_is_well_then_sick_then_well_and_leaves_nothing(launcher: Launcher) -> None:
    parts = ("status", "database", "redis", "worker", "beat", "enforcement")
    well = dict.fromkeys(parts, "ok")
    launcher.make_sure_it_runs()
    launcher.wait(lambda: launcher.health() == (200, well), seconds=30)

    launcher.kill("config worker")
    launcher.wait(lambda: launcher.health()[0] == http.client.SERVICE_UNAVAILABLE, seconds=10)
    sick = {name for name, state in launcher.health()[1].items() if state != "ok"}
    assert sick == {"status", "worker"}

    launcher.kill("redis-server")
    launcher.wait(lambda: launcher.health()[1].get("redis", "ok") != "ok", seconds=10)

    launcher.wait(lambda: launcher.health() == (200, well), seconds=60)

    assert launcher.process is not None
    launcher.process.send_signal(signal.SIGTERM)
    assert launcher.process.wait(40) == 0
    assert launcher.processes() == {}


def test_a_killed_launcher_takes_everything_with_it(launcher: Launcher) -> None:
    launcher.make_sure_it_runs()
    assert launcher.process is not None

    launcher.process.kill()
    launcher.process.wait()

    launcher.wait(lambda: launcher.processes() == {}, seconds=30)


def test_a_taken_port_is_refused_with_a_way_out(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        ended = subprocess.run(
            [sys.executable, "-m", "config.demo", "--port", str(port)],
            env={**os.environ, "PORTAL_VAR": str(tmp_path)},
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )

    assert ended.returncode == 1
    assert f"make demo PORT={port + 1}" in ended.stderr
