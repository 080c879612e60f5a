"""Letting a person of the archive into the portal."""

import secrets
from datetime import datetime

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from owners.models import Owner
from tenancy.models import Membership, User
from tenancy.models.user import phone_index
from tenancy.permissions import Role
from tenancy.services.actor import Actor
from tenancy.services.audit import record
from tenancy.services.phones import AccountClosed
from tenancy.services.refusal import Refused
from tenancy.services.staffing import AlreadyHere


class NoPhone(Refused):
    """Nobody can sign in by telephone without one."""

    code = "no_phone"
    sentence = _("Enter a mobile phone first: the person signs in with it.")


class PhoneTaken(Refused):
    """Somebody else in the archive signs in with this number already."""

    code = "phone_taken"
    sentence = _("Another person in the archive already signs in with this number.")


@transaction.atomic
def grant_portal_access(*, owner: Owner, by: Actor, now: datetime) -> Membership:
    """Let a person sign in with a code sent to their phone, as owner in this company.

    Whoever signs in with that number elsewhere gets no second account; staff who live here
    become owner as well. Asking again changes nothing.
    """
    row: Owner = (
        Owner.objects.select_for_update(of=("self",)).select_related("membership").get(pk=owner.pk)
    )
    known: Membership | None = row.membership
    if known is not None:
        return known
    if not row.phone:
        raise NoPhone
    membership = _join(_person(row), row.name, now)
    if Owner.objects.filter(membership=membership).exists():
        raise PhoneTaken
    row.membership = membership
    row.save(update_fields=["membership"])
    record(action="grant_portal_access", subject=row, by=by, now=now)
    return membership


def _person(owner: Owner) -> User:
    """The account behind the owner's number, made if there is none."""
    account = {
        "username": f"o-{secrets.token_hex(8)}",
        "name": owner.name,
        "phone": owner.phone,
        "password": make_password(None),  # no password fits
    }
    user, _made = User.objects.get_or_create(phone_index=phone_index(owner.phone), defaults=account)
    if not user.is_active:
        raise AccountClosed
    return user


def _join(user: User, name: str, now: datetime) -> Membership:
    """What the person is in this company: owner, beside what they were."""
    membership: Membership | None = (
        Membership.objects.select_for_update(of=("self",)).filter(user=user).first()
    )
    if membership is None:
        membership = Membership(user=user, name=name, roles=[Role.OWNER])
        membership.save(force_insert=True)
        return membership
    is_here = membership.is_active and not membership.has_ended(now)
    if is_here and membership.is_platform:
        raise AlreadyHere(name=membership.name)  # a visitor only looks, as long as they are one
    # Who has left the staff comes back as an owner and as nothing else.
    before = membership.roles if is_here else []
    membership.roles, membership.is_active = sorted({*before, Role.OWNER.value}), True
    membership.ends_at = None
    membership.save(update_fields=["roles", "is_active", "ends_at"])
    return membership
