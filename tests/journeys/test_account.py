"""One's own account in a real browser: a passkey made and used, and every page looked at."""

from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.core.cache import cache
from playwright.sync_api import APIResponse, Error, Route, expect

from tenancy.models import User
from tests.factories.cast import PASSWORD, Cast, cast_of
from tests.journeys.conftest import Arrival, Person
from tests.tenancy.test_second_factor import app_of, code

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def cast(transactional_db: None) -> Cast:
    cache.clear()
    return cast_of("jinxiu", "锦绣物业")


def telephone(person: Person) -> Callable[[bool], None]:
    """A device that knows its owner by the fingerprint; whether a finger lies on it can be said."""
    session: Any = person.page.context.new_cdp_session(person.page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    device = session.send("WebAuthn.addVirtualAuthenticator", {"options": options})

    def finger(there: bool) -> None:
        what = {"authenticatorId": device["authenticatorId"], "enabled": there}
        session.send("WebAuthn.setAutomaticPresenceSimulation", what)

    return finger


def test_passkey_is_made_and_opens_the_account(cast: Cast, arrive: Arrival) -> None:
    desk = arrive(width=390)
    finger = telephone(desk)
    desk.sign_in(cast.desk, "/accounts/second-factor/")
    desk.follow("a[href='/accounts/second-factor/passkeys/add/']")
    if "/accounts/confirm/" in desk.page.url:
        desk.write("input[name=password]", PASSWORD)
        desk.go("Enter")
    desk.press("form[data-passkey=make] button")
    desk.page.wait_for_url("**/accounts/second-factor/codes/")
    desk.look()
    assert Authenticator.objects.filter(type="webauthn").count() == 1
    assert desk.page.locator(".recovery-codes li").count() == 10

    desk.page.goto(f"{desk.origin}/accounts/logout/")
    desk.follow("form[action='/accounts/logout/'] button")
    # The page offers the passkey by itself: a finger already there would open it on the way.
    finger(False)
    desk.page.goto(f"{desk.origin}/accounts/login/?next=/jinxiu/queue/")
    desk.reach("form[data-passkey=enter] button")
    finger(True)
    desk.page.keyboard.press("Enter")
    desk.page.wait_for_url("**/jinxiu/queue/")


def test_late_challenge_of_a_passkey_signs_nobody_out(cast: Cast, arrive: Arrival) -> None:
    """The page asks for it as soon as one turns to the field, in a session of its own."""
    desk = arrive()
    late: list[tuple[Route, APIResponse]] = []

    def sign_in(route: Route) -> None:
        if route.request.method == "POST":
            route.fulfill(response=route.fetch(max_redirects=0))
            for challenge, answer in late:
                with suppress(Error):  # nobody waits for it any more
                    challenge.fulfill(response=answer)
        else:
            route.continue_()

    desk.page.route("**/accounts/login/?**", sign_in)
    desk.page.route("**/passkeys/sign-in/", lambda route: late.append((route, route.fetch())))
    desk.sign_in(cast.desk, "/jinxiu/queue/")
    desk.page.goto(f"{desk.origin}/jinxiu/queue/")
    assert late
    assert desk.page.url == f"{desk.origin}/jinxiu/queue/"


def test_passkey_is_the_second_step_after_a_password(cast: Cast, arrive: Arrival) -> None:
    desk = arrive()
    finger = telephone(desk)
    desk.sign_in(cast.desk, "/accounts/second-factor/passkeys/add/")
    if "/accounts/confirm/" in desk.page.url:
        desk.write("input[name=password]", PASSWORD)
        desk.go("Enter")
    desk.press("form[data-passkey=make] button")
    desk.page.wait_for_url("**/accounts/second-factor/codes/")
    desk.page.context.clear_cookies()
    finger(False)
    desk.sign_in(cast.desk, "/jinxiu/queue/")
    finger(True)
    assert desk.page.url == f"{desk.origin}/accounts/second-factor/sign-in/"
    desk.press("form[data-passkey=use] button")
    desk.page.wait_for_url("**/jinxiu/queue/")


NOBODY_THERE = """() => {
    navigator.credentials.get = () => Promise.reject(new DOMException("", "NotAllowedError"))
}"""


def test_device_that_knows_no_passkey_is_told_what_to_do(cast: Cast, arrive: Arrival) -> None:
    visitor = arrive(lang="en")
    visitor.page.goto(f"{visitor.origin}/accounts/login/")
    visitor.page.evaluate(NOBODY_THERE)
    visitor.press("form[data-passkey=enter] button")
    expect(visitor.page.locator("form[data-passkey=enter] [role=alert]")).to_have_text(
        "That did not work, or was cancelled. Try once more."
    )


def test_app_is_set_up_by_keyboard(cast: Cast, arrive: Arrival) -> None:
    desk = arrive(width=390, lang="en")
    desk.sign_in(cast.desk, "/accounts/second-factor/app/")
    if "/accounts/confirm/" in desk.page.url:
        desk.write("input[name=password]", PASSWORD)
        desk.go("Enter")
    secret = desk.page.locator(".factor-secret code").text_content()
    desk.write("input[name=code]", code(secret or ""))
    desk.go("Enter")
    assert desk.page.url.endswith("/accounts/second-factor/codes/")


PAGES = (
    "/accounts/",
    "/accounts/email/",
    "/accounts/phone/",
    "/accounts/password/change/",
    "/accounts/sessions/",
    "/accounts/second-factor/",
    "/accounts/second-factor/codes/",
    "/accounts/second-factor/codes/new/",
    "/accounts/second-factor/passkeys/add/",
    "/accounts/second-factor/app/remove/",
    "/accounts/second-factor/needed/?company=jinxiu",
    "/accounts/again/",
)


@pytest.mark.parametrize("look", [{"width": 390}, {"lang": "en", "dark": True}])
def test_pages_of_the_account_hurt_nobody(
    cast: Cast, arrive: Arrival, look: dict[str, Any]
) -> None:
    app_of(User.objects.get(pk=cast.desk.user_id))
    RecoveryCodes.activate(cast.desk.user)
    desk = arrive(**look)
    desk.sign_in(cast.desk, "/accounts/")
    desk.write("input[name=code]", code())
    desk.go("Enter")
    for path in PAGES:
        desk.page.goto(f"{desk.origin}{path}")
        if "/accounts/confirm/" in desk.page.url:
            desk.look()
            desk.write("input[name=password]", PASSWORD)
            desk.go("Enter")
        desk.visit(path)
