"""What was measured: figures with their targets, as a table and as JSON."""

import json
import os
import platform
import subprocess
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from config import embedded


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the table. Without a `target` it only explains another one."""

    what: str
    measured: str
    value: float
    unit: str = ""
    target: float | None = None
    at_least: bool = False
    facts: dict[str, Any] = field(default_factory=dict)

    @property
    def met(self) -> bool | None:
        if self.target is None:
            return None
        return self.value >= self.target if self.at_least else self.value <= self.target

    @property
    def verdict(self) -> str:
        return {None: "–", True: "met", False: "**missed**"}[self.met]

    @property
    def wanted(self) -> str:
        if self.target is None:
            return "–"
        return f"{'≥' if self.at_least else '≤'} {spelt(self.target)}{self.unit}"

    def line(self) -> str:
        return (
            f"| {self.what} | {self.measured} | {spelt(self.value)}{self.unit} | {self.wanted} |"
            f" {self.verdict} |"
        )


def spelt(value: float) -> str:
    """A number as people read it: 4, 1.18, 12.3, 45,600."""
    if value == int(value) and value < 100:
        return str(int(value))
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.2f}" if value < 10 else f"{value:.1f}"


def against(what: str, measured: str, share: float, of_at_most: float, **facts: Any) -> Figure:
    """How many times bare SQL is quicker than the portal: at most so many."""
    return Figure(what, measured, 1 / share, "×", of_at_most, facts=facts)


def table(figures: Sequence[Figure]) -> str:
    head = ["| what | measured | figure | target | |", "| --- | --- | --- | --- | --- |"]
    return "\n".join([*head, *(each.line() for each in figures)]) + "\n"


def machine() -> dict[str, Any]:
    """What it was measured on."""
    model = next(
        (
            line.partition(":")[2].strip()
            for line in Path("/proc/cpuinfo").read_text().splitlines()
            if line.startswith("model name")
        ),
        platform.machine(),
    )
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"],  # noqa: S607
        cwd=embedded.ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    pages = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    return {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "processor": model,
        "cores": os.cpu_count(),
        "memory_gib": round(pages / 2**30),
        "system": f"{platform.system()} {platform.release()}",
        "python": platform.python_version(),
        "load_average": os.getloadavg()[0],
        "commit": commit.stdout.strip(),
    }


def write(
    directory: Path, name: str, figures: Sequence[Figure], more: dict[str, Any]
) -> tuple[Path, Path]:
    """Both forms, side by side."""
    text, data = directory / f"{name}.md", directory / f"{name}.json"
    text.write_text(table(figures))
    found = {**more, "figures": [{**asdict(each), "met": each.met} for each in figures]}
    data.write_text(json.dumps(found, indent=1, ensure_ascii=False))
    return text, data
