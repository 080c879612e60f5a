"""Signing in: by name or phone and password, by a code sent to the phone, and not at all."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.conf import LazySettings
from django.core.cache import cache
from django.core.mail import EmailMessage
from django.test import Client
from django.utils import timezone

from tenancy.models import Membership, User
from tenancy.scope import company_scope
from tenancy.services.aside import settle
from tenancy.services.passwords import DEMO_PASSWORD
from tests.factories.cast import PASSWORD, TUESDAY, Cast

LOGIN = "/accounts/login/"
CODE = "/accounts/login/code/"
CONFIRM = "/accounts/login/code/confirm/"
PHONE = "+8613900000001"
WRONG = "Account or password is not right."
LIMITED = "Too many attempts. Please wait a few minutes."


@pytest.fixture(autouse=True)
def _fresh_counts() -> None:
    cache.clear()


@pytest.fixture
def visitor() -> Client:
    return Client(headers={"accept-language": "en"})


def give_phone(user: User, phone: str = PHONE) -> User:
    user.set_phone(phone)
    user.save()
    return user


def try_password(client: Client, login: str, password: str, **more: str) -> object:
    return client.post(LOGIN, {"login": login, "password": password, **more})


def signed_in_as(client: Client) -> str | None:
    return client.session.get("_auth_user_id")


def code_in(mail: EmailMessage) -> str:
    found = re.search(r"\b\d{6}\b", str(mail.body))
    assert found is not None
    return found.group()


# --- password ---


def test_password_opens_the_only_company(jinxiu: Cast, visitor: Client) -> None:
    answer = visitor.post(LOGIN, {"login": "desk@jinxiu", "password": PASSWORD}, follow=True)
    assert [url for url, _status in answer.redirect_chain][:2] == ["/", "/jinxiu/"]
    assert signed_in_as(visitor) == str(jinxiu.desk.user_id)


def test_password_with_phone_as_name_signs_in(jinxiu: Cast, visitor: Client) -> None:
    give_phone(jinxiu.desk.user)
    try_password(visitor, "139 0000 0001", PASSWORD)
    assert signed_in_as(visitor) == str(jinxiu.desk.user_id)


@pytest.mark.parametrize("login", ["desk@jinxiu", "nobody@jinxiu"])
def test_wrong_password_and_unknown_name_are_answered_alike(
    jinxiu: Cast, visitor: Client, login: str
) -> None:
    answer = visitor.post(LOGIN, {"login": login, "password": "wrong"})
    assert answer.status_code == 200
    assert answer.context["form"].non_field_errors() == [WRONG]
    assert signed_in_as(visitor) is None


def test_closed_account_is_told_so(jinxiu: Cast, visitor: Client) -> None:
    User.objects.filter(pk=jinxiu.desk.user_id).update(is_active=False)
    answer = visitor.post(LOGIN, {"login": "desk@jinxiu", "password": PASSWORD}, follow=True)
    assert answer.redirect_chain == [("/accounts/inactive/", 302)]
    assert signed_in_as(visitor) is None


def test_sixth_wrong_password_of_an_account_is_not_even_tried(
    jinxiu: Cast, visitor: Client
) -> None:
    for _attempt in range(5):
        visitor.post(LOGIN, {"login": "desk@jinxiu", "password": "wrong"})
    # The right one, and from elsewhere: the account itself is guarded.
    answer = visitor.post(
        LOGIN, {"login": "desk@jinxiu", "password": PASSWORD}, REMOTE_ADDR="203.0.113.9"
    )
    assert answer.context["form"].non_field_errors() == [LIMITED]
    assert signed_in_as(visitor) is None


@time_machine.travel(TUESDAY, tick=False)  # a slow machine would let the minute pass
def test_one_address_trying_many_accounts_is_stopped(jinxiu: Cast, visitor: Client) -> None:
    for number in range(30):
        visitor.post(LOGIN, {"login": f"nobody-{number}", "password": "wrong"})
    here = visitor.post(LOGIN, {"login": "desk@jinxiu", "password": PASSWORD})
    assert here.context["form"].non_field_errors() == [LIMITED]
    visitor.post(LOGIN, {"login": "desk@jinxiu", "password": PASSWORD}, REMOTE_ADDR="203.0.113.9")
    assert signed_in_as(visitor) == str(jinxiu.desk.user_id)


@pytest.mark.parametrize("field", ["login", "password"])
def test_hostile_input_is_refused_by_the_form(jinxiu: Cast, visitor: Client, field: str) -> None:
    for text in ("a\x00b", "长" * 10_000, "\u202egnp.exe\U0001f600"):
        answer = visitor.post(LOGIN, {"login": "desk", "password": "x", field: text})
        assert answer.status_code == 200
        assert signed_in_as(visitor) is None


# --- the password of the demo ---


@pytest.fixture
def demo_desk(jinxiu: Cast) -> User:
    user: User = jinxiu.desk.user
    user.set_password(DEMO_PASSWORD)
    user.save()
    return user


def test_demo_password_opens_the_demo(
    demo_desk: User, visitor: Client, settings: LazySettings
) -> None:
    settings.DEMO = True
    try_password(visitor, "desk@jinxiu", DEMO_PASSWORD)
    assert signed_in_as(visitor) == str(demo_desk.pk)


def test_demo_password_is_refused_outside_the_demo(
    demo_desk: User, visitor: Client, settings: LazySettings
) -> None:
    settings.DEMO = False
    answer = visitor.post(LOGIN, {"login": "desk@jinxiu", "password": DEMO_PASSWORD})
    assert answer.context["form"].non_field_errors() == [
        "The password of the demo does not open this installation. Ask your company's admin."
    ]
    assert signed_in_as(visitor) is None
    assert visitor.login(username="desk@jinxiu", password=DEMO_PASSWORD) is False


def test_demo_password_cannot_be_chosen_outside_the_demo(
    jinxiu: Cast, visitor: Client, settings: LazySettings
) -> None:
    settings.DEMO = False
    try_password(visitor, "desk@jinxiu", PASSWORD)
    answer = visitor.post(
        "/accounts/password/change/",
        {"oldpassword": PASSWORD, "password1": DEMO_PASSWORD, "password2": DEMO_PASSWORD},
    )
    assert answer.context["form"].errors["password1"] == [
        "This password is published with the demo."
    ]


# --- phone code ---


@pytest.fixture
def phone_owner(jinxiu: Cast, settings: LazySettings) -> User:
    settings.SMS_URL = "mail://"
    return give_phone(jinxiu.owner.user)


def test_phone_code_signs_in(
    phone_owner: User, visitor: Client, mailoutbox: list[EmailMessage]
) -> None:
    asked = visitor.post(CODE, {"phone": "139-0000-0001"})
    assert (asked.status_code, asked["Location"]) == (302, CONFIRM)
    assert [mail.to for mail in mailoutbox] == [[f"{PHONE}@sms.invalid"]]
    answer = visitor.post(CONFIRM, {"code": code_in(mailoutbox[0])}, follow=True)
    assert [url for url, _status in answer.redirect_chain][:2] == ["/", "/jinxiu/"]
    assert signed_in_as(visitor) == str(phone_owner.pk)
    phone_owner.refresh_from_db()
    assert phone_owner.phone_verified is True


def test_unknown_phone_is_answered_like_a_known_one(
    phone_owner: User, mailoutbox: list[EmailMessage]
) -> None:
    pages = []
    for phone in (PHONE, "+8613900000002"):
        stranger = Client(headers={"accept-language": "en"})
        asked = stranger.post(CODE, {"phone": phone}, follow=True)
        text = asked.content.decode().replace(phone, "PHONE")
        text = re.sub(r'(nonce|value|"X-CSRFToken":) ?=?"[^"]*"', "", text)
        pages.append((asked.redirect_chain, text))
        assert stranger.post(CONFIRM, {"code": "12345"}).context["form"].errors == {
            "code": ["This code is not right."]
        }
    assert pages[0] == pages[1]
    assert len(mailoutbox) == 1


def test_code_is_worthless_after_three_wrong_ones(
    phone_owner: User, visitor: Client, mailoutbox: list[EmailMessage]
) -> None:
    visitor.post(CODE, {"phone": PHONE})
    code = code_in(mailoutbox[0])
    for _attempt in range(3):
        visitor.post(CONFIRM, {"code": "000000" if code != "000000" else "111111"})
    answer = visitor.post(CONFIRM, {"code": code})
    assert (answer.status_code, answer["Location"]) == (302, CODE)
    assert signed_in_as(visitor) is None


def test_fourth_code_within_ten_minutes_is_not_sent(
    phone_owner: User, mailoutbox: list[EmailMessage]
) -> None:
    for number in range(4):
        answer = Client(headers={"accept-language": "en"}).post(
            CODE, {"phone": PHONE}, REMOTE_ADDR=f"203.0.113.{number}"
        )
    assert answer.context["form"].errors == {"phone": [LIMITED]}
    assert len(mailoutbox) == 3


def test_new_code_replaces_the_old_one(
    phone_owner: User, visitor: Client, mailoutbox: list[EmailMessage]
) -> None:
    visitor.post(CODE, {"phone": PHONE})
    visitor.post(CONFIRM, {"action": "resend"})
    visitor.post(CONFIRM, {"code": code_in(mailoutbox[1])})
    assert signed_in_as(visitor) == str(phone_owner.pk)


def test_what_is_no_phone_is_told_so(phone_owner: User, visitor: Client) -> None:
    answer = visitor.post(CODE, {"phone": "12"})
    assert answer.context["form"].errors == {"phone": ["This is not a valid telephone number."]}


def test_closed_account_gets_no_code(
    phone_owner: User, visitor: Client, mailoutbox: list[EmailMessage]
) -> None:
    User.objects.filter(pk=phone_owner.pk).update(is_active=False)
    assert visitor.post(CODE, {"phone": PHONE})["Location"] == CONFIRM
    assert mailoutbox == []


def test_gateway_that_fails_gives_nothing_away(
    phone_owner: User, visitor: Client, settings: LazySettings, caplog: pytest.LogCaptureFixture
) -> None:
    settings.SMS_URL = "off://"
    assert visitor.post(CODE, {"phone": PHONE})["Location"] == CONFIRM
    settle()
    assert [record.message for record in caplog.records if record.name == "config.accounts"] == [
        "A sign-in code could not be sent: This installation sends no SMS."
    ]


# --- where to, afterwards ---


def test_front_door_of_a_stranger_is_sign_in(db: None) -> None:
    assert Client().get("/")["Location"] == LOGIN


def test_person_of_two_companies_chooses(jinxiu: Cast, heyue: Cast, visitor: Client) -> None:
    with company_scope(heyue.company.pk):
        Membership.objects.create(user=jinxiu.desk.user, name="二", roles=["desk"])
    answer = visitor.post(LOGIN, {"login": "desk@jinxiu", "password": PASSWORD}, follow=True)
    assert [url for url, _status in answer.redirect_chain] == ["/", "/accounts/companies/"]
    assert [(str(c), home) for c, home in answer.context["rows"]] == [
        ("和悦物业", "/heyue/"),
        ("锦绣物业", "/jinxiu/"),
    ]


def test_only_who_has_several_companies_is_offered_to_switch(
    jinxiu: Cast, heyue: Cast, visitor: Client
) -> None:
    """Somebody who joins a second one finds it in the menu within the hour."""
    visitor.post(LOGIN, {"login": "desk@jinxiu", "password": PASSWORD})
    offered = ["/accounts/companies/" in visitor.get("/jinxiu/inbox/").content.decode()]
    with company_scope(heyue.company.pk):
        Membership.objects.create(user=jinxiu.desk.user, name="二", roles=["desk"])
    with time_machine.travel(timezone.now() + timedelta(minutes=61)):
        visitor.get("/jinxiu/inbox/")
        offered.append("/accounts/companies/" in visitor.get("/jinxiu/inbox/").content.decode())
    assert offered == [False, True]


def test_person_of_no_company_is_told_what_to_do(jinxiu: Cast, visitor: Client) -> None:
    User.objects.create_user("lonely", password=PASSWORD)
    answer = visitor.post(LOGIN, {"login": "lonely", "password": PASSWORD}, follow=True)
    assert [url for url, _status in answer.redirect_chain] == ["/", "/accounts/companies/"]
    assert "no company has let you in yet" in answer.content.decode()


@pytest.mark.parametrize(
    ("wanted", "target"),
    [
        ("/jinxiu/inbox/", "/jinxiu/inbox/"),
        ("https://evil.example/", "/"),
        ("//evil.example/", "/"),
        ("javascript:alert(1)", "/"),
    ],
)
def test_next_leads_only_to_ourselves(
    jinxiu: Cast, visitor: Client, wanted: str, target: str
) -> None:
    answer = visitor.post(LOGIN, {"login": "desk@jinxiu", "password": PASSWORD, "next": wanted})
    assert answer["Location"] == target


def test_page_asked_for_before_signing_in_is_where_one_lands(jinxiu: Cast, visitor: Client) -> None:
    asked = visitor.get("/jinxiu/tokens/")
    assert asked["Location"] == "/accounts/login/?next=/jinxiu/tokens/"


def test_member_of_the_rival_finds_nothing(jinxiu: Cast, heyue: Cast) -> None:
    stranger = Client()
    stranger.force_login(heyue.admin.user)
    theirs, invented = stranger.get("/jinxiu/tokens/"), stranger.get("/nobody/tokens/")
    assert (theirs.status_code, invented.status_code) == (404, 404)
    assert theirs.content == invented.content


def test_sign_out_ends_the_session(jinxiu: Cast, visitor: Client) -> None:
    visitor.force_login(jinxiu.desk.user)
    assert visitor.get("/accounts/logout/").status_code == 200
    assert signed_in_as(visitor) == str(jinxiu.desk.user_id)
    answer = visitor.post("/accounts/logout/")
    assert answer["Location"] == LOGIN
    assert answer.cookies["sessionid"].value == ""
    assert signed_in_as(visitor) is None


def test_what_a_page_asked_for_before_takes_no_sign_in_back(jinxiu: Cast, visitor: Client) -> None:
    """A service worker fetches pages while somebody signs in, with the session of before."""
    visitor.get("/accounts/second-factor/passkeys/sign-in/", headers={"accept": "application/json"})
    before = visitor.cookies["sessionid"].value
    assert before
    try_password(visitor, "owner@jinxiu", PASSWORD)
    assert visitor.cookies["sessionid"].value not in ("", before)
    worker = Client()
    worker.cookies["sessionid"] = before

    answer = worker.get("/accounts/offline/")

    assert answer.status_code == 200
    assert "sessionid" not in answer.cookies


def test_sign_out_clears_the_browser_where_nothing_waits(jinxiu: Cast, visitor: Client) -> None:
    cleared = []
    for said in ({"forget": "1"}, {}):
        visitor.force_login(jinxiu.desk.user)
        cleared.append(visitor.post("/accounts/logout/", said).headers.get("Clear-Site-Data"))
    assert cleared == ['"storage"', None]


def test_nobody_signs_up(db: None) -> None:
    assert Client().get("/accounts/signup/").status_code == 404
