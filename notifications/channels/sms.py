"""SMS, by the gateway that SMS_URL names.

`mail://` hands each SMS to the mail server as <phone>@sms.invalid, for the demo and for gateways
that take mail. `off://` has none. Another gateway is another class here with the same three
methods, put into GATEWAYS under the scheme of its URL.
"""

from dataclasses import replace
from typing import Self
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext_noop

from notifications.channels.email import EmailPost
from notifications.channels.letter import (
    Addressee,
    Letter,
    Post,
    Postponed,
    Undeliverable,
    Unreachable,
)

DOMAIN = "sms.invalid"
HIDDEN = "****"


class MailedSms(EmailPost):
    """SMS as mail: text only, to the phone number at a domain that exists nowhere."""

    def address_of(self, person: Addressee) -> str:
        return str(person.phone)

    def send(self, letter: Letter) -> None:
        try:
            super().send(replace(letter, address=f"{letter.address}@{DOMAIN}", html=""))
        except (Undeliverable, Postponed) as refused:
            # Servers repeat the address; what they say is logged and shown, the number is not.
            raise type(refused)(str(refused).replace(letter.address, HIDDEN)) from None


class NoSms:
    """No gateway: an SMS is refused for good."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Nothing was opened."""

    def address_of(self, person: Addressee) -> str:
        return str(person.phone)

    def send(self, letter: Letter) -> None:
        raise Undeliverable(gettext_noop("This installation sends no SMS."))


class UnknownGateway(NoSms):
    """A gateway that does not exist: letters wait until SMS_URL is put right."""

    def send(self, letter: Letter) -> None:
        raise Unreachable(gettext_noop("SMS_URL names no gateway that exists."))


GATEWAYS: dict[str, type[Post]] = {"mail": MailedSms, "off": NoSms}


def is_offered() -> bool:
    """Whether this installation sends SMS at all."""
    return urlsplit(settings.SMS_URL).scheme != "off"


def sms_post() -> Post:
    """The gateway of this installation."""
    return GATEWAYS.get(urlsplit(settings.SMS_URL).scheme, UnknownGateway)()
