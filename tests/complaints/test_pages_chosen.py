"""Many tickets of the queue at once, and acts that a script holds back."""

from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from complaints.models import Status, Ticket, TicketEvent
from complaints.services.accepting import accept_many
from complaints.services.handling import accept, resolve
from complaints.services.reassigning import MOST_AT_ONCE, TooMany
from complaints.services.talking import comment
from tenancy.scope import company_scope
from tenancy.services.actor import Actor, Via
from tests.complaints.test_pages_actions import fresh, kinds
from tests.complaints.test_pages_ticket import url
from tests.conftest import SignIn
from tests.factories.cast import TUESDAY, Cast

CHOSEN = "/jinxiu/queue/chosen/"
JSON = {"Accept": "application/json", "Accept-Language": "en"}


@pytest.fixture
def desk(jinxiu: Cast, sign_in: SignIn) -> Client:
    return sign_in(jinxiu.desk)


def test_ticked_tickets_are_accepted_each_on_its_own_terms(
    jinxiu: Cast, heyue: Cast, desk: Client
) -> None:
    new, taken, theirs = jinxiu.file(), jinxiu.file(), heyue.file()
    with company_scope(jinxiu.company.pk):
        accept(ticket=taken, by=jinxiu.actor("supervisor"), now=TUESDAY)
    sent = {
        "act": "accept",
        "tickets": [str(new.pk), str(taken.pk), str(theirs.pk), "nonsense"],
        "here": "tab=untaken&page=3",
    }
    answer = desk.post(CHOSEN, sent, follow=True)
    assert answer.redirect_chain == [("/jinxiu/queue/?tab=untaken", 302)]
    assert [message.level_tag for message in answer.context["messages"]] == ["success", "error"]
    assert (fresh(jinxiu, new).assignee, fresh(jinxiu, taken).assignee) == (
        jinxiu.desk,
        jinxiu.supervisor,
    )
    assert fresh(heyue, theirs).status == Status.NEW


def test_all_of_a_filter_are_accepted(jinxiu: Cast, desk: Client) -> None:
    lift, tap = jinxiu.file(), jinxiu.file(kind="repair", category=jinxiu.tap)
    answer = desk.post(CHOSEN, {"act": "accept", "all": "yes", "here": "kind=repair"})
    assert answer.headers["Location"] == "/jinxiu/queue/?kind=repair"
    assert (fresh(jinxiu, lift).status, fresh(jinxiu, tap).status) == ("new", "accepted")


def test_ticked_tickets_are_handed_over_on_their_own_page(jinxiu: Cast, desk: Client) -> None:
    ticket = jinxiu.file()
    answer = desk.post(CHOSEN, {"act": "assign", "tickets": [str(ticket.pk)]})
    assert (answer.status_code, [row.pk for row in answer.context["rows"]]) == (200, [ticket.pk])
    assert answer.context["back"] == "queue"


def test_nothing_chosen_is_said_and_many_refusals_are_summed_up(jinxiu: Cast, desk: Client) -> None:
    answer = desk.post(CHOSEN, {"act": "accept"}, follow=True)
    assert [message.level_tag for message in answer.context["messages"]] == ["error"]
    tickets = [jinxiu.file() for _number in range(7)]
    with company_scope(jinxiu.company.pk):
        for ticket in tickets:
            accept(ticket=ticket, by=jinxiu.actor("desk"), now=TUESDAY)
    ids = [str(ticket.pk) for ticket in tickets]
    answer = desk.post(CHOSEN, {"act": "accept", "tickets": ids}, follow=True)
    assert len(answer.context["messages"]) == 6


def test_a_technician_accepts_only_what_they_see_and_hands_nothing_over(
    jinxiu: Cast, sign_in: SignIn
) -> None:
    mine, other = jinxiu.file(), jinxiu.file()
    with company_scope(jinxiu.company.pk):
        Ticket.objects.filter(pk=other.pk).update(department=jinxiu.desk_department)
    client = sign_in(jinxiu.technician)
    ids = [str(mine.pk), str(other.pk)]
    client.post(CHOSEN, {"act": "assign", "tickets": ids})
    assert (fresh(jinxiu, mine).status, fresh(jinxiu, other).status) == ("accepted", "new")


def test_too_many_and_nobody_are_refused(scoped: Cast) -> None:
    ids = [uuid4() for _number in range(MOST_AT_ONCE + 1)]
    with pytest.raises(TooMany):
        accept_many(tickets=ids, by=scoped.actor("desk"), now=TUESDAY)
    nobody = accept_many(tickets=ids[:1], by=Actor(None, Via.MACHINE, ""), now=TUESDAY)
    assert (nobody.done, nobody.refused) == ([], [])


# --- acts that are held back in the browser ---


def test_a_script_is_answered_in_its_own_way(jinxiu: Cast, desk: Client) -> None:
    ticket = jinxiu.file()
    address = url(jinxiu, ticket, "ticket_resolve")
    answers = [
        desk.post(address, {"solution": ""}, headers=JSON),
        desk.post(address, {"solution": "换了门机"}, headers=JSON),
        desk.post(address, {"solution": "换了门机"}, headers=JSON),
    ]
    assert [(answer.status_code, answer.json().get("code")) for answer in answers] == [
        (422, "invalid"),
        (200, None),
        (409, "wrong_state"),
    ]


def test_an_act_sent_twice_happens_once(jinxiu: Cast, desk: Client) -> None:
    ticket = jinxiu.file()
    sent = {"text": "业主很着急", "submission": str(uuid4())}
    answers = [desk.post(url(jinxiu, ticket, "ticket_note"), sent, headers=JSON) for _ in "12"]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert kinds(jinxiu, ticket) == ["filed", "noted"]
    other = desk.post(url(jinxiu, ticket, "ticket_note"), {**sent, "text": "x"}, headers=JSON)
    assert (other.status_code, other.json()["code"]) == (409, "idempotency_key_reused")


def test_what_was_refused_may_be_sent_again_under_its_name(jinxiu: Cast, desk: Client) -> None:
    ticket = jinxiu.file()
    sent = {"submission": str(uuid4())}
    address = url(jinxiu, ticket, "ticket_resume")
    assert desk.post(address, sent, headers=JSON).status_code == 409
    with company_scope(jinxiu.company.pk):
        Ticket.objects.filter(pk=ticket.pk).update(status=Status.PAUSED)
    assert desk.post(address, sent, headers=JSON).status_code == 200


def test_an_act_that_waited_behind_another_of_ones_own_is_done(jinxiu: Cast, desk: Client) -> None:
    """Both were decided on one page, before the first had been sent; a colleague is not oneself."""
    ticket = jinxiu.file()
    seen = {"seen": desk.get(url(jinxiu, ticket)).context["seen"]}
    answers = [
        desk.post(url(jinxiu, ticket, name), {**seen, **words}, headers=JSON).status_code
        for name, words in (("ticket_accept", {}), ("ticket_call", {"outcome": "no_answer"}))
    ]
    assert answers == [200, 200]
    with company_scope(jinxiu.company.pk):
        resolve(ticket=ticket, solution="好了", by=jinxiu.actor("supervisor"), now=TUESDAY)
    late = {**seen, "outcome": "busy"}
    answer = desk.post(url(jinxiu, ticket, "ticket_call"), late, headers=JSON)
    assert (answer.status_code, answer.json()["code"]) == (409, "moved_on")
    assert sorted(kinds(jinxiu, ticket)) == ["accepted", "called_back", "filed", "resolved"]


def test_whoever_saw_the_ticket_before_it_moved_is_told_who_moved_it(
    jinxiu: Cast, desk: Client
) -> None:
    ticket = jinxiu.file()
    seen = desk.get(url(jinxiu, ticket)).context["seen"]
    with company_scope(jinxiu.company.pk):
        accept(ticket=ticket, by=jinxiu.actor("supervisor"), now=TUESDAY)
    sent: dict[str, Any] = {"solution": "换了门机", "seen": seen}
    answer = desk.post(url(jinxiu, ticket, "ticket_resolve"), sent, headers=JSON)
    assert (answer.status_code, answer.json()["code"]) == (409, "moved_on")
    assert "supervisor changed this ticket meanwhile: accepted" in answer.json()["detail"]
    again = desk.post(url(jinxiu, ticket, "ticket_resolve"), sent)
    assert (again.status_code, "换了门机" in again.content.decode()) == (409, True)
    assert kinds(jinxiu, ticket) == ["filed", "accepted"]
    now = desk.get(url(jinxiu, ticket)).context["seen"]
    assert (
        desk.post(url(jinxiu, ticket, "ticket_resolve"), {**sent, "seen": now}).status_code == 302
    )


def test_words_do_not_move_a_ticket_and_are_always_welcome(jinxiu: Cast, desk: Client) -> None:
    ticket = jinxiu.file()
    with company_scope(jinxiu.company.pk):
        comment(ticket=ticket, text="还没来", by=jinxiu.actor("owner"), now=TUESDAY)
    for seen in ("0", "nonsense", "-1", "99999999"):
        sent = {"text": "马上来", "seen": seen}
        assert desk.post(url(jinxiu, ticket, "ticket_comment"), sent).status_code == 302
    assert desk.post(url(jinxiu, ticket, "ticket_accept"), {"seen": "0"}).status_code == 302
    with company_scope(jinxiu.company.pk):
        assert TicketEvent.objects.filter(ticket_id=ticket.pk, kind="accepted").count() == 1


# --- beside the queue ---


def test_the_address_names_the_ticket_beside_the_queue(
    jinxiu: Cast, heyue: Cast, desk: Client
) -> None:
    ticket, theirs = jinxiu.file(), heyue.file()
    shown = [
        desk.get(f"/jinxiu/queue/?ticket={pk}").context["row"]
        for pk in (ticket.pk, theirs.pk, "nonsense", uuid4())
    ]
    assert shown == [ticket, None, None, None]
    part = desk.get(url(jinxiu, ticket), headers={"HX-Request": "true"}).content.decode()
    assert ("<html" in part, f'data-pane-ticket="{ticket.pk}"' in part) == (False, True)


def test_a_link_may_open_a_form(jinxiu: Cast, desk: Client) -> None:
    ticket = jinxiu.file()
    assert desk.get(f"{url(jinxiu, ticket)}?act=resolve").context["bound"] == "resolve"
