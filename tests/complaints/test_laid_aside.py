"""A home that the company looks after no more: its history stays, nothing new is filed for it."""

from typing import Any

import pytest
from django.test import Client

from complaints.services.filing import PlaceLaidAside
from complaints.services.supporting import joinable
from owners.models import Building, Ownership, Unit
from tenancy.models import Community
from tenancy.scope import company_scope
from tests.api.conftest import ApiOf, api
from tests.complaints.test_owner_filing import send, tickets
from tests.complaints.test_owner_pages import address, get, owner, text_of
from tests.complaints.test_pages_queue import queue
from tests.complaints.test_pages_take import said, take
from tests.conftest import SignIn
from tests.factories.cast import TUESDAY, Cast

__all__ = ["api", "owner"]  # the fixtures

PLACES = [Unit, Building, Community]


def lay_aside(cast: Cast, model: Any) -> None:
    with company_scope(cast.company.pk):
        model.objects.update(is_active=False)


@pytest.mark.parametrize("model", PLACES)
def test_nothing_is_filed_for_what_is_laid_aside(scoped: Cast, model: Any) -> None:
    model.objects.update(is_active=False)
    with pytest.raises(PlaceLaidAside, match="3栋1201"):
        scoped.file()


def test_nothing_is_filed_for_a_community_laid_aside(scoped: Cast) -> None:
    Community.objects.update(is_active=False)
    with pytest.raises(PlaceLaidAside, match="阳光花园"):
        scoped.file(unit=None, community=scoped.community)


@pytest.mark.parametrize("model", PLACES)
def test_an_owner_keeps_the_history_of_a_home_laid_aside(
    owner: Client, jinxiu: Cast, model: Any
) -> None:
    ticket = jinxiu.file()
    lay_aside(jinxiu, model)
    with company_scope(jinxiu.company.pk):
        member = jinxiu.owner
        assert list(Unit.objects.visible_to(member)) == [jinxiu.unit]
        assert list(Unit.objects.lived_in_by(member)) == []
        assert not joinable(member, TUESDAY).exists()
    assert [row.pk for row in get(owner, jinxiu, "my_tickets").context["under_way"]] == [ticket.pk]
    assert ticket.title in text_of(get(owner, jinxiu, "ticket_detail", ticket))
    assert "3栋1201 no longer looked after" in text_of(get(owner, jinxiu, "owner_me"))


def test_an_owner_is_told_why_nothing_can_be_filed(owner: Client, jinxiu: Cast) -> None:
    lay_aside(jinxiu, Unit)
    text = text_of(get(owner, jinxiu, "ticket_file"))
    assert "We no longer look after your home" in text
    assert (send(owner, jinxiu).status_code, tickets(jinxiu)) == (422, [])


def test_an_owner_of_two_homes_is_offered_the_one_in_use(owner: Client, jinxiu: Cast) -> None:
    lay_aside(jinxiu, Unit)
    with company_scope(jinxiu.company.pk):
        kept = Unit.objects.create(
            building=jinxiu.building, community=jinxiu.community, number="9", label="3栋9"
        )
        Ownership.objects.create(owner=jinxiu.resident, unit=kept)
    assert list(get(owner, jinxiu, "ticket_file").context["places"]) == [kept]


def test_an_owner_without_a_home_is_offered_communities_in_use(owner: Client, jinxiu: Cast) -> None:
    with company_scope(jinxiu.company.pk):
        Ownership.objects.all().delete()
        Community.objects.create(name="从前的小区", is_active=False)
        jinxiu.owner.all_communities = True
        jinxiu.owner.save()
    assert list(get(owner, jinxiu, "ticket_file").context["places"]) == [jinxiu.community]


def test_the_desk_files_for_homes_in_use(jinxiu: Cast, sign_in: SignIn) -> None:
    lay_aside(jinxiu, Unit)
    desk = sign_in(jinxiu.desk)
    page = take(jinxiu, f"?owner={jinxiu.resident.pk}")
    places = dict(desk.get(page).context["form"].fields["place"].choices)
    assert list(places) == [f"community:{jinxiu.community.pk}"]
    assert (desk.post(page, said(jinxiu)).status_code, tickets(jinxiu)) == (422, [])


def test_the_queue_offers_what_is_in_use_and_what_it_is_narrowed_by(
    jinxiu: Cast, sign_in: SignIn
) -> None:
    desk = sign_in(jinxiu.desk)
    lay_aside(jinxiu, Community)
    offered = [
        desk.get(f"{queue(jinxiu)}?community={asked}").context["communities"]
        for asked in ("", "x", jinxiu.community.pk)
    ]
    assert offered == [[], [], [(str(jinxiu.community.pk), "阳光花园")]]


def test_the_api_refuses_a_home_laid_aside(jinxiu: Cast, api: ApiOf) -> None:
    lay_aside(jinxiu, Unit)
    body = {
        "unit": str(jinxiu.unit.pk),
        "kind": "complaint",
        "category": str(jinxiu.lift.pk),
        "title": "电梯停了",
    }
    answers = [api(jinxiu.members[role]).post("tickets/", body) for role in ("owner", "desk")]
    found = {(answer.status_code, answer.json()["code"]) for answer in answers}
    assert found == {(409, "place_laid_aside")}


def test_a_form_that_was_open_meanwhile_says_so(owner: Client, jinxiu: Cast) -> None:
    get(owner, jinxiu, "ticket_file")
    lay_aside(jinxiu, Building)
    answer = send(owner, jinxiu, place=str(jinxiu.unit.pk))
    assert "We no longer look after your home" in text_of(answer)
    assert answer.status_code == 422
    assert address(jinxiu, "my_tickets") in answer.content.decode()
