"""What is asked, and who."""

from datetime import timedelta
from typing import Any

import pytest

from owners.models import Ownership, Unit
from surveys.models import (
    Audience,
    Invitation,
    OnePer,
    Stage,
    Survey,
)
from surveys.services.box import count
from surveys.services.survey import (
    FaultyQuestionnaire,
    StaffHaveNoHousehold,
    newest,
    rewrite,
)
from surveys.services.wave import (
    NobodyToAsk,
    WrongDays,
    WrongStage,
    close_wave,
    open_wave,
)
from tenancy.models import AuditEntry, Community
from tenancy.scope import company_scope
from tenancy.services.structure import NameTaken
from tests.factories.cast import TUESDAY, Cast
from tests.surveys.asking import (
    DOCUMENT,
    TODAY,
    opened,
    planned,
    says,
    secrets_of,
    street,
    survey_of,
)

# --- what is asked ---


def test_survey_begins_with_one_edition(scoped: Cast) -> None:
    survey = survey_of(scoped, title=" 满意度调查 ")
    assert survey.title == "满意度调查"
    assert [each.number for each in survey.editions.all()] == [1]
    assert AuditEntry.objects.filter(action="create_survey").count() == 1
    with pytest.raises(NameTaken):
        survey_of(scoped)


def test_faulty_questionnaire_is_refused_with_every_fault(scoped: Cast) -> None:
    with pytest.raises(FaultyQuestionnaire) as caught:
        survey_of(scoped, document={"sections": [{"title": "", "questions": []}]})
    assert [fault.code for fault in caught.value.faults] == ["text_missing", "nothing_asked"]
    assert Survey.objects.count() == 0


def test_staff_are_asked_one_by_one(scoped: Cast) -> None:
    with pytest.raises(StaffHaveNoHousehold):
        survey_of(scoped, audience=Audience.STAFF)


def test_edition_changes_until_it_is_asked_and_then_there_is_another(scoped: Cast) -> None:
    survey = survey_of(scoped)
    other = {"sections": [{"title": "别的", "questions": [{"kind": "score", "text": "如何？"}]}]}
    by: Any = {"by": scoped.actor("manager"), "now": TUESDAY}
    assert rewrite(survey=survey, document=other, **by).number == 1
    wave = planned(scoped, survey)
    assert rewrite(survey=survey, document=other, **by).number == 1  # nothing was changed
    assert rewrite(survey=survey, document=DOCUMENT, **by).number == 2
    assert wave.edition.document["sections"][0]["title"] == "别的"
    assert newest(survey).number == 2


# --- who is asked ---


def test_every_home_is_invited_once_and_nobody_elses(jinxiu: Cast, heyue: Cast) -> None:
    with company_scope(jinxiu.company.pk):
        street(jinxiu, "8栋", 3)
        wave = opened(jinxiu)
        assert (wave.stage, wave.invited) == (Stage.OPEN, 4)
        assert Invitation.objects.filter(owner=None, membership=None).count() == 4
    with company_scope(heyue.company.pk):
        assert Invitation.objects.count() == 0


def test_empty_and_laid_aside_homes_are_not_asked(scoped: Cast) -> None:
    street(scoped, "8栋", 2)
    Unit.objects.filter(label="8栋0").update(is_active=False)
    Ownership.objects.filter(unit__label="8栋1").update(until=TODAY)
    assert opened(scoped).invited == 1


def test_persons_are_invited_once_however_many_homes_they_have(scoped: Cast) -> None:
    street(scoped, "8栋", 2)
    Ownership.objects.create(owner=scoped.resident, unit=Unit.objects.get(label="8栋0"))
    wave = opened(scoped, survey_of(scoped, one_per=OnePer.PERSON))
    assert wave.invited == 3
    assert Invitation.objects.filter(owner=scoped.resident).count() == 1


def test_staff_are_invited_and_owners_are_not(scoped: Cast) -> None:
    survey = survey_of(scoped, audience=Audience.STAFF, one_per=OnePer.PERSON)
    wave = opened(scoped, survey)
    roles = Invitation.objects.values_list("membership__roles", flat=True)
    assert wave.invited == 5
    assert ["owner"] not in list(roles)


def test_only_the_chosen_communities_are_asked(scoped: Cast) -> None:
    other = Community.objects.create(name="别处")
    with pytest.raises(NobodyToAsk):
        opened(scoped, communities=[other])
    assert opened(scoped, name="这里", survey=Survey.objects.get(), communities=[scoped.community])


def test_sample_takes_its_share_of_each_building(scoped: Cast) -> None:
    street(scoped, "8栋", 20)
    street(scoped, "9栋", 10)
    wave = opened(scoped, sample_size=9)
    by_building = list(
        Invitation.objects.filter(wave=wave).values_list("building__name", flat=True)
    )
    assert wave.invited == 9
    assert (by_building.count("8栋"), by_building.count("9栋")) == (6, 3)
    assert AuditEntry.objects.get(action="plan_wave").detail["seed"] == wave.seed


def test_wave_needs_days_in_their_order(scoped: Cast) -> None:
    for days in (
        {"opens_on": TODAY, "closes_on": TODAY - timedelta(days=1)},
        {"opens_on": TODAY - timedelta(days=9), "closes_on": TODAY - timedelta(days=1)},
    ):
        with pytest.raises(WrongDays):
            planned(scoped, survey_of(scoped, title=str(days)), **days)


def test_wave_goes_one_way(scoped: Cast) -> None:
    wave = opened(scoped)
    by: Any = {"by": scoped.actor("manager"), "now": TUESDAY}
    with pytest.raises(WrongStage):
        open_wave(wave=wave, **by)
    with pytest.raises(WrongStage):
        count(wave=wave, **by)
    close_wave(wave=wave, **by)
    with pytest.raises(WrongStage):
        close_wave(wave=wave, **by)


@pytest.mark.parametrize(("answers", "told"), [(4, None), (5, 5)])
def test_log_says_how_many_answered_from_five_on(
    scoped: Cast, answers: int, told: int | None
) -> None:
    street(scoped, "8栋", 6)
    wave = opened(scoped)
    for secret in secrets_of(wave)[:answers]:
        says(secret)
    close_wave(wave=wave, by=scoped.actor("manager"), now=TUESDAY)
    assert AuditEntry.objects.get(action="close_wave").detail.get("answers") == told
