"""The last place of a quota is taken once, and then nobody of the building is asked any more."""

import threading
from typing import Any

import pytest
from django.db import connections

from owners.models import Owner, Ownership
from surveys.models import Ballot, CallOutcome, Interview, Invitation, Wave
from surveys.services.interviewing import NobodyToCall, next_call, progress_of
from surveys.services.inviting import secret_of
from surveys.services.quota import QuotaReached
from surveys.services.reminding import unanswered
from surveys.services.slips import NoSlips, print_slips
from tenancy.scope import company_scope
from tests.factories.cast import PHONE, TUESDAY, Cast, cast_of
from tests.surveys.asking import TODAY, opened, says, street, survey_of
from tests.tenancy.test_staffing import wait_for_waiting


@pytest.mark.django_db(transaction=True)
def test_of_two_at_the_last_place_one_gets_in() -> None:
    cast = cast_of("jinxiu", "锦绣物业")
    outcomes: list[str] = []

    def send() -> None:
        try:
            with company_scope(cast.company.pk):
                says(late)
            outcomes.append("sent")
        except QuotaReached as refused:
            outcomes.append(refused.code)
        finally:
            connections.close_all()

    neighbour = threading.Thread(target=send)
    with company_scope(cast.company.pk):
        building = street(cast, "8栋", 3)
        opened(cast, most_per_building=2)
        invited = Invitation.objects.filter(building=building).order_by("id")
        first, last, late = (secret_of(each) for each in invited)
        says(first)
    with company_scope(cast.company.pk):  # one transaction
        says(last)
        # Whoever sends at this moment sees one answer, and this one is on its way.
        neighbour.start()
        wait_for_waiting(1)
    neighbour.join(20)
    assert outcomes == ["quota_reached"]
    with company_scope(cast.company.pk):
        assert (Ballot.objects.count(), invited.filter(is_used=True).count()) == (2, 2)


# --- a building that is full ---


def quota_of_one(cast: Cast) -> Wave:
    """Four homes of one building, all with a number; one answer of them is enough."""
    street(cast, "8栋", 4)
    Owner.objects.filter(name__startswith="业主8栋").update(phone=PHONE, phone_index="x")
    Ownership.objects.filter(unit=cast.unit).delete()
    return opened(cast, most_per_building=1)


def call(cast: Cast, wave: Wave) -> Interview:
    return next_call(wave=wave, by=cast.desk, now=TUESDAY, today=TODAY)


def neighbour_says(wave: Wave) -> None:
    """Whoever would be called last."""
    says(secret_of(Invitation.objects.filter(wave=wave).order_by("-id")[0]))


def test_nobody_of_a_full_building_is_called_reminded_or_given_paper(scoped: Cast) -> None:
    wave = quota_of_one(scoped)
    free = opened(scoped, survey_of(scoped, title="没有配额"))
    building = Invitation.objects.filter(wave=wave)[0].building
    agreed = call(scoped, wave)
    agreed.outcome, agreed.again_at, agreed.claimed_until = CallOutcome.LATER, TUESDAY, None
    agreed.save()
    assert call(scoped, wave).pk == agreed.pk
    before = progress_of([wave], scoped.desk)[wave.pk]
    assert (before.open, before.later, unanswered(wave).count()) == (4, 1, 4)
    for each in (wave, free):
        neighbour_says(each)
    # What was in hand, what was agreed and what nobody has called yet: none of it any more.
    with pytest.raises(NobodyToCall):
        call(scoped, wave)
    after = progress_of([wave, free], scoped.desk)
    assert [(each.open, each.later) for each in after.values()] == [(0, 0), (3, 0)]
    assert (unanswered(wave).count(), unanswered(free).count()) == (0, 3)
    facts: dict[str, Any] = {"building": building, "by": scoped.actor("desk"), "now": TUESDAY}
    with pytest.raises(NoSlips):
        print_slips(wave=wave, **facts)
    assert len(print_slips(wave=free, **facts)) == 3
    call(scoped, free)


def test_homes_of_no_building_are_asked_on(scoped: Cast) -> None:
    wave = quota_of_one(scoped)
    first, second, third, _fourth = Invitation.objects.filter(wave=wave).order_by("id")
    Invitation.objects.filter(pk__in=[first.pk, second.pk]).update(building=None)
    says(secret_of(first))
    assert unanswered(wave).count() == 3
    says(secret_of(third))
    assert list(unanswered(wave)) == [second]
    assert call(scoped, wave).invitation_id == second.pk


@pytest.mark.django_db(transaction=True)
def test_call_waits_for_an_answer_that_is_on_its_way() -> None:
    cast = cast_of("jinxiu", "锦绣物业")
    with company_scope(cast.company.pk):
        wave = quota_of_one(cast)
    heard: list[Any] = []

    def ask() -> None:
        try:
            with company_scope(cast.company.pk):
                heard.append(call(cast, wave))
        except NobodyToCall as refusal:
            heard.append(refusal.code)
        finally:
            connections.close_all()

    asking = threading.Thread(target=ask)
    with company_scope(cast.company.pk):  # one transaction
        neighbour_says(wave)
        asking.start()
        wait_for_waiting(1)
    asking.join(20)
    assert heard == ["nobody_to_call"]
