"""What was said on the telephone is not lost, whatever stands in the way of it."""

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connections
from django.test import Client
from django.utils import timezone

from surveys.models import Ballot, Interview, Invitation, Wave, Way
from surveys.services.answering import AlreadyAnswered, answer
from surveys.services.interviewing import HELD, TakenByAnother, answer_call
from surveys.services.inviting import secret_of
from surveys.services.quota import QuotaReached
from tenancy.scope import company_scope
from tenancy.services.refusal import Refused
from tests.conftest import SignIn
from tests.factories.cast import TUESDAY, Cast
from tests.surveys.asking import TODAY, opened, survey_of
from tests.surveys.test_pages_answer import EVERYTHING, SEEN, enough, today
from tests.tenancy.test_staffing import wait_for_waiting

SAID = {"q-lift": "1", "q-why": "电梯太慢", "seen": [*SEEN, "why"]}


@pytest.fixture
def wave(jinxiu: Cast) -> Wave:
    with company_scope(jinxiu.company.pk):
        return today(opened(jinxiu, survey_of(jinxiu, document=EVERYTHING)))


def called(desk: Client, wave: Wave) -> str:
    """The page of a call that has begun."""
    return desk.post(f"/jinxiu/surveys/waves/{wave.pk}/interview/next/")["Location"]


def still_says(response: Any, why: type[Refused]) -> None:
    html = response.content.decode()
    assert response.status_code == 409
    assert str(why.sentence) in html
    assert "电梯太慢" in html
    assert 'name="q-lift" value="1" checked' in " ".join(html.split())


def in_box() -> int:
    return int(Ballot.objects.count())


def test_full_building_leaves_what_was_said_on_the_page(
    jinxiu: Cast, wave: Wave, sign_in: SignIn
) -> None:
    desk = sign_in(jinxiu.desk)
    address = called(desk, wave)
    with company_scope(jinxiu.company.pk):
        enough(wave)
    still_says(desk.post(address, SAID), QuotaReached)


def test_home_that_answers_by_link_meanwhile_leaves_it_too(
    jinxiu: Cast, wave: Wave, sign_in: SignIn
) -> None:
    desk = sign_in(jinxiu.desk)
    address = called(desk, wave)
    with company_scope(jinxiu.company.pk):
        secret = secret_of(Invitation.objects.get(wave=wave))
        answer(secret=secret, given={"lift": 5}, way=Way.LINK, today=TODAY)
    still_says(desk.post(address, SAID), AlreadyAnswered)
    assert desk.get(address).status_code == 404


def test_call_that_another_has_taken_leaves_it_too(
    jinxiu: Cast, wave: Wave, sign_in: SignIn
) -> None:
    address = called(sign_in(jinxiu.desk), wave)
    still_says(sign_in(jinxiu.supervisor).post(address, SAID), TakenByAnother)
    with company_scope(jinxiu.company.pk):
        assert in_box() == 0


def almost_over(cast: Cast) -> None:
    """The half hour of the call that is in hand ends in a minute."""
    with company_scope(cast.company.pk):
        Interview.objects.update(claimed_until=timezone.now() + timedelta(minutes=1))


def is_held_anew(cast: Cast) -> bool:
    with company_scope(cast.company.pk):
        until = Interview.objects.get(claimed_by=cast.desk).claimed_until
    return until is not None and until > timezone.now() + HELD - timedelta(minutes=1)


def test_call_that_takes_long_stays_with_whoever_makes_it(
    jinxiu: Cast, wave: Wave, sign_in: SignIn
) -> None:
    desk = sign_in(jinxiu.desk)
    address = called(desk, wave)
    # The page says by itself that somebody works in it; without a script each sending does.
    led_on, wrong = {"q-lift": "1", "seen": SEEN}, {"seen": [*SEEN, "why"]}
    for path, sent, status in (
        (f"{address}hold/", {}, 204), (address, led_on, 200), (address, wrong, 422),
    ):  # fmt: skip
        almost_over(jinxiu)
        assert desk.post(path, sent).status_code == status
        assert is_held_anew(jinxiu)
    assert desk.get(f"{address}hold/").status_code == 405


def test_what_comes_between_is_said_while_they_talk(
    jinxiu: Cast, wave: Wave, sign_in: SignIn
) -> None:
    desk, other = sign_in(jinxiu.desk), sign_in(jinxiu.supervisor)
    address = called(desk, wave)
    taken = other.post(f"{address}hold/")
    assert (taken.status_code, taken.json()) == (409, {"sentence": str(TakenByAnother.sentence)})
    assert is_held_anew(jinxiu)
    with company_scope(jinxiu.company.pk):
        enough(wave)
    assert desk.post(f"{address}hold/").json() == {"sentence": str(QuotaReached.sentence)}
    with company_scope(jinxiu.company.pk):
        Invitation.objects.filter(wave=wave).update(is_used=True)
    assert desk.post(f"{address}hold/").json() == {"sentence": str(AlreadyAnswered.sentence)}


def test_home_that_was_let_go_is_held_again_unless_another_has_it(
    jinxiu: Cast, wave: Wave, sign_in: SignIn
) -> None:
    desk, other = sign_in(jinxiu.desk), sign_in(jinxiu.supervisor)
    address = called(desk, wave)
    with company_scope(jinxiu.company.pk):
        Interview.objects.update(claimed_until=timezone.now())
    assert desk.post(f"{address}hold/").status_code == 204
    assert is_held_anew(jinxiu)
    with company_scope(jinxiu.company.pk):
        Interview.objects.update(claimed_until=timezone.now())
    assert called(other, wave) == address
    assert desk.post(f"{address}hold/").status_code == 409
    still_says(desk.post(address, SAID), TakenByAnother)


def second_of_two(cast: Cast, send: Callable[[], Any]) -> Any:
    """What somebody hears whose answer waits for another of the same home."""
    heard: list[Any] = []

    def run() -> None:
        try:
            heard.append(send())
        finally:
            connections.close_all()

    second = threading.Thread(target=run)
    with company_scope(cast.company.pk):  # one transaction
        facts: dict[str, Any] = {"by": cast.desk, "now": TUESDAY, "today": TODAY}
        answer_call(interview=Interview.objects.get(), given={"lift": 5}, **facts)
        second.start()
        wait_for_waiting(1)
    second.join(20)
    (told,) = heard
    return told


@pytest.mark.django_db(transaction=True)
def test_second_of_two_answers_at_once_is_told(jinxiu: Cast, wave: Wave, sign_in: SignIn) -> None:
    desk = sign_in(jinxiu.desk)
    address = called(desk, wave)
    still_says(second_of_two(jinxiu, lambda: desk.post(address, SAID)), AlreadyAnswered)
    with company_scope(jinxiu.company.pk):
        assert in_box() == 1
