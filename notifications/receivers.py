"""News of the ground floor, told to those whom it is about."""

from datetime import datetime
from typing import Any

from django.dispatch import receiver
from django.utils.translation import gettext_noop

from notifications.models import Channel, Kind
from notifications.services.preferences import set_preferences
from notifications.services.telling import tell
from tenancy.models import Company, Membership
from tenancy.scope import require_company_id
from tenancy.services.actor import Actor
from tenancy.signals import member_changed, member_joined


@receiver(member_joined)
def welcome(membership: Membership, by: Actor, now: datetime, **_more: Any) -> None:
    """Tell somebody that they work here now, and how to get in."""
    if membership.user.phone and not membership.user.email:
        # Who has no mailbox would never hear of it.
        wanted = {(Kind.MEMBERSHIP.value, Channel.SMS.value): True}
        set_preferences(membership=membership, wanted=wanted)
        message = gettext_noop(
            "You now have access to the portal of %(company)s. Sign in with a code that is sent to"
            " this phone."
        )
    else:
        message = gettext_noop(
            "You now have access to the portal of %(company)s. Your account is %(account)s."
        )
    _tell(membership, by, now, message, "joined")


@receiver(member_changed)
def say_what_changed(membership: Membership, by: Actor, now: datetime, **_more: Any) -> None:
    """Tell somebody that their place has changed."""
    message = gettext_noop(
        "%(by)s changed your place in %(company)s: your roles, communities or departments."
    )
    if membership.pk != by.membership_id:
        _tell(membership, by, now, message, "changed")


def _tell(membership: Membership, by: Actor, now: datetime, message: str, key: str) -> None:
    company = Company.objects.get(pk=require_company_id())
    tell(
        recipients=[membership.pk],
        kind=Kind.MEMBERSHIP,
        message=message,
        params={
            "company": company.name,
            "account": membership.user.username,
            "by": by.membership.name if by.membership else "",
        },
        path=f"/{company.slug}/",
        dedupe_key=f"{key}:{now.isoformat()}",
        now=now,
    )
