"""The admin's page of promises and intervals."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from complaints.models import Deadline, EventKind, Promise, ServicePolicy, Ticket
from tenancy.models import AuditEntry, CompanyCalendar
from tenancy.scope import company_scope
from tests.conftest import SignIn
from tests.factories.cast import TUESDAY, Cast

EN = {"Accept-Language": "en"}


@pytest.fixture(autouse=True)
def on_tuesday() -> Iterator[None]:
    with time_machine.travel(TUESDAY, tick=False):
        yield


@pytest.fixture
def admin(jinxiu: Cast, sign_in: SignIn) -> Client:
    return sign_in(jinxiu.admin)


def url(cast: Cast, name: str = "rules", pk: Any = None) -> str:
    kwargs = {"company": cast.company.slug} | ({"pk": pk} if pk else {})
    return reverse(f"complaints:{name}", kwargs=kwargs)


def promise(cast: Cast, kind: str) -> Promise:
    with company_scope(cast.company.pk):
        found: Promise = Promise.objects.get(promise=kind, urgency="")
        return found


def due(cast: Cast, ticket: Ticket, kind: str) -> Any:
    with company_scope(cast.company.pk):
        return Deadline.objects.get(ticket=ticket, promise=kind).due_at


@pytest.mark.parametrize(
    ("role", "status"),
    [
        ("owner", 403),
        ("technician", 403),
        ("desk", 403),
        ("supervisor", 403),
        ("manager", 403),
        ("admin", 200),
    ],
)
def test_rules_are_for_the_admin(jinxiu: Cast, sign_in: SignIn, role: str, status: int) -> None:
    assert sign_in(jinxiu.members[role]).get(url(jinxiu)).status_code == status


def test_rules_do_not_exist_for_strangers(jinxiu: Cast, heyue: Cast, sign_in: SignIn) -> None:
    assert sign_in(heyue.admin).get(url(jinxiu)).status_code == 404


def test_rules_say_what_each_promise_means_today(jinxiu: Cast, admin: Client) -> None:
    groups = admin.get(url(jinxiu), headers=EN).context["groups"]
    told = [(kind, line.case, line.preview) for kind, lines in groups for line in lines]
    assert told == [
        ("acceptance", "all tickets", "Tue 10 Nov, 10:00"),
        ("acceptance", "emergency", "Tue 10 Nov, 09:30"),
        ("callback", "all tickets", "Wed 11 Nov, 09:00"),
        ("resolution", "all tickets", "Fri 13 Nov, 09:00"),
        ("resolution", "emergency", "Tue 10 Nov, 13:00"),
        ("follow-up call", "all tickets", "Wed 11 Nov, 09:00"),
    ]


def test_rules_warn_of_a_calendar_that_is_not_published(jinxiu: Cast, admin: Client) -> None:
    assert admin.get(url(jinxiu)).context["unpublished"] == (2027,)


@pytest.mark.parametrize(
    ("query", "preview"),
    [
        ("amount=2&measure=working_days", "Thu 12 Nov, 09:00"),
        ("amount=0&measure=working_days", "This does not fit."),
        ("amount=x&measure=%00", "This does not fit."),
        ("", "This does not fit."),
        ("amount=525600&measure=working_days", "This does not fit."),
    ],
)
def test_a_promise_is_tried_while_typing(
    jinxiu: Cast, admin: Client, query: str, preview: str
) -> None:
    answer = admin.get(f"{url(jinxiu, 'promise_preview')}?{query}", headers=EN)
    assert answer.content.decode().strip() == preview


def test_changing_a_promise_moves_open_deadlines(jinxiu: Cast, heyue: Cast, admin: Client) -> None:
    ticket, theirs = jinxiu.file(), heyue.file()
    row = promise(jinxiu, "callback")
    data = {"amount": "2", "measure": "working_days", "is_active": "on"}
    answer = admin.post(url(jinxiu, "promise_edit", row.pk), data, follow=True, headers=EN)
    assert [str(message) for message in answer.context["messages"]] == [
        "Saved. 1 open deadline moved; its timeline says so."
    ]
    assert due(jinxiu, ticket, "callback") == TUESDAY + timedelta(days=2)
    assert due(heyue, theirs, "callback") == TUESDAY + timedelta(days=1)
    with company_scope(jinxiu.company.pk):
        assert ticket.events.filter(kind=EventKind.DUE_CHANGED).count() == 1
        assert AuditEntry.objects.get().action == "set_promise"


def test_a_promise_can_be_taken_out_of_force(jinxiu: Cast, admin: Client) -> None:
    row = promise(jinxiu, "callback")
    admin.post(url(jinxiu, "promise_edit", row.pk), {"amount": "1", "measure": "working_days"})
    assert promise(jinxiu, "callback").is_active is False


@pytest.mark.parametrize(
    "data",
    [
        {"amount": "0", "measure": "working_days"},
        {"amount": "-1", "measure": "working_days"},
        {"amount": "99999999999999999999", "measure": "working_days"},
        {"amount": "4000", "measure": "working_days"},
        {"amount": "\x00", "measure": "working_days"},
        {"amount": "1", "measure": "nonsense"},
        {},
    ],
)
def test_a_promise_that_makes_no_sense_comes_back(
    jinxiu: Cast, admin: Client, data: dict[str, str]
) -> None:
    row = promise(jinxiu, "callback")
    answer = admin.post(url(jinxiu, "promise_edit", row.pk), data)
    assert answer.status_code == 422
    assert promise(jinxiu, "callback").amount == 1


def test_the_rivals_promise_is_absent(jinxiu: Cast, heyue: Cast, admin: Client) -> None:
    row = promise(heyue, "callback")
    data = {"amount": "2", "measure": "working_days"}
    assert admin.post(url(jinxiu, "promise_edit", row.pk), data).status_code == 404


def test_a_case_of_its_own_is_promised_once(jinxiu: Cast, admin: Client) -> None:
    ticket = jinxiu.file()
    data = {
        "promise": "callback",
        "category": jinxiu.lift.pk,
        "amount": "120",
        "measure": "working_minutes",
    }
    answers = [admin.post(url(jinxiu, "promise_add"), data) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [302, 422]
    assert due(jinxiu, ticket, "callback") == TUESDAY + timedelta(hours=2)
    groups = admin.get(url(jinxiu), headers=EN).context["groups"]
    assert [line.case for line in dict(groups)["callback"]] == ["all tickets", "Lift"]


@pytest.mark.parametrize("category", ["nonsense", str(UUID(int=1)), "\x00"])
def test_an_unknown_category_comes_back(jinxiu: Cast, admin: Client, category: str) -> None:
    data = {
        "promise": "callback", "category": category, "amount": "1", "measure": "working_days"
    }  # fmt: skip
    assert admin.post(url(jinxiu, "promise_add"), data).status_code == 422


def test_the_machines_intervals_are_set(jinxiu: Cast, admin: Client) -> None:
    ticket = jinxiu.file()
    data = {
        "warn_before": "15", "manager_after": "60", "admin_after": "90", "call_again_after": "15"
    }  # fmt: skip
    assert admin.post(url(jinxiu, "policy_edit"), data).status_code == 302
    with company_scope(jinxiu.company.pk):
        policy = ServicePolicy.objects.get()
        callback = Deadline.objects.get(ticket=ticket, promise="callback")
    # Due on Wednesday at 9:00; the company opens at 8:30.
    assert callback.next_action_at == TUESDAY + timedelta(days=1, minutes=-15)
    assert {name: str(getattr(policy, name)) for name in data} == data


@pytest.mark.parametrize("value", ["", "0", "x", "9999999999"])
def test_intervals_that_make_no_sense_come_back(jinxiu: Cast, admin: Client, value: str) -> None:
    data = {
        "warn_before": value, "manager_after": "60", "admin_after": "90", "call_again_after": "15"
    }  # fmt: skip
    assert admin.post(url(jinxiu, "policy_edit"), data).status_code == 422


def test_a_company_that_never_opens_keeps_no_promise(jinxiu: Cast, admin: Client) -> None:
    with company_scope(jinxiu.company.pk):
        CompanyCalendar.objects.update(week={})
    groups = dict(admin.get(url(jinxiu), headers=EN).context["groups"])
    assert groups["callback"][0].preview == "never"
