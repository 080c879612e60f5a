"""Who belongs to a home: its owners say so themselves, for their family."""

from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from owners.models import Owner, Ownership, OwnershipRole, Unit
from owners.services.access import grant_portal_access
from owners.services.archive import create_owner
from owners.services.naming import squeeze
from owners.services.personal import index, normal_phone
from tenancy.models import Company, Membership, User
from tenancy.models.user import phone_index
from tenancy.scope import require_company_id
from tenancy.services.actor import Actor
from tenancy.services.audit import record
from tenancy.services.limiting import Unreachable, count
from tenancy.services.phones import AccountClosed
from tenancy.services.refusal import Refused

OWNING = (OwnershipRole.OWNER, OwnershipRole.CO_OWNER)
MOST_FAMILY = 12
# Numbers are not to be tried out: whoever mistypes now and then stays below.
MOST_TRIES, TRIES_WINDOW = 10, 24 * 60 * 60


class NotYourHome(Refused):
    """Only who owns a home says who belongs to it."""

    code = "not_your_home"
    sentence = _("Only an owner of this home can do this.")


class HomeLaidAside(Refused):
    """The company no longer looks after the home: nobody new comes in through it."""

    code = "place_laid_aside"
    sentence = _("%(place)s is no longer looked after by us, so nobody can be added to it.")


class HouseholdFull(Refused):
    """More people than live in a flat."""

    code = "household_full"
    sentence = _("At most %(most)s family members per home. For more, please call us.")


class TooManyTries(Refused):
    """Telephone numbers are being tried out, or the counter cannot be reached."""

    code = "too_many_tries"
    sentence = _("You have tried this too often today. Try again tomorrow, or call us.")


class KnownOtherwise(Refused):
    """The number belongs to somebody of another name. Which name, the portal does not say."""

    code = "known_otherwise"
    sentence = _("Name and number do not fit what we have on file. Please check them, or call us.")


class BelongsAlready(Refused):
    """The person has a tie to this home."""

    code = "belongs_already"
    sentence = _("This person belongs to this home already.")


class NotFamily(Refused):
    """Owners and lessees are entered by the company, against papers."""

    code = "not_family"
    sentence = _("Only family members can be removed here. For others, please call us.")


def owned_by(me: Membership) -> QuerySet[Ownership]:
    """The ties by which somebody owns homes."""
    ties: QuerySet[Ownership] = Ownership.objects.current().filter(
        owner__membership_id=me.pk, role__in=OWNING
    )
    return ties


def household_of(me: Membership) -> QuerySet[Ownership]:
    """Everybody in the homes that one owns; where one only lives, oneself."""
    homes = owned_by(me).values("unit_id")
    ties: QuerySet[Ownership] = (
        Ownership.objects.current()
        .filter(Q(unit_id__in=homes) | Q(owner__membership_id=me.pk))
        .select_related("owner", "unit__community", "unit__building")
        .order_by("unit__label", "unit_id", "id")
    )
    return ties


def count_a_try(me: UUID | None) -> None:
    """One more of today's; raises TooManyTries."""
    try:
        times = count(f"household:{me}", window=TRIES_WINDOW).times
    except Unreachable:
        raise TooManyTries from None
    if times > MOST_TRIES:
        raise TooManyTries


@transaction.atomic
def add_family_member(*, unit: Unit, name: str, phone: str, by: Actor, now: datetime) -> Ownership:
    """Let somebody of the family speak for a home; they sign in with a code to that number."""
    make_sure_owns(unit, by)
    if not unit.is_in_use:
        raise HomeLaidAside(place=unit.label)
    count_a_try(by.membership_id)
    # One after the other for each home: the number of people is counted.
    Unit.objects.select_for_update(no_key=True).get(pk=unit.pk)
    here = Ownership.objects.current().filter(unit_id=unit.pk)
    if here.filter(role=OwnershipRole.FAMILY).count() >= MOST_FAMILY:
        raise HouseholdFull(most=MOST_FAMILY)
    person = person_called(name, normal_phone(phone), by, now)
    if here.filter(owner_id=person.pk).exists():
        raise BelongsAlready
    tie = Ownership(unit=unit, owner=person, role=OwnershipRole.FAMILY, since=today(now))
    tie.save(force_insert=True)
    try:
        grant_portal_access(owner=person, by=by, now=now)
    except AccountClosed:
        raise KnownOtherwise from None  # no neighbour learns of it
    record(action="add_family_member", subject=tie, by=by, now=now, unit=str(unit.pk))
    return tie


def person_called(name: str, phone: str, by: Actor, now: datetime) -> Owner:
    """Whoever the archive knows by that number, if the name fits; somebody new otherwise."""
    known = list(
        Owner.objects.filter(phone_index=index(phone)).select_related("membership").order_by("id")
    )
    fitting = [each for each in known if squeeze(each.name) == squeeze(name)]
    if known and not fitting:
        raise KnownOtherwise
    person = next((each for each in fitting if each.membership_id), next(iter(fitting), None))
    if not known and _works_here(phone):
        raise KnownOtherwise
    if person is not None and person.membership is not None and not person.membership.is_active:
        raise KnownOtherwise  # whom the company has shut out, no neighbour lets in again
    return person or create_owner(name=name, phone=phone, by=by, now=now)


def _works_here(phone: str) -> bool:
    """Whether the number signs in here already, as staff: the company itself makes them owners."""
    users = User.objects.filter(phone_index=phone_index(phone)).values_list("id", flat=True)
    return bool(Membership.objects.filter(user_id__in=list(users)).exists())


@transaction.atomic
def end_family_tie(*, tie: Ownership, by: Actor, now: datetime) -> Ownership:
    """Somebody of the family no longer belongs to the home, from this moment on."""
    row: Ownership = (
        Ownership.objects.select_for_update(of=("self",), no_key=True)
        .select_related("unit")
        .get(pk=tie.pk)
    )
    make_sure_owns(row.unit, by)
    if row.role != OwnershipRole.FAMILY:
        raise NotFamily
    if row.until is None:
        day = today(now)
        row.until = max(day, row.since or day)
        row.save(update_fields=["until"])
        record(action="end_family_tie", subject=row, by=by, now=now, unit=str(row.unit_id))
    return row


def make_sure_owns(unit: Unit, by: Actor) -> None:
    """Raises NotYourHome for family members, lessees, staff and the machine."""
    me = by.membership
    if me is None or not owned_by(me).filter(unit_id=unit.pk).exists():
        raise NotYourHome


def today(now: datetime) -> date:
    """The date in the company's zone."""
    zone = Company.objects.values_list("zone", flat=True).get(pk=require_company_id())
    return now.astimezone(ZoneInfo(zone)).date()
