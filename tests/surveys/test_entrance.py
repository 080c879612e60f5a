"""Coming in by paper, or by one's home and telephone: nobody learns what they do not know."""

import re
import time
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from notifications.models import Mailing
from owners.models import Owner, Ownership, Unit
from owners.services.personal import index
from surveys.models import Invitation, OnePer, Stage, Wave
from surveys.services import entrance
from surveys.services.inviting import secret_of
from surveys.services.slips import grouped
from tenancy.models import Community
from tenancy.scope import company_scope
from tenancy.services import limiting
from tests.factories.cast import PHONE, Cast
from tests.surveys.asking import opened, says, street, survey_of

PAGE = "/jinxiu/s/"
SENT = "档案一致"


@pytest.fixture(autouse=True)
def counts(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    """What other tests have tried is not counted here."""
    settings.SMS_URL = "mail://"
    settings.LANGUAGE_CODE = "zh-hans"
    monkeypatch.setattr(limiting._Breaker, "down_until", 0.0)
    monkeypatch.setattr(limiting, "PREFIX", f"limit-{uuid4()}")


@pytest.fixture
def wave(jinxiu: Cast) -> Wave:
    with company_scope(jinxiu.company.pk):
        street(jinxiu, "8栋", 2)
        wave = opened(jinxiu)
        Mailing.objects.all().delete()
    return wave


def secret(cast: Cast) -> str:
    with company_scope(cast.company.pk):
        return secret_of(Invitation.objects.get(unit=cast.unit))


def test_code_leads_to_the_questions(jinxiu: Cast, wave: Wave, client: Client) -> None:
    code = secret(jinxiu)
    shown = client.get(PAGE)
    assert (shown.status_code, len(shown.cookies)) == (200, 0)
    for typed in (grouped(code), f" {code.lower()} ", f"https://x.example{PAGE}{code}"):
        answer = client.post(PAGE, {"code": typed})
        assert (answer.status_code, answer.headers.get("Location")) == (
            302,
            f"{PAGE}{code}/?from=paper",
        )
    # Somebody of the rival's holds another key: it opens nothing here.
    assert client.post("/heyue/s/", {"code": code}).status_code == 422


def test_letters_that_are_taken_for_digits_are_understood() -> None:
    assert entrance.readings("0 8-a") == ["oba"]
    assert sorted(entrance.readings("a1")) == ["ai", "al"]
    assert len(entrance.readings("1" * 32)) == 16


def test_wrong_code_says_so_until_it_is_guessing(
    jinxiu: Cast, wave: Wave, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(entrance, "MOST_CODES", 2)
    found = [client.post(PAGE, {"code": typed}) for typed in ("", "nonsense", "\u4e00", "abcd")]
    assert {each.status_code for each in found} == {422}
    errors = [each.context["code_form"].errors["code"] for each in found]
    assert [str(entrance.TooManyTries()) in each for each in errors] == [False, False, False, True]
    # Whoever has the right one is not held up by a neighbour who guesses.
    assert client.post(PAGE, {"code": secret(jinxiu)}).status_code == 302


def asks(client: Client, cast: Cast, **more: Any) -> Any:
    facts = {"community": cast.community.pk, "home": "3栋1201", "phone": "13800000001", **more}
    return client.post(PAGE, facts)


def letters(cast: Cast) -> list[tuple[str, str]]:
    with company_scope(cast.company.pk):
        return [(row.phone, row.secret_path) for row in Mailing.objects.all()]


@pytest.mark.parametrize("home", ["3栋1201", "3-1201", " 1201 ", "3号楼1201室"])
def test_link_goes_to_the_number_of_the_archive(
    jinxiu: Cast, heyue: Cast, wave: Wave, client: Client, home: str
) -> None:
    answer = asks(client, jinxiu, home=home)
    assert (answer.status_code, SENT in answer.content.decode()) == (200, True)
    assert letters(jinxiu) == [(PHONE, f"{PAGE}{secret(jinxiu)}/")]
    assert letters(heyue) == []


@pytest.mark.parametrize(
    ("typed", "is_meant"),
    [
        ("3栋1201", True),  # the example that the page itself gives
        ("3-1201", True),
        ("2单元1201", True),
        ("３-２-1201室", True),
        ("1201", True),
        ("2-3-1201", False),
        ("4栋1201", False),
        ("3栋1202", False),
        ("1201-3", False),
        ("3栋2单元", False),
        ("3-3-1201", False),
        ("1201-1201", False),
        ("—", False),
    ],
)
def test_entrance_of_a_house_may_be_left_out(typed: str, is_meant: bool) -> None:
    assert entrance.is_meant(typed, Unit(label="3栋2单元1201")) is is_meant


def test_person_with_several_homes_that_fit_is_sent_the_links_of_all(
    jinxiu: Cast, client: Client
) -> None:
    with company_scope(jinxiu.company.pk):
        eight = street(jinxiu, "8栋", 0)
        for entrance_of_eight in ("1单元", "2单元"):
            for number in ("1201", "1202"):
                unit = Unit.objects.create(
                    building=eight,
                    community=jinxiu.community,
                    number=entrance_of_eight + number,
                    label=f"8栋{entrance_of_eight}{number}",
                )
                Ownership.objects.create(owner=jinxiu.resident, unit=unit)
        opened(jinxiu)
        Mailing.objects.all().delete()
        rows = Invitation.objects.filter(unit__label__in=("8栋1单元1201", "8栋2单元1201"))
        theirs = {f"{PAGE}{secret_of(row)}/" for row in rows}
    asks(client, jinxiu, home="8栋1201")
    assert {path for _phone, path in letters(jinxiu)} == theirs
    assert len(theirs) == 2


def test_answer_is_the_same_whatever_is_true(
    jinxiu: Cast, heyue: Cast, wave: Wave, client: Client
) -> None:
    wrong: list[dict[str, Any]] = [
        {"phone": "13800000002"},
        {"home": "8栋0"},
        {"home": "3栋1202"},
        {"home": "—"},
    ]
    answers = [asks(client, jinxiu, **more) for more in wrong]
    with company_scope(jinxiu.company.pk):
        says(secret_of(Invitation.objects.get(unit=jinxiu.unit)))
    answers.append(asks(client, jinxiu))
    with company_scope(jinxiu.company.pk):
        Invitation.objects.update(is_used=False)
        Wave.objects.update(stage=Stage.CLOSED)
    answers.append(asks(client, jinxiu))
    texts = {re.sub(r'nonce="[^"]*"', "", each.content.decode()) for each in answers}
    assert (len(texts), letters(jinxiu)) == (1, [])
    # The rival's community cannot be named here.
    assert asks(client, heyue).status_code == 422


def test_person_is_sent_their_own_link(jinxiu: Cast, client: Client) -> None:
    with company_scope(jinxiu.company.pk):
        street(jinxiu, "8栋", 1)
        unit = Unit.objects.get(label="8栋0")
        wife = Owner.objects.get(name="业主8栋0")
        Owner.objects.filter(pk=wife.pk).update(phone=PHONE, phone_index=index(PHONE))
        neighbour = Owner.objects.create(name="邻居")
        Ownership.objects.create(owner=neighbour, unit=unit)
        opened(jinxiu, survey_of(jinxiu, one_per=OnePer.PERSON))
        Mailing.objects.all().delete()
        hers = secret_of(Invitation.objects.get(owner=wife))
    asks(client, jinxiu, home="8栋0")
    assert [path for _phone, path in letters(jinxiu)] == [f"{PAGE}{hers}/"]


def test_links_are_not_sent_without_end(
    jinxiu: Cast, wave: Wave, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(entrance, "MOST_ASKED", 5)
    found = [asks(client, jinxiu).status_code for _ in range(4)]
    assert found == [200, 200, 200, 422]
    # Another home, from the same place: one more, and then no more.
    assert [asks(client, jinxiu, home="8栋1").status_code for _ in range(2)] == [200, 422]

    # While nobody can count, nobody is let through.
    monkeypatch.setattr(limiting._Breaker, "down_until", time.time() + 60)
    assert asks(client, jinxiu, home="8栋0").status_code == 422
    assert client.post(PAGE, {"code": "abcd"}).status_code == 422


def test_wrong_words_are_said_beside_their_field(jinxiu: Cast, wave: Wave, client: Client) -> None:
    empty = {"home": "", "phone": "123", "community": uuid4()}
    for more, wrong in (
        (empty, {"home", "community"}),
        ({"phone": "12"}, {"phone"}),
        ({"home": "a\x00b"}, {"home"}),
    ):
        answer = asks(client, jinxiu, **more)
        assert answer.status_code == 422
        assert set(answer.context["lost_form"].errors) == wrong
    with company_scope(jinxiu.company.pk):
        Community.objects.update(is_active=False)
    assert asks(client, jinxiu).status_code == 422


def test_language_and_print_are_kept_in_the_browser(jinxiu: Cast, client: Client) -> None:
    answer = client.post(PAGE, {"act": "language:en"})
    assert (answer.status_code, answer["Location"]) == (302, PAGE)
    assert "I have a slip" in client.get(PAGE).content.decode()
    client.post(PAGE, {"act": "language:xx"})
    client.post(PAGE, {"act": "print:large"})
    assert 'data-print="large"' in client.get(PAGE).content.decode()
