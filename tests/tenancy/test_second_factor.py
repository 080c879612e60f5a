"""The second factor: set up, asked for, required by a company, lost."""

import time
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, hotp_value, yield_hotp_counters_from_time
from allauth.usersessions.models import UserSession
from django.core.cache import cache
from django.core.mail import EmailMessage
from django.test import Client
from django.utils import timezone

from notifications.models import Notification
from tenancy.models import AuditEntry, Company, Membership, User
from tenancy.scope import company_scope
from tenancy.services.second_factor import (
    NotYourOwn,
    NotYoursAlone,
    ReasonMissing,
    TooMuchGrace,
    require_second_factor,
    reset_second_factor,
)
from tests.conftest import SignIn
from tests.factories.cast import PASSWORD, TUESDAY, Cast
from tests.tenancy.test_operator import browser

LOGIN = "/accounts/login/"
SECRET = "JBSWY3DPEHPK3PXP"
NEEDED = "/accounts/second-factor/needed/?company=jinxiu&next=%2Fjinxiu%2Fqueue%2F"


@pytest.fixture(autouse=True)
def _fresh_counts() -> None:
    cache.clear()


def code(secret: str = SECRET) -> str:
    """What the app shows at this moment: good for this half minute and the next."""
    _earlier, now, *_later = yield_hotp_counters_from_time()
    return f"{hotp_value(secret, now):06d}"


def app_of(user: User) -> None:
    TOTP.activate(user, SECRET)


def require(cast: Cast, *, grace: timedelta = timedelta(0), **more: Any) -> Company:
    with company_scope(cast.company.pk):
        return require_second_factor(
            company=cast.company, required=True, by=cast.actor("admin"),
            now=more.get("now", timezone.now()), grace=grace,
        )  # fmt: skip


# --- asked for when signing in ---


def test_password_alone_is_not_enough_for_whoever_has_an_app(jinxiu: Cast) -> None:
    app_of(jinxiu.desk.user)
    visitor = Client(headers={"accept-language": "en"})
    answer = visitor.post(LOGIN, {"login": "desk@jinxiu", "password": PASSWORD})
    assert answer["Location"] == "/accounts/second-factor/sign-in/"
    assert visitor.get("/jinxiu/queue/").status_code == 302
    wrong = visitor.post(answer["Location"], {"code": "000000" if code() != "000000" else "1"})
    assert wrong.context["form"].errors == {"code": ["This code is not right."]}
    right = visitor.post(answer["Location"], {"code": code()})
    assert right["Location"] == "/"
    assert visitor.get("/jinxiu/queue/").status_code == 200


def test_recovery_code_opens_once(jinxiu: Cast) -> None:
    app_of(jinxiu.desk.user)
    spare = RecoveryCodes.activate(jinxiu.desk.user).get_unused_codes()[0]
    for expected in (302, 200):
        visitor = Client()
        visitor.post(LOGIN, {"login": "desk@jinxiu", "password": PASSWORD})
        answer = visitor.post("/accounts/second-factor/sign-in/", {"code": spare})
        assert answer.status_code == expected


def test_secret_of_the_app_is_encrypted_at_rest(jinxiu: Cast) -> None:
    app_of(jinxiu.desk.user)
    assert SECRET not in str(Authenticator.objects.get().data)


def test_key_needs_the_code_too(jinxiu: Cast) -> None:
    app_of(jinxiu.desk.user)
    asked = {"username": "desk@jinxiu", "password": PASSWORD}
    address = "/jinxiu/api/v1/tokens/"
    bare = Client().post(address, asked, content_type="application/json")
    assert (bare.status_code, bare.json()["code"]) == (401, "second_factor_wanted")
    wrong = Client().post(address, {**asked, "code": "12"}, content_type="application/json")
    assert wrong.json()["code"] == "second_factor_wanted"
    made = Client().post(address, {**asked, "code": code()}, content_type="application/json")
    assert made.status_code == 201


# --- set up ---


def test_app_is_set_up_with_codes_for_the_day_it_is_lost(
    jinxiu: Cast,
    mailoutbox: list[EmailMessage],
    django_capture_on_commit_callbacks: Any,
) -> None:
    client, elsewhere = browser(jinxiu.desk.user), browser(jinxiu.desk.user)
    for each in (client, elsewhere):
        session = each.session
        session["seen"] = 0
        session.save()
        assert each.get("/jinxiu/queue/").status_code == 200
    assert UserSession.objects.filter(user=jinxiu.desk.user).count() == 2
    page = client.get("/accounts/second-factor/app/")
    secret = page.context["form"].secret
    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post("/accounts/second-factor/app/", {"code": code(secret)})
    assert answer["Location"] == "/accounts/second-factor/codes/"
    answer = client.get(answer["Location"])
    assert len(answer.context["unused_codes"]) == 10
    assert client.get("/jinxiu/queue/").status_code == 200
    # Whoever knew the password and was signed in with it alone is out.
    assert elsewhere.get("/jinxiu/queue/").status_code == 302
    assert [mail.to for mail in mailoutbox] == [["desk@jinxiu.example"]]


def test_setting_up_asks_for_the_password_again(jinxiu: Cast, sign_in: SignIn) -> None:
    for path in ("app/", "passkeys/add/"):
        answer = sign_in(jinxiu.desk).get(f"/accounts/second-factor/{path}")
        assert answer["Location"].startswith("/accounts/confirm/"), path


# --- required by a company ---


def test_staff_without_one_are_led_to_it(jinxiu: Cast, sign_in: SignIn) -> None:
    require(jinxiu)
    client = sign_in(jinxiu.desk)
    answer = client.get("/jinxiu/queue/")
    assert (answer.status_code, answer["Location"]) == (302, NEEDED)
    assert client.get(NEEDED).context["wants"] == jinxiu.company
    api = client.get("/jinxiu/api/v1/tickets/")
    assert (api.status_code, api.json()["code"]) == (403, "second_factor_missing")
    asked = {"username": "desk@jinxiu", "password": PASSWORD}
    token = client.post("/jinxiu/api/v1/tokens/", asked, content_type="application/json")
    assert (token.status_code, token.json()["code"]) == (403, "second_factor_missing")
    app_of(jinxiu.desk.user)
    assert client.get("/jinxiu/queue/").status_code == 200


def test_owners_are_never_asked(jinxiu: Cast, sign_in: SignIn) -> None:
    require(jinxiu)
    assert sign_in(jinxiu.owner).get("/jinxiu/my/").status_code == 200


def test_codes_on_paper_alone_are_no_second_factor(jinxiu: Cast, sign_in: SignIn) -> None:
    require(jinxiu)
    RecoveryCodes.activate(jinxiu.desk.user)
    assert sign_in(jinxiu.desk).get("/jinxiu/queue/").status_code == 302


def test_keys_made_before_go_on(jinxiu: Cast) -> None:
    from tenancy.services.tokens import make_token  # noqa: PLC0415 - only here

    with company_scope(jinxiu.company.pk):
        _token, plain = make_token(
            membership=jinxiu.desk, name="x", scopes=["read"], expires_at=None, now=timezone.now()
        )
    require(jinxiu)
    program = Client(headers={"authorization": f"Token {plain}"})
    assert program.get("/jinxiu/api/v1/tickets/").status_code == 200


def test_grace_is_given_and_ends(jinxiu: Cast, sign_in: SignIn) -> None:
    now = timezone.now()
    require(jinxiu, grace=timedelta(days=7), now=now)
    client = sign_in(jinxiu.desk)
    assert client.get("/jinxiu/queue/").status_code == 200
    assert "from" in client.get("/accounts/").content.decode()
    with time_machine.travel(now + timedelta(days=7), tick=False):
        assert sign_in(jinxiu.desk).get("/jinxiu/queue/").status_code == 302


def test_only_the_company_that_requires_it_asks(jinxiu: Cast, heyue: Cast, sign_in: SignIn) -> None:
    with company_scope(heyue.company.pk):
        Membership.objects.create(user=jinxiu.desk.user, name="二", roles=["desk"])
    require(jinxiu)
    client = sign_in(jinxiu.desk)
    assert client.get("/heyue/queue/").status_code == 200
    assert client.get("/jinxiu/queue/")["Location"] == NEEDED
    others = client.get(NEEDED).context["others"]
    assert [(str(company), home) for company, home in others] == [("和悦物业", "/heyue/")]


def test_page_about_it_names_no_company_one_is_not_in(jinxiu: Cast, heyue: Cast) -> None:
    assert browser(heyue.desk.user).get(NEEDED).context["wants"] is None


def test_requiring_is_recorded_and_can_be_taken_back(scoped: Cast) -> None:
    admin = scoped.actor("admin")
    facts: dict[str, Any] = {"company": scoped.company, "by": admin, "now": TUESDAY}
    since = require_second_factor(required=True, **facts).second_factor_from
    assert since == TUESDAY + timedelta(days=7)
    assert require_second_factor(required=True, **facts).second_factor_from == since
    assert require_second_factor(required=False, **facts).second_factor_from is None
    with pytest.raises(TooMuchGrace):
        require_second_factor(required=True, grace=timedelta(days=31), **facts)
    found = AuditEntry.objects.filter(action="require_second_factor").order_by("id")
    assert [entry.detail["since"] is None for entry in found] == [False, True]


# --- lost ---


def reset(cast: Cast, role: str, by: str = "admin", **more: Any) -> int:
    facts: dict[str, Any] = {
        "reason": "Telephone stolen, seen in person",
        "elsewhere": False,
        **more,
    }
    return reset_second_factor(member=cast.members[role], by=cast.actor(by), now=TUESDAY, **facts)


def test_admin_lets_somebody_set_up_anew(jinxiu: Cast, sign_in: SignIn) -> None:
    app_of(jinxiu.desk.user)
    desk, admin = browser(jinxiu.desk.user), sign_in(jinxiu.admin)
    UserSession.objects.create(
        user=jinxiu.desk.user, ip="127.0.0.1", session_key=desk.session.session_key
    )
    address = f"/jinxiu/members/{jinxiu.desk.pk}/second-factor/"
    assert admin.get(address).status_code == 200
    assert admin.post(address, {"reason": " "}).status_code == 422
    assert admin.post(address, {"reason": "Seen in person"}).status_code == 302
    assert not Authenticator.objects.exists()
    assert desk.get("/jinxiu/queue/").status_code == 302
    with company_scope(jinxiu.company.pk):
        entry = AuditEntry.objects.get(action="reset_second_factor")
        assert (entry.by_id, entry.detail["reason"]) == (jinxiu.admin.pk, "Seen in person")
        assert Notification.objects.filter(recipient=jinxiu.desk).count() == 1
    assert sign_in(jinxiu.manager).get(address).status_code == 403


def test_admin_of_one_company_cannot_weaken_an_account_of_two(
    jinxiu: Cast, heyue: Cast, sign_in: SignIn
) -> None:
    app_of(jinxiu.desk.user)
    with company_scope(heyue.company.pk):
        Membership.objects.create(user=jinxiu.desk.user, name="二", roles=["owner"])
    address = f"/jinxiu/members/{jinxiu.desk.pk}/second-factor/"
    answer = sign_in(jinxiu.admin).post(address, {"reason": "Seen in person"})
    assert answer.status_code == 422
    assert Authenticator.objects.count() == 1


def test_reset_is_refused_where_it_would_be_wrong(scoped: Cast) -> None:
    app_of(scoped.desk.user)
    for refusal, role, more in (
        (NotYourOwn, "admin", {}),
        (NotYoursAlone, "desk", {"elsewhere": True}),
        (ReasonMissing, "desk", {"reason": "no"}),
    ):
        with pytest.raises(refusal):
            reset(scoped, role, **more)
    assert Authenticator.objects.count() == 1


def test_lost_factor_does_not_open_the_account_by_itself(jinxiu: Cast) -> None:
    app_of(jinxiu.desk.user)
    with company_scope(jinxiu.company.pk):
        reset(jinxiu, "desk")
    visitor = Client()
    visitor.post(LOGIN, {"login": "desk@jinxiu", "password": "wrong"})
    assert "_auth_user_id" not in visitor.session


def test_codes_run_out_of_time(jinxiu: Cast) -> None:
    app_of(jinxiu.desk.user)
    old = code()
    with time_machine.travel(time.time() + 300, tick=False):
        visitor = Client()
        visitor.post(LOGIN, {"login": "desk@jinxiu", "password": PASSWORD})
        assert visitor.post("/accounts/second-factor/sign-in/", {"code": old}).status_code == 200


def test_admin_switches_it_on_and_off_by_the_page(jinxiu: Cast, sign_in: SignIn) -> None:
    address = "/jinxiu/settings/second-factor/"
    admin = sign_in(jinxiu.admin)
    assert sign_in(jinxiu.manager).get(address).status_code == 403
    assert admin.post(address, {"required": "on", "days": "99"}).status_code == 422
    assert admin.post(address, {"required": "on", "days": "7"}).status_code == 302
    assert Company.objects.get(slug="jinxiu").second_factor_from is not None
    assert admin.get(address).context["form"].initial == {"required": True}
    assert admin.post(address, {"days": "7"}).status_code == 302
    assert Company.objects.get(slug="jinxiu").second_factor_from is None
