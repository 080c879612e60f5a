"""Asking a process of the portal from outside (`benchmarks.inside`)."""

import json
import subprocess
import sys
from types import TracebackType
from typing import Any, Self

from benchmarks.servers import Installation
from config import embedded


class Agent:
    """The portal on one database, as far as it is not asked over HTTP."""

    def __init__(self, found: Installation, database: str, **more: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.inside"],
            env=found.settings(database, **more),
            cwd=embedded.ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def send(self, question: str, **facts: Any) -> None:
        """Ask, and go on."""
        assert self.process.stdin is not None  # noqa: S101  for the type checker
        self.process.stdin.write(json.dumps({"ask": question, **facts}) + "\n")
        self.process.stdin.flush()

    def hear(self) -> Any:
        """Wait for the answer."""
        assert self.process.stdout is not None  # noqa: S101  for the type checker
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError("the portal's process ended; its words are above")
        return json.loads(line)

    def ask(self, question: str, **facts: Any) -> Any:
        self.send(question, **facts)
        return self.hear()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        assert self.process.stdin is not None  # noqa: S101  for the type checker
        self.process.stdin.close()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
