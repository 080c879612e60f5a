"""Somebody speaks up."""

from datetime import datetime, timedelta
from uuid import uuid4

import pytest

from complaints.models import Deadline, EventKind, Ticket, TicketEvent
from complaints.services.filing import NoPlace, SubmissionTaken, WrongCategory
from notifications.models import Notification
from tenancy.scope import company_scope
from tests.factories.cast import SHANGHAI, TUESDAY, Cast


def dues(ticket: Ticket) -> dict[str, datetime]:
    return dict(Deadline.objects.filter(ticket=ticket).values_list("promise", "due_at"))


def test_filing_promises_on_the_working_calendar(scoped: Cast) -> None:
    ticket = scoped.file()

    assert dues(ticket) == {
        "acceptance": TUESDAY + timedelta(hours=1),
        "callback": TUESDAY + timedelta(days=1),
        "resolution": TUESDAY + timedelta(days=3),
    }
    assert ticket.next_due_at == TUESDAY + timedelta(hours=1)


def test_filing_before_the_national_holiday_waits_for_its_end(scoped: Cast) -> None:
    ticket = scoped.file(now=datetime(2026, 9, 30, 16, 0, tzinfo=SHANGHAI))

    assert dues(ticket)["callback"] == datetime(2026, 10, 8, 16, 0, tzinfo=SHANGHAI)


def test_filing_an_emergency_counts_around_the_clock(scoped: Cast) -> None:
    midnight = datetime(2026, 11, 15, 0, 0, tzinfo=SHANGHAI)

    ticket = scoped.file(now=midnight, category=scoped.trapped)

    assert ticket.urgency == "emergency"
    assert dues(ticket)["acceptance"] == midnight + timedelta(minutes=30)
    assert dues(ticket)["resolution"] == midnight + timedelta(hours=4)


def test_filing_gives_numbers_that_count_within_the_day(scoped: Cast) -> None:
    numbers = [scoped.file().number for _ in range(2)]

    assert numbers == ["261110-0001", "261110-0002"]


def test_filing_counts_apart_from_the_rival(jinxiu: Cast, heyue: Cast) -> None:
    assert [jinxiu.file().number, heyue.file().number] == ["261110-0001", "261110-0001"]


def test_filing_writes_the_first_event(scoped: Cast) -> None:
    ticket = scoped.file()

    event = TicketEvent.objects.get(ticket=ticket)
    assert (event.kind, event.at, event.by, event.via) == (
        EventKind.FILED,
        TUESDAY,
        scoped.owner,
        "page",
    )


def test_filing_tells_the_owner_when_they_will_hear(scoped: Cast) -> None:
    ticket = scoped.file()

    told = Notification.objects.get()
    assert (told.recipient, told.params["number"]) == (scoped.owner, ticket.number)
    assert datetime.fromisoformat(told.params["due_at"]) == TUESDAY + timedelta(days=1)


def test_filing_the_same_submission_twice_makes_one_ticket(scoped: Cast) -> None:
    submission = uuid4()

    first, second = (scoped.file(submission=submission) for _ in range(2))

    assert first.pk == second.pk == submission
    assert Ticket.objects.count() == 1


def test_filing_under_somebody_elses_submission_gives_nothing_away(scoped: Cast) -> None:
    theirs = scoped.file(by="desk")

    with pytest.raises(SubmissionTaken):
        scoped.file(submission=theirs.pk)

    assert Ticket.objects.count() == 1


def test_filing_without_an_owner_promises_no_call(scoped: Cast) -> None:
    ticket = scoped.file(owner=None, by="desk")

    assert set(dues(ticket)) == {"acceptance", "resolution"}


def test_filing_about_a_community_needs_no_unit(scoped: Cast) -> None:
    ticket = scoped.file(unit=None, community=scoped.community)

    assert ticket.community == scoped.community


def test_filing_nowhere_is_refused(scoped: Cast) -> None:
    with pytest.raises(NoPlace):
        scoped.file(unit=None)


@pytest.mark.parametrize("kind", ["repair", "praise"])
def test_filing_under_a_category_of_another_kind_is_refused(scoped: Cast, kind: str) -> None:
    with pytest.raises(WrongCategory):
        scoped.file(kind=kind)


def test_filing_under_a_closed_category_is_refused(scoped: Cast) -> None:
    scoped.lift.is_active = False
    scoped.lift.save()

    with pytest.raises(WrongCategory):
        scoped.file()


def test_filing_leaves_the_rival_alone(jinxiu: Cast, heyue: Cast) -> None:
    jinxiu.file()

    with company_scope(heyue.company.pk):
        assert (Ticket.objects.count(), Deadline.objects.count()) == (0, 0)
