"""How somebody who is to work here gets an account, and the way into it.

One address makes an account, never two: whoever reads its mail or answers its phone is the person,
and a second address that somebody else typed in would let a stranger in.
"""

import secrets

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.contrib.auth.hashers import make_password
from django.urls import reverse

from tenancy.models import User
from tenancy.models.user import phone_index
from tenancy.services.phones import AccountClosed, claim_address


def person_of(*, email: str, phone: str, name: str) -> User:
    """The account of an address, made if there is none. Nobody is told which of the two it was.

    Call it in a transaction: whoever has the same person in mind at once waits for its end.
    """
    return by_phone(phone, name) if phone else by_email(email.lower(), name)


def by_phone(phone: str, name: str) -> User:
    account = {
        "username": f"m-{secrets.token_hex(8)}",
        "name": name,
        "phone": phone,
        "password": make_password(None),  # no password fits
    }
    user, _made = User.objects.get_or_create(phone_index=phone_index(phone), defaults=account)
    if not user.is_active:
        raise AccountClosed
    return user


def by_email(email: str, name: str) -> User:
    claim_address(email)
    accounts = User.objects.filter(email=email).order_by("-is_active", "date_joined", "pk")
    if known := accounts.first():
        if not known.is_active:
            raise AccountClosed
        return known
    taken = User.objects.filter(username=email).exists()
    username = f"{email[:140]}-{secrets.token_hex(4)}" if taken else email[:150]
    return User.objects.create(
        username=username, name=name, email=email, password=make_password(None)
    )


def path_to_password(user: User) -> str:
    """Where somebody who reads their own mail chooses a password. Valid once, for three days.

    Made when the letter leaves, so that it is kept nowhere.
    """
    key = {"uidb36": user_pk_to_url_str(user), "key": default_token_generator.make_token(user)}
    return reverse("account_reset_password_from_key", kwargs=key)
