"""The servers under measurement: durable as in production, in a directory of their own."""

import contextlib
import http.client
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg2

from benchmarks.world import Size
from config import embedded, processes
from config.commands import WEB

HOME = embedded.VAR / "bench"
TEMPLATE = "bench_template"
WEB_PROCESSES = 4
READY_SECONDS = 120
# Loading a million tickets writes gigabytes of WAL; a checkpoint every gigabyte would be measured.
SERVER_SETTINGS = {"max_wal_size": "8GB", "checkpoint_timeout": "30min"}


class Installation:
    """PostgreSQL and Redis, and one database for each size."""

    def __init__(self, environment: dict[str, str]) -> None:
        self.environment = environment

    def url(self, database: str, *, owner: bool) -> str:
        """The way into one database, as the application's role or as the owner's."""
        name = "DATABASE_OWNER_URL" if owner else "DATABASE_URL"
        return urlsplit(self.environment[name])._replace(path=f"/{database}").geturl()

    def connect(self, database: str, *, owner: bool = True, autocommit: bool = True) -> Any:
        link = psycopg2.connect(self.url(database, owner=owner))
        link.autocommit = autocommit
        return link

    def settings(self, database: str, **more: str) -> dict[str, str]:
        """The environment of a part of the portal that works on one database."""
        return {
            **os.environ,
            **embedded.demo_secrets(),
            **self.environment,
            "DATABASE_URL": self.url(database, owner=False),
            "DATABASE_OWNER_URL": self.url(database, owner=True),
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "DEMO": "off",
            "DEBUG": "off",
            "PUBLIC_URL": "http://localhost",
            "ALLOWED_HOSTS": "localhost,127.0.0.1",
            "STATIC_ROOT": str(HOME / "static"),
            "API_REQUESTS_PER_MINUTE": "100000000",
            "WEB_CONCURRENCY": str(WEB_PROCESSES),
            **more,
        }

    def create(self, database: str, template: str | None = None) -> None:
        """An empty database, or a copy of another one."""
        with contextlib.closing(self.connect("postgres")) as link, link.cursor() as cursor:
            cursor.execute(f"DROP DATABASE IF EXISTS {database}")
            copied = f" TEMPLATE {template}" if template else ""
            cursor.execute(f"CREATE DATABASE {database}{copied}")


@contextlib.contextmanager
def installation() -> Iterator[Installation]:
    """Fresh servers that survive a power cut, gone afterwards."""
    HOME.mkdir(parents=True, exist_ok=True)
    lock = embedded.hold(HOME / "lock")
    if lock is None:
        raise embedded.NotStarted("The benchmark of this checkout runs already.")
    home = HOME / "servers"
    embedded.remove_home(home)
    try:
        with lock, embedded.Servers(home, durable=True) as servers:
            if "DATABASE_URL" not in os.environ:
                set_up_server(embedded.postgres_url(home))
            yield Installation(servers.environment)
    finally:
        embedded.remove_home(home)
        shutil.rmtree(HOME / "static", ignore_errors=True)


def set_up_server(administrator: str) -> None:
    """What anybody would set before loading so much."""
    with contextlib.closing(psycopg2.connect(administrator)) as link:
        link.autocommit = True
        with link.cursor() as cursor:
            for name, value in SERVER_SETTINGS.items():
                cursor.execute(f"ALTER SYSTEM SET {name} = '{value}'")
            cursor.execute("SELECT pg_reload_conf()")


def settle(found: Installation) -> None:
    """Write out what loading left in memory, so that no measurement pays for it."""
    if "DATABASE_URL" in os.environ:
        return  # somebody else's server
    with contextlib.closing(psycopg2.connect(embedded.postgres_url(HOME / "servers"))) as link:
        link.autocommit = True
        with link.cursor() as cursor:
            cursor.execute("CHECKPOINT")


def manage(found: Installation, database: str, *arguments: str) -> None:
    """A command of the portal on one database."""
    subprocess.run(
        [sys.executable, str(embedded.ROOT / "manage.py"), *arguments],
        env=found.settings(database),
        cwd=embedded.ROOT,
        check=True,
        stdout=subprocess.DEVNULL,
    )


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def web(found: Installation, size: Size, **more: str) -> Iterator[int]:
    """The portal on one database, started by the command of production; its port."""
    with serving(found, size, WEB, size.name, **more) as (port, _process):
        yield port


@contextlib.contextmanager
def serving(
    found: Installation, size: Size, command: list[str], name: str, **more: str
) -> Iterator[tuple[int, int]]:
    """The portal on one database, started by some command; its port and its process."""
    port = free_port()
    env = found.settings(size.database, GUNICORN_CMD_ARGS=f"--bind 127.0.0.1:{port}", **more)
    program = str(Path(sys.executable).parent / command[0])
    log = HOME / f"web-{name}.log"
    log.unlink(missing_ok=True)
    server = processes.spawn([program, *command[1:]], env=env, cwd=embedded.ROOT, log=log)
    try:
        wait_for_web(port)
        yield port, server.pid
    finally:
        processes.stop(server, signal.SIGTERM, 10)


def wait_for_web(port: int) -> None:
    """Wait until it answers at all (503: no worker and no beat run here)."""
    ends = time.monotonic() + READY_SECONDS
    while True:
        link = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        try:
            link.request("GET", "/healthz", headers={"Host": "localhost"})
            link.getresponse().read()
            return
        except OSError:
            if time.monotonic() > ends:
                raise
            time.sleep(0.2)
        finally:
            link.close()
