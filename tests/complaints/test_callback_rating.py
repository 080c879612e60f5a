"""What owners say about calls that reached them."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from complaints.models import Callback, CallbackRating, EventKind, Ticket
from complaints.services import owner_voice
from complaints.services.callback_rating import ASKED_FOR, NotAsked, call_to_rate, rate_call
from complaints.services.calling import call_back
from notifications.models import Kind, Notification
from tenancy.scope import company_scope
from tests.api.conftest import ApiOf, api
from tests.conftest import SignIn
from tests.factories.cast import TUESDAY, Cast

__all__ = ["api"]  # the fixture

LATER = TUESDAY + timedelta(hours=1)


@pytest.fixture
def ticket(scoped: Cast) -> Ticket:
    return scoped.file()


def called(cast: Cast, ticket: Ticket, outcome: str = "reached_satisfied", **more: Any) -> Callback:
    facts: dict[str, Any] = {"now": LATER, **more}
    return call_back(ticket=ticket, outcome=outcome, by=cast.actor("desk"), **facts)


def say(cast: Cast, call: Callback, score: int = 5, by: str = "owner") -> CallbackRating:
    return rate_call(callback=call, score=score, by=cast.actor(by), now=LATER, comment="很耐心")


def test_owner_says_once_whether_a_call_helped(scoped: Cast, ticket: Ticket) -> None:
    call = called(scoped, ticket)
    assert call_to_rate(ticket=ticket, now=LATER) == call
    rating = say(scoped, call)
    assert (rating.community, rating.called_at) == (scoped.community, LATER)
    event = ticket.events.get(kind=EventKind.CALL_RATED)
    assert event.data == {"score": 5, "comment": "很耐心"}
    assert call_to_rate(ticket=ticket, now=LATER) is None
    with pytest.raises(owner_voice.RatedAlready):
        say(scoped, call, 1)
    assert not Notification.objects.filter(kind=Kind.RATING).exists()


def test_few_stars_are_told_the_supervisor(scoped: Cast, ticket: Ticket) -> None:
    say(scoped, called(scoped, ticket), 2)
    told = Notification.objects.get(kind=Kind.RATING)
    assert told.recipient == scoped.supervisor
    assert told.params["number"] == ticket.number
    ticket.refresh_from_db()
    assert ticket.status == "new"  # what is said of the call opens and closes nothing


@pytest.mark.parametrize("outcome", ["no_answer", "busy", "wrong_number", "declined"])
def test_nobody_is_asked_about_a_call_that_did_not_reach_them(
    scoped: Cast, ticket: Ticket, outcome: str
) -> None:
    call = called(scoped, ticket, outcome)
    assert call_to_rate(ticket=ticket, now=LATER) is None
    with pytest.raises(NotAsked) as refusal:
        say(scoped, call)
    assert refusal.value.code == "not_asked"


def test_only_the_owner_is_asked_and_not_for_ever(scoped: Cast, ticket: Ticket) -> None:
    call = called(scoped, ticket)
    with pytest.raises(owner_voice.NotYours):
        say(scoped, call, by="desk")
    with pytest.raises(owner_voice.BadScore):
        say(scoped, call, 6)
    assert call_to_rate(ticket=ticket, now=LATER + ASKED_FOR) is None
    nobodys = scoped.file(owner=None, unit=None, community=scoped.community, by="desk")
    assert called(scoped, nobodys).community is None


def test_calls_and_their_ratings_are_seen_with_the_ticket(scoped: Cast, ticket: Ticket) -> None:
    rating = say(scoped, called(scoped, ticket))
    for role in ("owner", "desk"):
        seen = CallbackRating.objects.visible_to(scoped.members[role])
        assert list(seen) == [rating]
    neighbours = CallbackRating.objects.visible_to(scoped.technician)
    assert list(neighbours) == [rating]  # their department's


def address(cast: Cast, ticket: Ticket, name: str = "ticket_detail", **more: Any) -> str:
    where = {"company": cast.company.slug, "pk": ticket.pk, **more}
    return reverse(f"complaints:{name}", kwargs=where)


def test_owners_page_asks_and_keeps_what_was_typed(
    jinxiu: Cast, heyue: Cast, sign_in: SignIn
) -> None:
    ticket = jinxiu.file()
    with company_scope(jinxiu.company.pk):
        call = called(jinxiu, ticket, now=timezone.now())
    client: Client = sign_in(jinxiu.members["owner"])
    target = address(jinxiu, ticket, "call_rate", call=call.pk)
    assert client.get(address(jinxiu, ticket)).context["call"] == call
    wrong = client.post(target, {"comment": "还行"})
    kept = wrong.context["forms"]["call_rating"]["comment"].value()
    assert (wrong.status_code, kept) == (422, "还行")
    assert client.post(target, {"score": 4, "comment": "还行"}).status_code == 302
    page = client.get(address(jinxiu, ticket))
    assert page.context["call"] is None
    assert [line.stars for line in page.context["lines"] if line.stars] == [4]
    # Another ticket's call, a rival's owner: nothing there.
    elsewhere = address(jinxiu, jinxiu.file(), "call_rate", call=call.pk)
    assert client.post(elsewhere, {"score": 4}).status_code == 404
    assert sign_in(heyue.members["owner"]).post(target, {"score": 1}).status_code == 404
    with company_scope(jinxiu.company.pk):
        assert list(CallbackRating.objects.values_list("score", flat=True)) == [4]
    told = sign_in(jinxiu.desk).get(address(jinxiu, ticket)).context["timeline"]
    assert [each.text for each in told if each.kind == "call_rated"] == ["还行"]


def test_call_is_rated_through_the_api(jinxiu: Cast, heyue: Cast, api: ApiOf) -> None:
    ticket = jinxiu.file()
    with company_scope(jinxiu.company.pk):
        call = called(jinxiu, ticket)
    path = f"tickets/{ticket.pk}/callbacks/{call.pk}/rating/"
    owner = api(jinxiu.members["owner"])
    assert api(jinxiu.desk).post(path, {"score": 5}).status_code == 403
    assert api(heyue.members["owner"]).post(path, {"score": 5}).status_code == 404
    made = owner.post(path, {"score": 3})
    assert (made.status_code, made.json()["callback"]) == (201, str(call.pk))
    assert owner.post(path, {"score": 3}).json()["code"] == "rated_already"
    assert [row["score"] for row in owner.results(f"tickets/{ticket.pk}/callbacks/")] == [3]
