"""Whatever breaks: every step exactly once, nothing missed, people told once.

Real PostgreSQL, real Redis, real worker processes. The figures in docs/performance.md are the
lines that `pytest tests/faults -rP` shows.
"""

import os
import signal
import subprocess
import time
from dataclasses import replace
from pathlib import Path

import pytest

from tests.faults.installation import Installation, Tally

pytestmark = [pytest.mark.fault, pytest.mark.xdist_group("installation")]

# More of both for the table in docs/performance.md.
KILLS = int(os.environ.get("FAULT_KILLS", "4"))
DEADLINES = int(os.environ.get("FAULT_DEADLINES", "600"))
PERFECT = Tally.perfect(deadlines=DEADLINES, levels=4, tellings=1)


def show(fault: str, hits: int, tally: Tally) -> None:
    """One line of the table of faults."""
    repeated = tally.told - tally.told_of
    line = f"{fault}: {hits} hits, {tally.steps} steps, {repeated} repeated, {tally.missed} missed"
    print(line)  # noqa: T201 - read by whoever writes the table


def warned_then_told(deadlines: int) -> Tally:
    """Warned in time, then told once more, at the highest of the three levels that followed."""
    perfect = Tally.perfect(deadlines=deadlines, levels=4, tellings=2)
    return replace(perfect, told_of=2 * deadlines)


def pool_of(worker: subprocess.Popen[bytes]) -> list[int]:
    """The processes that do a Celery worker's tasks."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = int(stat.read_text().rpartition(")")[2].split()[1])
        except OSError:
            continue  # it ended meanwhile
        if parent == worker.pid:
            found.append(int(stat.parent.name))
    return found


def kill_group(process: subprocess.Popen[bytes]) -> None:
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def test_processes_killed_in_mid_batch_lose_and_repeat_nothing(installation: Installation) -> None:
    installation.fill(DEADLINES, "outage")
    loops = {name: installation.start_loop(name) for name in ("loop-1", "loop-2")}
    kills = 0
    while kills < KILLS and (name := installation.wait_for_mid_batch(*loops)):
        kill_group(loops[name])
        loops[name] = installation.start_loop(name)
        kills += 1
    installation.wait_until_nothing_is_due()
    show("kill -9 of command processes", kills, installation.tally())
    assert installation.tally() == PERFECT
    assert kills >= 2


def test_workers_killed_in_mid_batch_lose_and_repeat_nothing(installation: Installation) -> None:
    """Now a process of the pool, now the whole worker: both are started again, by Celery or us."""
    installation.fill(DEADLINES, "outage")
    workers = {name: installation.start_worker(name) for name in ("worker-1", "worker-2")}
    installation.start_beat()
    kills = 0
    while kills < KILLS and (name := installation.wait_for_mid_batch(*workers)):
        if kills % 2:
            kill_group(workers[name])
            workers[name] = installation.start_worker(name)
        else:
            for child in pool_of(workers[name]):
                os.kill(child, signal.SIGKILL)
        kills += 1
    installation.wait_until_nothing_is_due()
    show("kill -9 of Celery workers", kills, installation.tally())
    assert installation.tally() == PERFECT
    assert kills >= 2


def test_redis_flushed_again_and_again_holds_up_nothing(installation: Installation) -> None:
    installation.fill(DEADLINES, "outage")
    installation.start_worker()
    installation.start_beat()
    flushes = 0
    while installation.due():
        installation.flush_redis()
        flushes += 1
        time.sleep(0.2)
    show("Redis flushed", flushes, installation.tally())
    assert installation.tally() == PERFECT


def test_redis_away_for_a_while_delays_what_is_due_and_no_more(installation: Installation) -> None:
    """It hangs, comes back, dies, and an empty one takes its place: workers and beat go on."""
    installation.fill(DEADLINES, "warning")
    installation.start_worker()
    installation.start_beat()
    assert installation.wait_for_mid_batch("worker") == "worker"
    installation.hang_redis(seconds=3)
    installation.wait_until_nothing_is_due()
    installation.kill_redis()
    installation.let_time_pass()
    time.sleep(3)
    installation.start_redis()
    installation.wait_until_nothing_is_due()
    tally = installation.tally()
    show("Redis hangs for 3 s, then is away for 3 s", 2, tally)
    assert tally == warned_then_told(DEADLINES)


def test_two_beats_do_no_harm(installation: Installation) -> None:
    installation.fill(DEADLINES, "outage")
    for name in ("beat-1", "beat-2"):
        installation.start_beat(name)
    for name in ("worker-1", "worker-2"):
        installation.start_worker(name)
    installation.wait_until_nothing_is_due()
    show("two beats, two workers", 2, installation.tally())
    assert installation.tally() == PERFECT


def test_database_connections_terminated_lose_and_repeat_nothing(
    installation: Installation,
) -> None:
    installation.fill(DEADLINES, "outage")
    installation.start_worker()
    installation.start_beat()
    installation.start_loop("loop")
    times = ended = 0
    while times < KILLS and installation.wait_for_mid_batch("worker", "loop"):
        ended += installation.terminate_connections()
        times += 1
    installation.wait_until_nothing_is_due()
    show("database connections terminated", ended, installation.tally())
    assert installation.tally() == PERFECT
    assert times >= 2


def test_everything_stopped_over_500_due_deadlines_is_caught_up(installation: Installation) -> None:
    installation.fill(500, "warning")
    worker, beat = installation.start_worker(), installation.start_beat()
    installation.wait_until_nothing_is_due()
    installation.stop(worker, beat)
    assert installation.tally(levels=1) == Tally.perfect(deadlines=500, levels=1, tellings=1)
    installation.let_time_pass()
    assert installation.due() == 500
    installation.start_worker()
    installation.start_beat()
    installation.wait_until_nothing_is_due()
    tally = installation.tally()
    show("everything stopped over 500 due", 1, tally)
    assert tally == warned_then_told(500)
