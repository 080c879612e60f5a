"""Sign-in wired to the channel that carries its codes."""

import logging
from email.utils import make_msgid
from typing import Any

from django.utils.translation import gettext as _

from notifications.channels import Letter, Postponed, Undeliverable, Unreachable
from notifications.channels.sms import sms_post
from tenancy.adapters import PeopleAdapter
from tenancy.models import User

log = logging.getLogger(__name__)


class AccountAdapter(PeopleAdapter):
    """allauth's adapter: what the ground floor knows about people, and an SMS from above it."""

    def send_verification_code_sms(self, user: User, phone: str, code: str, **_more: Any) -> None:
        """At once, not through the outbox: the person is waiting, and belongs to no company yet.

        A failure is not told to the visitor: it would tell that the number is known.
        """
        letter = Letter(
            message_id=make_msgid(domain="portal.invalid"),
            sender=_("Owner relations portal"),
            address=phone,
            subject=_("Sign-in code"),
            text=_("Your sign-in code is %(code)s. It is valid for 5 minutes. Tell it to nobody.")
            % {"code": code},
        )
        try:
            with sms_post() as post:
                post.send(letter)
        except (Undeliverable, Postponed, Unreachable) as error:
            log.error("A sign-in code could not be sent: %s", error)
