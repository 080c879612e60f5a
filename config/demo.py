"""The whole portal on one machine: `make demo`.

Starts the servers, brings the database up to date, loads the demo world, then runs web, worker,
beat and a mail server in the foreground until Ctrl-C or SIGTERM.
"""

import argparse
import contextlib
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import psycopg2

from config import embedded, processes, roles
from config.commands import BEAT, WEB, WORKER
from config.processes import Part
from config.translations import compile_translations

HOME = embedded.DEMO_HOME
READY_SECONDS = 90
# A part that died stays down this long, so that /healthz shows it; doubled each time it dies again.
RESTART_SECONDS = 8
# So many deaths within this time mean that restarting does not help.
DEATHS_TOO_MANY, DEATHS_WITHIN = 5, 300
ROLES = ["admin", "manager", "supervisor", "desk", "technician", "owner"]
COMPANIES = ["jinxiu", "heyue"]
PASSWORD = "portal-demo-2026"  # noqa: S105  known to everybody, refused outside the demo


class Stopped(Exception):
    """Somebody asked the demo to end."""


class Failed(Exception):
    """The demo cannot go on; the message says why."""


def on_signal(*_: object) -> None:
    raise Stopped


def say(line: str) -> None:
    print(line, flush=True)


def check_port(port: int) -> None:
    """Refuse a port that somebody else listens on, before anything is started."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise Failed(
                f"Port {port} cannot be used ({error.strerror}). Choose another:"
                f" make demo PORT={port + 1}"
            ) from error


def free_port() -> int:
    """A port for the demo's own mail server."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def environment(port: int, found: dict[str, str]) -> dict[str, str]:
    """What differs between the demo and production; everything else is in the settings."""
    demo = {
        "DEMO": "on",
        "PUBLIC_URL": f"http://localhost:{port}",
        "ALLOWED_HOSTS": "localhost,127.0.0.1,[::1]",
        "EMAIL_URL": f"smtp://127.0.0.1:{free_port()}",
        "DEFAULT_FROM_EMAIL": "portal@demo.invalid",
        "SMS_URL": "mail://",
        "MAILBOX_DIR": str(HOME / "mailbox"),
        "MEDIA_ROOT": str(HOME / "media"),
        "STATIC_ROOT": str(HOME / "static"),
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "GUNICORN_CMD_ARGS": f"--bind 127.0.0.1:{port}",
        "WEB_CONCURRENCY": "2",
        "PYTHONUNBUFFERED": "1",
    }
    return {**os.environ, **embedded.demo_secrets(), **demo, **found}


def tool(command: Sequence[str]) -> list[str]:
    """The command, with its program taken from this virtual environment."""
    return [str(Path(sys.executable).parent / command[0]), *command[1:]]


def manage(*arguments: str) -> list[str]:
    return [sys.executable, str(embedded.ROOT / "manage.py"), *arguments]


@contextlib.contextmanager
def step(name: str, command: list[str], env: dict[str, str], *, shown: bool) -> Iterator[None]:
    """A command of the set-up, running while the block runs; its failure ends the demo."""
    log = HOME / f"{name}.log"
    log.unlink(missing_ok=True)
    began = time.monotonic()
    child = processes.spawn(command, env=env, cwd=embedded.ROOT, log=None if shown else log)
    try:
        yield
        took = "done meanwhile" if child.poll() is not None else ""
        code = child.wait()
    finally:
        processes.stop(child, signal.SIGTERM, 5)
    if code:
        tail = log.read_text(errors="replace") if log.exists() else ""
        raise Failed(f"{tail}\n{name} failed ({' '.join(command[1:])})")
    say(f"  {name}: {took or f'{time.monotonic() - began:.1f} s'}")


def set_up(env: dict[str, str], *, world: bool) -> None:
    """Bring translations, static files, tables and the demo world up to date."""
    compile_translations()
    static = manage("collectstatic", "--no-input", "--verbosity", "0")
    with step("collectstatic", static, env, shown=False):
        with step("migrate", manage("migrate", "--no-input"), env, shown=False):
            pass
        if world and list(embedded.ROOT.glob("*/management/commands/load_demo.py")):
            with step("load_demo", manage("load_demo"), env, shown=True):
                pass


def parts(env: dict[str, str]) -> list[Part]:
    """The processes of the portal itself."""
    mail_port = env["EMAIL_URL"].rpartition(":")[2]
    commands = {
        "mailbox": [sys.executable, "-m", "config.mailbox", mail_port, env["MAILBOX_DIR"]],
        "worker": tool(WORKER),
        "beat": tool([*BEAT, "--schedule", str(HOME / "beat-schedule")]),
        "web": tool(WEB),
    }

    def starter(name: str) -> Part:
        log = HOME / f"{name}.log"
        return Part(
            name, lambda: processes.spawn(commands[name], env=env, cwd=embedded.ROOT, log=log)
        )

    return [starter(name) for name in commands]


def health(port: int) -> tuple[int, str]:
    """The status and the body of /healthz; 0 while nobody answers."""
    link = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        link.request("GET", "/healthz", headers={"Host": f"localhost:{port}"})
        answer = link.getresponse()
        return answer.status, answer.read().decode(errors="replace")
    except (OSError, http.client.HTTPException) as error:
        return 0, str(error)
    finally:
        link.close()


def wait_until_ready(port: int, running: list[Part]) -> None:
    """Wait for /healthz to say that every part is well."""
    deadline = time.monotonic() + READY_SECONDS
    status, body = health(port)
    while status != http.client.OK:
        if dead := [part for part in running if part.has_died()]:
            log = HOME / f"{dead[0].name}.log"
            tail = "\n".join(log.read_text(errors="replace").splitlines()[-20:])
            raise Failed(f"{tail}\n{dead[0].name} ended while starting; all of it is in {log}")
        if time.monotonic() > deadline:
            raise Failed(f"Not ready after {READY_SECONDS} s: {body}\nThe logs are in {HOME}")
        time.sleep(0.2)
        status, body = health(port)


class Watch:
    """Restarts what dies, and gives up on what dies again and again."""

    def __init__(self, running: list[Part], env: dict[str, str]) -> None:
        self.running, self.env = running, env
        self.deaths: dict[str, list[float]] = {part.name: [] for part in running}
        self.restart_at: dict[str, float] = {}

    def look(self, now: float) -> None:
        for part in self.running:
            if part.has_died():
                self.bury(part, now)
            elif part.process is None and now >= self.restart_at[part.name]:
                self.restart(part, now)

    def bury(self, part: Part, now: float) -> None:
        """Note the death, say so, and plan the restart."""
        code = part.process.returncode if part.process else None
        part.stop()
        part.process = None
        recent = [at for at in self.deaths[part.name] if now - at < DEATHS_WITHIN]
        self.deaths[part.name] = [*recent, now]
        if len(recent) + 1 >= DEATHS_TOO_MANY:
            raise Failed(f"{part.name} keeps dying; see {HOME / f'{part.name}.log'}")
        delay = RESTART_SECONDS * 2 ** len(recent)
        self.restart_at[part.name] = now + delay
        say(f"{part.name} died (exit code {code}); starting it again in {delay} s")
        self.forget_pulse(part.name)

    def restart(self, part: Part, now: float) -> None:
        try:
            part.process = part.start()
        except embedded.NotStarted as error:
            say(str(error))
            self.bury(part, now)

    def forget_pulse(self, name: str) -> None:
        """Let /healthz show at once what it would find out within a minute."""
        with contextlib.suppress(psycopg2.Error):
            link = psycopg2.connect(self.env["DATABASE_URL"])
            with link, link.cursor() as cursor:
                cursor.execute("DELETE FROM tenancy_heartbeat WHERE name = %s", [name])
            link.close()


def banner(port: int, began: float) -> None:
    """Where to go, and as whom."""
    say(f"\nReady after {time.monotonic() - began:.1f} s:  http://localhost:{port}/\n")
    for company in COMPANIES:
        say(f"  {company}:  " + "  ".join(f"{role}@{company}" for role in ROLES))
    say("  platform:  operator, at /operator/")
    say(f"  password of all of them:  {PASSWORD}")
    say(f"  mail and SMS sent by the demo:  http://localhost:{port}/mailbox/")
    say(f"  logs:  {HOME}\nCtrl-C stops everything and keeps the data.\n")


def serve(port: int, *, world: bool) -> None:
    """Start everything, say so, and watch over it until told to stop."""
    began = time.monotonic()
    with embedded.Servers(HOME, durable=True) as servers:
        env = environment(port, servers.environment)
        (HOME / "environment.json").write_text(json.dumps(servers.environment))
        set_up(env, world=world)
        portal = parts(env)
        try:
            for part in portal:
                part.process = part.start()
            wait_until_ready(port, portal)
            banner(port, began)
            watch = Watch([*servers.parts, *portal], env)
            while True:
                time.sleep(0.5)
                watch.look(time.monotonic())
        finally:
            # A second Ctrl-C must not leave anything behind.
            for sent in (signal.SIGINT, signal.SIGTERM):
                signal.signal(sent, signal.SIG_IGN)
            say("Stopping …")
            processes.stop_together(portal)


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m config.demo", description=__doc__)
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--empty", action="store_true", help="without the demo world")
    parser.add_argument("--tethered", action="store_true", help="end with the parent (make)")
    arguments = parser.parse_args()
    for sent in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(sent, on_signal)
    if arguments.tethered:
        processes.end_with_parent(signal.SIGTERM, os.getppid())
    try:
        lock = embedded.hold(HOME / "lock")
        if lock is None:
            raise Failed("The demo of this checkout runs already (or `make shell` uses its data).")
        check_port(arguments.port)
        with lock:
            serve(arguments.port, world=not arguments.empty)
    except Stopped:
        say("Stopped.")
        return 0
    except (Failed, embedded.NotStarted, roles.Unsuitable) as error:
        print(f"\n{error}", file=sys.stderr)
        return 1
    except subprocess.SubprocessError as error:
        print(f"\nA part could not be started: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
