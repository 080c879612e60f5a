"""Letting a person of the archive into the portal."""

import pytest

from owners.models import Owner
from owners.services.access import NoPhone, PhoneTaken, grant_portal_access
from owners.services.archive import create_owner
from tenancy.models import AuditEntry, Membership, User
from tenancy.models.user import phone_index
from tenancy.scope import company_scope
from tests.factories.cast import TUESDAY, Cast

PHONE = "+8617400000042"


def make(cast: Cast, name: str = "曾国强", phone: str = PHONE) -> Owner:
    return create_owner(name=name, phone=phone, by=cast.actor("desk"), now=TUESDAY)


def grant(cast: Cast, owner: Owner) -> Membership:
    return grant_portal_access(owner=owner, by=cast.actor("desk"), now=TUESDAY)


def test_grant_makes_an_account_that_signs_in_by_phone(scoped: Cast) -> None:
    owner = make(scoped)
    membership = grant(scoped, owner)
    user = User.objects.get(phone_index=phone_index(PHONE))
    owner.refresh_from_db()
    assert owner.membership == membership
    assert (membership.user, membership.name, membership.roles) == (user, "曾国强", ["owner"])
    assert (user.phone, user.has_usable_password()) == (PHONE, False)
    assert AuditEntry.objects.get(action="grant_portal_access").subject_id == owner.pk


def test_grant_again_changes_nothing(scoped: Cast) -> None:
    owner = make(scoped)
    assert grant(scoped, owner) == grant(scoped, owner)
    assert AuditEntry.objects.filter(action="grant_portal_access").count() == 1


def test_grant_joins_the_account_of_another_company(jinxiu: Cast, heyue: Cast) -> None:
    users = []
    for cast in (jinxiu, heyue):
        with company_scope(cast.company.pk):
            users.append(grant(cast, make(cast)).user_id)
    assert users[0] == users[1]


def test_grant_to_staff_who_live_here_adds_the_role(scoped: Cast) -> None:
    user = scoped.technician.user
    user.set_phone(PHONE)
    user.save()
    membership = grant(scoped, make(scoped))
    assert (membership, membership.roles) == (scoped.technician, ["owner", "technician"])


def test_grant_to_former_staff_gives_no_old_right_back(scoped: Cast) -> None:
    scoped.technician.user.set_phone(PHONE)
    scoped.technician.user.save()
    scoped.technician.is_active = False
    scoped.technician.save()
    membership = grant(scoped, make(scoped))
    assert (membership.roles, membership.is_active) == (["owner"], True)


def test_grant_without_a_phone_is_refused(scoped: Cast) -> None:
    owner = make(scoped, phone="")
    with pytest.raises(NoPhone):
        grant(scoped, owner)


def test_grant_of_one_phone_to_two_people_is_refused(scoped: Cast) -> None:
    grant(scoped, make(scoped))
    other = make(scoped, name="曾国富")
    with pytest.raises(PhoneTaken):
        grant(scoped, other)
