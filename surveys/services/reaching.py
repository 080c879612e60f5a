"""By which way each of many invited households and people is reached."""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberType

from notifications.models import Channel, Kind
from notifications.services.mailing import way_to
from notifications.services.preferences import Wish, is_wanted, wishes_of
from owners.models import Owner, Ownership, OwnershipRole
from surveys.models import Interview, Invitation, ToldBy
from tenancy.models import Membership

# Who of a household is written to: the first of these who can be.
RANK = {
    OwnershipRole.OWNER: 0,
    OwnershipRole.CO_OWNER: 1,
    OwnershipRole.LESSEE: 2,
    OwnershipRole.FAMILY: 3,
}
MOBILE_HERE = re.compile(r"\+861[3-9]\d{9}")
MOBILE = (PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE)
PERSON = ("id", "name", "phone", "email", "membership_id")


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody of the archive, as they can be written to."""

    id: UUID
    name: str
    phone: str  # a mobile, or nothing
    email: str
    membership_id: UUID | None  # if they have an account that is open

    @property
    def can_be_reached(self) -> bool:
        return self.membership_id is not None or way_to(self.phone, self.email) is not None


@dataclass(frozen=True, slots=True)
class Found:
    """How somebody who is invited is reached: in an inbox, by a letter, by both, or not at all."""

    invitation: Invitation
    membership_id: UUID | None = None
    # Written to as well if nothing would leave the portal for their inbox.
    person: Person | None = None

    @property
    def told_by(self) -> ToldBy:
        way = way_to(self.person.phone, self.person.email) if self.person else None
        if way is not None:
            return ToldBy(way.value)
        return ToldBy.INBOX if self.membership_id else ToldBy.NOBODY


def find(invitations: Sequence[Invitation]) -> list[Found]:
    """How each of them is reached, in a number of queries that does not grow."""
    chosen = _chosen(invitations)
    members = {each.membership_id for each in chosen.values() if each.membership_id}
    alone = members - _heard_outside(members)
    found = []
    for invitation in invitations:
        person = chosen.get(invitation.pk)
        if invitation.membership_id or person is None:
            found.append(Found(invitation, invitation.membership_id))
        elif person.membership_id is None or person.membership_id in alone:
            found.append(Found(invitation, person.membership_id, person))
        else:
            found.append(Found(invitation, person.membership_id))
    return found


def _chosen(invitations: Sequence[Invitation]) -> dict[UUID, Person]:
    """Who is written to for each invitation, if anybody can be."""
    wrong = _wrong_numbers(invitations)
    of_units = _of_units({each.unit_id for each in invitations if _is_household(each)})
    of_owners = _of_owners({each.owner_id for each in invitations if each.owner_id})
    chosen = {}
    for each in invitations:
        people = of_units[each.unit_id] if _is_household(each) else of_owners[each.owner_id]
        usable = (person for person in people if person.can_be_reached and person.id not in wrong)
        if person := next(usable, None):
            chosen[each.pk] = person
    return chosen


def _is_household(invitation: Invitation) -> bool:
    return invitation.owner_id is None and invitation.membership_id is None


def _wrong_numbers(invitations: Sequence[Invitation]) -> set[UUID]:
    """People of whom a call has shown that their number is somebody else's."""
    ids = [each.pk for each in invitations]
    rows = Interview.objects.filter(invitation_id__in=ids).exclude(wrong_owners=[])
    return {owner for owners in rows.values_list("wrong_owners", flat=True) for owner in owners}


def _of_units(ids: set[Any]) -> defaultdict[Any, list[Person]]:
    """The people of each home, in the order in which they are written to."""
    ties = Ownership.objects.current().filter(unit_id__in=ids)
    rows = ties.values_list("unit_id", "role", *(f"owner__{name}" for name in PERSON))
    ranked = sorted(rows, key=lambda row: (RANK[row[1]], row[2]))
    active = _active({row[-1] for row in ranked})
    people: defaultdict[Any, list[Person]] = defaultdict(list)
    for unit_id, _role, *facts in ranked:
        people[unit_id].append(_person(facts, active))
    return people


def _of_owners(ids: set[Any]) -> defaultdict[Any, list[Person]]:
    rows = list(Owner.objects.filter(id__in=ids).values_list(*PERSON))
    active = _active({row[-1] for row in rows})
    return defaultdict(list, {row[0]: [_person(row, active)] for row in rows})


def _active(membership_ids: set[Any]) -> set[UUID]:
    """Which of these accounts are open."""
    members = Membership.objects.active().filter(id__in=membership_ids - {None})
    return set(members.filter(user__is_active=True).values_list("id", flat=True))


def _person(facts: Sequence[Any], active: set[UUID]) -> Person:
    owner_id, name, phone, email, membership_id = facts
    number = phone if takes_sms(phone) else ""
    return Person(owner_id, name, number, email, membership_id if membership_id in active else None)


def _heard_outside(members: set[UUID]) -> set[UUID]:
    """For whom an e-mail or SMS leaves the house, or who has said that none shall."""
    wishes = wishes_of(members)
    said = {member for member, kind, _channel in wishes if kind == Kind.SURVEY}
    rows = Membership.objects.filter(id__in=members).values_list("id", "user__email", "user__phone")
    return said | {member for member, email, phone in rows if _leaves(wishes, member, email, phone)}


def _leaves(wishes: Mapping[Wish, bool], member: UUID, email: str, phone: str) -> bool:
    ways = {Channel.EMAIL: email, Channel.SMS: phone}
    return any(
        address and is_wanted(wishes, member, Kind.SURVEY, channel)
        for channel, address in ways.items()
    )


def takes_sms(phone: str) -> bool:
    """Whether a stored number is a mobile's. Most are, and are told by their first digits."""
    if not phone or MOBILE_HERE.fullmatch(phone):
        return bool(phone)
    try:
        number = phonenumbers.parse(phone)
    except NumberParseException:
        return False
    return phonenumbers.number_type(number) in MOBILE
