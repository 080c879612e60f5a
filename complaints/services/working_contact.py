"""The number of the person at whose door a technician is to ring."""

from datetime import datetime

from django.db import transaction

from complaints.models import Ticket
from complaints.models.ticket import OPEN
from tenancy.models import AuditEntry
from tenancy.services.actor import Actor
from tenancy.services.audit import record

ACTION = "phone_for_job"


@transaction.atomic
def phone_for_job(*, ticket: Ticket, by: Actor, now: datetime) -> str:
    """The owner's number, for whoever has the job as long as it is open; written down once.

    A technician needs it at the door and without a signal, so it stands on the job's page. Nobody
    else's number does: not of jobs that others have, not of jobs that are done.
    """
    is_mine = ticket.assignee_id is not None and ticket.assignee_id == by.membership_id
    if not is_mine or ticket.status not in OPEN or ticket.owner is None or not ticket.owner.phone:
        return ""
    known = AuditEntry.objects.filter(
        subject="ticket", subject_id=ticket.pk, action=ACTION, by_id=by.membership_id
    )
    if not known.exists():
        record(action=ACTION, subject=ticket, by=by, now=now, owner=str(ticket.owner_id))
    return str(ticket.owner.phone)
