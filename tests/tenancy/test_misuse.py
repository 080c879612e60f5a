"""What somebody who means ill tries at the doors."""

import pytest
from django.conf import LazySettings
from django.core.cache import cache
from django.test import Client, RequestFactory

from tenancy.forms.sign_in import CodeForm
from tenancy.services.addresses import client_address
from tenancy.services.attempts import limits
from tests.conftest import SignIn
from tests.factories.cast import PASSWORD, Cast


@pytest.fixture(autouse=True)
def _fresh_counts() -> None:
    cache.clear()


def test_operator_has_no_door_of_its_own_where_attempts_are_not_counted(
    jinxiu: Cast, client: Client
) -> None:
    guess = {"username": "admin@jinxiu", "password": PASSWORD}
    answer = client.post("/operator/tables/login/?next=/operator/", guess)
    assert (answer.status_code, answer["Location"]) == (302, "/accounts/login/?next=/")
    assert "_auth_user_id" not in client.session


def test_signed_in_member_finds_no_door_to_the_operator(jinxiu: Cast, sign_in: SignIn) -> None:
    admin = sign_in(jinxiu.admin)
    answer = admin.get("/operator/tables/login/")
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert {admin.get(f"/operator/{path}").status_code for path in ("", "tables/", "log/")} <= {
        302,
        403,
        404,
    }


@pytest.mark.parametrize("path", ["/accounts/login/", "/jinxiu/api/v1/members/me/"])
def test_cookie_with_a_nul_is_no_session(jinxiu: Cast, client: Client, path: str) -> None:
    client.cookies["sessionid"] = "\x00" * 32
    assert client.get(path).status_code == (200 if "login" in path else 401)


def test_code_takes_three_tries_even_from_many_sessions(db: None) -> None:
    wrong = [CodeForm({"code": "000000"}, code="123456").is_valid() for _ in range(3)]
    assert [*wrong, CodeForm({"code": "123456"}, code="123456").is_valid()] == [False] * 4
    assert CodeForm({"code": "654321"}, code="654321").is_valid()


def test_address_is_the_one_that_the_trusted_proxy_saw(settings: LazySettings) -> None:
    request = RequestFactory().get(
        "/", headers={"X-Forwarded-For": "6.6.6.6, 203.0.113.9"}, REMOTE_ADDR="10.0.0.1"
    )
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 0
    assert client_address(request) == "10.0.0.1"
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    assert client_address(request) == "203.0.113.9"
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 3
    assert client_address(request) == ""


def test_name_that_the_database_takes_for_the_same_is_counted_as_the_same() -> None:
    plain, dotless = (limits(name, "") for name in ("admin@jinxiu", "adm\u0131n@JINXIU"))
    assert plain == dotless


@pytest.mark.parametrize("path", ["/jinxiu/queue/", "/jinxiu/api/v1/members/me/"])
def test_personal_answers_are_for_no_shared_cache(jinxiu: Cast, sign_in: SignIn, path: str) -> None:
    assert sign_in(jinxiu.desk).get(path)["Cache-Control"] == "private, no-cache"


NO_ADDRESS = "//["


@pytest.mark.parametrize("path", ["login/", "login/code/", "password/reset/", "logout/"])
def test_way_back_that_is_no_address_leads_nowhere(
    jinxiu: Cast, client: Client, sign_in: SignIn, path: str
) -> None:
    for browser in (client, sign_in(jinxiu.desk)):
        answer = browser.get(f"/accounts/{path}", {"next": NO_ADDRESS})
        assert answer.status_code in (200, 302)
        assert NO_ADDRESS not in answer.headers.get("Location", "")
    assert sign_in(jinxiu.desk).get("/accounts/", {"next": NO_ADDRESS}).status_code == 200


@pytest.mark.parametrize("header", ["Referer", "HX-Current-URL"])
def test_page_before_that_is_no_address_is_none(jinxiu: Cast, client: Client, header: str) -> None:
    answer = client.post("/jinxiu/queue/", headers={header: f"http:{NO_ADDRESS}"})
    assert (answer.status_code, answer["Location"]) == (302, "/accounts/login/?next=/")
