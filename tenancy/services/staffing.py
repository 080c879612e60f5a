"""Who works here, as what: people join, change places, and leave."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from tenancy.models import (
    ApiToken,
    Community,
    Company,
    Department,
    DepartmentMember,
    Membership,
    MembershipCommunity,
    User,
)
from tenancy.permissions import RANKS, STAFF_ROLES, Role
from tenancy.scope import require_company_id
from tenancy.services.actor import Actor
from tenancy.services.audit import record
from tenancy.services.invitations import person_of
from tenancy.services.refusal import Refused
from tenancy.services.structure import tidy
from tenancy.signals import member_changed, member_joined, member_left


class AlreadyHere(Refused):
    """Somebody who works here cannot join again."""

    code = "already_a_member"
    sentence = _("%(name)s works here already. Change what they may do on their own page.")


class NoAddress(Refused):
    """An invitation needs exactly one way to reach the person."""

    code = "one_address"
    sentence = _("Give either an e-mail address or a mobile phone.")


class NoStaffRole(Refused):
    """Somebody who works here as nothing."""

    code = "no_staff_role"
    sentence = _("Choose at least one role.")


class AboveYou(Refused):
    """Nobody makes or changes somebody who may do more than they."""

    code = "role_above_yours"
    sentence = _("“%(role)s” stands above your own role.")


class BeyondYou(Refused):
    """Whoever looks after some communities gives nobody, not even themselves, any others."""

    code = "community_beyond_yours"
    sentence = _("You look after some communities only, and can give nobody any others.")


class LastAdmin(Refused):
    """A company that nobody can look after any more."""

    code = "last_admin"
    sentence = _("This is the last company admin. Make somebody else admin first.")


@dataclass(frozen=True, slots=True)
class Duties:
    """What somebody is in the company: roles, communities (None: all), departments."""

    roles: Sequence[str]
    communities: Sequence[Community] | None = None
    departments: Sequence[Department] = ()
    # The departments for whose late work they answer.
    supervises: Sequence[Department] = field(default_factory=tuple)


@transaction.atomic
def invite_member(
    *,
    name: str,
    duties: Duties,
    by: Actor,
    now: datetime,
    email: str = "",
    phone: str = "",
    work_phone: str = "",
) -> Membership:
    """Let somebody work here. They are told how to sign in, by the address that was given.

    Whoever has an account with that address elsewhere gets no second one, and nobody here learns
    of it; an owner who starts working here stays owner.
    """
    if bool(email) == bool(phone):
        raise NoAddress
    refuse_roles(duties.roles, by)
    refuse_places(duties, by)
    # One after the other: what was sent twice at once is told that it was.
    Company.objects.select_for_update(no_key=True).get(pk=require_company_id())
    user = person_of(email=email, phone=phone, name=tidy(name))
    row = _joining(user, tidy(name), duties, now)
    _place(row, duties)
    if work_phone:
        row.work_phone = work_phone
        row.save(update_fields=["work_phone"])
    record(action="invite_member", subject=row, by=by, now=now, name=row.name, roles=row.roles)
    member_joined.send(Membership, membership=row, by=by, now=now)
    return row


def _joining(user: User, name: str, duties: Duties, now: datetime) -> Membership:
    """The person's row, new or taken up again."""
    known: Membership | None = (
        Membership.objects.select_for_update(of=("self",)).filter(user=user).first()
    )
    if known is None:
        row = Membership(user=user, name=name, roles=in_order(duties.roles))
        row.all_communities = duties.communities is None
        row.save(force_insert=True)
        return row
    # A visitor of the platform whose time has ended is nobody here.
    if known.is_active and known.is_staff and not known.has_ended(now):
        raise AlreadyHere(name=known.name)
    known.ends_at = None
    stays = {Role.OWNER.value} & set(known.roles) if known.is_active else set()
    known.roles, known.is_active = in_order({*duties.roles, *stays}), True
    known.name, known.all_communities = name, duties.communities is None
    known.save(update_fields=["roles", "is_active", "name", "all_communities", "ends_at"])
    return known


@transaction.atomic
def change_member(
    *,
    membership: Membership,
    name: str,
    duties: Duties,
    by: Actor,
    now: datetime,
    work_phone: str | None = None,
) -> Membership:
    """Change what somebody is here; they are told. No work phone leaves the one they have, an
    empty one takes it away."""
    claim_admins()
    row = claim_member(membership)
    refuse_roles([*duties.roles, *row.roles], by)
    refuse_places(duties, by, row)
    if not set(duties.roles) & STAFF_ROLES:
        raise NoStaffRole
    if Role.ADMIN not in duties.roles:
        keep_an_admin(row)
    before = facts_of(row)
    roles = in_order({*duties.roles, *({Role.OWNER.value} & set(row.roles))})
    row.name, row.roles, row.all_communities = tidy(name), roles, duties.communities is None
    if work_phone is not None:
        row.work_phone = work_phone
    row.save(update_fields=["name", "roles", "all_communities", "work_phone"])
    _place(row, duties)
    after = facts_of(row)
    if after != before:
        record(
            action="change_member", subject=row, by=by, now=now,
            name=row.name, before=before, after=after,
        )  # fmt: skip
        member_changed.send(Membership, membership=row, by=by, now=now)
    return row


@transaction.atomic
def dismiss_member(*, membership: Membership, by: Actor, now: datetime) -> Membership:
    """Somebody works here no longer. An owner stays owner; their tokens end; their work is freed.

    What they did stays under their name.
    """
    claim_admins()
    row = claim_member(membership)
    if not (row.is_active and row.is_staff):
        return row
    refuse_roles(row.roles, by)
    keep_an_admin(row)
    if Role.OWNER in row.roles:
        row.roles = [Role.OWNER.value]
    else:
        row.is_active = False
    row.save(update_fields=["roles", "is_active"])
    DepartmentMember.objects.filter(membership=row).delete()
    ApiToken.objects.filter(membership=row).usable(now).update(revoked_at=now)
    record(action="dismiss_member", subject=row, by=by, now=now, name=row.name)
    member_left.send(Membership, membership=row, by=by, now=now)
    return row


@transaction.atomic
def readmit_member(*, membership: Membership, by: Actor, now: datetime) -> Membership:
    """Somebody who left works here again, with the roles they had."""
    row = claim_member(membership)
    if not row.is_active:
        refuse_roles(row.roles, by)
        row.is_active = True
        row.save(update_fields=["is_active"])
        record(action="readmit_member", subject=row, by=by, now=now, name=row.name)
        member_joined.send(Membership, membership=row, by=by, now=now)
    return row


def claim_member(membership: Membership) -> Membership:
    """The row, locked, as it is now."""
    row: Membership = (
        Membership.objects.select_for_update(of=("self",))
        .select_related("user")
        .get(pk=membership.pk)
    )
    return row


def refuse_roles(roles: Iterable[str], by: Actor) -> None:
    """Raise when a role stands above those of whoever acts, or when it is none of the staff's."""
    roles = list(roles)
    if not set(roles) & STAFF_ROLES:
        raise NoStaffRole
    mine = max(rank(role) for role in by.membership.roles) if by.membership else len(RANKS)
    for role in roles:
        if rank(role) > mine:
            raise AboveYou(role=Role(role).label)


def refuse_places(duties: Duties, by: Actor, row: Membership | None = None) -> None:
    """Raise when somebody limited to communities gives others; what `row` has it may keep."""
    if by.membership is None or by.membership.all_communities:
        return
    if row is not None and row.all_communities:
        return
    asked = None if duties.communities is None else {each.pk for each in duties.communities}
    rows = MembershipCommunity.objects.filter(membership=row) if row else None
    theirs = set(rows.values_list("community_id", flat=True)) if rows else set()
    if asked is None or asked - theirs - set(by.membership.community_ids()):
        raise BeyondYou


def claim_admins() -> list[Membership]:
    """All admins of the company, locked in one order and before anybody else: two of them who
    dismiss each other neither both win nor block each other."""
    admins = Membership.objects.active().with_role(Role.ADMIN).order_by("pk")
    return list(admins.select_for_update(of=("self",)))


def keep_an_admin(row: Membership) -> None:
    """Raise when nobody would be left to look after the company."""
    others = [each for each in claim_admins() if each.pk != row.pk]
    if Role.ADMIN in row.roles and row.is_active and not others:
        raise LastAdmin


def rank(role: str) -> int:
    return RANKS.index(Role(role))


def in_order(roles: Iterable[str]) -> list[str]:
    """Roles once each, the least trusted first."""
    return sorted({Role(role).value for role in roles}, key=rank)


def _place(row: Membership, duties: Duties) -> None:
    """Put somebody into the communities and departments that were said, and out of all others."""
    MembershipCommunity.objects.filter(membership=row).delete()
    MembershipCommunity.objects.bulk_create(
        MembershipCommunity(membership=row, community=community)
        for community in duties.communities or ()
    )
    DepartmentMember.objects.filter(membership=row).delete()
    supervised = {department.pk for department in duties.supervises}
    places = {each.pk: each for each in [*duties.departments, *duties.supervises]}
    DepartmentMember.objects.bulk_create(
        DepartmentMember(membership=row, department=each, is_supervisor=pk in supervised)
        for pk, each in places.items()
    )


def facts_of(row: Membership) -> dict[str, object]:
    """What is written down of somebody's place before and after a change."""
    communities = MembershipCommunity.objects.filter(membership=row)
    places = DepartmentMember.objects.filter(membership=row)
    return {
        "name": row.name,
        "work_phone": row.work_phone[-4:],  # enough to tell which
        "roles": list(row.roles),
        "communities": []
        if row.all_communities
        else sorted(communities.values_list("community__name", flat=True)),
        "departments": sorted(places.values_list("department__name", flat=True)),
        "supervises": sorted(
            places.filter(is_supervisor=True).values_list("department__name", flat=True)
        ),
    }
