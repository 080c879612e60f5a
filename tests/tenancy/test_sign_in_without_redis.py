"""Redis may be away: signing in goes on, and goes on being limited."""

import copy
from collections.abc import Iterator

import pytest
from django.conf import LazySettings
from django.core.cache import cache, caches
from django.test import Client

from config.cache import SurvivingRedisCache
from tests.factories.cast import PASSWORD, Cast

LOGIN = "/accounts/login/"
NOBODY_ANSWERS = "redis://127.0.0.1:1/1"


@pytest.fixture
def _redis_away(settings: LazySettings) -> Iterator[None]:
    away = copy.deepcopy(settings.CACHES)
    away["default"]["LOCATION"] = NOBODY_ANSWERS
    settings.CACHES = away
    yield
    caches["default"].clear()


@pytest.mark.usefixtures("_redis_away")
def test_password_signs_in_without_redis(jinxiu: Cast) -> None:
    visitor = Client()
    visitor.post(LOGIN, {"login": "desk@jinxiu", "password": PASSWORD})
    assert visitor.session["_auth_user_id"] == str(jinxiu.desk.user_id)


@pytest.mark.usefixtures("_redis_away")
def test_attempts_are_limited_without_redis(jinxiu: Cast) -> None:
    visitor = Client(headers={"accept-language": "en"})
    for _attempt in range(5):
        visitor.post(LOGIN, {"login": "desk@jinxiu", "password": "wrong"})
    answer = visitor.post(LOGIN, {"login": "desk@jinxiu", "password": PASSWORD})
    assert answer.context["form"].non_field_errors() == [
        "Too many attempts. Please wait a few minutes."
    ]


@pytest.mark.usefixtures("_redis_away")
def test_cache_without_redis_is_the_memory_of_the_process() -> None:
    assert cache.add("a", 1)
    assert not cache.add("a", 2)
    cache.set("b", 2)
    cache.set_many({"c": 3, "d": 4})
    assert cache.get_many(["a", "b", "c"]) == {"a": 1, "b": 2, "c": 3}
    assert cache.incr("a") == 2
    assert cache.touch("a", 60)
    assert cache.has_key("a")
    assert cache.delete("a")
    cache.delete_many(["b"])
    assert cache.get_many(["a", "b", "c", "d"]) == {"c": 3, "d": 4}
    cache.clear()
    assert cache.get("c") is None


def test_cache_asks_redis_again_after_a_respite(settings: LazySettings) -> None:
    params = settings.CACHES["default"]
    survivor = SurvivingRedisCache(NOBODY_ANSWERS, {"OPTIONS": dict(params["OPTIONS"])})
    survivor.set("x", "in memory")
    assert survivor.get("x") == "in memory"
    there = SurvivingRedisCache(params["LOCATION"], {"KEY_PREFIX": "respite"})
    there.set("x", "in redis")
    # Redis is back, and the respite is over.
    survivor._cache, survivor._away_until = there._cache, 0.0
    survivor.key_prefix = "respite"
    assert survivor.get("x") == "in redis"
    there.delete("x")
