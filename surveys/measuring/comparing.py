"""Differences: between two waves, and whether they are more than chance would explain."""

import math

from scipy.special import stdtr, stdtrit

from surveys.measuring.estimating import CONFIDENCE
from surveys.measuring.terms import Change, Estimate, Verdict

ENOUGH = 10  # answers on either side; of fewer nothing is said


def change(before: Estimate, after: Estimate) -> Change:
    """From one estimate to another, as of two independent samples (Welch, 1947).

    Who answered both times cannot be known, since nobody's answers can be found: people who
    think alike twice make a change surer than is said here, never less sure.
    """
    difference = after.value - before.value
    error = math.hypot(before.error, after.error)
    few = min(before.answered, after.answered) < ENOUGH
    if error == 0:  # everybody said everything both times
        chance = 1.0 if math.isclose(difference, 0, abs_tol=1e-9) else 0.0
        return Change(difference, difference, difference, chance, _verdict(chance, few))
    freedom = error**4 / sum(each.error**4 / each.freedom for each in (before, after))
    chance = 2 * float(stdtr(freedom, -abs(difference) / error))
    margin = float(stdtrit(freedom, (1 + CONFIDENCE) / 2)) * error
    verdict = _verdict(chance, few)
    return Change(difference, difference - margin, difference + margin, chance, verdict)


def _verdict(chance: float, few: bool) -> Verdict:
    if few:
        return Verdict.TOO_FEW
    return Verdict.REAL if chance < 1 - CONFIDENCE else Verdict.CHANCE
