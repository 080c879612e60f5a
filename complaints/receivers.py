"""What this floor does when something happens on the ground floor."""

from datetime import datetime
from typing import Any

from django.dispatch import receiver

from complaints.services.leaving import let_go
from complaints.services.onboarding import set_first_rules
from tenancy.models import Membership
from tenancy.services.actor import Actor
from tenancy.signals import company_founded, member_left


@receiver(member_left)
def free_their_tickets(membership: Membership, by: Actor, now: datetime, **_more: Any) -> None:
    """Nothing stays with somebody who is not here any more."""
    let_go(membership=membership, by=by, now=now)


@receiver(company_founded)
def give_first_rules(**_facts: Any) -> None:
    """A company can take its first complaint at once, whoever founds it."""
    set_first_rules()
