"""Somebody leaves: what they had in hand goes back to its department, and the timeline says so."""

from datetime import datetime

from django.db import transaction

from complaints.models import EventKind, Ticket
from complaints.models.kinds import ACTIVE
from complaints.services.timeline import write
from tenancy.models import Membership
from tenancy.services.actor import Actor


@transaction.atomic
def let_go(*, membership: Membership, by: Actor, now: datetime) -> int:
    """Take every ticket that is not closed off somebody's hands; how many there were.

    They stay where they are in the queue, and their promises run on: whoever looks after the
    department finds them among those that nobody has.
    """
    mine = Ticket.objects.filter(assignee=membership, status__in=ACTIVE).order_by("id")
    rows = list(mine.select_for_update(of=("self",), no_key=True).select_related("department"))
    for ticket in rows:
        ticket.assignee = None
        ticket.save(update_fields=["assignee"])
        write(
            ticket=ticket,
            kind=EventKind.ASSIGNED,
            by=by,
            now=now,
            before={
                "department": str(ticket.department_id or ""),
                "assignee": str(membership.pk),
            },
            department=ticket.department.name if ticket.department else "",
            assignee="",
        )
    return len(rows)
