"""The last place of a quota is taken once."""

import threading

import pytest
from django.db import connections

from surveys.models import Ballot, Invitation
from surveys.services.inviting import secret_of
from surveys.services.quota import QuotaReached
from tenancy.scope import company_scope
from tests.factories.cast import cast_of
from tests.surveys.asking import opened, says, street
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
