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
from notifications.services.rendering import about, name_on, said_in, text_of
from tenancy.models import Company
from tenancy.services.contrast import light_palette
from tenancy.services.invitations import path_to_password

LONGEST_SUBJECT = 120


def letter_for(delivery: Delivery, *, company: Company, address: str, now: datetime) -> Letter:
    """The whole letter; needs what the delivery carries, its recipient and user loaded."""
    said = said_in(delivery)
    language = language_for(delivery) or company.language or settings.LANGUAGE_CODE
    with override(language):
        text = text_of(said, zone=ZoneInfo(company.zone), now=now)
        context = {
            "text": text,
            "about": about(said),
            "company": company,
            "name": name_on(delivery),
            "has_account": delivery.mailing_id is None,
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


def language_for(delivery: Delivery) -> str:
    """The language that the reader has chosen, if any."""
    said = said_in(delivery)
    return str(said.recipient.user.language if delivery.mailing_id is None else said.language)


def path_for(delivery: Delivery) -> str:
    """Where the letter leads: people without a password who are let in choose one first."""
    if delivery.mailing_id is not None:
        return str(delivery.mailing.secret_path)
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
