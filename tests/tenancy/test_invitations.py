"""One address is one account, whoever invites the person, and whenever."""

import threading

import pytest
from django.db import connection, transaction

from owners.services.access import grant_portal_access
from owners.services.archive import create_owner
from tenancy.models import User
from tenancy.services.invitations import by_phone
from tenancy.services.members import companies_of
from tenancy.services.phones import AccountClosed
from tests.conftest import SignIn
from tests.factories.cast import TUESDAY, Cast
from tests.tenancy.test_staffing import MAIL, invite, wait_for_waiting


@pytest.mark.django_db(transaction=True)
def test_two_companies_that_invite_the_same_person_at_once_make_one_account(
    jinxiu: Cast, heyue: Cast, sign_in: SignIn
) -> None:
    said = {"name": "李雷", "address": MAIL, "roles": ["desk"]}
    answers: list[int] = []

    def send(cast: Cast) -> None:
        address = f"/{cast.company.slug}/settings/members/new/"
        answers.append(sign_in(cast.admin).post(address, said).status_code)
        connection.close()

    clicks = [threading.Thread(target=send, args=[cast]) for cast in (jinxiu, heyue)]
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("LOCK TABLE tenancy_membership IN SHARE MODE")
        for thread in clicks:
            thread.start()
        wait_for_waiting(2)
    for thread in clicks:
        thread.join(20)
    assert answers == [302, 302]
    assert [row.slug for row in companies_of(User.objects.get(email=MAIL))] == ["heyue", "jinxiu"]


def test_whose_account_is_closed_is_not_invited_by_number(scoped: Cast) -> None:
    phone = "+8613900000009"
    User.objects.filter(pk=by_phone(phone, "韩梅梅").pk).update(is_active=False)
    with pytest.raises(AccountClosed):
        invite(scoped, email="", phone=phone)
    person = create_owner(name="韩梅梅", phone=phone, by=scoped.actor("desk"), now=TUESDAY)
    with pytest.raises(AccountClosed):
        grant_portal_access(owner=person, by=scoped.actor("desk"), now=TUESDAY)


def test_whose_account_is_closed_is_not_invited_by_address(scoped: Cast) -> None:
    User.objects.create_user("closed", "closed@example.com", is_active=False)
    with pytest.raises(AccountClosed):
        invite(scoped, email="Closed@example.com")
    assert User.objects.filter(email="closed@example.com").count() == 1


def test_an_address_is_kept_in_small_letters_and_found_by_an_index(scoped: Cast) -> None:
    User.objects.create_user("olga", "Olga@Example.COM")
    assert User.objects.get(username="olga").email == "olga@example.com"
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")  # a handful of rows is read at once
    assert "user_by_email" in User.objects.filter(email="olga@example.com").explain()
