"""Handing many tickets over at once."""

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from complaints.models import EventKind, Ticket, TicketEvent
from complaints.services.handing_over import IsAway, IsAwayUncovered, NobodyNamed
from complaints.services.handling import assign, resolve
from complaints.services.reassigning import MOST_AT_ONCE, HandedOver, TooMany, reassign_many
from notifications.models import Notification
from tenancy.models import AuditEntry, Membership
from tenancy.scope import company_scope
from tenancy.services.absences import set_absence
from tests.factories.cast import TUESDAY, Cast

NOW = TUESDAY + timedelta(hours=1)


def hand_over(cast: Cast, tickets: list[Any], **more: Any) -> HandedOver:
    facts: dict[str, Any] = {
        "department": None,
        "assignee": cast.technician,
        "by": cast.actor("supervisor"),
        "now": NOW,
        **more,
    }
    return reassign_many(tickets=[each.pk for each in tickets], **facts)


def numbers(found: list[Ticket]) -> list[str]:
    return sorted(ticket.number for ticket in found)


def told(member: Membership) -> list[tuple[str, Any]]:
    rows = Notification.objects.filter(recipient=member, created_at=NOW)
    return sorted((row.message, row.params.get("count")) for row in rows)


def test_many_tickets_go_to_one_person(jinxiu: Cast, heyue: Cast) -> None:
    theirs = heyue.file()
    tickets = [jinxiu.file() for _ in range(3)]
    with company_scope(jinxiu.company.pk):
        outcome = hand_over(jinxiu, [*tickets, theirs], note="王工休假，请接手")

        assert numbers(outcome.moved) == numbers(tickets)
        assert (outcome.unchanged, outcome.refused, outcome.missing) == ([], [], [theirs.pk])
        found = Ticket.objects.values_list("assignee_id", "department_id").distinct()
        assert list(found) == [(jinxiu.technician.pk, jinxiu.engineering.pk)]
        notes = TicketEvent.objects.filter(kind=EventKind.NOTED)
        assert [note.data for note in notes] == [{"text": "王工休假，请接手"}] * 3


def test_everybody_is_told_once_with_a_count(jinxiu: Cast, scoped: Any) -> None:
    tickets = [jinxiu.file() for _ in range(3)]
    for ticket in tickets:
        assign(ticket=ticket, assignee=jinxiu.technician, by=jinxiu.actor("desk"), now=TUESDAY)
    hand_over(jinxiu, tickets, assignee=jinxiu.desk)

    assert told(jinxiu.desk) == [("%(count)s tickets were handed to you at once.", 3)]
    assert told(jinxiu.technician) == [("%(count)s of your tickets lie with %(name)s now.", 3)]
    assert told(jinxiu.supervisor) == []


def test_one_ticket_is_told_by_its_title(jinxiu: Cast, scoped: Any) -> None:
    hand_over(jinxiu, [jinxiu.file()])
    assert told(jinxiu.technician) == [("%(number)s was handed to you: %(title)s", None)]


def test_whoever_takes_tickets_over_is_not_told(jinxiu: Cast, scoped: Any) -> None:
    hand_over(jinxiu, [jinxiu.file(), jinxiu.file()], assignee=jinxiu.supervisor)
    assert told(jinxiu.supervisor) == []


def test_the_same_again_changes_nothing(jinxiu: Cast, scoped: Any) -> None:
    tickets = [jinxiu.file(), jinxiu.file()]
    hand_over(jinxiu, tickets)
    events = TicketEvent.objects.count()
    again = hand_over(jinxiu, tickets, now=NOW + timedelta(seconds=1), note="x")

    assert numbers(again.unchanged) == numbers(tickets)
    assert (again.moved, TicketEvent.objects.count()) == ([], events)
    assert Notification.objects.filter(created_at__gt=NOW).count() == 0


def test_what_cannot_go_stays_and_is_named(jinxiu: Cast, scoped: Any) -> None:
    done, other = jinxiu.file(), jinxiu.file()
    resolve(ticket=done, solution="done", by=jinxiu.actor("technician"), now=TUESDAY)
    outcome = hand_over(jinxiu, [done, other], assignee=jinxiu.desk)

    assert numbers(outcome.moved) == [other.number]
    ((ticket, refusal),) = outcome.refused
    assert (ticket.number, refusal.code) == (done.number, "wrong_state")


def test_who_does_not_handle_tickets_gets_none(jinxiu: Cast, scoped: Any) -> None:
    ((_ticket, refusal),) = hand_over(jinxiu, [jinxiu.file()], assignee=jinxiu.owner).refused
    assert refusal.code == "cannot_handle"


def test_a_department_gets_tickets_and_nobody_is_told(jinxiu: Cast, scoped: Any) -> None:
    ticket = jinxiu.file()
    hand_over(jinxiu, [ticket], department=jinxiu.desk_department, assignee=None)
    ticket.refresh_from_db()
    assert (ticket.department, ticket.assignee) == (jinxiu.desk_department, None)
    assert Notification.objects.filter(created_at=NOW).count() == 0


def test_nobody_named_is_refused(jinxiu: Cast, scoped: Any) -> None:
    with pytest.raises(NobodyNamed):
        hand_over(jinxiu, [jinxiu.file()], assignee=None)


def test_the_hand_over_is_in_the_audit_log(jinxiu: Cast, scoped: Any) -> None:
    tickets = [jinxiu.file(), jinxiu.file()]
    hand_over(jinxiu, tickets)
    entry = AuditEntry.objects.get(action="reassign_many")
    assert (entry.by, entry.subject_id) == (jinxiu.supervisor, jinxiu.technician.pk)
    assert entry.detail == {"count": 2, "tickets": [ticket.number for ticket in tickets]}


def test_more_than_the_most_are_refused(jinxiu: Cast, scoped: Any) -> None:
    with pytest.raises(TooMany):
        reassign_many(
            tickets=[uuid4() for _ in range(MOST_AT_ONCE + 1)],
            department=None,
            assignee=jinxiu.technician,
            by=jinxiu.actor("supervisor"),
            now=NOW,
        )


def test_who_sees_a_ticket_may_hand_it_over_and_nobody_else(jinxiu: Cast, scoped: Any) -> None:
    ticket = jinxiu.file()
    jinxiu.supervisor.all_communities = False
    jinxiu.supervisor.save(update_fields=["all_communities"])
    assert hand_over(jinxiu, [ticket]).missing == [ticket.pk]


@pytest.mark.parametrize(("covered", "refusal"), [(True, IsAway), (False, IsAwayUncovered)])
def test_who_is_away_gets_tickets_only_when_one_insists(
    jinxiu: Cast, scoped: Any, covered: bool, refusal: type[Exception]
) -> None:
    set_absence(
        membership=jinxiu.technician,
        starts_on=date(2026, 11, 9),
        ends_on=date(2026, 11, 12),
        covered_by=jinxiu.desk if covered else None,
        by=jinxiu.actor("supervisor"),
        now=NOW,
    )
    ticket = jinxiu.file()
    with pytest.raises(refusal) as said:
        hand_over(jinxiu, [ticket])
    assert "12 Nov" in str(said.value)
    with pytest.raises(refusal):
        assign(ticket=ticket, assignee=jinxiu.technician, by=jinxiu.actor("desk"), now=NOW)
    assert numbers(hand_over(jinxiu, [ticket], insist=True).moved) == [ticket.number]


def test_who_is_away_may_still_take_tickets_themselves(jinxiu: Cast, scoped: Any) -> None:
    set_absence(
        membership=jinxiu.supervisor,
        starts_on=date(2026, 11, 10),
        ends_on=date(2026, 11, 10),
        covered_by=None,
        by=jinxiu.actor("manager"),
        now=NOW,
    )
    outcome = hand_over(jinxiu, [jinxiu.file()], assignee=jinxiu.supervisor)
    assert len(outcome.moved) == 1


@pytest.mark.parametrize("count", [1, 3])
def test_a_hand_over_asks_the_same_number_of_queries(jinxiu: Cast, scoped: Any, count: int) -> None:
    tickets = [jinxiu.file() for _ in range(count)]
    with CaptureQueriesContext(connection) as queries:
        hand_over(jinxiu, tickets, note="请接手")
    assert len(queries) == QUERIES, [each["sql"][:120] for each in queries]


# The savepoint and its end; who is away (the zone, the rows); the rows themselves; the receiver's
# departments; the change, the events and the days to count anew, each at once; the audit entry;
# the company; three to tell.
QUERIES = 14
