"""What clients depend on: the names and the numbers of the ticket API."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine

from complaints.models import Deadline, Status, Ticket, TicketEvent
from complaints.services import handling
from owners.models import Ownership, OwnershipRole, Unit
from tenancy.models import Community, MembershipCommunity
from tenancy.scope import company_scope
from tests.api.conftest import Api, ApiOf, new_ticket
from tests.factories.cast import TUESDAY, Cast, resident


@pytest.fixture(autouse=True)
def tuesday() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(TUESDAY, tick=False) as traveller:
        yield traveller


def deadlines(ticket: dict[str, Any], *names: str) -> list[tuple[Any, ...]]:
    return [tuple(each[name] for name in names) for each in ticket["deadlines"]]


def test_filing_answers_what_is_promised(jinxiu: Cast, api: ApiOf) -> None:
    answer = api(jinxiu.desk).post("tickets/", new_ticket(jinxiu))

    assert answer.status_code == 201, answer.content
    ticket = answer.json()
    assert ticket["number"] == "261110-0001"
    assert ticket["status"] == "new"
    assert ticket["channel"] == "phone"
    assert ticket["owner"] == str(jinxiu.resident.pk)
    assert ticket["filed_by"] == str(jinxiu.desk.pk)
    assert deadlines(ticket, "promise", "due_at", "met_at", "breached_at", "paused") == [
        ("acceptance", "2026-11-10T02:00:00+00:00", None, None, False),
        ("callback", "2026-11-11T01:00:00+00:00", None, None, False),
        ("resolution", "2026-11-13T01:00:00+00:00", None, None, False),
    ]
    with company_scope(jinxiu.company.pk):
        stored = Deadline.objects.get(ticket_id=ticket["id"], promise="callback")
        event = TicketEvent.objects.get(ticket_id=ticket["id"])
    assert ticket["deadlines"][1]["explanation"] == stored.explanation
    assert (event.via, event.by_id) == ("api", jinxiu.desk.pk)


def test_filing_takes_its_usual_values(jinxiu: Cast, api: ApiOf) -> None:
    body = {
        "unit": str(jinxiu.unit.pk),
        "kind": "complaint",
        "category": str(jinxiu.trapped.pk),
        "title": "困人",
    }

    ticket = api(jinxiu.desk).post("tickets/", body).json()

    assert (ticket["urgency"], ticket["channel"], ticket["description"]) == ("emergency", "api", "")
    assert ticket["category_name"] == "电梯困人"


def test_filing_about_a_place_without_a_unit(jinxiu: Cast, api: ApiOf) -> None:
    body = {**new_ticket(jinxiu), "unit": None, "community": str(jinxiu.community.pk)}
    desk = api(jinxiu.desk)

    ticket = desk.post("tickets/", body).json()
    assert (ticket["community"], ticket["unit"], ticket["owner"]) == (
        str(jinxiu.community.pk),
        None,
        None,
    )
    named = desk.post("tickets/", {**body, "owner": str(jinxiu.resident.pk)}).json()
    assert named["owner"] == str(jinxiu.resident.pk)

    nowhere = desk.post("tickets/", {**body, "community": None})
    assert (nowhere.status_code, nowhere.json()["code"]) == (409, "no_place")


def test_an_owner_files_in_their_own_name(jinxiu: Cast, api: ApiOf) -> None:
    owner = api(jinxiu.owner)

    ticket = owner.post("tickets/", new_ticket(jinxiu)).json()
    assert ticket["owner"] == str(jinxiu.resident.pk)

    garden = {**new_ticket(jinxiu), "unit": None, "community": str(jinxiu.community.pk)}
    assert owner.post("tickets/", garden).status_code == 201


def test_an_owner_files_about_nobody_elses(jinxiu: Cast, api: ApiOf) -> None:
    with company_scope(jinxiu.company.pk):
        other = Unit.objects.create(
            building=jinxiu.building, community=jinxiu.community, number="1202", label="3栋1202"
        )
        far = Community.objects.create(name="远方")
        neighbour = resident(jinxiu, "李四")
    owner = api(jinxiu.owner)

    for change in (
        {"unit": str(other.pk)},
        {"owner": str(neighbour.pk)},
        {"unit": None, "community": str(far.pk)},
    ):
        answer = owner.post("tickets/", {**new_ticket(jinxiu), **change})
        assert answer.status_code == 400
        (fault,) = answer.json()["errors"]
        assert fault["code"] == "does_not_exist"


def test_staff_name_the_owner_or_leave_it_to_the_unit(jinxiu: Cast, api: ApiOf) -> None:
    with company_scope(jinxiu.company.pk):
        wife = resident(jinxiu, "王芳")
        Ownership.objects.create(owner=wife, unit=jinxiu.unit, role=OwnershipRole.FAMILY)
        passer_by = resident(jinxiu, "路人")
    desk = api(jinxiu.desk)

    def owner_of(**more: object) -> Any:
        answer = desk.post("tickets/", new_ticket(jinxiu, **more))
        return answer.json()["owner"] if answer.status_code == 201 else answer.status_code

    assert owner_of() == str(jinxiu.resident.pk)  # the only one who owns it
    assert owner_of(owner=str(wife.pk)) == str(wife.pk)
    assert owner_of(owner=str(passer_by.pk)) == 400  # has nothing to do with the unit
    with company_scope(jinxiu.company.pk):
        Ownership.objects.create(owner=passer_by, unit=jinxiu.unit)
    assert owner_of() is None  # two owners: the desk has to say which


@pytest.mark.parametrize("name", ["unit", "category", "owner", "community"])
def test_filing_knows_nothing_of_the_rival(
    jinxiu: Cast, heyue: Cast, api: ApiOf, name: str
) -> None:
    theirs = {"unit": "unit", "category": "lift", "owner": "resident", "community": "community"}
    body = new_ticket(jinxiu, **{name: str(heyue.rows[theirs[name]].pk)})
    if name == "community":
        body["unit"] = None

    answer = api(jinxiu.admin).post("tickets/", body)

    assert answer.status_code == 400
    assert answer.json()["errors"] == [
        {
            "pointer": f"/{name}",
            "code": "does_not_exist",
            "detail": "There is nothing with this id.",
        }
    ]


def do(who: Api, pk: object, what: str, **body: Any) -> Any:
    """Something done to a ticket, and what was answered."""
    answer = who.post(f"tickets/{pk}/{what}/", body)
    assert answer.status_code in (200, 201), answer.content
    return answer.json()


def test_staff_work_on_a_ticket(jinxiu: Cast, api: ApiOf) -> None:
    owner, desk, technician = api(jinxiu.owner), api(jinxiu.desk), api(jinxiu.technician)
    pk = owner.post("tickets/", new_ticket(jinxiu)).json()["id"]

    assert do(owner, pk, "urge")["urged_at"] == "2026-11-10T01:00:00+00:00"
    assert do(desk, pk, "accept")["assignee"] == str(jinxiu.desk.pk)
    handed = do(desk, pk, "assign", assignee=str(jinxiu.technician.pk))
    assert (handed["assignee_name"], handed["department"]) == (
        "technician",
        str(jinxiu.engineering.pk),
    )
    paused = do(technician, pk, "pause", reason="part", note="等主板")
    assert paused["status"] == "paused"
    assert deadlines(paused, "promise", "paused") == [
        ("acceptance", False),
        ("callback", False),
        ("resolution", True),
    ]
    assert do(technician, pk, "resume")["status"] == "accepted"
    call = do(desk, pk, "callbacks", outcome="reached_satisfied", note="已说明")
    assert call == {
        "id": call["id"],
        "outcome": "reached_satisfied",
        "note": "已说明",
        "at": "2026-11-10T01:00:00+00:00",
        "by": str(jinxiu.desk.pk),
        "by_name": "desk",
        "score": None,
    }
    solved = do(technician, pk, "resolve", solution="换了主板")
    assert (solved["status"], solved["solution"]) == ("resolved", "换了主板")


def test_the_owner_has_the_last_word(jinxiu: Cast, api: ApiOf) -> None:
    owner, desk, technician = api(jinxiu.owner), api(jinxiu.desk), api(jinxiu.technician)
    pk = jinxiu.file().pk
    do(technician, pk, "resolve", solution="换了主板")

    rating = do(owner, pk, "rating", score=1, comment="又坏了", fixed=False)
    assert (rating["score"], rating["status"], rating["cycle"]) == (1, "accepted", 1)
    again = owner.get(f"tickets/{pk}/").json()
    assert (again["cycle"], again["ratings"][0]["comment"]) == (2, "又坏了")
    assert again["assignee_name"] == "supervisor"
    do(technician, pk, "resolve", solution="换了整个控制柜")
    do(desk, pk, "callbacks", outcome="reached_satisfied")
    assert do(desk, pk, "close")["status"] == "closed"
    assert do(desk, pk, "reopen", reason="业主来电")["cycle"] == 3

    kinds = [event["kind"] for event in desk.results(f"tickets/{pk}/events/")]
    assert kinds == [
        "filed", "resolved", "rated", "reopened", "escalated", "resolved", "called_back",
        "closed", "reopened",
    ]  # fmt: skip
    seen = [event["kind"] for event in owner.results(f"tickets/{pk}/events/")]
    assert seen == [kind for kind in kinds if kind != "escalated"]
    assert len(owner.results(f"tickets/{pk}/callbacks/")) == 1


@pytest.mark.parametrize("late", [False, True])
def test_breached_at_says_what_the_model_says(
    jinxiu: Cast, api: ApiOf, tuesday: time_machine.Traveller, late: bool
) -> None:
    shift = timedelta(days=5 if late else 0)
    ticket = jinxiu.file()
    tuesday.move_to(TUESDAY + shift)
    with company_scope(jinxiu.company.pk):
        met, dropped, running = Deadline.objects.order_by("due_at")
        met.met_at, met.next_action_at = TUESDAY + shift, None
        dropped.dropped_at, dropped.next_action_at = TUESDAY + shift, None
        Deadline.objects.bulk_update([met, dropped], ["met_at", "dropped_at", "next_action_at"])
        expected = {
            row.promise: row.breached_at(TUESDAY + shift) for row in (met, dropped, running)
        }
    shown = api(jinxiu.desk).get(f"tickets/{ticket.pk}/").json()

    assert {each["promise"]: each["breached_at"] for each in shown["deadlines"]} == {
        promise: moment.isoformat().replace("+08:00", "+00:00") if moment else None
        for promise, moment in expected.items()
    }
    assert all(expected.values()) is late
    assert shown["late"] is late


def test_staff_neither_rate_nor_urge(jinxiu: Cast, api: ApiOf) -> None:
    ticket = jinxiu.file()
    for member in (jinxiu.desk, jinxiu.manager, jinxiu.admin):
        client = api(member)
        for path, body in (("rating", {"score": 5}), ("urge", {})):
            answer = client.post(f"tickets/{ticket.pk}/{path}/", body)
            assert (answer.status_code, answer.json()["code"]) == (403, "not_allowed")


def test_a_refusal_is_a_conflict_with_its_code(jinxiu: Cast, api: ApiOf) -> None:
    ticket = jinxiu.file()
    answer = api(jinxiu.desk).post(f"tickets/{ticket.pk}/resume/")

    assert answer.status_code == 409
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json() == {
        "type": "urn:problem:wrong_state",
        "title": "Not possible now",
        "status": 409,
        "detail": "This cannot be done while the ticket is “new”.",
        "code": "wrong_state",
        "instance": f"/jinxiu/api/v1/tickets/{ticket.pk}/resume/",
    }


def test_a_refusal_leaves_nothing_behind(jinxiu: Cast, api: ApiOf) -> None:
    ticket = jinxiu.file()
    with company_scope(jinxiu.company.pk):
        before = TicketEvent.objects.count()

    answer = api(jinxiu.desk).post(f"tickets/{ticket.pk}/close/")

    assert answer.json()["code"] == "wrong_state"
    with company_scope(jinxiu.company.pk):
        assert TicketEvent.objects.count() == before


def test_who_sees_which_tickets(jinxiu: Cast, heyue: Cast, api: ApiOf) -> None:
    heyue.file()
    mine = jinxiu.file()
    with company_scope(jinxiu.company.pk):
        neighbour = resident(jinxiu, "李四")
        far = Community.objects.create(name="远方")
    other = jinxiu.file(owner=neighbour, category=jinxiu.tap, kind="repair")
    away = jinxiu.file(unit=None, community=far, owner=None)
    with company_scope(jinxiu.company.pk):
        handling.assign(
            ticket=away, department=jinxiu.desk_department, by=jinxiu.actor("desk"), now=TUESDAY
        )
        supervisor = jinxiu.supervisor
        supervisor.all_communities = False
        supervisor.save()
        MembershipCommunity.objects.create(membership=supervisor, community=jinxiu.community)

    def seen(member: Any) -> set[str]:
        return {ticket["id"] for ticket in api(member).results("tickets/")}

    assert seen(jinxiu.desk) == {str(mine.pk), str(other.pk), str(away.pk)}
    assert seen(jinxiu.supervisor) == {str(mine.pk), str(other.pk)}
    assert seen(jinxiu.technician) == {str(mine.pk), str(other.pk)}
    assert seen(jinxiu.owner) == {str(mine.pk)}
    hidden = api(jinxiu.owner).get(f"tickets/{other.pk}/")
    assert (hidden.status_code, hidden.json()["detail"]) == (404, "There is nothing here.")


def test_a_name_may_be_anything(jinxiu: Cast, api: ApiOf) -> None:
    desk = api(jinxiu.desk)
    for text in (
        "电梯🛗坏了",
        "\u202eأهلا",
        "a\u0301\u200d",
        "<script>",
        "'; DROP TABLE",
        "%s %(x)s",
    ):
        answer = desk.post("tickets/", new_ticket(jinxiu, title=text, description=text * 50))
        assert answer.status_code == 201
        assert answer.json()["title"] == text
    long = desk.post("tickets/", new_ticket(jinxiu, description="长" * 10_000))
    assert len(long.json()["description"]) == 10_000


def test_words_reach_whom_they_are_for(jinxiu: Cast, api: ApiOf) -> None:
    owner, desk, ticket = api(jinxiu.owner), api(jinxiu.desk), jinxiu.file()
    said = owner.post(f"tickets/{ticket.pk}/comments/", {"text": "今天来吗？"})
    noted = desk.post(f"tickets/{ticket.pk}/notes/", {"text": "注意语气"})

    assert (said.status_code, said.json()["kind"], said.json()["text"]) == (
        201,
        "commented",
        "今天来吗？",
    )
    assert (noted.status_code, noted.json()["kind"]) == (201, "noted")
    assert owner.post(f"tickets/{ticket.pk}/notes/", {"text": "x"}).status_code == 403
    assert owner.post(f"tickets/{ticket.pk}/comments/", {"text": " "}).status_code == 400

    def texts(client: Any) -> list[str]:
        events = client.results(f"tickets/{ticket.pk}/events/")
        return [event["data"]["text"] for event in events if "text" in event["data"]]

    assert texts(desk) == ["今天来吗？", "注意语气"]
    assert texts(owner) == ["今天来吗？"]


def test_status_is_changed_by_actions_only(jinxiu: Cast, api: ApiOf) -> None:
    ticket = jinxiu.file()
    for method in ("PUT", "PATCH", "DELETE"):
        answer = api(jinxiu.admin).send(method, f"tickets/{ticket.pk}/", {"status": "closed"})
        assert (answer.status_code, answer.json()["code"]) == (405, "method_not_allowed")
        assert answer["Allow"] == "GET, HEAD"
    with company_scope(jinxiu.company.pk):
        assert Ticket.objects.get(pk=ticket.pk).status == Status.NEW
