"""The telephone numbers by which people sign in, and whose they are."""

import unicodedata

import phonenumbers
from django.db import connection
from django.utils.translation import gettext_lazy as _
from phonenumbers import NumberParseException, PhoneNumberFormat

from tenancy.models import User
from tenancy.models.user import phone_index
from tenancy.services.refusal import Refused

HOME = "CN"
LONGEST_TYPED = 40


class AccountClosed(Refused):
    """Whose account the platform has closed is let in by no company."""

    code = "account_closed"
    sentence = _(
        "This account has been closed. Ask the operator of the platform, or give another number or"
        " address."
    )


def normal_phone(typed: str) -> str:
    """A number as people type it, in E.164, e.g. +8613800000000; empty if it is none."""
    folded = unicodedata.normalize("NFKC", typed[:LONGEST_TYPED])
    try:
        number = phonenumbers.parse(folded, HOME)
    except NumberParseException:
        return ""
    if not phonenumbers.is_valid_number(number):
        return ""
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)


def spelt_phone(phone: str) -> str:
    """A number as people here write it, e.g. 138 0000 0000; what is none stays as it is."""
    try:
        number = phonenumbers.parse(phone, HOME)
    except NumberParseException:
        return phone
    here = phonenumbers.region_code_for_number(number) == HOME
    style = PhoneNumberFormat.NATIONAL if here else PhoneNumberFormat.INTERNATIONAL
    return phonenumbers.format_number(number, style)


def user_of_phone(typed: str) -> User | None:
    """The active person who signs in with that number; what is no number belongs to nobody."""
    index = phone_index(normal_phone(typed))
    return User.objects.filter(phone_index=index, is_active=True).first()


def other_user_of_phone(phone: str, user: User) -> User | None:
    """Who else has this number; also when their account is closed, for it may be opened again."""
    return User.objects.filter(phone_index=phone_index(phone)).exclude(pk=user.pk).first()


def claim_address(address: str) -> None:
    """Until the transaction ends nobody else gives an account this address or number.

    People belong to no company, so two companies can have the same person in mind at once.
    """
    with connection.cursor() as cursor:
        key = f"account {address}"
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [key])
