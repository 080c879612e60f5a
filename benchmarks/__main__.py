"""`python -m benchmarks [--size 10k|100k|1m] [--only …]`: measure everything in one run."""

import argparse
import sys
import time
import traceback
from collections.abc import Callable
from datetime import UTC, datetime

from benchmarks import (
    answers,
    creation,
    dashboard,
    enforcement,
    invitations,
    lists,
    live,
    pages,
    results,
    row_security,
)
from benchmarks.figures import Figure, machine, table, write
from benchmarks.generate import generate, make_template
from benchmarks.lists import Pace
from benchmarks.servers import HOME, Installation, installation, manage
from benchmarks.world import SIZES, sizes_up_to
from config import embedded
from config.translations import compile_translations

PARTS = [
    "pages",
    "lists",
    "creation",
    "dashboard",
    "live",
    "rows",
    "answers",
    "invitations",
    "results",
    "enforcement",
]
OF_THEIR_OWN = {"pages", "answers", "invitations", "results"}  # parts with a world of their own
# The world's hour lies in the past, so that what is due then is due at the moment of measuring.
THOROUGH = {
    "1m": (Pace(2.0, 3), 1200, 5),
    "100k": (Pace(1.5, 3), 600, 3),
    "10k": (Pace(0.7, 2), 200, 2),
}


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--size", choices=SIZES, type=str.lower, default="1m")
    parser.add_argument("--only", choices=PARTS, nargs="+", default=PARTS)
    asked = parser.parse_args()
    began = time.monotonic()
    try:
        with installation() as found:
            run = Run(found, asked.size, asked.only, began)
            run.all()
    except embedded.NotStarted as error:
        print(error, file=sys.stderr)
        return 1
    print(f"\n{table(run.figures)}\n{time.monotonic() - began:.0f} s; everything is in {HOME}")
    return int(run.failed)


class Run:
    """One run: the installations of all sizes, then every part in turn."""

    def __init__(self, found: Installation, size: str, parts: list[str], began: float) -> None:
        self.found, self.began, self.failed = found, began, False
        self.parts = [each for each in PARTS if each in parts]
        self.size, self.figures = size, list[Figure]()
        self.pace, self.pairs, self.passes = THOROUGH[size]
        self.sizes = sizes_up_to(size)
        self.anchor = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)

    def say(self, words: str) -> None:
        print(f"{time.monotonic() - self.began:6.0f} s  {words}", flush=True)

    def all(self) -> None:
        if set(self.parts) - OF_THEIR_OWN:
            self.found_companies()
        # Enforcement comes last: it reopens everything.
        measures: dict[str, Callable[[], list[Figure]]] = {
            "pages": lambda: pages.measure(self.found),
            "lists": self.lists,
            "creation": lambda: creation.measure(self.found, self.sizes[-1], self.pace),
            "answers": lambda: answers.measure(self.found),
            "invitations": lambda: invitations.measure(self.found),
            "live": lambda: live.measure(self.found, self.sizes[-1]),
            "dashboard": lambda: dashboard.measure(self.found, self.sizes[-1]),
            "rows": lambda: row_security.measure(self.found, self.sizes[-1], self.pairs),
            "results": lambda: results.measure(self.found),
            "enforcement": self.enforcement,
        }
        for name in self.parts:
            self.say(f"measuring {name}")
            self.figures += self.attempt(measures[name])
            self.keep()

    def found_companies(self) -> None:
        self.say("founding the companies")
        make_template(self.found)
        for size in self.sizes:
            self.say(f"making {size.tickets:,} tickets")
            seconds = generate(self.found, size, self.anchor)
            self.say(f"made in {seconds:.0f} s")

    def attempt(self, measure: Callable[[], list[Figure]]) -> list[Figure]:
        """One part. Its failure is told, and does not take the other parts' figures along."""
        try:
            figures = measure()
        except Exception:
            traceback.print_exc()
            self.failed = True
            return []
        print(table(figures), flush=True)
        return figures

    def keep(self) -> None:
        """Write down what is known so far."""
        facts = {
            "machine": machine(),
            "size": self.size,
            "parts": self.parts,
            "seconds": round(time.monotonic() - self.began),
        }
        write(HOME, f"table-{self.size}", self.figures, facts)

    def enforcement(self) -> list[Figure]:
        return [
            *enforcement.measure_few(self.found, self.sizes, self.anchor, self.passes),
            *enforcement.measure_many(self.found, self.sizes[-1], self.anchor),
        ]

    def lists(self) -> list[Figure]:
        compile_translations()
        small, large = self.sizes[0], self.sizes[-1]
        manage(self.found, large.database, "collectstatic", "--no-input", "--verbosity", "0")
        return lists.measure(self.found, small, large, self.pace)


if __name__ == "__main__":
    sys.exit(main())
