"""What becomes of somebody's work when they leave."""

from datetime import datetime
from typing import Any

from django.dispatch import receiver

from complaints.services.leaving import let_go
from tenancy.models import Membership
from tenancy.services.actor import Actor
from tenancy.signals import member_left


@receiver(member_left)
def free_their_tickets(membership: Membership, by: Actor, now: datetime, **_more: Any) -> None:
    """Nothing stays with somebody who is not here any more."""
    let_go(membership=membership, by=by, now=now)
