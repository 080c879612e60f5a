"""Fills the database of a fault test; run in a process of its own (`Installation.fill`)."""

from datetime import datetime, timedelta

from complaints.models import Deadline, Ticket
from tenancy.scope import company_scope
from tenancy.services.clock import database_now
from tests.factories.cast import Cast, make_cast

# How long ago the promise was made, and how long ago it was due.
ABOUT = {
    "warning": (timedelta(minutes=10), timedelta(minutes=-10)),
    "outage": (timedelta(days=30), timedelta(days=20)),
    "later": (timedelta(0), timedelta(days=-3)),
}
SECOND = timedelta(seconds=1)


def fill(due: int, moment: str) -> None:
    """Two companies: `due` deadlines whose steps are due, a tenth as many to be left alone.

    `moment` is "warning" (their warning is due now) or "outage" (every level has been for weeks).
    """
    for slug, share in (("jinxiu", 0.7), ("heyue", 0.3)):
        fill_company(make_cast(slug, slug), round(due * share), moment)


def fill_company(cast: Cast, due: int, moment: str) -> None:
    now = database_now()
    with company_scope(cast.company.pk):
        tickets = [ticket(cast, number, now) for number in range(due + due // 10)]
        Ticket.objects.bulk_create(tickets, batch_size=500)
        deadlines = [
            deadline(each, moment if number < due else "later", now)
            for number, each in enumerate(tickets)
        ]
        Deadline.objects.bulk_create(deadlines, batch_size=500)


def ticket(cast: Cast, number: int, now: datetime) -> Ticket:
    return Ticket(
        number=f"T{number}",
        kind="complaint",
        category=cast.lift,
        urgency="normal",
        source="phone",
        title="电梯又停了",
        community=cast.community,
        department=cast.engineering,
        created_at=now,
    )


def deadline(ticket: Ticket, moment: str, now: datetime) -> Deadline:
    """A promise that counts around the clock; every second one of those for later is kept."""
    start, due = ABOUT[moment]
    kept = moment == "later" and int(ticket.number[1:]) % 2 == 0
    acts_at = now - due if moment == "later" else now - SECOND
    return Deadline(
        ticket=ticket,
        promise="callback",
        amount=20,
        measure="clock_minutes",
        starts_at=now - start,
        due_at=now - due,
        met_at=now if kept else None,
        next_action_at=None if kept else acts_at,
    )
