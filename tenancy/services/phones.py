"""The telephone numbers by which people sign in."""

import unicodedata

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberFormat

from tenancy.models import User
from tenancy.models.user import phone_index

HOME = "CN"
LONGEST_TYPED = 40


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


def user_of_phone(typed: str) -> User | None:
    """The active person who signs in with that number; what is no number belongs to nobody."""
    index = phone_index(normal_phone(typed))
    return User.objects.filter(phone_index=index, is_active=True).first()
