"""Asking by telephone: nobody is called by two, and an answer leaves nothing behind."""

import threading
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext

from owners.models import Owner, Ownership
from surveys.models import Ballot, CallOutcome, Interview, Invitation, OnePer, Wave
from surveys.services.answering import NotOpen
from surveys.services.interviewing import (
    MOST_TRIES,
    NobodyToCall,
    TakenByAnother,
    UnknownOutcome,
    WrongMoment,
    answer_call,
    give_back,
    next_call,
    note_call,
    people_of,
    progress_of,
)
from tenancy.models import Membership
from tenancy.scope import company_scope
from tenancy.services.actor import MACHINE
from tests.conftest import SignIn
from tests.factories.cast import PHONE, TUESDAY, Cast, cast_of
from tests.surveys.asking import BEHIND_A_PHOTO, TODAY, opened, says, secrets_of, street, survey_of
from tests.surveys.test_pages_answer import EVERYTHING, SEEN, today

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def with_numbers(cast: Cast, building: str, homes: int) -> None:
    street(cast, building, homes)
    Owner.objects.filter(name__startswith=f"业主{building}").update(phone=PHONE, phone_index="x")


def call(wave: Wave, by: Membership, days: int = 0) -> Interview:
    return next_call(wave=wave, by=by, now=TUESDAY + days * DAY, today=TODAY + days * DAY)


def note(cast: Cast, interview: Interview, outcome: str, days: int = 0, **more: Any) -> Interview:
    facts: dict[str, Any] = {"now": TUESDAY + days * DAY, "today": TODAY + days * DAY, **more}
    return note_call(interview=interview, outcome=outcome, by=cast.actor("desk"), **facts)


def test_two_interviewers_get_two_homes_and_keep_them(scoped: Cast) -> None:
    with_numbers(scoped, "8栋", 1)
    street(scoped, "9栋", 1)  # nobody there has a number
    wave = opened(scoped)
    mine = call(wave, scoped.desk)
    theirs = call(wave, scoped.supervisor)
    assert mine.invitation_id != theirs.invitation_id
    assert call(wave, scoped.desk).pk == mine.pk
    with pytest.raises(NobodyToCall):
        call(wave, scoped.admin)
    with pytest.raises(TakenByAnother):
        give_back(interview=mine, by=scoped.supervisor, now=TUESDAY)
    give_back(interview=mine, by=scoped.desk, now=TUESDAY)
    assert call(wave, scoped.admin).pk == mine.pk


def test_agreed_call_comes_first_when_it_is_due(scoped: Cast) -> None:
    with_numbers(scoped, "8栋", 1)
    wave = opened(scoped)
    first = call(wave, scoped.desk)
    for moment in (None, TUESDAY, TUESDAY + 30 * DAY):
        with pytest.raises(WrongMoment):
            note(scoped, first, CallOutcome.LATER, again_at=moment)
    note(scoped, first, CallOutcome.LATER, again_at=TUESDAY + HOUR)
    second = call(wave, scoped.desk)
    assert second.pk != first.pk
    give_back(interview=second, by=scoped.desk, now=TUESDAY)
    due = next_call(wave=wave, by=scoped.desk, now=TUESDAY + HOUR, today=TODAY)
    assert due.pk == first.pk
    (progress,) = progress_of([wave], scoped.desk).values()
    assert (progress.open, progress.later, progress.refused) == (2, 1, 0)


def test_who_is_not_reached_is_tried_on_four_days(scoped: Cast) -> None:
    wave = opened(scoped)
    for day in range(MOST_TRIES):
        note(scoped, call(wave, scoped.desk, day), CallOutcome.NOT_REACHED, day)
        with pytest.raises(NobodyToCall):
            call(wave, scoped.desk, day)
    with pytest.raises(NobodyToCall):
        call(wave, scoped.desk, MOST_TRIES)
    assert Interview.objects.get().tried_on == TODAY + (MOST_TRIES - 1) * DAY


def test_refusal_is_final_and_an_outcome_is_one_of_four(scoped: Cast) -> None:
    wave = opened(scoped)
    interview = call(wave, scoped.desk)
    with pytest.raises(UnknownOutcome):
        note(scoped, interview, "shouted")
    with pytest.raises(UnknownOutcome):
        note_call(interview=interview, outcome="refused", by=MACHINE, now=TUESDAY, today=TODAY)
    note(scoped, interview, CallOutcome.REFUSED)
    with pytest.raises(NobodyToCall):
        call(wave, scoped.desk, 3)


def test_wrong_number_leaves_the_others_of_the_home(scoped: Cast) -> None:
    wife = Owner.objects.create(name="王芳", phone=PHONE, phone_index="y")
    Ownership.objects.create(owner=wife, unit=scoped.unit)
    wave = opened(scoped)
    interview = call(wave, scoped.desk)
    assert people_of(interview) == [scoped.resident, wife]
    note(scoped, interview, CallOutcome.WRONG_NUMBER, owner=scoped.resident)
    interview = call(wave, scoped.desk)
    assert people_of(interview) == [wife]
    note(scoped, interview, CallOutcome.WRONG_NUMBER, owner=wife)
    with pytest.raises(NobodyToCall):
        call(wave, scoped.desk)
    assert Interview.objects.get().outcome == CallOutcome.WRONG_NUMBER


def test_person_is_called_by_their_own_number(scoped: Cast) -> None:
    wave = opened(scoped, survey_of(scoped, one_per=OnePer.PERSON))
    assert people_of(call(wave, scoped.desk)) == [scoped.resident]


def test_answer_leaves_nothing_of_the_call(scoped: Cast) -> None:
    wave = opened(scoped)
    interview = call(wave, scoped.desk)
    answer_call(interview=interview, given={"speed": "4"}, by=scoped.desk, now=TUESDAY, today=TODAY)
    assert (Interview.objects.count(), Ballot.objects.count()) == (0, 1)
    assert Invitation.objects.get().is_used


def test_nobody_is_led_behind_a_photo_on_the_telephone(scoped: Cast) -> None:
    wave = opened(scoped, survey_of(scoped, document=BEHIND_A_PHOTO))
    answer_call(
        interview=call(wave, scoped.desk), given={"mark": "4"},
        by=scoped.desk, now=TUESDAY, today=TODAY,
    )  # fmt: skip
    assert Ballot.objects.count() == 1


def test_owners_see_no_calls(scoped: Cast) -> None:
    interview = call(opened(scoped), scoped.desk)
    assert list(Interview.objects.visible_to(scoped.owner)) == []
    assert str(note(scoped, interview, CallOutcome.REFUSED)) == "refused"


def test_home_that_has_answered_is_not_called(scoped: Cast) -> None:
    wave = opened(scoped)
    interview = call(wave, scoped.desk)
    says(secrets_of(wave)[0])
    with pytest.raises(NobodyToCall):
        call(wave, scoped.desk)
    with pytest.raises(NotOpen):
        call(wave, scoped.desk, 20)
    assert Interview.objects.get().pk == interview.pk


def test_interviewer_of_one_community_calls_nobody_elsewhere(scoped: Cast) -> None:
    wave = opened(scoped)
    scoped.desk.all_communities = False
    scoped.desk.save(update_fields=["all_communities"])
    with pytest.raises(NobodyToCall):
        call(wave, scoped.desk)


@pytest.mark.django_db(transaction=True)
def test_ten_interviewers_at_once_call_ten_homes() -> None:
    cast = cast_of("jinxiu", "锦绣物业")
    with company_scope(cast.company.pk):
        with_numbers(cast, "8栋", 13)
        wave = opened(cast)
    people = [member for role, member in cast.members.items() if member.is_staff] * 2
    called: list[Any] = []

    def ask(member: Membership) -> None:
        try:
            with company_scope(cast.company.pk):
                called.append((member.pk, call(wave, member).invitation_id))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=ask, args=(each,)) for each in people]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert len(called) == len(people)
    homes: dict[Any, set[Any]] = {}
    for member_id, home in called:
        homes.setdefault(home, set()).add(member_id)
    assert {len(them) for them in homes.values()} == {1}


# --- the pages ---


@pytest.fixture
def wave(jinxiu: Cast) -> Wave:
    with company_scope(jinxiu.company.pk):
        return today(opened(jinxiu, survey_of(jinxiu, document=EVERYTHING)))


def test_desk_goes_from_call_to_answer(jinxiu: Cast, wave: Wave, sign_in: SignIn) -> None:
    desk = sign_in(jinxiu.desk)
    assert "EVERYTHING" not in desk.get("/jinxiu/surveys/interviews/").content.decode()
    sent_on = desk.post(f"/jinxiu/surveys/waves/{wave.pk}/interview/next/")
    address = sent_on["Location"]
    html = desk.get(address).content.decode()
    assert "锦绣物业" in html
    assert PHONE not in html
    assert "panel interview-opening" in html
    assert 'data-kind="photo"' not in html
    wrong = desk.post(address, {"seen": [*SEEN, "why"]})
    assert wrong.status_code == 422
    more = desk.post(address, {"q-lift": "1", "seen": SEEN})
    assert more.status_code == 200
    said = {"q-lift": "1", "q-why": "慢", "seen": [*SEEN, "why"]}
    done = desk.post(address, said)
    assert done["Location"] == "/jinxiu/surveys/interviews/"
    assert desk.get(address).status_code == 404
    with company_scope(jinxiu.company.pk):
        assert Ballot.objects.count() == 1


def test_call_of_somebody_else_is_left_to_them(jinxiu: Cast, wave: Wave, sign_in: SignIn) -> None:
    start = f"/jinxiu/surveys/waves/{wave.pk}/interview/next/"
    address = sign_in(jinxiu.desk).post(start)["Location"]
    said = {"q-lift": "5", "seen": SEEN}
    assert sign_in(jinxiu.supervisor).post(address, said).status_code == 409
    with company_scope(jinxiu.company.pk):
        assert Ballot.objects.count() == 0
        with_numbers(jinxiu, "8栋", 2)
        today(opened(jinxiu, survey_of(jinxiu, title="两户"), name="两户"))
        second = Wave.objects.get(name="两户")
    start = f"/jinxiu/surveys/waves/{second.pk}/interview/next/"
    address = sign_in(jinxiu.desk).post(start)["Location"]
    on = sign_in(jinxiu.desk).post(address, {"q-speed": "5", "seen": ["speed", "words"]})
    assert on["Location"] not in (address, "/jinxiu/surveys/interviews/")


def test_outcome_is_noted_and_leads_on(jinxiu: Cast, wave: Wave, sign_in: SignIn) -> None:
    desk = sign_in(jinxiu.desk)
    start = f"/jinxiu/surveys/waves/{wave.pk}/interview/next/"
    address = desk.post(start)["Location"]
    assert desk.post(f"{address}outcome/", {"outcome": "later"})["Location"] == address
    past = desk.post(f"{address}outcome/", {"outcome": "later", "again_at": "2020-01-01T10:00"})
    assert past["Location"] == address
    assert desk.post(f"{address}break/")["Location"] == "/jinxiu/surveys/interviews/"
    assert desk.post(start)["Location"] == address
    refused = desk.post(f"{address}outcome/", {"outcome": "refused"})
    assert refused["Location"] == "/jinxiu/surveys/interviews/"
    assert desk.post(start)["Location"] == "/jinxiu/surveys/interviews/"


def test_list_of_interviews_asks_the_same_for_three_waves(
    jinxiu: Cast, wave: Wave, sign_in: SignIn
) -> None:
    desk = sign_in(jinxiu.desk)
    desk.get("/jinxiu/surveys/interviews/")
    with CaptureQueriesContext(connection) as one:
        desk.get("/jinxiu/surveys/interviews/")
    with company_scope(jinxiu.company.pk):
        for number in range(2):
            today(opened(jinxiu, survey_of(jinxiu, title=f"第{number}")))
    with CaptureQueriesContext(connection) as three:
        desk.get("/jinxiu/surveys/interviews/")
    assert len(three) == len(one)
