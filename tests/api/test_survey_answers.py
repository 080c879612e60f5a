"""Answers, interviews and paper, for programs."""

import pytest

from surveys.models import Ballot, BallotPhoto, Invitation, Wave
from surveys.services.answering import keep_photo
from surveys.services.inviting import secret_of
from tenancy.scope import company_scope
from tests.api.conftest import ApiOf
from tests.factories.cast import Cast
from tests.surveys.asking import BEHIND_A_PHOTO, opened, street, survey_of
from tests.surveys.test_interviewing_lost import second_of_two
from tests.surveys.test_pages_answer import EVERYTHING, photo, today


def running(cast: Cast, homes: int = 0) -> Wave:
    with company_scope(cast.company.pk):
        street(cast, "8栋", homes)
        return today(opened(cast, survey_of(cast, document=EVERYTHING)))


def ballots(cast: Cast) -> int:
    with company_scope(cast.company.pk):
        return int(Ballot.objects.count())


def test_owner_answers_through_the_api(jinxiu: Cast, heyue: Cast, api: ApiOf) -> None:
    wave, theirs = running(jinxiu), running(heyue)
    owner = api(jinxiu.owner)
    (waiting,) = owner.get("surveys/mine/").json()
    assert (waiting["wave"], waiting["home"]) == (wave.name, jinxiu.unit.label)
    place = f"surveys/mine/{waiting['id']}/"
    assert "translations" in owner.get(place).json()["document"]
    wrong = owner.post(f"{place}answer/", {"answers": {"lift": 9, "years": [1]}})
    assert wrong.status_code == 400
    assert sorted((each["pointer"], each["code"]) for each in wrong.json()["errors"]) == [
        ("/answers/lift", "not_on_the_scale"),
        ("/answers/years", "not_a_number"),
    ]
    assert owner.post(f"{place}answer/", {"answers": {"lift": 4}}).status_code == 204
    assert owner.post(f"{place}answer/", {"answers": {"lift": 4}}).json()["code"] == (
        "already_answered"
    )
    assert owner.get("surveys/mine/").json() == []
    with company_scope(heyue.company.pk):
        foreign = Invitation.objects.get(wave=theirs)
    assert owner.get(f"surveys/mine/{foreign.pk}/").status_code == 404
    assert (ballots(jinxiu), ballots(heyue)) == (1, 0)


def test_nobody_is_asked_for_a_photo_through_the_api(jinxiu: Cast, api: ApiOf) -> None:
    with company_scope(jinxiu.company.pk):
        wave = today(opened(jinxiu, survey_of(jinxiu, document=BEHIND_A_PHOTO)))
        invitation = Invitation.objects.get(wave=wave)
        keep_photo(secret=secret_of(invitation), question="look", upload=photo(40),
                   today=wave.opens_on)  # fmt: skip
    place = f"surveys/mine/{invitation.pk}/answer/"
    # One that somebody added on the page is not sent by whoever cannot see it.
    said = {"answers": {"mark": 4, "look": "photo"}}
    assert api(jinxiu.owner).post(place, said).status_code == 204
    assert ballots(jinxiu) == 1
    with company_scope(jinxiu.company.pk):
        assert BallotPhoto.objects.count() == 0


def test_sheets_are_checked_and_entered(jinxiu: Cast, api: ApiOf) -> None:
    wave = running(jinxiu, homes=1)
    with company_scope(jinxiu.company.pk):
        one, other = (secret_of(each) for each in Invitation.objects.filter(wave=wave))
    desk = api(jinxiu.desk)
    sheets = [
        {"code": one.upper(), "answers": {"lift": 5}},
        {"code": other, "answers": {"lift": "high"}},
    ]
    place = f"surveys/waves/{wave.pk}/sheets/"
    checked = desk.post(place, {"sheets": sheets, "only_check": True}).json()
    assert [(each["is_entered"], len(each["wrong"])) for each in checked] == [
        (False, 0),
        (False, 1),
    ]
    assert ballots(jinxiu) == 0
    entered = desk.post(place, {"sheets": sheets}).json()
    assert [each["is_entered"] for each in entered] == [True, False]
    assert entered[1]["wrong"][0]["code"] == "not_on_the_scale"
    assert ballots(jinxiu) == 1
    assert api(jinxiu.owner).post(place, {"sheets": sheets}).status_code == 403


def test_calls_are_taken_ended_and_answered(jinxiu: Cast, api: ApiOf) -> None:
    wave = running(jinxiu)
    desk = api(jinxiu.desk)
    start = f"surveys/waves/{wave.pk}/next-call/"
    call = desk.post(start, {}).json()
    place = f"surveys/interviews/{call['id']}/"
    assert call["people"][0]["phone"] != "+8613800000001"
    assert desk.get(place).json() == call
    taken = api(jinxiu.supervisor).post(f"{place}break/", {})
    assert taken.json()["code"] == "taken_by_another"
    late = desk.post(f"{place}outcome/", {"outcome": "later"})
    assert late.json()["code"] == "wrong_moment"
    assert desk.post(f"{place}break/", {}).status_code == 204
    assert desk.post(start, {}).json()["id"] == call["id"]
    missed = desk.post(f"{place}outcome/", {"outcome": "not_reached"}).json()
    assert (missed["attempts"], missed["held_until"]) == (1, None)
    assert desk.post(start, {}).json()["code"] == "nobody_to_call"
    wrong = desk.post(f"{place}answer/", {"answers": {}})
    assert wrong.status_code == 400
    assert desk.post(f"{place}answer/", {"answers": {"lift": 3}}).status_code == 204
    assert desk.get(place).status_code == 404
    assert ballots(jinxiu) == 1


@pytest.mark.django_db(transaction=True)
def test_second_of_two_calls_answered_at_once_is_told(jinxiu: Cast, api: ApiOf) -> None:
    wave = running(jinxiu)
    desk = api(jinxiu.desk)
    call = desk.post(f"surveys/waves/{wave.pk}/next-call/", {}).json()
    place = f"surveys/interviews/{call['id']}/answer/"
    told = second_of_two(jinxiu, lambda: desk.post(place, {"answers": {"lift": 3}}))
    assert (told.status_code, told.json()["code"]) == (409, "already_answered")
    assert ballots(jinxiu) == 1
