"""What clients depend on: the names and the numbers of the ticket API."""

import pytest
import time_machine

from complaints.models import Deadline
from tenancy.scope import company_scope
from tests.api.conftest import ApiOf
from tests.factories.cast import TUESDAY, Cast


def new_ticket(cast: Cast, **more: object) -> dict[str, object]:
    return {
        "unit": str(cast.unit.pk),
        "kind": "complaint",
        "category": str(cast.lift.pk),
        "urgency": "normal",
        "channel": "phone",
        "title": "电梯又停了",
        "description": "三号楼电梯今早又停了",
        **more,
    }


@pytest.fixture(autouse=True)
def tuesday() -> object:
    with time_machine.travel(TUESDAY, tick=False):
        yield


def test_filing_answers_what_is_promised(jinxiu: Cast, api: ApiOf) -> None:
    answer = api(jinxiu.desk).post("tickets/", new_ticket(jinxiu))

    assert answer.status_code == 201, answer.content
    ticket = answer.json()
    assert ticket["number"] == "261110-0001"
    assert ticket["status"] == "new"
    assert ticket["channel"] == "phone"
    assert ticket["owner"] == str(jinxiu.resident.pk)
    assert ticket["filed_by"] == str(jinxiu.desk.pk)
    assert [
        (each["promise"], each["due_at"], each["met_at"], each["breached_at"], each["paused"])
        for each in ticket["deadlines"]
    ] == [
        ("acceptance", "2026-11-10T02:00:00+00:00", None, None, False),
        ("callback", "2026-11-11T01:00:00+00:00", None, None, False),
        ("resolution", "2026-11-13T01:00:00+00:00", None, None, False),
    ]
    with company_scope(jinxiu.company.pk):
        stored = Deadline.objects.get(ticket_id=ticket["id"], promise="callback")
    assert ticket["deadlines"][1]["explanation"] == stored.explanation
