"""Telephone and identity numbers: one spelling to store, a digest to find, a mask to show."""

import phonenumbers
from django.utils.translation import gettext_lazy as _
from phonenumbers import NumberParseException, PhoneNumberFormat
from stdnum.cn import ric
from stdnum.exceptions import ValidationError as NumberError

from owners.services.folding import fold
from tenancy.fields import blind_index
from tenancy.scope import require_company_id
from tenancy.services.refusal import Refused

HOME = "CN"
TAIL = 4  # digits by which people say who they are
LONGEST_TYPED = 40


class BadPhone(Refused):
    """Not a telephone number."""

    code = "bad_phone"
    sentence = _("This is not a valid telephone number.")


class BadIdNumber(Refused):
    """Not an identity number: a digit is wrong or missing."""

    code = "bad_id_number"
    sentence = _("This is not a valid identity number. Please check its digits.")


def normal_phone(typed: str) -> str:
    """A number as people type it, in E.164, e.g. +8617400000001. Raises BadPhone."""
    try:
        number = phonenumbers.parse(fold(typed[:LONGEST_TYPED]), HOME)
    except NumberParseException as error:
        raise BadPhone from error
    if not phonenumbers.is_valid_number(number):
        raise BadPhone
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)


def normal_id_number(typed: str) -> str:
    """A Chinese identity number, checked down to its last digit. Raises BadIdNumber."""
    try:
        return str(ric.validate(fold(typed[:LONGEST_TYPED]).upper()))
    except NumberError as error:
        raise BadIdNumber from error


def index(value: str) -> str:
    """The digest by which this company finds an encrypted value; nothing for nothing."""
    return blind_index(value, realm=str(require_company_id())) if value else ""


def tail_index(phone: str) -> str:
    """The digest of a telephone number's last four digits."""
    return index(phone[-TAIL:])


def mask_phone(phone: str) -> str:
    """138****0000; numbers of other countries and landlines show their last digits only."""
    if not phone:
        return ""
    try:
        number = phonenumbers.parse(phone, HOME)
    except NumberParseException:
        return "****"
    digits = str(number.national_number)
    if phonenumbers.region_code_for_number(number) == HOME and len(digits) == len("13800000000"):
        return f"{digits[:3]}****{digits[-TAIL:]}"
    return f"+{number.country_code} ****{digits[-TAIL:]}"


def mask_id_number(id_number: str) -> str:
    """110***********1234: the province, and the end that people read out."""
    if not id_number:
        return ""
    return f"{id_number[:3]}{'*' * (len(id_number) - 3 - TAIL)}{id_number[-TAIL:]}"
