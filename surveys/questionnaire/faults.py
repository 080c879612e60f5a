"""What can be wrong with a questionnaire or an answer."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong: where, and what, by a stable code."""

    place: str  # the key of a section or question; empty: the whole
    code: str
    detail: str = ""


class Faulty(Exception):
    """Everything that is wrong, at once: nobody mends one fault after another."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__(", ".join(f"{each.place or '·'}: {each.code}" for each in faults))
        self.faults = faults
