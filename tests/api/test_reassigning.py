"""Handing many tickets over, absences and loads, through the API."""

from collections.abc import Iterator
from uuid import uuid4

import pytest
import time_machine

from complaints.models import EventKind, Ticket, TicketEvent
from complaints.services.enforcement_batch import Surroundings, enforce_batch
from complaints.services.handling import resolve
from tenancy.models import Absence, AuditEntry
from tenancy.scope import company_scope
from tests.api.conftest import ApiOf
from tests.factories.cast import TUESDAY, Cast

LATER = TUESDAY.replace(hour=11)


@pytest.fixture(autouse=True)
def tuesday() -> Iterator[None]:
    with time_machine.travel(LATER, tick=False):
        yield


def test_each_ticket_goes_on_its_own_terms(jinxiu: Cast, heyue: Cast, api: ApiOf) -> None:
    there, gone, closed, theirs = jinxiu.file(), jinxiu.file(), jinxiu.file(), heyue.file()
    with company_scope(jinxiu.company.pk):
        Ticket.objects.filter(pk=there.pk).update(assignee=jinxiu.technician)
        resolve(ticket=closed, solution="done", by=jinxiu.actor("desk"), now=TUESDAY)
    tickets = [str(each.pk) for each in (there, gone, closed, theirs)]
    body = {"tickets": tickets, "assignee": str(jinxiu.technician.pk), "note": "请接手"}
    answer = api(jinxiu.desk).post("tickets/reassign/", body)

    assert answer.status_code == 200, answer.content
    found = answer.json()
    assert found["moved"] == 1
    assert {row["ticket"]: (row["outcome"], row["code"]) for row in found["results"]} == {
        str(gone.pk): ("moved", ""),
        str(there.pk): ("unchanged", ""),
        str(closed.pk): ("refused", "wrong_state"),
        str(theirs.pk): ("not_found", ""),
    }


def test_sent_twice_under_one_key_it_answers_the_same(jinxiu: Cast, api: ApiOf) -> None:
    body = {"tickets": [str(jinxiu.file().pk)], "assignee": str(jinxiu.technician.pk)}
    desk = api(jinxiu.desk)
    first = desk.post("tickets/reassign/", body, Idempotency_Key="one")
    again = desk.post("tickets/reassign/", body, Idempotency_Key="one")
    assert (again.content, again.headers["Idempotent-Replayed"]) == (first.content, "true")


@pytest.mark.parametrize("tickets", [[], [str(uuid4())] * 501, ["x"], "x"])
def test_no_tickets_or_too_many_are_not_valid(jinxiu: Cast, api: ApiOf, tickets: object) -> None:
    body = {"tickets": tickets, "assignee": str(jinxiu.technician.pk)}
    assert api(jinxiu.desk).post("tickets/reassign/", body).status_code == 400


def test_handing_over_to_nobody_is_refused(jinxiu: Cast, api: ApiOf) -> None:
    body = {"tickets": [str(jinxiu.file().pk)]}
    answer = api(jinxiu.desk).post("tickets/reassign/", body)
    assert (answer.status_code, answer.json()["code"]) == (409, "nobody_named")


def test_the_rivals_people_are_not_there(jinxiu: Cast, heyue: Cast, api: ApiOf) -> None:
    body = {"tickets": [str(jinxiu.file().pk)], "assignee": str(heyue.technician.pk)}
    answer = api(jinxiu.desk).post("tickets/reassign/", body)
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (400, "does_not_exist")


def test_absences_are_written_down_and_taken_out(jinxiu: Cast, api: ApiOf) -> None:
    supervisor = api(jinxiu.supervisor)
    body = {
        "membership": str(jinxiu.technician.pk),
        "starts_on": "2026-11-10",
        "ends_on": "2026-11-12",
        "covered_by": str(jinxiu.desk.pk),
    }
    made = supervisor.post("absences/", body)
    assert made.status_code == 201, made.content
    assert made.json() == {
        "id": made.json()["id"],
        "name": "technician",
        "covered_by_name": "desk",
        **body,
    }
    assert supervisor.results("absences/") == [made.json()]
    assert api(jinxiu.owner).get("absences/").status_code == 403

    ticket = jinxiu.file()
    handover = {"assignee": str(jinxiu.technician.pk)}
    refused = supervisor.post(f"tickets/{ticket.pk}/assign/", handover)
    assert (refused.status_code, refused.json()["code"]) == (409, "is_away")
    done = supervisor.post(f"tickets/{ticket.pk}/assign/", {**handover, "insist": True})
    assert done.status_code == 200

    assert supervisor.send("DELETE", f"absences/{made.json()['id']}/").status_code == 204
    with company_scope(jinxiu.company.pk):
        assert Absence.objects.count() == 0
        entries = AuditEntry.objects.filter(subject_id=jinxiu.technician.pk).order_by("id")
        assert [each.action for each in entries] == ["set_absence", "end_absence"]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"ends_on": "2026-11-09"}, "wrong_days"),
        ({"starts_on": "2026-11-01", "ends_on": "2026-11-05"}, "wrong_days"),
        ({"starts_on": "2026-11-12", "ends_on": "2026-11-30"}, "away_already"),
        ({"covered_by": "technician"}, "wrong_cover"),
    ],
)
def test_an_impossible_absence_is_refused(
    jinxiu: Cast, api: ApiOf, change: dict[str, str], code: str
) -> None:
    supervisor = api(jinxiu.supervisor)
    body = {"membership": str(jinxiu.technician.pk), "starts_on": "2026-11-10"}
    assert supervisor.post("absences/", {**body, "ends_on": "2026-11-12"}).status_code == 201
    if "covered_by" in change:
        change = {"covered_by": str(jinxiu.technician.pk)}
    answer = supervisor.post("absences/", {**body, "ends_on": "2026-11-12", **change})
    assert (answer.status_code, answer.json()["code"]) == (409, code)


def test_loads_say_who_has_room(jinxiu: Cast, api: ApiOf) -> None:
    ticket = jinxiu.file(now=TUESDAY)
    with company_scope(jinxiu.company.pk):
        Ticket.objects.filter(pk=ticket.pk).update(assignee=jinxiu.technician)
    found = api(jinxiu.supervisor).get("loads/").json()
    # From Tuesday eleven o'clock until Friday evening: 5.5 hours and three days of eight.
    assert found["results"][0] == {
        "member": str(jinxiu.technician.pk),
        "name": "technician",
        "departments": [str(jinxiu.engineering.pk)],
        "state": "ok",
        "tickets": 1,
        "waiting": 0,
        "late": 1,
        "work_minutes": 60,
        "room_minutes": 330 + 3 * 480,
        "away_until": None,
        "covered_by": None,
    }
    assert [row["name"] for row in found["results"]] == ["technician", "supervisor"]
    assert api(jinxiu.desk).get("loads/").status_code == 403


def test_what_came_up_is_seen_or_taken(jinxiu: Cast, api: ApiOf) -> None:
    ticket = jinxiu.file()
    supervisor = api(jinxiu.supervisor)
    refused = supervisor.post(f"tickets/{ticket.pk}/seen/")
    assert (refused.status_code, refused.json()["code"]) == (409, "nothing_came_up")
    with company_scope(jinxiu.company.pk):
        enforce_batch(around=Surroundings(now=LATER), now=LATER, batch=10)
    assert supervisor.post(f"tickets/{ticket.pk}/seen/").status_code == 200
    taken = supervisor.post(f"tickets/{ticket.pk}/take_over/").json()
    assert (taken["status"], taken["assignee"]) == ("accepted", str(jinxiu.supervisor.pk))
    with company_scope(jinxiu.company.pk):
        assert TicketEvent.objects.filter(kind=EventKind.SEEN).count() == 2
