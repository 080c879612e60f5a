"""Answering once, and the opened box, with everybody trying to look inside."""

import threading
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, connections

from surveys.models import (
    Ballot,
    Edition,
    Invitation,
    Response,
    ResponseMark,
    Way,
)
from surveys.services.answering import (
    AlreadyAnswered,
    FaultyAnswers,
    NoSuchInvitation,
    NotOpen,
    answer,
    invitation_of,
    keep_unfinished,
    unfinished_of,
)
from surveys.services.box import TooFewAnswers, count
from surveys.services.wave import (
    WrongStage,
    close_wave,
)
from tenancy.scope import company_scope
from tests.factories.cast import TUESDAY, Cast, cast_of
from tests.surveys.asking import (
    TODAY,
    counted,
    opened,
    says,
    secrets_of,
    street,
)
from tests.tenancy.test_staffing import wait_for_waiting

# --- answering ---


def test_answer_uses_the_invitation_up_and_freezes_the_edition(scoped: Cast) -> None:
    wave = opened(scoped)
    (secret,) = secrets_of(wave)
    says(secret.upper() + " ", words="<script>alert(1)</script>")
    assert Ballot.objects.count() == 1
    assert Edition.objects.get().frozen_on == TODAY
    with pytest.raises(AlreadyAnswered):
        says(secret)
    assert Ballot.objects.count() == 1


def test_wrong_answer_sends_nothing(scoped: Cast) -> None:
    wave = opened(scoped)
    (secret,) = secrets_of(wave)
    with pytest.raises(FaultyAnswers) as caught:
        says(secret, speed=9)
    assert [(each.place, each.code) for each in caught.value.faults] == [
        ("speed", "not_on_the_scale")
    ]
    assert (Ballot.objects.count(), Invitation.objects.get().is_used) == (0, False)


def test_answers_come_between_the_days(scoped: Cast) -> None:
    # Opened early, it takes answers from that day on.
    wave = opened(scoped, opens_on=TODAY + timedelta(days=1))
    (secret,) = secrets_of(wave)
    with pytest.raises(NotOpen):
        says(secret, today=TODAY - timedelta(days=1))
    with pytest.raises(NotOpen):
        says(secret, today=TODAY + timedelta(days=14))
    close_wave(wave=wave, by=scoped.actor("manager"), now=TUESDAY)
    with pytest.raises(NotOpen):
        says(secret, today=TODAY + timedelta(days=3))


def test_unknown_link_leads_nowhere(scoped: Cast) -> None:
    for secret in ("", "x" * 16, "\x00", "ä" * 5000):
        with pytest.raises(NoSuchInvitation):
            invitation_of(secret)


def test_rivals_link_leads_nowhere(jinxiu: Cast, heyue: Cast) -> None:
    with company_scope(heyue.company.pk):
        (secret,) = secrets_of(opened(heyue))
    with company_scope(jinxiu.company.pk), pytest.raises(NoSuchInvitation):
        invitation_of(secret)


def test_unfinished_answers_wait_and_are_dropped_when_sent(scoped: Cast) -> None:
    wave = opened(scoped)
    (secret,) = secrets_of(wave)
    keep_unfinished(secret=secret, given={"words": "还没写完"}, today=TODAY)
    kept = invitation_of(secret)
    assert unfinished_of(kept) == {"words": "还没写完"}
    assert "还没写完" not in kept.unfinished
    with pytest.raises(FaultyAnswers):
        keep_unfinished(secret=secret, given={"words": "x" * 200_001}, today=TODAY)
    says(secret)
    assert invitation_of(secret).unfinished == ""


def test_what_was_begun_and_not_sent_was_not_said(scoped: Cast) -> None:
    wave = opened(scoped)
    keep_unfinished(secret=secrets_of(wave)[0], given={"words": "还没写完"}, today=TODAY)
    close_wave(wave=wave, by=scoped.actor("manager"), now=TUESDAY)
    assert Invitation.objects.get().unfinished == ""


# --- the box ---


def test_box_is_opened_once_and_nothing_is_lost(scoped: Cast) -> None:
    street(scoped, "8栋", 6)
    wave = opened(scoped)
    for number, secret in enumerate(secrets_of(wave)):
        says(secret, speed=1 + number % 5, words=f"第{number}")
    assert counted(scoped, wave) == 7
    assert (Ballot.objects.count(), Response.objects.count()) == (0, 7)
    marks = ResponseMark.objects.filter(question="speed").values_list("number", flat=True)
    assert sorted(int(mark) for mark in marks) == [1, 1, 2, 2, 3, 4, 5]
    with pytest.raises(WrongStage):
        count(wave=wave, by=scoped.actor("manager"), now=TUESDAY)


def test_box_with_four_ballots_stays_shut(scoped: Cast) -> None:
    street(scoped, "8栋", 3)
    wave = opened(scoped)
    for secret in secrets_of(wave):
        says(secret)
    with pytest.raises(TooFewAnswers):
        counted(scoped, wave)
    assert (Ballot.objects.count(), Response.objects.count()) == (4, 0)


def test_small_building_is_not_told_apart_and_cannot_be_subtracted(scoped: Cast) -> None:
    street(scoped, "8栋", 6)
    street(scoped, "9栋", 9)
    wave = opened(scoped)
    for secret in secrets_of(wave):
        says(secret)
    counted(scoped, wave)
    told = list(Response.objects.values_list("building__name", flat=True))
    # One home in the first building, six in the next: told apart, the one would be left over.
    assert (told.count("9栋"), told.count(None)) == (9, 7)


def test_way_is_told_only_where_five_have_it_in_common(scoped: Cast) -> None:
    street(scoped, "8栋", 14)
    wave = opened(scoped)
    for number, secret in enumerate(secrets_of(wave)):
        way = Way.PHONE if number == 3 else Way.LINK
        answer(secret=secret, given={"speed": 3}, way=way, today=TODAY)
    counted(scoped, wave)
    assert set(Response.objects.values_list("way", flat=True)) == {""}


# --- attacks ---


def system_columns(table: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT id, xmin::text, ctid::text FROM {table}")  # noqa: S608
        found: list[tuple[Any, ...]] = cursor.fetchall()
    return found


@pytest.mark.django_db(transaction=True)
def test_neither_order_nor_transaction_nor_time_joins_an_answer_to_its_invitation() -> None:
    """With everything the database knows: numbers of transactions, places on the disk, keys."""
    cast = cast_of("jinxiu", "锦绣物业")
    with company_scope(cast.company.pk):
        street(cast, "8栋", 29)
        wave = opened(cast)
        order = secrets_of(wave)
        for number, secret in enumerate(order):
            says(secret, words=f"{number:02}")
        counted(cast, wave)
        responses = system_columns("surveys_response")
        marks = system_columns("surveys_responsemark")
        used = system_columns("surveys_invitation")
        assert len({xmin for _id, xmin, _place in responses + marks}) == 1
        assert not {row[1] for row in responses + marks} & {row[1] for row in used}
        said = dict(
            ResponseMark.objects.filter(question="words").values_list("response_id", "text")
        )
        by_key = [said[row[0]] for row in sorted(responses)]
        by_place = [said[row[0]] for row in sorted(responses, key=lambda row: eval(row[2]))]  # noqa: S307
        in_order = [f"{number:02}" for number in range(30)]
        assert by_key != in_order
        assert by_place != in_order
        columns = {field.name for field in Response._meta.get_fields()}
        assert columns == {
        "id", "company", "wave", "community", "building", "group", "way", "marks",
    }  # fmt: skip


@pytest.mark.django_db(transaction=True)
def test_ten_people_with_one_link_answer_once() -> None:
    cast = cast_of("jinxiu", "锦绣物业")
    with company_scope(cast.company.pk):
        (secret,) = secrets_of(opened(cast))
    outcomes: list[str] = []

    def send() -> None:
        try:
            with company_scope(cast.company.pk):
                says(secret)
            outcomes.append("sent")
        except AlreadyAnswered as refused:
            outcomes.append(refused.code)
        finally:
            connections.close_all()

    people = [threading.Thread(target=send) for _ in range(10)]
    for each in people:
        each.start()
    for each in people:
        each.join()
    assert sorted(outcomes) == ["already_answered"] * 9 + ["sent"]
    with company_scope(cast.company.pk):
        assert Ballot.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_answer_that_meets_the_closing_is_in_the_box_or_refused() -> None:
    cast = cast_of("jinxiu", "锦绣物业")
    with company_scope(cast.company.pk):
        wave = opened(cast)
        (secret,) = secrets_of(wave)
    outcomes: list[str] = []

    def send() -> None:
        try:
            with company_scope(cast.company.pk):
                says(secret)
            outcomes.append("sent")
        except NotOpen as refused:
            outcomes.append(refused.code)
        finally:
            connections.close_all()

    late = threading.Thread(target=send)
    with company_scope(cast.company.pk):
        close_wave(wave=wave, by=cast.actor("manager"), now=TUESDAY)
        late.start()
        wait_for_waiting(1)
    late.join(20)
    assert outcomes == ["survey_not_open"]
    with company_scope(cast.company.pk):
        assert (Ballot.objects.count(), Invitation.objects.get().is_used) == (0, False)
