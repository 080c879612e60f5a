"""Signing in for a token, and what a token can do."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.conf import LazySettings
from django.contrib.auth.hashers import make_password
from django.test import Client
from django.utils import timezone
from redis.exceptions import RedisError

from tenancy.checks import DEMO_PASSWORD
from tenancy.models import ApiToken, AuditEntry, Membership
from tenancy.scope import company_scope
from tenancy.services import attempts, limiting
from tests.api.conftest import Api, ApiOf, new_ticket
from tests.factories.cast import PASSWORD, TUESDAY, Cast


def sign_in(slug: str, username: str, password: str = PASSWORD, **more: Any) -> Any:
    body = {"username": username, "password": password, **more}
    return Api(slug, headers={"Accept-Language": "en"}).post("tokens/", body)


def test_a_name_and_password_make_a_token(jinxiu: Cast) -> None:
    answer = sign_in("jinxiu", "desk@jinxiu")

    assert answer.status_code == 201, answer.content
    body = answer.json()
    assert body["token"].startswith(body["prefix"])
    assert (body["scopes"], body["name"]) == (["read", "write"], "API")
    assert answer["Cache-Control"] == "no-store"
    with company_scope(jinxiu.company.pk):
        stored = ApiToken.objects.get()
        entry = AuditEntry.objects.get(action="make_token")
    assert stored.membership_id == jinxiu.desk.pk
    assert body["token"] not in (stored.digest, stored.name)
    assert entry.by_id == jinxiu.desk.pk
    me = Api("jinxiu", body["token"]).get("members/me/").json()
    assert (me["id"], me["company"]["slug"]) == (str(jinxiu.desk.pk), "jinxiu")


def test_a_token_is_as_wide_and_long_as_asked_for(jinxiu: Cast) -> None:
    with time_machine.travel(TUESDAY, tick=False):
        body = sign_in(
            "jinxiu", "desk@jinxiu", name="报表", scopes=["read"], expires_in_days=365
        ).json()

    assert body["scopes"] == ["read"]
    assert body["expires_at"] == "2027-11-10T01:00:00+00:00"


def test_who_is_not_let_in_is_not_told_why(jinxiu: Cast, heyue: Cast) -> None:
    with company_scope(jinxiu.company.pk):
        Membership.objects.filter(pk=jinxiu.manager.pk).update(is_active=False)
    answers = [
        sign_in("jinxiu", "nobody@jinxiu"),
        sign_in("jinxiu", "desk@jinxiu", "wrong"),
        sign_in("jinxiu", "desk@heyue"),
        sign_in("jinxiu", "manager@jinxiu"),
    ]

    assert {answer.status_code for answer in answers} == {401}
    assert {answer["WWW-Authenticate"] for answer in answers} == {"Token"}
    assert len({answer.content for answer in answers}) == 1
    assert answers[0].json()["code"] == "invalid_credentials"


def test_the_demo_password_opens_nothing_outside_the_demo(
    jinxiu: Cast, settings: LazySettings
) -> None:
    user = jinxiu.desk.user
    user.password = make_password(DEMO_PASSWORD)
    user.save()

    settings.DEMO = False
    assert sign_in("jinxiu", "desk@jinxiu", DEMO_PASSWORD).status_code == 401
    settings.DEMO = True
    assert sign_in("jinxiu", "desk@jinxiu", DEMO_PASSWORD).status_code == 201


def test_guessing_ends_after_ten_times(jinxiu: Cast) -> None:
    for _ in range(attempts.MOST_PER_NAME):
        assert sign_in("jinxiu", "desk@jinxiu", "wrong").status_code == 401
    refused = sign_in("jinxiu", "desk@jinxiu")

    assert (refused.status_code, refused.json()["code"]) == (429, "too_many_attempts")
    assert refused["Retry-After"] == "900"
    # Neither another spelling of the name nor the other company begins anew.
    assert sign_in("heyue", "DESK@jinxiu").status_code == 429
    assert sign_in("jinxiu", "admin@jinxiu").status_code == 201


def test_the_right_password_begins_anew(jinxiu: Cast) -> None:
    for _ in range(3):
        for _ in range(attempts.MOST_PER_NAME - 1):
            sign_in("jinxiu", "desk@jinxiu", "wrong")
        assert sign_in("jinxiu", "desk@jinxiu").status_code == 201


def test_guessing_many_names_from_one_place_ends(
    jinxiu: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(attempts, "MOST_PER_ADDRESS", 5)
    for number in range(5):
        assert sign_in("jinxiu", f"name{number}").status_code == 401
    assert sign_in("jinxiu", "name6").status_code == 429


def test_guessing_is_harder_without_redis(jinxiu: Cast, no_redis: None) -> None:
    for _ in range(attempts.MOST_PER_NAME // attempts.SHARE):
        assert sign_in("jinxiu", "desk@jinxiu", "wrong").status_code == 401
    assert sign_in("jinxiu", "desk@jinxiu").status_code == 429
    assert sign_in("jinxiu", "admin@jinxiu").status_code == 201


@pytest.fixture
def no_redis(monkeypatch: pytest.MonkeyPatch) -> None:
    """A Redis that is not there: nobody listens at that address."""
    from redis import Redis  # noqa: PLC0415

    monkeypatch.setattr(limiting, "_redis", lambda: Redis(port=1, socket_connect_timeout=0.1))
    attempts._OwnCount.times.clear()


def test_the_window_of_a_process_ends(jinxiu: Cast, no_redis: None) -> None:
    with time_machine.travel(TUESDAY, tick=False) as traveller:
        for _ in range(3):
            sign_in("jinxiu", "desk@jinxiu", "wrong")
        assert sign_in("jinxiu", "desk@jinxiu").status_code == 429
        traveller.shift(attempts.WINDOW)
        assert sign_in("jinxiu", "desk@jinxiu").status_code == 201


def test_redis_is_left_alone_after_it_failed(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    def fail() -> None:
        asked.append(1)
        raise RedisError

    monkeypatch.setattr(limiting, "_redis", fail)
    for _ in range(3):
        with pytest.raises(limiting.Unreachable):
            limiting.count("x", window=60)
    limiting.forget("x", window=60)
    assert len(asked) == 1


def test_a_robot_that_signs_in_anew_never_runs_out(
    jinxiu: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tenancy.services.tokens.MOST_TOKENS", 2)
    tokens = [sign_in("jinxiu", "desk@jinxiu").json()["token"] for _ in range(3)]

    found = [Api("jinxiu", each).get("members/me/").status_code for each in tokens]
    assert found == [401, 200, 200]
    refused = sign_in("jinxiu", "desk@jinxiu", name="another")
    assert (refused.status_code, refused.json()["code"]) == (409, "too_many_tokens")


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"username": ""}, "/username"),
        ({"password": None}, "/password"),
        ({"scopes": ["everything"]}, "/scopes/0"),
        ({"scopes": []}, "/scopes"),
        ({"expires_in_days": 366}, "/expires_in_days"),
        ({"expires_in_days": 0}, "/expires_in_days"),
        ({"name": "x" * 61}, "/name"),
        ({"username": "a\x00b"}, "/username"),
    ],
)
def test_a_bad_sign_in_is_named(jinxiu: Cast, change: dict[str, Any], pointer: str) -> None:
    answer = (
        sign_in("jinxiu", "desk@jinxiu", **{"password": PASSWORD, **change})
        if ("username" not in change)
        else sign_in("jinxiu", change["username"])
    )

    assert answer.status_code == 400
    assert [fault["pointer"] for fault in answer.json()["errors"]] == [pointer]


def test_the_scope_personal_is_for_those_who_may_reveal(jinxiu: Cast) -> None:
    refused = sign_in("jinxiu", "technician@jinxiu", scopes=["personal"])
    assert (refused.status_code, refused.json()["code"]) == (409, "scope_not_yours")
    assert sign_in("jinxiu", "desk@jinxiu", scopes=["personal"]).status_code == 201


def test_tokens_are_listed_and_revoked(jinxiu: Cast, api: ApiOf) -> None:
    desk, other = api(jinxiu.desk), api(jinxiu.desk)
    foreign = api(jinxiu.admin).results("tokens/")[0]["id"]
    listed = desk.results("tokens/")

    assert [sorted(each) for each in listed] == [
        ["created_at", "expires_at", "id", "last_used_on", "name", "prefix", "scopes"]
    ] * 2
    mine = next(each for each in listed if desk.token.startswith(each["prefix"]))
    assert desk.get(f"tokens/{mine['id']}/").json() == mine
    assert other.send("DELETE", f"tokens/{foreign}/").status_code == 404
    assert other.send("DELETE", f"tokens/{mine['id']}/").status_code == 204
    assert desk.get("tokens/").status_code == 401
    assert len(other.results("tokens/")) == 1


def test_a_reading_token_does_not_write(jinxiu: Cast, api: ApiOf) -> None:
    reader = api(jinxiu.desk, "read")

    assert reader.get("tickets/").status_code == 200
    answer = reader.post("tickets/", new_ticket(jinxiu))
    assert (answer.status_code, answer.json()["code"]) == (403, "scope_missing")


def test_a_token_without_reading_does_not_read(jinxiu: Cast, api: ApiOf) -> None:
    answer = api(jinxiu.desk, "personal").get("tickets/")
    assert (answer.status_code, answer.json()["code"]) == (403, "scope_missing")


@pytest.mark.parametrize(
    "header",
    [
        "",
        "Token",
        "Token ",
        "Token nonsense",
        "Token " + "x" * 500,
        "Token 电梯",
        "Token a b",
        "Bearer {token}",
        "Basic ZGVzazpwYXNz",
        "{token}",
    ],
)
def test_nothing_else_is_a_token(jinxiu: Cast, api: ApiOf, header: str) -> None:
    token = api(jinxiu.desk).token
    sent = {"Authorization": header.format(token=token)} if header else {}
    client = Api("jinxiu", headers={**sent})

    answer = client.get("tickets/")
    assert answer.status_code == 401
    assert answer["WWW-Authenticate"] == "Token"
    assert answer["Content-Type"] == "application/problem+json"


def test_a_token_ends_with_its_time_its_member_and_its_person(jinxiu: Cast, api: ApiOf) -> None:
    desk = api(jinxiu.desk)
    assert desk.get("tickets/").status_code == 200
    with company_scope(jinxiu.company.pk):
        token = ApiToken.objects.get()
        token.expires_at = timezone.now() - timedelta(seconds=1)
        token.save()
    assert desk.get("tickets/").json()["code"] == "invalid_token"

    admin, manager = api(jinxiu.admin), api(jinxiu.manager)
    with company_scope(jinxiu.company.pk):
        Membership.objects.filter(pk=jinxiu.admin.pk).update(is_active=False)
    user = jinxiu.manager.user
    user.is_active = False
    user.save()
    assert admin.get("tickets/").status_code == 401
    assert manager.get("tickets/").status_code == 401


def test_a_token_of_one_company_is_unknown_in_the_other(
    jinxiu: Cast, heyue: Cast, api: ApiOf
) -> None:
    ours = api(jinxiu.admin)
    there = Api("heyue", ours.token).get("tickets/")
    invented = Api("heyue", "invented").get("tickets/")

    assert (there.status_code, there.content) == (401, invented.content)


def test_use_is_noted_once_a_day(
    jinxiu: Cast, api: ApiOf, django_assert_max_num_queries: Any
) -> None:
    desk = api(jinxiu.desk)
    with time_machine.travel(TUESDAY, tick=False):
        desk.get("members/me/")
    with company_scope(jinxiu.company.pk):
        assert ApiToken.objects.get().last_used_on == TUESDAY.date()


def test_a_signed_in_browser_needs_no_token(jinxiu: Cast, sign_in: Any) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(jinxiu.desk.user, "django.contrib.auth.backends.ModelBackend")
    client = Api("jinxiu", browser=browser)

    assert client.get("tickets/").status_code == 200
    assert client.get("members/me/").json()["scopes"] == ["read", "write", "personal"]
    refused = client.post("tickets/", new_ticket(jinxiu))
    assert (refused.status_code, refused.json()["code"]) == (403, "csrf_failed")
    browser.get("/accounts/login/")
    browser.cookies["csrftoken"] = "a" * 32
    filed = client.post("tickets/", new_ticket(jinxiu), X_CSRFToken="a" * 32)
    assert filed.status_code == 201


def test_a_stranger_finds_what_one_finds_in_a_company_that_is_not_there(
    jinxiu: Cast, heyue: Cast, sign_in: Any
) -> None:
    browser = sign_in(heyue.admin)
    stranger = Api("jinxiu", browser=browser).get("tickets/")
    nowhere = Api("nowhere", browser=browser).get("tickets/")

    assert (stranger.status_code, nowhere.status_code) == (404, 404)
    assert {**stranger.json(), "instance": ""} == {**nowhere.json(), "instance": ""}
    company = heyue.company
    company.is_active = False
    company.save()
    resting = Api("heyue", browser=browser).get("tickets/")
    assert (resting.status_code, resting.json()["code"]) == (403, "company_suspended")
    assert Api("heyue", browser=sign_in(jinxiu.admin)).get("tickets/").status_code == 404
