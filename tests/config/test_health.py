"""`/healthz` says which part is sick."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from complaints.services.enforcement import HEARTBEAT, enforce
from config.health import PULSE_LIMITS
from tenancy.models import Heartbeat


def told(client: Client) -> tuple[int, dict[str, str]]:
    answer = client.get("/healthz")
    return answer.status_code, answer.json()


@pytest.fixture
def alive(db: None) -> None:
    """Every part has just reported."""
    for name in PULSE_LIMITS:
        Heartbeat.objects.update_or_create(name=name, defaults={"beat_at": timezone.now()})


def test_every_part_is_well(alive: None, client: Client) -> None:
    parts = ("status", "redis", "database", *PULSE_LIMITS)

    assert told(client) == (200, dict.fromkeys(parts, "ok"))


@pytest.mark.parametrize("part", PULSE_LIMITS)
def test_a_part_that_fell_silent_is_sick(alive: None, client: Client, part: str) -> None:
    long_ago = timezone.now() - timedelta(seconds=PULSE_LIMITS[part] + 1)
    Heartbeat.objects.filter(name=part).update(beat_at=long_ago)

    status, body = told(client)

    assert (status, body["status"]) == (503, "sick")
    assert [name for name, state in body.items() if state.startswith("last reported")] == [part]


@pytest.mark.parametrize("part", PULSE_LIMITS)
def test_a_part_that_never_reported_is_sick(alive: None, client: Client, part: str) -> None:
    Heartbeat.objects.filter(name=part).delete()

    assert told(client)[1][part] == "has never reported"


def test_a_pass_that_ends_well_is_the_pulse_of_the_enforcement(db: None, client: Client) -> None:
    enforce()

    assert HEARTBEAT in PULSE_LIMITS
    assert told(client)[1][HEARTBEAT] == "ok"
