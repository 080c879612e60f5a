"""Countdowns are coloured by the share that is left of what was promised."""

from datetime import timedelta

import pytest

from tenancy.templatetags.moments import countdown, state_of
from tests.factories.cast import TUESDAY

HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("left", "promised", "state"),
    [
        (31 * HOUR, 60 * HOUR, "ok"),
        (30 * HOUR, 60 * HOUR, "ok"),
        (29 * HOUR, 60 * HOUR, "soon"),
        (3 * HOUR, 60 * HOUR, "soon"),  # a fifth, but more than two hours
        (1.9 * HOUR, 60 * HOUR, "urgent"),
        (0.6 * HOUR, HOUR, "ok"),
        (0.3 * HOUR, HOUR, "soon"),
        (0.1 * HOUR, HOUR, "urgent"),
        (0 * HOUR, HOUR, "urgent"),
        (-0.1 * HOUR, HOUR, "late"),
        (3 * HOUR, None, "ok"),
        (1.9 * HOUR, None, "soon"),
        (-1 * HOUR, None, "late"),
    ],
)
def test_a_countdown_says_how_its_promise_stands(
    left: timedelta, promised: timedelta | None, state: str
) -> None:
    due_at = TUESDAY + left
    assert state_of(due_at, TUESDAY, promised) == state
    chip = countdown(due_at, TUESDAY, met_at=None, paused=False, promised=promised)
    assert chip.state == state


def test_every_state_has_a_picture_of_its_own_beside_its_colour() -> None:
    chips = [
        countdown(TUESDAY + left, TUESDAY, met_at=None, paused=False, promised=HOUR)
        for left in (0.6 * HOUR, 0.1 * HOUR, -HOUR)
    ]
    assert [chip.icon for chip in chips] == ["clock", "hourglass", "late"]
