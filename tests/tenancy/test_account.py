"""One's own account: address, number, password, devices; and a session that ends meanwhile."""

import re
from functools import partial
from threading import Event, Thread
from typing import Any
from uuid import uuid4

import pytest
from django.conf import LazySettings
from django.core.cache import cache
from django.core.mail import EmailMessage
from django.db import connection, transaction
from django.test import Client

from owners.models import Owner
from tenancy.models import User
from tenancy.scope import company_scope
from tenancy.services.aside import THREADS, aside
from tenancy.services.devices import device_of
from tenancy.services.invitations import person_of
from tests.conftest import SignIn
from tests.factories.cast import PASSWORD, PHONE, Cast
from tests.tenancy.test_operator import browser
from tests.tenancy.test_staffing import wait_for_waiting

NEW = "+8613900000009"
MAIL = "new@jinxiu.example"
COMMENT = f"/jinxiu/tickets/{uuid4()}/comment/"


@pytest.fixture(autouse=True)
def _fresh_counts() -> None:
    cache.clear()


def code_in(mail: EmailMessage) -> str:
    found = re.search(r"\b[A-Z0-9]{4}-?[A-Z0-9]{4}\b|\b[A-Z0-9]{6}\b|\b\d{6}\b", str(mail.body))
    assert found is not None, mail.body
    return found.group()


def test_account_page_shows_what_belongs_to_the_person(jinxiu: Cast, sign_in: SignIn) -> None:
    page = sign_in(jinxiu.desk).get("/accounts/", headers={"accept-language": "en"})
    text = page.content.decode()
    assert page.status_code == 200
    assert "desk@jinxiu.example" in text
    assert "style=" not in text
    assert Client().get("/accounts/")["Location"] == "/accounts/login/?next=/accounts/"


# --- e-mail ---


def test_address_is_changed_by_a_code_and_the_old_one_told(
    jinxiu: Cast, mailoutbox: list[EmailMessage]
) -> None:
    client = browser(jinxiu.desk.user)
    asked = client.post("/accounts/email/", {"email": MAIL, "action_add": ""})
    assert asked["Location"] == "/accounts/email/confirm/"
    assert mailoutbox[0].to == [MAIL]
    assert User.objects.get(pk=jinxiu.desk.user_id).email == "desk@jinxiu.example"
    wrong = client.post("/accounts/email/confirm/", {"code": "123"})
    assert wrong.context["verify_form"].errors
    done = client.post("/accounts/email/confirm/", {"code": code_in(mailoutbox[0])})
    assert done.status_code == 302
    assert User.objects.get(pk=jinxiu.desk.user_id).email == MAIL
    assert [mail.to for mail in mailoutbox] == [[MAIL], ["desk@jinxiu.example"]]


def test_address_of_somebody_else_is_not_taken(
    jinxiu: Cast, mailoutbox: list[EmailMessage]
) -> None:
    client = browser(jinxiu.desk.user)
    client.post("/accounts/email/", {"email": "admin@jinxiu.example", "action_add": ""})
    for mail in list(mailoutbox):
        client.post("/accounts/email/confirm/", {"code": code_in(mail)})
    assert User.objects.get(pk=jinxiu.desk.user_id).email == "desk@jinxiu.example"


@pytest.mark.django_db(transaction=True)
def test_address_of_somebody_invited_at_this_moment_is_not_taken(
    jinxiu: Cast, mailoutbox: list[EmailMessage]
) -> None:
    client = browser(jinxiu.desk.user)
    client.post("/accounts/email/", {"email": MAIL, "action_add": ""})

    def confirm() -> None:
        client.post("/accounts/email/confirm/", {"code": code_in(mailoutbox[0])})
        connection.close()

    other = Thread(target=confirm)
    with transaction.atomic():
        person_of(email=MAIL, phone="", name="李雷")
        other.start()
        wait_for_waiting(1)
    other.join(20)
    assert [user.name for user in User.objects.filter(email=MAIL)] == ["李雷"]


# --- telephone ---


@pytest.fixture
def _sms(settings: LazySettings) -> None:
    settings.SMS_URL = "mail://"


@pytest.mark.usefixtures("_sms")
def test_number_is_changed_by_a_code_and_the_archive_stays(
    jinxiu: Cast, mailoutbox: list[EmailMessage]
) -> None:
    user = jinxiu.owner.user
    user.set_phone("+8613900000001")
    user.save()
    client = browser(user)
    assert client.post("/accounts/phone/", {"phone": "13900000009"}).status_code == 302
    assert [mail.to for mail in mailoutbox] == [[f"{NEW}@sms.invalid"]]
    user.refresh_from_db()
    assert user.phone == "+8613900000001"
    client.post("/accounts/phone/confirm/", {"code": code_in(mailoutbox[0])})
    user.refresh_from_db()
    assert (user.phone, user.phone_verified) == (NEW, True)
    assert {mail.to[0] for mail in list(mailoutbox)[1:]} == {
        "+8613900000001@sms.invalid",
        "owner@jinxiu.example",
    }
    with company_scope(jinxiu.company.pk):
        assert Owner.objects.get(pk=jinxiu.resident.pk).phone == PHONE


@pytest.mark.usefixtures("_sms")
def test_number_of_somebody_else_is_not_taken(jinxiu: Cast, mailoutbox: list[EmailMessage]) -> None:
    jinxiu.desk.user.set_phone(NEW)
    jinxiu.desk.user.save()
    client = browser(jinxiu.owner.user)
    client.post("/accounts/phone/", {"phone": NEW})
    for mail in list(mailoutbox):
        answer = client.post("/accounts/phone/confirm/", {"code": code_in(mail)})
        assert answer.status_code == 200
    assert User.objects.get(pk=jinxiu.owner.user_id).phone == ""


@pytest.mark.usefixtures("_sms")
def test_number_of_a_closed_account_is_not_taken(
    jinxiu: Cast, mailoutbox: list[EmailMessage]
) -> None:
    jinxiu.desk.user.set_phone(NEW)
    jinxiu.desk.user.is_active = False
    jinxiu.desk.user.save()
    client = browser(jinxiu.owner.user)
    client.post("/accounts/phone/", {"phone": NEW})
    answer = client.post("/accounts/phone/confirm/", {"code": code_in(mailoutbox[0])})
    assert answer.status_code == 200
    assert "account that has been closed. Please call your property" in answer.content.decode()
    assert User.objects.get(pk=jinxiu.owner.user_id).phone == ""


@pytest.mark.usefixtures("_sms")
def test_number_that_another_confirms_meanwhile_is_not_taken(
    jinxiu: Cast, mailoutbox: list[EmailMessage]
) -> None:
    client = browser(jinxiu.owner.user)
    client.post("/accounts/phone/", {"phone": NEW})
    jinxiu.desk.user.set_phone(NEW)
    jinxiu.desk.user.save()
    answer = client.post("/accounts/phone/confirm/", {"code": code_in(mailoutbox[0])})
    assert "This number belongs to another account." in answer.content.decode()


def test_whoever_has_only_a_number_signs_in_anew_before_it_matters(
    jinxiu: Cast, sign_in: SignIn
) -> None:
    user = jinxiu.owner.user
    user.set_unusable_password()
    user.save()
    for path in ("phone/", "email/", "password/set/", "second-factor/app/"):
        answer = sign_in(jinxiu.owner).get(f"/accounts/{path}")
        assert (
            answer["Location"] == f"/accounts/again/?next=%2Faccounts%2F{path.replace('/', '%2F')}"
        )
        assert browser(user).get(f"/accounts/{path}").status_code == 200, path


# --- devices ---


def sign_in_by_page(agent: str) -> Client:
    client = Client(headers={"user-agent": agent, "accept-language": "en"})
    client.post("/accounts/login/", {"login": "desk@jinxiu", "password": PASSWORD})
    return client


IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Safari/604.1"
WINDOWS = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/130.0 Safari/537.36 Edg/130.0"


def test_devices_are_listed_and_one_is_signed_out(jinxiu: Cast) -> None:
    here, there = sign_in_by_page(WINDOWS), sign_in_by_page(IPHONE)
    rows = here.get("/accounts/sessions/").context["rows"]
    assert [(device.name, mine) for _row, mine, device in rows] == [
        ("Windows · Edge", True),
        ("iPhone · Safari", False),
    ]
    other = rows[1][0].pk
    assert browser(jinxiu.admin.user).post(f"/accounts/sessions/{other}/end/").status_code == 404
    here.post(f"/accounts/sessions/{other}/end/")
    assert there.get("/jinxiu/queue/").status_code == 302
    assert here.get("/jinxiu/queue/").status_code == 200
    mine = rows[0][0].pk
    assert here.post(f"/accounts/sessions/{mine}/end/")["Location"] == "/accounts/logout/"


def test_all_others_are_signed_out_at_once(jinxiu: Cast) -> None:
    here, *others = sign_in_by_page(WINDOWS), sign_in_by_page(IPHONE), sign_in_by_page("curl")
    here.post("/accounts/sessions/")
    assert [each.get("/jinxiu/queue/").status_code for each in (here, *others)] == [200, 302, 302]


def test_new_password_signs_out_elsewhere(jinxiu: Cast) -> None:
    here, there = sign_in_by_page(WINDOWS), sign_in_by_page(IPHONE)
    new = "another long enough password"
    asked = {"oldpassword": PASSWORD, "password1": new, "password2": new}
    assert here.post("/accounts/password/change/", asked).status_code == 302
    assert here.get("/jinxiu/queue/").status_code == 200
    assert there.get("/jinxiu/queue/").status_code == 302


@pytest.mark.parametrize(
    ("agent", "name", "small"),
    [
        (
            "Mozilla/5.0 (Linux; Android 14; Mobile) MicroMessenger/8.0 Chrome/1",
            "Android · 微信",
            True,
        ),
        (WINDOWS, "Windows · Edge", False),
        (IPHONE, "iPhone · Safari", True),
        ("", "Unknown device", False),
        ("<script>", "Unknown device", False),
    ],
)
def test_device_is_called_by_what_people_call_it(agent: str, name: str, small: bool) -> None:
    assert (device_of(agent).name, device_of(agent).is_small) == (name, small)


# --- a session that ends while somebody writes ---


def test_form_sent_too_late_leads_back_to_the_form(jinxiu: Cast) -> None:
    visitor = Client(headers={"accept-language": "en"})
    where: dict[str, Any] = {"HTTP_REFERER": "http://testserver/jinxiu/tickets/new/?kind=repair"}
    answer = visitor.post(COMMENT, {"text": "写了很久"}, **where)
    assert answer["Location"] == "/accounts/login/?next=/jinxiu/tickets/new/%3Fkind%3Drepair"
    page = visitor.get(answer["Location"])
    assert "You had been signed out meanwhile" in page.content.decode()
    asked = {
        "login": "desk@jinxiu",
        "password": PASSWORD,
        "next": "/jinxiu/queue/?x=1",
    }
    assert visitor.post("/accounts/login/", asked)["Location"] == "/jinxiu/queue/?x=1"


@pytest.mark.parametrize(
    "referer", ["", "https://evil.example/x", "//evil.example/", "javascript:alert(1)", "\\\\evil"]
)
def test_way_back_never_leads_elsewhere(jinxiu: Cast, referer: str) -> None:
    answer = Client().post(COMMENT, {}, HTTP_REFERER=referer)
    assert answer["Location"] == "/accounts/login/?next=/"


def test_part_of_a_page_leads_the_whole_page_to_sign_in(jinxiu: Cast) -> None:
    headers = {"HX-Request": "true", "HX-Current-URL": "http://testserver/jinxiu/queue/?page=2"}
    answer = Client().get("/jinxiu/queue/", headers=headers)
    assert answer.status_code == 401
    assert answer["HX-Redirect"] == "/accounts/login/?next=/jinxiu/queue/%3Fpage%3D2"


def test_stale_form_gets_a_sentence_and_a_way_back(jinxiu: Cast) -> None:
    client = Client(enforce_csrf_checks=True, headers={"accept-language": "en"})
    client.force_login(jinxiu.desk.user, "django.contrib.auth.backends.ModelBackend")
    answer = client.post(
        "/accounts/theme/", {"theme": "dark"}, HTTP_REFERER="http://testserver/jinxiu/queue/"
    )
    assert answer.status_code == 403
    assert answer.context["back"] == "/jinxiu/queue/"
    assert 'href="/jinxiu/queue/"' in answer.content.decode()


def wait_for(event: Event) -> None:
    event.wait(20)


@pytest.mark.usefixtures("_sms")
def test_answer_does_not_wait_for_the_gateway(jinxiu: Cast, mailoutbox: list[Any]) -> None:
    """Every thread that sends is held up; the known number is answered all the same."""
    held = Event()
    for _thread in range(THREADS):
        aside(partial(wait_for, held))
    jinxiu.owner.user.set_phone(NEW)
    jinxiu.owner.user.save()
    answer = Client().post("/accounts/login/code/", {"phone": NEW})
    assert answer["Location"] == "/accounts/login/code/confirm/"
    assert list.__len__(mailoutbox) == 0
    held.set()
    assert [mail.to for mail in mailoutbox] == [[f"{NEW}@sms.invalid"]]
