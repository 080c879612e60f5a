"""What is late and soon late, for those who answer for it."""

from collections.abc import Iterator
from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from complaints.models import Ticket
from complaints.services.enforcement_batch import Surroundings, enforce_batch
from complaints.services.handling import resolve
from tenancy.scope import company_scope
from tests.conftest import SignIn
from tests.factories.cast import TUESDAY, Cast

# An hour and a half after 09:00: the acceptance within one hour is late, nothing else is near.
WHEN = TUESDAY + timedelta(minutes=90)


@pytest.fixture(autouse=True)
def on_tuesday() -> Iterator[None]:
    with time_machine.travel(WHEN, tick=False):
        yield


def late(cast: Cast, query: str = "") -> str:
    return reverse("complaints:late", kwargs={"company": cast.company.slug}) + query


def shown(client: Client, cast: Cast, query: str = "") -> list[str]:
    return [row.ticket.title for row in client.get(late(cast, query)).context["rows"]]


@pytest.mark.parametrize(
    ("role", "status"),
    [
        ("owner", 403),
        ("technician", 403),
        ("desk", 403),
        ("supervisor", 200),
        ("manager", 200),
        ("admin", 200),
    ],
)
def test_late_is_for_those_who_answer_for_it(
    jinxiu: Cast, sign_in: SignIn, role: str, status: int
) -> None:
    assert sign_in(jinxiu.members[role]).get(late(jinxiu)).status_code == status


def test_late_does_not_exist_for_strangers(jinxiu: Cast, heyue: Cast, sign_in: SignIn) -> None:
    assert sign_in(heyue.manager).get(late(jinxiu)).status_code == 404


def test_countdown_of_what_is_late_knows_what_was_promised(jinxiu: Cast, sign_in: SignIn) -> None:
    jinxiu.file()
    answer = sign_in(jinxiu.supervisor).get(late(jinxiu))
    assert 'data-promised="60"' in answer.content.decode()


def test_late_begins_with_the_longest_late(jinxiu: Cast, heyue: Cast, sign_in: SignIn) -> None:
    heyue.file(title="theirs")
    jinxiu.file(title="late", now=TUESDAY)
    jinxiu.file(title="soon", now=TUESDAY + timedelta(minutes=60))
    jinxiu.file(title="later", now=TUESDAY - timedelta(days=1))
    client = sign_in(jinxiu.manager)
    # Yesterday's callback and acceptance are both late.
    assert shown(client, jinxiu) == ["later", "later", "late", "soon"]
    whole = client.get(late(jinxiu)).context["piles"].whole
    assert (whole.late, whole.soon) == (3, 1)


def test_a_supervisor_sees_their_departments_first(jinxiu: Cast, sign_in: SignIn) -> None:
    jinxiu.file(title="ours")
    other = jinxiu.file(title="other", now=TUESDAY + timedelta(minutes=1))
    nobodys = jinxiu.file(title="nobody's", now=TUESDAY + timedelta(minutes=2))
    with company_scope(jinxiu.company.pk):
        Ticket.objects.filter(pk=other.pk).update(department=jinxiu.desk_department)
        Ticket.objects.filter(pk=nobodys.pk).update(department=None)
    client = sign_in(jinxiu.supervisor)
    assert shown(client, jinxiu) == ["ours", "nobody's"]
    assert shown(client, jinxiu, "?scope=all") == ["ours", "other", "nobody's"]


def test_late_is_narrowed_to_a_department_or_a_person(jinxiu: Cast, sign_in: SignIn) -> None:
    ours = jinxiu.file(title="ours")
    other = jinxiu.file(title="other", now=TUESDAY + timedelta(minutes=1))
    with company_scope(jinxiu.company.pk):
        Ticket.objects.filter(pk=other.pk).update(
            department=jinxiu.desk_department, assignee=jinxiu.desk
        )
    client = sign_in(jinxiu.manager)
    assert shown(client, jinxiu, f"?department={ours.department_id}") == ["ours"]
    assert shown(client, jinxiu, f"?person={jinxiu.desk.pk}") == ["other"]
    assert shown(client, jinxiu, "?department=nonsense") == ["ours", "other"]
    piles = client.get(late(jinxiu), headers={"Accept-Language": "en"}).context["piles"]
    assert sorted((pile.name, pile.late) for pile in piles.departments) == [
        ("客服部", 1),
        ("工程部", 1),
    ]
    assert sorted((str(pile.name), pile.late) for pile in piles.people) == [
        ("Nobody yet", 1),
        ("desk", 1),
    ]


def test_late_shows_what_was_tried(jinxiu: Cast, sign_in: SignIn) -> None:
    jinxiu.file()
    with company_scope(jinxiu.company.pk):
        enforce_batch(around=Surroundings(now=WHEN), now=WHEN, batch=10)
    answer = sign_in(jinxiu.manager).get(late(jinxiu), headers={"Accept-Language": "en"})
    (row,) = answer.context["rows"]
    assert [label for label, _at in row.tried] == ["warning", "late"]
    due = row.ticket.due
    assert (due.promise, due.left, due.at) == (
        "acceptance",
        "30 minutes late",
        "Tue 10 Nov, 10:00",
    )


def test_nothing_late_is_said_so(jinxiu: Cast, sign_in: SignIn) -> None:
    ticket = jinxiu.file()
    with company_scope(jinxiu.company.pk):
        resolve(ticket=ticket, solution="done", by=jinxiu.actor("technician"), now=TUESDAY)
    assert shown(sign_in(jinxiu.manager), jinxiu) == []


def assign(client: Client, **data: object) -> list[str]:
    address = reverse("complaints:reassign", kwargs={"company": "jinxiu"})
    answer = client.post(address, data, follow=True, headers={"Accept-Language": "en"})
    return [str(message) for message in answer.context["messages"]]


def test_several_tickets_are_handed_over_at_once(
    jinxiu: Cast, heyue: Cast, sign_in: SignIn
) -> None:
    first, second, theirs = jinxiu.file(), jinxiu.file(), heyue.file()
    to = f"{jinxiu.engineering.pk}:{jinxiu.technician.pk}"
    tickets = [first.pk, second.pk, theirs.pk, "nonsense"]
    said = assign(sign_in(jinxiu.supervisor), tickets=tickets, to=to)
    assert said == ["2 tickets handed over."]
    with company_scope(jinxiu.company.pk):
        handlers = set(Ticket.objects.values_list("assignee_id", flat=True))
    assert handlers == {jinxiu.technician.pk}


def test_what_cannot_be_handed_over_is_named(jinxiu: Cast, sign_in: SignIn) -> None:
    done, other = jinxiu.file(), jinxiu.file()
    with company_scope(jinxiu.company.pk):
        resolve(ticket=done, solution="done", by=jinxiu.actor("technician"), now=TUESDAY)
    to = f"{jinxiu.desk_department.pk}:"
    said = assign(sign_in(jinxiu.supervisor), tickets=[done.pk, other.pk], to=to)
    assert said == [
        "1 ticket handed over.",
        f"{done.number}: This cannot be done while the ticket is “resolved”.",
    ]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"to": "x"}, "Choose at least one ticket."),
        ({"tickets": [uuid4()]}, "Choose at least one ticket."),
    ],
)
def test_handing_over_nothing_is_said_so(
    jinxiu: Cast, sign_in: SignIn, data: dict[str, object], said: str
) -> None:
    assert assign(sign_in(jinxiu.supervisor), **data) == [said]


def test_handing_over_to_nobody_asks_whom(jinxiu: Cast, sign_in: SignIn) -> None:
    ticket = jinxiu.file()
    address = reverse("complaints:reassign", kwargs={"company": "jinxiu"})
    client = sign_in(jinxiu.supervisor)
    for body, status in (({}, 200), ({"to": "", "note": "x"}, 422), ({"to": "\x00"}, 422)):
        answer = client.post(address, {"tickets": [ticket.pk], **body})
        assert answer.status_code == status
        assert [row.number for row in answer.context["rows"]] == [ticket.number]


@pytest.mark.parametrize("count", [1, 3])
def test_late_asks_the_same_number_of_queries(jinxiu: Cast, sign_in: SignIn, count: int) -> None:
    for number in range(count):
        jinxiu.file(title=f"{number}")
    client = sign_in(jinxiu.supervisor)
    client.get(late(jinxiu))
    with CaptureQueriesContext(connection) as queries:
        client.get(late(jinxiu))
    assert len(queries) == QUERIES, [each["sql"][:160] for each in queries]


def test_nothing_handed_over_is_no_success(jinxiu: Cast, sign_in: SignIn) -> None:
    done = jinxiu.file()
    with company_scope(jinxiu.company.pk):
        resolve(ticket=done, solution="done", by=jinxiu.actor("technician"), now=TUESDAY)
    to = f"{jinxiu.engineering.pk}:"
    said = assign(sign_in(jinxiu.supervisor), tickets=[done.pk], to=to)
    assert said == [f"{done.number}: This cannot be done while the ticket is “resolved”."]


# Session, user, company, membership and the company's mark; the working calendar; my departments;
# what is late, its tickets, their owners and handlers, what was tried; who has room (people,
# places, absences, work, communities, departments); the piles and their names; the bell.
QUERIES = 24
