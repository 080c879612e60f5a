"""The call list: whom to call, in which order."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from complaints.models import Ticket
from complaints.services.calling import call_back
from complaints.services.handling import resolve
from tenancy.scope import company_scope
from tests.conftest import SignIn
from tests.factories.cast import TUESDAY, Cast

WHEN = TUESDAY + timedelta(minutes=30)


@pytest.fixture(autouse=True)
def on_tuesday() -> Iterator[None]:
    """The pages are looked at half an hour after everything was filed."""
    with time_machine.travel(WHEN, tick=False):
        yield


def calls(cast: Cast) -> str:
    return reverse("complaints:call_list", kwargs={"company": cast.company.slug})


def shown(client: Client, cast: Cast) -> tuple[list[str], list[str]]:
    answer = client.get(calls(cast))
    return (
        [call.ticket.title for call in answer.context["to_call"]],
        [call.ticket.title for call in answer.context["later"]],
    )


def attempt(cast: Cast, ticket: Ticket, outcome: str) -> None:
    with company_scope(cast.company.pk):
        call_back(ticket=ticket, outcome=outcome, by=cast.actor("desk"), now=TUESDAY)


def test_countdown_of_a_call_knows_what_was_promised(jinxiu: Cast, sign_in: SignIn) -> None:
    """So that it is coloured by the share that is left, like everywhere else."""
    jinxiu.file()
    answer = sign_in(jinxiu.desk).get(calls(jinxiu))
    # Filed on Tuesday at 9, promised for Wednesday at 9.
    assert f'data-promised="{24 * 60}"' in answer.content.decode()


@pytest.mark.parametrize(
    ("role", "status"),
    [
        ("owner", 403),
        ("technician", 403),
        ("desk", 200),
        ("supervisor", 200),
        ("manager", 200),
        ("admin", 200),
    ],
)
def test_call_list_is_for_those_who_call(
    jinxiu: Cast, sign_in: SignIn, role: str, status: int
) -> None:
    assert sign_in(jinxiu.members[role]).get(calls(jinxiu)).status_code == status


def test_call_list_does_not_exist_for_strangers(jinxiu: Cast, heyue: Cast, sign_in: SignIn) -> None:
    assert sign_in(heyue.desk).get(calls(jinxiu)).status_code == 404


def test_call_list_begins_with_the_earliest_promise(
    jinxiu: Cast, heyue: Cast, sign_in: SignIn
) -> None:
    heyue.file(title="theirs")
    jinxiu.file(title="second", now=TUESDAY)
    jinxiu.file(title="first", now=TUESDAY - timedelta(days=1))
    assert shown(sign_in(jinxiu.desk), jinxiu) == (["first", "second"], [])


def test_call_list_tries_again_later_whom_nobody_reached(jinxiu: Cast, sign_in: SignIn) -> None:
    attempt(jinxiu, jinxiu.file(title="busy line"), "busy")
    jinxiu.file(title="to call", now=TUESDAY + timedelta(minutes=1))
    assert shown(sign_in(jinxiu.desk), jinxiu) == (["to call"], ["busy line"])
    with time_machine.travel(TUESDAY + timedelta(hours=2), tick=False):
        assert shown(sign_in(jinxiu.desk), jinxiu) == (["busy line", "to call"], [])


def test_call_list_shows_what_was_tried(jinxiu: Cast, sign_in: SignIn) -> None:
    ticket = jinxiu.file()
    attempt(jinxiu, ticket, "busy")
    attempt(jinxiu, ticket, "no_answer")
    answer = sign_in(jinxiu.desk).get(calls(jinxiu), headers={"Accept-Language": "en"})
    (call,) = answer.context["later"]
    assert [(each.label, each.at) for each in call.attempts] == [
        ("busy", TUESDAY),
        ("no answer", TUESDAY),
    ]
    assert call.phone == "138****0001"


def test_call_list_says_when_it_is_tried_again(jinxiu: Cast, sign_in: SignIn) -> None:
    jinxiu.file()
    answer = sign_in(jinxiu.desk).get(calls(jinxiu), headers={"Accept-Language": "en"})
    (call,) = answer.context["to_call"]
    assert (call.again, call.has_wrong_number) == ("10:30", False)
    assert 'data-again="10:30"' in answer.content.decode()


def test_call_list_says_on_which_day_it_is_tried_again(jinxiu: Cast, sign_in: SignIn) -> None:
    jinxiu.file()
    with time_machine.travel(TUESDAY + timedelta(hours=8, minutes=30), tick=False):
        answer = sign_in(jinxiu.desk).get(calls(jinxiu), headers={"Accept-Language": "en"})
    (call,) = answer.context["to_call"]
    assert call.again.endswith("09:00")
    assert call.again != "09:00"


@pytest.mark.parametrize(
    ("outcomes", "offered"),
    [(["wrong_number"], 1), (["wrong_number", "busy"], 0), (["busy"], 0)],
)
def test_a_wrong_number_leads_to_its_correction(
    jinxiu: Cast, sign_in: SignIn, outcomes: list[str], offered: int
) -> None:
    ticket = jinxiu.file()
    for number, outcome in enumerate(outcomes):
        with company_scope(jinxiu.company.pk):
            moment = TUESDAY + timedelta(minutes=number)
            call_back(ticket=ticket, outcome=outcome, by=jinxiu.actor("desk"), now=moment)
    page = sign_in(jinxiu.desk).get(calls(jinxiu)).content.decode()
    address = reverse("owners:owner_edit", args=["jinxiu", jinxiu.resident.pk])
    assert page.count(f'href="{address}?back=calls"') == offered


def test_call_list_forgets_whom_somebody_reached(jinxiu: Cast, sign_in: SignIn) -> None:
    attempt(jinxiu, jinxiu.file(), "reached_satisfied")
    assert shown(sign_in(jinxiu.desk), jinxiu) == ([], [])


def test_call_list_names_each_ticket_once(jinxiu: Cast, sign_in: SignIn) -> None:
    ticket = jinxiu.file(title="both owed")
    with company_scope(jinxiu.company.pk):
        resolve(ticket=ticket, solution="done", by=jinxiu.actor("technician"), now=TUESDAY)
    client = sign_in(jinxiu.desk)
    assert shown(client, jinxiu) == (["both owed"], [])
    attempt(jinxiu, ticket, "busy")
    assert shown(client, jinxiu) == ([], ["both owed"])


def test_call_list_leaves_out_whom_nobody_can_call(jinxiu: Cast, sign_in: SignIn) -> None:
    jinxiu.file(owner=None)
    assert shown(sign_in(jinxiu.desk), jinxiu) == ([], [])


def test_a_call_is_logged_with_one_click(jinxiu: Cast, sign_in: SignIn) -> None:
    ticket, client = jinxiu.file(), sign_in(jinxiu.desk)
    address = reverse("complaints:ticket_call", kwargs={"company": "jinxiu", "pk": ticket.pk})
    answer = client.post(address, {"outcome": "reached_satisfied", "note": "", "back": "calls"})
    assert answer.headers["Location"] == calls(jinxiu)
    assert shown(client, jinxiu) == ([], [])


@pytest.mark.parametrize("count", [1, 3])
def test_call_list_asks_the_same_number_of_queries(
    jinxiu: Cast, sign_in: SignIn, count: int
) -> None:
    for number in range(count):
        attempt(jinxiu, jinxiu.file(title=f"{number}"), "busy")
        jinxiu.file(title=f"again {number}")
    client = sign_in(jinxiu.desk)
    client.get(calls(jinxiu))
    with CaptureQueriesContext(connection) as queries:
        client.get(calls(jinxiu))
    assert len(queries) == QUERIES, [each["sql"][:160] for each in queries]


# Session, user, company, membership and the company's mark; calls for now and for later, their
# tickets, people and attempts; the number on the bell.
QUERIES = 17
