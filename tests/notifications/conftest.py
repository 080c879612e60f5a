"""A mail server that can be told to refuse, and something to tell people."""

import socket
from collections.abc import Iterator
from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any
from uuid import UUID

import pytest
from aiosmtpd.controller import Controller

from notifications.models import Delivery, Kind, Notification
from notifications.services.telling import Telling, tell_many
from tenancy.scope import company_scope
from tenancy.services.clock import database_now
from tests.factories.cast import Cast


class MailServer:
    """A real SMTP server on the loopback; what it accepted, and what it answers to whom."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.recipients: list[str] = []
        # Address -> the answer to RCPT TO.
        self.answers: dict[str, str] = {}
        # The answer to everybody's DATA, and what is done before it is given.
        self.answer_to_data = "250 OK"
        self.before_answering: Any = lambda: None
        self.connections = 0
        self.transport: Any = None
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.controller: Controller | None = None

    async def handle_EHLO(  # noqa: N802 - aiosmtpd's name
        self, server: Any, session: Any, envelope: Any, hostname: str, responses: list[str]
    ) -> list[str]:
        self.connections += 1
        self.transport = server.transport
        session.host_name = hostname
        return responses

    async def handle_RCPT(  # noqa: N802
        self, server: Any, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        answer = self.answers.get(address, "250 OK")
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        if self.answer_to_data.startswith("250"):
            mail = message_from_bytes(envelope.content, EmailMessage, policy=policy.default)
            self.mails.append(mail)
            self.recipients.extend(envelope.rcpt_tos)
        self.before_answering()
        return self.answer_to_data

    def start(self) -> None:
        self.controller = Controller(self, hostname="127.0.0.1", port=self.port)
        self.controller.start()

    def stop(self) -> None:
        if self.controller is not None:
            self.controller.stop()
            self.controller = None

    def hang_up(self) -> None:
        """Drop the client without a word."""
        self.transport.abort()

    @property
    def ids(self) -> list[str]:
        return [str(mail["Message-ID"]) for mail in self.mails]


@pytest.fixture
def mail_server(settings: Any) -> Iterator[MailServer]:
    server = MailServer()
    server.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
    settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    yield server
    server.stop()


def telling(*recipients: UUID, key: str = "a", **more: Any) -> Telling:
    facts: dict[str, Any] = {
        "kind": Kind.ASSIGNED,
        "message": "%(number)s was handed to you: %(title)s",
        "params": {"number": "261122-0007", "title": "电梯又停了"},
        "path": "/jinxiu/tickets/7/",
        "dedupe_key": key,
        **more,
    }
    return Telling(recipients, **facts)


def tell_cast(cast: Cast, *roles: str, age: timedelta = timedelta(0), **more: Any) -> None:
    """Tell members of a company something, some time ago by the database's clock."""
    with company_scope(cast.company.pk):
        told = telling(*(cast.members[role].pk for role in roles), **more)
        tell_many([told], now=database_now() - age)


def delivery_of(cast: Cast, role: str, channel: str = "email") -> Delivery:
    with company_scope(cast.company.pk):
        row: Delivery = Delivery.objects.select_related("notification__recipient__user").get(
            notification__recipient=cast.members[role], channel=channel
        )
    return row


def notification_of(cast: Cast, role: str) -> Notification:
    with company_scope(cast.company.pk):
        row: Notification = Notification.objects.get(recipient=cast.members[role])
    return row
