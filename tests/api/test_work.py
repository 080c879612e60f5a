"""Work on site through the API: the same steps, the same refusals."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
import time_machine

from complaints.models import Ticket
from complaints.services import handling, working, working_costs
from tenancy.scope import company_scope
from tests.api.conftest import Api
from tests.factories.cast import TUESDAY, Cast

HOUR = timedelta(hours=1)
LINE = {"name": "门机皮带", "quantity": "2", "unit": "条", "unit_price": "86.50"}


@pytest.fixture(autouse=True)
def tuesday() -> Any:
    with time_machine.travel(TUESDAY + HOUR, tick=False):
        yield


@pytest.fixture
def ticket(jinxiu: Cast) -> Ticket:
    return jinxiu.file()


def below(ticket: Ticket, rest: str = "") -> str:
    return f"tickets/{ticket.pk}/work/{rest}"


def utc(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat()


def test_a_job_from_taking_it_to_done(api: Any, jinxiu: Cast, ticket: Ticket) -> None:
    technician: Api = api(jinxiu.technician)
    assert technician.results(below(ticket)) == []
    assert technician.post(below(ticket, "take/")).status_code == 204
    said = {
        "said_at": (TUESDAY + HOUR / 2).isoformat(),
        "sent_at": (TUESDAY + HOUR).isoformat(),
    }
    assert technician.post(below(ticket, "set-off/"), said).status_code == 200
    assert technician.post(below(ticket, "arrive/"), {}).status_code == 200
    assert technician.post(below(ticket, "materials/"), LINE).status_code == 201
    done = {"solution": "换了皮带", "minutes": 40, "labour_fee": "50", "payer": "owner"}
    answer = technician.post(below(ticket, "finish/"), done)

    record = answer.json()
    assert technician.results(below(ticket)) == [record]
    (line,) = record.pop("materials")
    assert (line["name"], line["amount"]) == ("门机皮带", "173.00")
    assert record == {
        "cycle": 1,
        "by": str(jinxiu.technician.pk),
        "set_off_at": utc(TUESDAY + HOUR / 2),
        "arrived_at": utc(TUESDAY + HOUR),
        "done_at": utc(TUESDAY + HOUR),
        "is_time_corrected": False,
        "minutes": 40,
        "labour_fee": "50.00",
        "payer": "owner",
        "total": "223.00",
    }


def test_the_same_material_twice_is_one(api: Any, jinxiu: Cast, ticket: Ticket) -> None:
    technician: Api = api(jinxiu.technician)
    for _again in range(2):
        answer = technician.post(below(ticket, "materials/"), LINE, Idempotency_Key="one")
    assert len(answer.json()["materials"]) == 1
    line = answer.json()["materials"][0]["id"]
    assert technician.send("DELETE", below(ticket, f"materials/{line}/")).status_code == 204
    assert technician.send("DELETE", below(ticket, f"materials/{line}/")).status_code == 404
    assert technician.results(below(ticket))[0]["materials"] == []


def test_somebody_elses_job_is_refused(api: Any, jinxiu: Cast, ticket: Ticket) -> None:
    with company_scope(jinxiu.company.pk):
        handling.accept(ticket=ticket, by=jinxiu.actor("supervisor"), now=TUESDAY)
    answer = api(jinxiu.technician).post(below(ticket, "arrive/"), {})

    assert (answer.status_code, answer.json()["code"]) == (409, "not_your_job")


def done(cast: Cast, ticket: Ticket, payer: str) -> None:
    by = cast.actor("technician")
    with company_scope(cast.company.pk):
        price: Any = {"quantity": Decimal(1), "unit_price": Decimal(86)}
        working_costs.add_material(ticket=ticket, name="皮带", **price, by=by, now=TUESDAY)
        working.finish(ticket=ticket, solution="好了", payer=payer, by=by, now=TUESDAY)


@pytest.mark.parametrize(("payer", "total", "lines"), [("owner", "86.00", 1), ("company", None, 0)])
def test_owners_read_what_they_are_to_pay(
    api: Any, jinxiu: Cast, ticket: Ticket, payer: str, total: str | None, lines: int
) -> None:
    done(jinxiu, ticket, payer)
    (record,) = api(jinxiu.owner).results(below(ticket))

    assert (record["total"], len(record["materials"])) == (total, lines)


def test_the_desk_corrects_and_the_technician_does_not(
    api: Any, jinxiu: Cast, ticket: Ticket
) -> None:
    desk, technician = api(jinxiu.desk), api(jinxiu.technician)
    nothing = desk.send("PATCH", below(ticket), {"minutes": 30})
    done(jinxiu, ticket, "company")
    refused = technician.send("PATCH", below(ticket), {"minutes": 30})
    disordered = desk.send("PATCH", below(ticket), {"arrived_at": "2026-11-10T05:00:00Z"})
    corrected = desk.send("PATCH", below(ticket), {"minutes": 30, "payer": "owner"})

    assert (nothing.status_code, nothing.json()["code"]) == (409, "no_work_record")
    assert refused.status_code == 403
    assert (disordered.status_code, disordered.json()["code"]) == (409, "steps_out_of_order")
    assert (corrected.json()["minutes"], corrected.json()["payer"]) == (30, "owner")
