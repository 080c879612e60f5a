"""E-mail by SMTP (or whatever EMAIL_URL names), one connection for a whole batch."""

from email.utils import formataddr, parseaddr
from smtplib import (
    SMTPException,
    SMTPNotSupportedError,
    SMTPRecipientsRefused,
    SMTPResponseException,
)
from typing import Any, Self

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection

from notifications.channels.letter import Addressee, Letter, Postponed, Undeliverable, Unreachable

# From here on a reply of an SMTP server means "never"; below it means "not now".
PERMANENT = 500
# The server's last word before it hangs up.
HANGING_UP = 421


class EmailPost:
    """A connection to the mail server, opened by the first letter."""

    def __init__(self) -> None:
        self._connection: Any = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._hang_up()

    def address_of(self, person: Addressee) -> str:
        return str(person.email)

    def send(self, letter: Letter) -> None:
        connection = self._connected()
        try:
            connection.send_messages([envelope(letter)])
        except SMTPRecipientsRefused as refused:
            raise answered(*next(iter(refused.recipients.values()))) from refused
        except SMTPResponseException as refused:
            if refused.smtp_code == HANGING_UP:
                self._hang_up()
            raise answered(refused.smtp_code, refused.smtp_error) from refused
        except (SMTPNotSupportedError, ValueError) as error:
            # An address or a header that cannot be written down.
            raise Undeliverable(str(error)) from error
        except (SMTPException, OSError) as error:
            # Cut off in the middle: the next letter gets a new connection.
            self._hang_up()
            raise Postponed(described(error)) from error

    def _connected(self) -> Any:
        if self._connection is None:
            connection = get_connection()
            try:
                connection.open()
            except (SMTPException, OSError) as error:
                raise Unreachable(described(error)) from error
            self._connection = connection
        return self._connection

    def _hang_up(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()


def envelope(letter: Letter) -> EmailMultiAlternatives:
    """The letter as an e-mail that no autoresponder answers."""
    mail = EmailMultiAlternatives(
        subject=letter.subject,
        body=letter.text,
        from_email=formataddr((letter.sender, parseaddr(settings.DEFAULT_FROM_EMAIL)[1])),
        to=[letter.address],
        headers={"Message-ID": letter.message_id, "Auto-Submitted": "auto-generated"},
    )
    if letter.html:
        mail.attach_alternative(letter.html, "text/html")
    return mail


def answered(code: int, answer: bytes | str) -> Undeliverable | Postponed:
    """What a refusing reply of the server means for the letter."""
    text = answer.decode(errors="replace") if isinstance(answer, bytes) else answer
    kind = Undeliverable if code >= PERMANENT else Postponed
    return kind(f"{code} {text}")


def described(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"
