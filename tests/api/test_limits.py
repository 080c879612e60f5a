"""How many requests a token may send."""

import pytest
import time_machine
from django.conf import LazySettings
from redis import Redis

from tenancy.services import limiting
from tests.api.conftest import ApiOf
from tests.factories.cast import TUESDAY, Cast


def test_a_token_has_so_many_requests_a_minute(
    jinxiu: Cast, api: ApiOf, settings: LazySettings
) -> None:
    settings.API_REQUESTS_PER_MINUTE = 2
    desk, other = api(jinxiu.desk), api(jinxiu.desk)
    with time_machine.travel(TUESDAY.replace(second=40), tick=False) as traveller:
        answers = [desk.get("members/me/") for _ in range(3)]
        assert [each.status_code for each in answers] == [200, 200, 429]
        assert [each["RateLimit-Remaining"] for each in answers] == ["1", "0", "0"]
        refused = answers[-1]
        assert refused.json()["code"] == "too_many_requests"
        assert (refused["Retry-After"], refused["RateLimit-Limit"]) == ("20", "2")
        assert refused["RateLimit-Reset"] == "20"
        assert other.get("members/me/").status_code == 200
        traveller.shift(20)
        assert desk.get("members/me/").status_code == 200


def test_without_redis_nobody_is_turned_away(
    jinxiu: Cast,
    api: ApiOf,
    settings: LazySettings,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    settings.API_REQUESTS_PER_MINUTE = 1
    monkeypatch.setattr(limiting, "_redis", lambda: Redis(port=1, socket_connect_timeout=0.1))
    desk = api(jinxiu.desk)

    assert [desk.get("members/me/").status_code for _ in range(3)] == [200, 200, 200]
    assert caplog.text.count("Redis is not reachable") == 1
