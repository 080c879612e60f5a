"""Who runs the platform, in a real browser: a company taken on board, entered, and left again."""

import pytest
from allauth.mfa.models import Authenticator
from django.core.cache import cache
from django.test import override_settings

from tenancy.models import Company, User
from tests.factories.cast import PASSWORD, Cast, cast_of, hashed
from tests.journeys.conftest import Arrival, Person

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def cast(transactional_db: None) -> Cast:
    cache.clear()
    User.objects.create_superuser("operator", name="林岚")
    User.objects.filter(username="operator").update(password=hashed())
    return cast_of("jinxiu", "锦绣物业")


def arrive_as_operator(arrive: Arrival, place: str, **how: object) -> Person:
    person = arrive(**how)
    person.page.goto(f"{person.origin}/accounts/login/?next={place}")
    person.write("input[name=login]", "operator")
    person.write("input[name=password]", PASSWORD)
    person.go("Enter")
    return person


def sure(person: Person) -> None:
    """The password once more, where it is asked for."""
    if "/accounts/confirm/" in person.page.url:
        person.write("input[name=password]", PASSWORD)
        person.go("Enter")


@override_settings(OPERATORS_NEED_SECOND_FACTOR=False)
def test_operator_enters_looks_and_leaves(cast: Cast, arrive: Arrival) -> None:
    olga = arrive_as_operator(arrive, f"/operator/{cast.company.pk}/", lang="en")
    olga.write("input[name=enter-reason]", "工单 4711：队列显示为空")
    olga.go("Enter")
    sure(olga)
    assert olga.page.url.startswith(f"{olga.origin}/jinxiu/")
    assert "Every page you open is recorded" in olga.text(".platform-bar")
    olga.page.goto(f"{olga.origin}/jinxiu/queue/")
    olga.look()
    olga.follow(".platform-bar button")
    assert olga.page.url == f"{olga.origin}/operator/{cast.company.pk}/"

    admin = arrive(width=390)
    admin.sign_in(cast.admin, "/jinxiu/platform-access/")
    admin.page.locator("details.fold summary").first.press("Enter")
    admin.look()
    assert "工单 4711" in admin.text(".settings-body dl")


@override_settings(OPERATORS_NEED_SECOND_FACTOR=False)
def test_company_is_taken_on_board_by_keyboard(cast: Cast, arrive: Arrival) -> None:
    olga = arrive_as_operator(arrive, "/operator/", lang="en", dark=True)
    olga.follow("a[href='/operator/new/']")
    for name, text in (
        ("name", "新物业"),
        ("slug", "xin"),
        ("admin", "王芳"),
        ("email", "wang@xin.example"),
    ):
        olga.write(f"input[name={name}]", text)
    olga.go("Enter")
    assert Company.objects.filter(slug="xin").exists()


@override_settings(OPERATORS_NEED_SECOND_FACTOR=False)
@pytest.mark.parametrize("width", [390, 1440])
def test_pages_of_operators_hurt_nobody(cast: Cast, arrive: Arrival, width: int) -> None:
    olga = arrive_as_operator(arrive, "/operator/", lang="en", width=width)
    for path in ("", f"{cast.company.pk}/", "log/", "factors/", "new/"):
        olga.visit(f"/operator/{path}")


def test_operator_without_a_second_factor_sets_one_up_first(cast: Cast, arrive: Arrival) -> None:
    olga = arrive_as_operator(arrive, "/operator/", width=390)
    assert "/accounts/second-factor/needed/" in olga.page.url
    assert not Authenticator.objects.exists()
