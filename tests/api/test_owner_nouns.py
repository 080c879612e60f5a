"""What an owner's own program may do: join what neighbours reported, keep the household."""

from collections.abc import Iterator
from uuid import uuid4

import pytest
import time_machine

from complaints.models import Ticket
from tenancy.scope import company_scope
from tests.api.conftest import ApiOf, new_ticket
from tests.complaints.test_owner_near import house, of_neighbour
from tests.factories.cast import TUESDAY, Cast


@pytest.fixture(autouse=True)
def tuesday() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(TUESDAY, tick=False) as traveller:
        yield traveller


def test_near_is_joined_listed_and_left(jinxiu: Cast, api: ApiOf) -> None:
    theirs = of_neighbour(jinxiu, unit=house(jinxiu)[0])
    program = api(jinxiu.owner)
    where = {"category": str(jinxiu.lift.pk), "unit": str(jinxiu.unit.pk)}
    [near] = program.post("supporters/near/", where).json()
    assert (near["building_name"], near["others"], near["joined"]) == ("3栋", 0, False)
    assert set(near) == {
        "id", "category", "building_name", "status", "created_at", "promised_at", "others",
        "joined",
    }  # fmt: skip
    joined = program.post("supporters/", {"ticket": near["id"]})
    assert (joined.status_code, joined.json()["category"]) == (201, str(jinxiu.lift.pk))
    assert [row["id"] for row in program.results("supporters/")] == [joined.json()["id"]]
    assert program.get(f"tickets/{theirs.pk}/").status_code == 404
    assert program.send("DELETE", f"supporters/{joined.json()['id']}/").status_code == 204
    assert program.results("supporters/") == []


def test_what_is_not_near_is_not_there(jinxiu: Cast, heyue: Cast, api: ApiOf) -> None:
    program = api(jinxiu.owner)
    for pk in (jinxiu.file().pk, heyue.file().pk, uuid4()):
        answer = program.post("supporters/", {"ticket": str(pk)})
        assert (answer.status_code, "does_not_exist" in answer.content.decode()) == (400, True)
    where = {"category": str(jinxiu.lift.pk), "unit": str(jinxiu.unit.pk)}
    for wrong in ({"category": str(uuid4())}, {"unit": str(heyue.unit.pk)}):
        assert program.post("supporters/near/", {**where, **wrong}).status_code == 400
    assert api(jinxiu.desk).get("supporters/").status_code == 403


def test_household_is_kept_by_its_owner(jinxiu: Cast, heyue: Cast, api: ApiOf) -> None:
    program = api(jinxiu.owner)
    said = {"unit": str(jinxiu.unit.pk), "name": "陈静", "phone": "17400000042"}
    added = program.post("household/", said)
    assert (added.status_code, added.json()["role"]) == (201, "family")
    assert "17400000042" not in added.content.decode()
    names = {row["name"] for row in program.results("household/")}
    assert names == {"张伟", "陈静"}
    wrong = program.post("household/", {**said, "unit": str(heyue.unit.pk)})
    assert wrong.status_code == 400
    assert program.post("household/", {**said, "phone": "1"}).json()["code"] == "bad_phone"
    assert program.send("DELETE", f"household/{added.json()['id']}/").status_code == 204
    assert [row["name"] for row in program.results("household/")] == ["张伟"]


def test_owners_cannot_claim_another_channel(jinxiu: Cast, api: ApiOf) -> None:
    answer = api(jinxiu.owner).post("tickets/", new_ticket(jinxiu, channel="phone"))
    assert (answer.status_code, answer.json()["channel"]) == (201, "api")
    with company_scope(jinxiu.company.pk):
        assert Ticket.objects.get().source == "api"
