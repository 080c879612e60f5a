"""Operators of the platform in a company: why, for how long, and what they opened there.

They come with a membership that ends by itself, in a role that reads and changes nothing. Every
door asks for the membership, so every door is closed the moment it ends.
"""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from tenancy.models import AuditEntry, Company, Membership, PlatformAccess, User
from tenancy.permissions import Role
from tenancy.scope import company_scope
from tenancy.services.actor import Actor, Via
from tenancy.services.audit import record
from tenancy.services.operating import is_operator, note, reason_of
from tenancy.services.refusal import Refused
from tenancy.signals import access_began, access_ended

USUAL_TIME = timedelta(hours=1)
LONGEST_TIME = timedelta(hours=8)
PAGE = "platform_page"


class NoOperator(Refused):
    """Only operators of the platform come this way."""

    code = "no_operator"
    status = 403
    sentence = _("Only an operator of the platform with a second factor can do this.")


class BadTime(Refused):
    """Too long, or no time at all."""

    code = "bad_time"
    sentence = _("Choose between 15 minutes and 8 hours.")


class AlreadyMember(Refused):
    """Who belongs to the company has no need to visit it, nor would it be a visit."""

    code = "already_a_member_here"
    sentence = _("You are a member of this company: sign in to it as one.")


class StillThere(Refused):
    """One access at a time, so that each has its own reason."""

    code = "still_there"
    sentence = _("You have access already. End it before you begin another.")


class ReadOnly(Refused):
    """An operator looks; whatever is to change is changed by the company."""

    code = "read_only"
    status = 403
    sentence = _("An operator of the platform can only look here.")


class NotThere(Refused):
    """It has ended already."""

    code = "access_ended"
    sentence = _("This access has ended already.")


@transaction.atomic
def enter_company(
    *,
    company: Company,
    user: User,
    reason: str,
    now: datetime,
    time: timedelta = USUAL_TIME,
    address: str = "",
) -> PlatformAccess:
    """Let an operator look into a company for a while. The company learns of it at once."""
    if not is_operator(user):
        raise NoOperator
    if not timedelta(minutes=15) <= time <= LONGEST_TIME:
        raise BadTime
    reason = reason_of(reason)
    with company_scope(company.id):
        member = _visitor(user, now)
        member.ends_at = now + time
        member.save(update_fields=["ends_at", "roles", "is_active", "name"])
        access = PlatformAccess(
            membership=member, reason=reason, began_at=now, until=member.ends_at
        )
        access.save(force_insert=True)
        by = Actor(member, Via.PAGE, address)
        until = access.until.isoformat()
        record(action="platform_enter", subject=access, by=by, now=now, reason=reason, until=until)
        access_began.send(PlatformAccess, access=access, by=by, now=now)
    note(
        action="enter", by=user, about=company, reason=reason, address=address, now=now,
        until=until,
    )  # fmt: skip
    return access


def _visitor(user: User, now: datetime) -> Membership:
    """The operator's row in this company, made or taken up again."""
    name = (user.name or user.username)[:60]
    row: Membership | None = Membership.objects.select_for_update().filter(user=user).first()
    if row is None:
        row = Membership(user=user, name=name, roles=[Role.PLATFORM.value], ends_at=now)
        row.save(force_insert=True)
        return row
    if not row.is_platform and row.is_active:
        raise AlreadyMember
    if row.ends_at is not None and row.ends_at > now:
        raise StillThere
    row.name, row.roles, row.is_active = name, [Role.PLATFORM.value], True
    return row


@transaction.atomic
def end_access(*, access: PlatformAccess, by: Actor, now: datetime) -> PlatformAccess:
    """End an access before its time: by the company, or by whoever has it."""
    row: PlatformAccess = PlatformAccess.objects.select_for_update().get(pk=access.pk)
    if not row.is_open(now):
        raise NotThere
    row.ended_at, row.ended_by = now, by.membership
    row.save(update_fields=["ended_at", "ended_by"])
    Membership.objects.filter(pk=row.membership_id).update(ends_at=now)
    record(action="platform_leave", subject=row, by=by, now=now, reason=row.reason)
    access_ended.send(PlatformAccess, access=row, by=by, now=now)
    return row


@transaction.atomic
def leave_company(*, company: Company, user: User, now: datetime, address: str = "") -> None:
    """An operator has seen what they came for."""
    with company_scope(company.id):
        access = PlatformAccess.objects.open(now).filter(membership__user=user).first()
        if access is None:
            raise NotThere
        end_access(access=access, by=Actor(access.membership, Via.PAGE, address), now=now)
    note(action="leave", by=user, about=company, address=address, now=now)


def note_page(*, member: Membership, path: str, address: str, now: datetime) -> None:
    """Write down a page that an operator opens. By its address, without what they searched for."""
    access = PlatformAccess.objects.open(now).filter(membership=member).first()
    if access is not None:
        by = Actor(member, Via.PAGE, address)
        record(action=PAGE, subject=access, by=by, now=now, page=path[:200])


def pages_of(accesses: list[PlatformAccess], most: int) -> dict[object, list[AuditEntry]]:
    """What was opened during each of these, the newest first, in one query."""
    rows = AuditEntry.objects.filter(
        subject=PlatformAccess._meta.model_name,
        subject_id__in=[access.pk for access in accesses],
        action=PAGE,
    ).order_by("-at", "-id")[:most]
    found: dict[object, list[AuditEntry]] = {access.pk: [] for access in accesses}
    for row in rows:
        found[row.subject_id].append(row)
    return found
