"""Child processes that stop with their parent, however the parent ends."""

import ctypes
import os
import pwd
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

PR_SET_PDEATHSIG = 1
LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None


def end_with_parent(sent: signal.Signals, parent: int) -> None:
    """Ask the kernel to send this process a signal when its parent is gone."""
    if LIBC is None:
        return
    LIBC.prctl(PR_SET_PDEATHSIG, sent.value)
    if os.getppid() != parent:  # it went before the kernel was asked
        os.kill(os.getpid(), sent)


def tether(sent: signal.Signals) -> Callable[[], None]:
    """The same, to be run in a child between fork and exec."""
    parent = os.getpid()
    return lambda: end_with_parent(sent, parent)


class Identity(TypedDict, total=False):
    """Whom a process runs as, in the words of `subprocess`."""

    user: int
    group: int
    extra_groups: list[int]


def identity(user: str | None) -> Identity:
    """All of another user's identity: with root's group left, that group's rights would count."""
    if user is None:
        return {}
    found = pwd.getpwnam(user)
    return {"user": found.pw_uid, "group": found.pw_gid, "extra_groups": []}


def spawn(
    command: Sequence[str],
    *,
    env: Mapping[str, str] | None = None,
    log: Path | None = None,
    cwd: Path | None = None,
    user: str | None = None,
    ended_by: signal.Signals = signal.SIGTERM,
    own_session: bool = True,
) -> subprocess.Popen[bytes]:
    """Start a process that gets `ended_by` when this one dies, even by SIGKILL.

    In a session of its own, Ctrl-C reaches only the launcher, which stops the parts in order.
    Call it from the main thread: the kernel counts the death of a thread as the parent's.
    """
    output = log.open("ab") if log else None
    try:
        return subprocess.Popen(
            command,
            env=env,
            cwd=cwd,
            stdin=subprocess.DEVNULL if own_session else None,
            stdout=output,
            stderr=subprocess.STDOUT if output else None,
            **identity(user),
            start_new_session=own_session,
            preexec_fn=tether(ended_by),
        )
    finally:
        if output:
            output.close()


@dataclass
class Part:
    """A long-running part of the installation that is started, watched, restarted and stopped."""

    name: str
    start: Callable[[], subprocess.Popen[bytes]]
    ended_by: signal.Signals = signal.SIGTERM
    patience: float = 20
    process: subprocess.Popen[bytes] | None = None

    def stop(self) -> None:
        if self.process:
            stop(self.process, self.ended_by, self.patience)

    def has_died(self) -> bool:
        return self.process is not None and self.process.poll() is not None


def stop_together(parts: Sequence[Part]) -> None:
    """Ask all of them first, so that the slowest sets the time rather than the sum."""
    for part in parts:
        if part.process and part.process.poll() is None:
            part.process.send_signal(part.ended_by)
    for part in parts:
        part.stop()


def stop(process: subprocess.Popen[bytes], sent: signal.Signals, patience: float) -> None:
    """Ask the process to end, wait, and in the end kill it with everything it started."""
    if process.poll() is None:
        process.send_signal(sent)
    try:
        process.wait(patience)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    kill_session(process.pid)


def kill_session(leader: int) -> None:
    """End what a stopped session leader may have left behind."""
    try:
        os.killpg(leader, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        return
