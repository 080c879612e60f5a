"""What a visitor chooses for themselves: language, appearance, password."""

import pytest
from django.conf import LazySettings
from django.core.cache import cache
from django.core.mail import EmailMessage
from django.test import Client

from tenancy.models import User
from tests.factories.cast import PASSWORD, Cast

LOGIN = "/accounts/login/"
LANGUAGE = "/accounts/language/"
THEME = "/accounts/theme/"
NEW_PASSWORD = "another long enough password"


@pytest.fixture(autouse=True)
def _fresh_counts() -> None:
    cache.clear()


def test_language_is_kept_for_the_browser_and_the_person(jinxiu: Cast) -> None:
    client = Client()
    client.force_login(jinxiu.desk.user)
    answer = client.post(LANGUAGE, {"language": "en", "next": "/jinxiu/tokens/"})
    assert (answer.status_code, answer["Location"]) == (302, "/jinxiu/tokens/")
    assert answer.cookies["django_language"].value == "en"
    assert User.objects.get(pk=jinxiu.desk.user_id).language == "en"
    assert '<html lang="en"' in client.get("/jinxiu/tokens/").content.decode()


def test_language_of_a_stranger_is_kept_for_the_browser(db: None) -> None:
    client = Client()
    client.post(LANGUAGE, {"language": "en"})
    assert '<html lang="en"' in client.get(LOGIN).content.decode()


def test_language_of_the_person_wins_over_the_browser(jinxiu: Cast) -> None:
    User.objects.filter(pk=jinxiu.desk.user_id).update(language="en")
    client = Client(headers={"accept-language": "zh-CN"})
    client.post(LOGIN, {"login": "desk@jinxiu", "password": PASSWORD})
    assert '<html lang="en"' in client.get("/jinxiu/tokens/").content.decode()


def test_language_that_is_not_offered_changes_nothing(jinxiu: Cast) -> None:
    client = Client()
    client.force_login(jinxiu.desk.user)
    answer = client.post(LANGUAGE, {"language": "tlh"})
    assert dict(answer.cookies) == {}
    assert User.objects.get(pk=jinxiu.desk.user_id).language == ""


@pytest.mark.parametrize("wanted", ["https://evil.example/", "//evil.example/", ""])
def test_choice_leads_only_back_to_ourselves(db: None, wanted: str) -> None:
    assert Client().post(LANGUAGE, {"language": "en", "next": wanted})["Location"] == "/"
    assert Client().post(THEME, {"theme": "dark", "next": wanted})["Location"] == "/"


def test_choice_is_made_by_posting_only(db: None) -> None:
    assert [Client().get(path).status_code for path in (LANGUAGE, THEME)] == [405, 405]


def test_theme_is_kept_and_drawn_by_the_server(db: None) -> None:
    client = Client()
    client.post(THEME, {"theme": "dark"})
    page = client.get(LOGIN).content.decode()
    assert 'data-bs-theme="dark" data-theme-choice="dark"' in page


def test_theme_that_does_not_exist_changes_nothing(db: None) -> None:
    client = Client()
    assert dict(client.post(THEME, {"theme": '"><script>'}).cookies) == {}


def test_session_cookie_is_closed_to_scripts(jinxiu: Cast) -> None:
    client = Client()
    answer = client.post(LOGIN, {"login": "desk@jinxiu", "password": PASSWORD})
    cookie = answer.cookies["sessionid"]
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")


def test_password_is_changed_by_whoever_knows_it(jinxiu: Cast) -> None:
    client = Client()
    client.force_login(jinxiu.desk.user)
    asked = {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD}
    refused = client.post("/accounts/password/change/", {"oldpassword": "guess", **asked})
    assert list(refused.context["form"].errors) == ["oldpassword"]
    client.post("/accounts/password/change/", {"oldpassword": PASSWORD, **asked})
    assert User.objects.get(pk=jinxiu.desk.user_id).check_password(NEW_PASSWORD)


def test_forgotten_password_is_replaced_by_mail(
    jinxiu: Cast, mailoutbox: list[EmailMessage], settings: LazySettings
) -> None:
    client = Client(headers={"accept-language": "en"})
    known = client.post("/accounts/password/reset/", {"email": jinxiu.desk.user.email})
    unknown = client.post("/accounts/password/reset/", {"email": "nobody@example.com"})
    assert known["Location"] == unknown["Location"] == "/accounts/password/reset/done/"
    letter = next(mail for mail in mailoutbox if mail.to == [jinxiu.desk.user.email])
    link = next(word for word in str(letter.body).split() if "/password/reset/key/" in word)
    page = client.get(link, follow=True)
    client.post(page.redirect_chain[-1][0], {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD})
    assert User.objects.get(pk=jinxiu.desk.user_id).check_password(NEW_PASSWORD)


PAGES = [
    LOGIN,
    "/accounts/login/code/",
    "/accounts/inactive/",
    "/accounts/password/reset/",
    "/accounts/password/reset/done/",
    "/accounts/password/reset/key/1-set-password/",
    "/accounts/password/reset/key/done/",
]


@pytest.mark.parametrize("path", PAGES)
def test_every_page_of_signing_in_wears_the_frame(db: None, path: str) -> None:
    answer = Client().get(path)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert 'class="entrance"' in page
    assert "<style" not in page
    assert "style=" not in page
