"""What came up to me, who has room, and handing over with both in sight."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from complaints.models import EventKind, Ticket, TicketEvent
from complaints.services.calling import call_back
from complaints.services.enforcement_batch import Surroundings, enforce_batch
from complaints.services.handling import assign, resolve
from complaints.services.owner_voice import rate, urge
from complaints.services.talking import comment
from tenancy.models import Absence, Membership
from tenancy.scope import company_scope
from tests.conftest import SignIn
from tests.factories.cast import TUESDAY, Cast

# An hour and a half after 09:00: the acceptance within one hour is late, nothing else is near.
WHEN = TUESDAY + timedelta(minutes=90)
ENGLISH = {"Accept-Language": "en"}


@pytest.fixture(autouse=True)
def on_tuesday() -> Iterator[None]:
    with time_machine.travel(WHEN, tick=False):
        yield


def page(name: str, pk: object = None, query: str = "") -> str:
    more = {} if pk is None else {"pk": pk}
    return reverse(f"complaints:{name}", kwargs={"company": "jinxiu", **more}) + query


def enforced(cast: Cast, count: int = 1) -> list[Ticket]:
    """Tickets that nobody accepted in time; the machine has told the supervisor."""
    tickets = [cast.file(title=f"late {number}") for number in range(count)]
    with company_scope(cast.company.pk):
        enforce_batch(around=Surroundings(now=WHEN), now=WHEN, batch=100)
    return tickets


def said(answer: Any) -> list[str]:
    return [str(message) for message in answer.context["messages"]]


def matters(client: Client, query: str = "") -> list[Any]:
    found: list[Any] = client.get(page("escalated", query=query), headers=ENGLISH).context[
        "matters"
    ]
    return found


# --- what came up ---


@pytest.mark.parametrize("name", ["escalated", "loads"])
@pytest.mark.parametrize(("role", "status"), [("desk", 403), ("owner", 403), ("supervisor", 200)])
def test_supervision_is_for_those_who_answer(
    jinxiu: Cast, sign_in: SignIn, name: str, role: str, status: int
) -> None:
    assert sign_in(jinxiu.members[role]).get(page(name)).status_code == status


def test_what_came_up_stands_there_until_it_is_seen(
    jinxiu: Cast, heyue: Cast, sign_in: SignIn
) -> None:
    enforced(heyue)
    (ticket,) = enforced(jinxiu)
    client = sign_in(jinxiu.supervisor)
    (matter,) = matters(client)
    assert (matter.ticket.title, matter.level, matter.tried) == (
        "late 0",
        "late",
        ["no call yet", "0 handlers"],
    )
    assert matters(client, "?tab=seen") == []
    assert matters(sign_in(jinxiu.admin)) == []

    done = client.post(page("escalated_seen", ticket.pk), follow=True, headers=ENGLISH)
    assert said(done) == ["Noted on the timeline: you have seen it."]
    assert matters(client) == []
    assert [each.ticket.title for each in matters(client, "?tab=seen")] == ["late 0"]
    again = client.post(page("escalated_seen", ticket.pk), follow=True, headers=ENGLISH)
    assert said(again) == ["There is nothing here that came up to you and that you have not seen."]
    with company_scope(jinxiu.company.pk):
        (event,) = TicketEvent.objects.filter(kind=EventKind.SEEN)
    assert (event.by_id, event.ticket_id) == (jinxiu.supervisor.pk, ticket.pk)
    # Among staff only.
    assert (
        "seen" not in sign_in(jinxiu.owner).get(page("ticket_detail", ticket.pk)).content.decode()
    )


def test_what_climbs_on_comes_up_again(jinxiu: Cast, sign_in: SignIn) -> None:
    (ticket,) = enforced(jinxiu)
    client = sign_in(jinxiu.supervisor)
    client.post(page("escalated_seen", ticket.pk))
    tomorrow = TUESDAY + timedelta(days=1, hours=1)
    with time_machine.travel(tomorrow, tick=False):
        with company_scope(jinxiu.company.pk):
            enforce_batch(around=Surroundings(now=tomorrow), now=tomorrow, batch=100)
        assert [each.ticket.title for each in matters(client)] == ["late 0"]


def test_an_owner_who_is_not_content_comes_first(jinxiu: Cast, sign_in: SignIn) -> None:
    enforced(jinxiu)
    ticket = jinxiu.file(title="not content")
    with company_scope(jinxiu.company.pk):
        resolve(ticket=ticket, solution="done", by=jinxiu.actor("technician"), now=WHEN)
        rate(
            ticket=ticket,
            score=1,
            comment="还是漏水",
            fixed=False,
            by=jinxiu.actor("owner"),
            now=WHEN,
        )
    first, second = matters(sign_in(jinxiu.supervisor))
    assert (first.ticket.title, first.level) == ("not content", "not content")
    assert first.is_mine
    assert second.ticket.title == "late 0"


def test_the_story_says_what_was_tried(jinxiu: Cast, sign_in: SignIn) -> None:
    (ticket,) = enforced(jinxiu)
    with company_scope(jinxiu.company.pk):
        Membership.objects.filter(pk=jinxiu.technician.pk).update(work_phone="")
        jinxiu.technician.work_phone = "+8613900000009"
        jinxiu.technician.save(update_fields=["work_phone"])
        desk = jinxiu.actor("desk")
        assign(ticket=ticket, assignee=jinxiu.technician, by=desk, now=WHEN)
        for outcome in ("busy", "reached_satisfied"):
            call_back(ticket=ticket, outcome=outcome, by=desk, now=WHEN)
        urge(ticket=ticket, by=jinxiu.actor("owner"), now=WHEN)
        for number in range(3):
            comment(ticket=ticket, text=f"message {number}", by=desk, now=WHEN)
    client = sign_in(jinxiu.supervisor)
    (matter,) = matters(client)
    assert matter.tried == ["2 calls", "1 reached", "1 handler", "urged once", "3 messages"]
    assert [entry.text for entry in matter.story[-3:]] == ["message 0", "message 1", "message 2"]
    assert (len(matter.story), matter.untold > 0) == (6, True)
    assert (matter.phone, matter.handler_phone) == ("138****0001", "+8613900000009")
    text = client.get(page("escalated")).content.decode()
    assert 'href="tel:+8613900000009"' in text
    assert "+8613800000001" not in text


def test_a_matter_is_taken_over(jinxiu: Cast, sign_in: SignIn) -> None:
    (ticket,) = enforced(jinxiu)
    client = sign_in(jinxiu.supervisor)
    done = client.post(page("escalated_take", ticket.pk), follow=True, headers=ENGLISH)
    assert said(done) == ["It is in your hands now."]
    with company_scope(jinxiu.company.pk):
        ticket.refresh_from_db()
    assert (ticket.assignee_id, ticket.status) == (jinxiu.supervisor.pk, "accepted")
    assert matters(client) == []


def test_what_is_taken_over_in_hand_stays_accepted(jinxiu: Cast, sign_in: SignIn) -> None:
    (ticket,) = enforced(jinxiu)
    client = sign_in(jinxiu.supervisor)
    with company_scope(jinxiu.company.pk):
        Ticket.objects.filter(pk=ticket.pk).update(status="accepted", accepted_at=WHEN)
    client.post(page("escalated_take", ticket.pk))
    with company_scope(jinxiu.company.pk):
        assert TicketEvent.objects.filter(kind=EventKind.ACCEPTED).count() == 0


@pytest.mark.parametrize("count", [1, 3])
def test_what_came_up_asks_the_same_number_of_queries(
    jinxiu: Cast, sign_in: SignIn, count: int
) -> None:
    enforced(jinxiu, count)
    asks(sign_in(jinxiu.supervisor), page("escalated"), ESCALATED_QUERIES)


# --- who has room ---


def test_loads_of_my_departments_and_of_all(jinxiu: Cast, sign_in: SignIn) -> None:
    jinxiu.file()
    with company_scope(jinxiu.company.pk):
        Ticket.objects.update(assignee=jinxiu.desk)
    client = sign_in(jinxiu.supervisor)

    def names(query: str = "") -> list[str]:
        loads = client.get(page("loads", query=query)).context["loads"]
        return [load.member.name for load in loads]

    assert names() == ["supervisor", "technician"]
    assert names("?scope=all") == ["desk", "supervisor", "technician"]


def test_loads_are_told_in_words_and_numbers(jinxiu: Cast, sign_in: SignIn) -> None:
    for _ in range(40):
        jinxiu.file()
    with company_scope(jinxiu.company.pk):
        Ticket.objects.update(assignee=jinxiu.technician)
        Ticket.objects.filter(pk=jinxiu.file().pk).update(department=None)
    answer = sign_in(jinxiu.manager).get(page("loads"), headers=ENGLISH)
    context = answer.context
    assert (context["over"], context["free"], context["away"]) == (1, 1, 0)
    assert [(str(name), work.tickets) for name, _key, work in context["unassigned"]] == [
        ("no department", 1)
    ]
    text = answer.content.decode()
    assert "more than fits" in text
    assert "no work" in text


def test_an_absence_is_noted_and_taken_out(jinxiu: Cast, sign_in: SignIn) -> None:
    client = sign_in(jinxiu.supervisor)
    body = {"membership": jinxiu.technician.pk, "starts_on": "2026-11-10", "ends_on": "2026-11-12"}
    done = client.post(
        page("absences"), {**body, "covered_by": jinxiu.desk.pk}, follow=True, headers=ENGLISH
    )
    assert said(done) == ["Noted."]
    assert [load.state for load in done.context["loads"]] == ["free", "away"]
    (absence,) = done.context["absences"]
    done = client.post(page("absence_end", absence.pk), follow=True, headers=ENGLISH)
    assert said(done) == ["Taken out."]
    assert list(done.context["absences"]) == []


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"ends_on": "2026-11-09"}, "The last day must not be before the first, nor in the past."),
        ({"ends_on": ""}, "This field is required."),
        ({"membership": "nobody"}, "“nobody” is not a valid UUID."),
    ],
)
def test_a_wrong_absence_comes_back_as_typed(
    jinxiu: Cast, sign_in: SignIn, change: dict[str, str], problem: str
) -> None:
    body = {"membership": jinxiu.technician.pk, "starts_on": "2026-11-10", "ends_on": "2026-11-12"}
    answer = sign_in(jinxiu.supervisor).post(page("absences"), {**body, **change}, headers=ENGLISH)
    assert answer.status_code == 422
    assert problem in [text for texts in answer.context["form"].errors.values() for text in texts]
    assert 'value="2026-11-10"' in answer.content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_loads_ask_the_same_number_of_queries(jinxiu: Cast, sign_in: SignIn, count: int) -> None:
    for _ in range(count):
        jinxiu.file()
    day = date(2026, 11, 10)
    with company_scope(jinxiu.company.pk):
        for role in ("technician", "desk", "supervisor")[:count]:
            member = jinxiu.members[role]
            Absence.objects.create(membership=member, starts_on=day, ends_on=day)
    asks(sign_in(jinxiu.supervisor), page("loads"), LOADS_QUERIES)


# --- handing over ---


def test_everything_of_a_person_is_handed_over(jinxiu: Cast, heyue: Cast, sign_in: SignIn) -> None:
    heyue.file()
    tickets = [jinxiu.file() for _ in range(3)]
    with company_scope(jinxiu.company.pk):
        Ticket.objects.filter(pk__in=[each.pk for each in tickets[:2]]).update(
            assignee=jinxiu.technician
        )
    client = sign_in(jinxiu.supervisor)
    query = f"?back=loads&all=1&person={jinxiu.technician.pk}"
    shown = client.get(page("reassign", query=query))
    assert [row.number for row in shown.context["rows"]] == [each.number for each in tickets[:2]]
    body = {
        "back": "loads",
        "tickets": [row.pk for row in shown.context["rows"]],
        "to": f"{jinxiu.engineering.pk}:{jinxiu.supervisor.pk}",
        "note": "他请假",
    }
    done = client.post(page("reassign"), body, headers=ENGLISH)
    assert (done.status_code, done["Location"]) == (302, page("loads"))


def test_the_untaken_work_of_a_department_is_handed_over(jinxiu: Cast, sign_in: SignIn) -> None:
    ticket = jinxiu.file()
    query = f"?back=loads&all=1&department={jinxiu.engineering.pk}"
    shown = sign_in(jinxiu.supervisor).get(page("reassign", query=query))
    assert [row.number for row in shown.context["rows"]] == [ticket.number]


def test_everything_that_is_late_goes_back_to_the_same_list(jinxiu: Cast, sign_in: SignIn) -> None:
    tickets = [jinxiu.file() for _ in range(3)]
    body = {
        "back": "late",
        "all": "1",
        "state": "late",
        "scope": "",
        "to": f"{jinxiu.desk_department.pk}:",
    }
    done = sign_in(jinxiu.supervisor).post(page("reassign"), body)
    assert done["Location"] == page("late", query="?state=late")
    with company_scope(jinxiu.company.pk):
        moved = Ticket.objects.filter(department=jinxiu.desk_department).count()
    assert moved == len(tickets)


@pytest.mark.parametrize("query", ["", "?tickets=x", "?all=1&back=loads", "?back=elsewhere"])
def test_nothing_chosen_is_said_so(jinxiu: Cast, sign_in: SignIn, query: str) -> None:
    answer = sign_in(jinxiu.supervisor).get(
        page("reassign", query=query), follow=True, headers=ENGLISH
    )
    assert said(answer) == ["Choose at least one ticket."]


def test_somebody_away_is_asked_about_and_nothing_is_lost(jinxiu: Cast, sign_in: SignIn) -> None:
    ticket = jinxiu.file()
    day = date(2026, 11, 10)
    with company_scope(jinxiu.company.pk):
        Absence.objects.create(
            membership=jinxiu.technician, starts_on=day, ends_on=day, covered_by=jinxiu.desk
        )
    client = sign_in(jinxiu.supervisor)
    to = f"{jinxiu.engineering.pk}:{jinxiu.technician.pk}"
    body = {"tickets": [ticket.pk], "to": to, "note": "急"}
    answer = client.post(page("reassign"), body, headers=ENGLISH)
    assert answer.status_code == 422
    text = answer.content.decode()
    assert "technician is away until 10 Nov; desk covers. Choose desk, or insist." in text
    assert "急</textarea>" in text
    assert f'value="{to}" checked' in text
    done = client.post(page("reassign"), {**body, "insist": "on"}, follow=True, headers=ENGLISH)
    assert said(done) == ["1 ticket handed over."]
    again = client.post(page("reassign"), {**body, "insist": "on"}, follow=True, headers=ENGLISH)
    assert said(again) == ["1 lay there already."]


def test_many_refusals_are_told_in_few_words(jinxiu: Cast, sign_in: SignIn) -> None:
    tickets = [jinxiu.file() for _ in range(7)]
    with company_scope(jinxiu.company.pk):
        Ticket.objects.update(status="resolved")
    body = {"tickets": [each.pk for each in tickets], "to": f"{jinxiu.desk_department.pk}:"}
    answer = sign_in(jinxiu.supervisor).post(page("reassign"), body, follow=True, headers=ENGLISH)
    assert len(said(answer)) == 6
    assert said(answer)[-1] == "2 more were refused."


def test_the_desk_goes_back_to_the_queue(jinxiu: Cast, sign_in: SignIn) -> None:
    shown = sign_in(jinxiu.desk).get(page("reassign", query=f"?tickets={jinxiu.file().pk}"))
    assert shown.context["back_url"] == page("queue")


@pytest.mark.parametrize("count", [1, 3])
def test_handing_over_asks_the_same_number_of_queries(
    jinxiu: Cast, sign_in: SignIn, count: int
) -> None:
    ids = [jinxiu.file().pk for _ in range(count)]
    query = "?" + "&".join(f"tickets={pk}" for pk in ids)
    asks(sign_in(jinxiu.supervisor), page("reassign", query=query), REASSIGN_QUERIES)


def asks(client: Client, address: str, count: int) -> None:
    client.get(address)
    with CaptureQueriesContext(connection) as queries:
        client.get(address)
    assert len(queries) == count, [each["sql"][:160] for each in queries]


# Session, user, company, membership and the company's mark, and the bell; then what came up by
# the machine and by owners, the tickets, their owners, handlers, promises and stories.
ESCALATED_QUERIES = 15
# … the working calendar, people, places, absences, work; my departments, their names, who is away;
# twice the people to choose from.
LOADS_QUERIES = 20
# … the chosen and their places; the working calendar, people, places, absences, work, communities
# and departments; the rows and their promises.
REASSIGN_QUERIES = 21
