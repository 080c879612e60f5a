"""A delivery as the letter that leaves the house, in its recipient's language."""

from datetime import datetime
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.text import Truncator
from django.utils.translation import override

from notifications.channels import Letter
from notifications.models import Channel, Delivery, Kind
from notifications.services.rendering import about, text_of
from tenancy.models import Company
from tenancy.services.contrast import light_palette
from tenancy.services.invitations import path_to_password

LONGEST_SUBJECT = 120


def letter_for(delivery: Delivery, *, company: Company, address: str, now: datetime) -> Letter:
    """The whole letter; needs the delivery's notification, recipient and user loaded."""
    notification = delivery.notification
    recipient = notification.recipient
    language = recipient.user.language or company.language or settings.LANGUAGE_CODE
    with override(language):
        text = text_of(notification, zone=ZoneInfo(company.zone), now=now)
        context = {
            "text": text,
            "about": about(notification),
            "company": company,
            "recipient": recipient,
            "link": settings.PUBLIC_URL + path if (path := path_for(delivery)) else "",
            "brand": light_palette(company.colour).brand if company.colour else "#12352e",
            "language": language,
        }
        return Letter(
            message_id=message_id(delivery),
            sender=company.name,
            address=address,
            subject=Truncator(" ".join(text.split())).chars(LONGEST_SUBJECT),
            **bodies(delivery.channel, context),
        )


def path_for(delivery: Delivery) -> str:
    """Where the letter leads: people without a password who are let in choose one first."""
    notification, user = delivery.notification, delivery.notification.recipient.user
    invited = notification.kind == Kind.MEMBERSHIP and not user.has_usable_password()
    if invited and delivery.channel == Channel.EMAIL:
        return path_to_password(user)
    return str(notification.path)


def bodies(channel: str, context: dict[str, object]) -> dict[str, str]:
    """What the channel shows: an SMS is one line, an e-mail comes as text and as HTML."""
    if channel == Channel.SMS:
        return {"text": render_to_string("notifications/letter_sms.txt", context).strip()}
    return {
        "text": render_to_string("notifications/letter.txt", context),
        "html": render_to_string("notifications/letter.html", context),
    }


def message_id(delivery: Delivery) -> str:
    """The same for every attempt, so that a mailbox can tell a repeat."""
    host = urlsplit(settings.PUBLIC_URL).hostname or "localhost"
    return f"<{delivery.id}@{host}>"
