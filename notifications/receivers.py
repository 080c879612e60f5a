"""News of the ground floor, told to those whom it is about."""

from datetime import datetime
from typing import Any

from django.dispatch import receiver
from django.utils.translation import gettext_noop

from notifications.models import Channel, Kind
from notifications.services.preferences import set_preferences
from notifications.services.telling import tell
from tenancy.models import Company, Membership, PlatformAccess
from tenancy.permissions import Role
from tenancy.scope import require_company_id
from tenancy.services.actor import Actor
from tenancy.signals import (
    access_began,
    access_ended,
    company_exported,
    member_changed,
    member_joined,
    second_factor_gone,
)


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


@receiver(second_factor_gone)
def say_that_a_factor_is_gone(membership: Membership, by: Actor, now: datetime, **_m: Any) -> None:
    """Whoever did not ask for it must hear of it."""
    message = gettext_noop(
        "Your second factor was taken away. If you did not ask for that, change your password and"
        " tell your company's admin."
    )
    _tell(membership, by, now, message, "factor")


@receiver(access_began)
def say_who_looks(access: PlatformAccess, now: datetime, **_more: Any) -> None:
    """The company's admins hear at once that somebody of the platform looks, and why."""
    message = gettext_noop(
        "%(operator)s, an operator of the platform, looks into your company until %(until_at)s:"
        " %(reason)s"
    )
    facts = {"until_at": access.until, "reason": access.reason}
    _tell_admins(access.membership.name, facts, message, f"access:{access.pk}", now)


@receiver(access_ended)
def say_that_they_left(access: PlatformAccess, now: datetime, **_more: Any) -> None:
    """And when it is over before its time."""
    message = gettext_noop("%(operator)s, an operator of the platform, has left your company.")
    _tell_admins(access.membership.name, {}, message, f"access-ended:{access.pk}", now)


@receiver(company_exported)
def say_that_it_was_exported(operator: str, now: datetime, **_more: Any) -> None:
    """A copy of everything has left the house."""
    message = gettext_noop("%(operator)s, an operator of the platform, exported your company.")
    _tell_admins(operator, {}, message, f"exported:{now.isoformat()}", now)


def _tell_admins(
    operator: str, facts: dict[str, Any], message: str, key: str, now: datetime
) -> None:
    company = Company.objects.get(pk=require_company_id())
    admins = Membership.objects.active().with_role(Role.ADMIN)
    tell(
        recipients=list(admins.order_by("pk").values_list("pk", flat=True)),
        kind=Kind.PLATFORM,
        message=message,
        params={"operator": operator, **facts},
        path=f"/{company.slug}/platform-access/",
        dedupe_key=key,
        now=now,
    )
