"""Sign-in wired to the channel that carries its codes."""

import logging
from email.utils import make_msgid
from typing import Any

from django.utils.translation import gettext as _

from notifications.channels import Letter, Postponed, Undeliverable, Unreachable
from notifications.channels.sms import sms_post
from tenancy.adapters import PeopleAdapter
from tenancy.models import User
from tenancy.services.aside import aside

log = logging.getLogger(__name__)


class AccountAdapter(PeopleAdapter):
    """allauth's adapter: what the ground floor knows about people, and an SMS from above it."""

    def send_verification_code_sms(self, user: User, phone: str, code: str, **_more: Any) -> None:
        """Not through the outbox: the person is waiting, and belongs to no company yet."""
        if self.request.user.is_authenticated:
            text = _("The code that confirms this number is %(code)s. Tell it to nobody.")
            send_aside(phone, _("Confirm your number"), text % {"code": code})
        else:
            text = _("Your sign-in code is %(code)s. It is valid for 5 minutes. Tell it to nobody.")
            send_aside(phone, _("Sign-in code"), text % {"code": code})

    def phone_was_changed(self, user: User, before: str) -> None:
        super().phone_was_changed(user, before)
        text = _(
            "Your account now signs in with another number. If that was not you, call your"
            " property company."
        )
        send_aside(before, _("Your number was changed"), text)


def send_aside(phone: str, subject: str, text: str) -> None:
    """Send an SMS beside the request: a slow gateway would tell that the number is known.

    Neither is a failure told to the visitor.
    """
    letter = Letter(
        message_id=make_msgid(domain="portal.invalid"),
        sender=_("Owner relations portal"),
        address=phone,
        subject=subject,
        text=text,
    )
    aside(lambda: send(letter))


def send(letter: Letter) -> None:
    try:
        with sms_post() as post:
            post.send(letter)
    except (Undeliverable, Postponed, Unreachable) as error:
        log.error("A sign-in code could not be sent: %s", error)
