"""The demo's mailbox: what its own mail server received, as files in a maildir."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from pathlib import Path

from notifications.channels.sms import DOMAIN


@dataclass(frozen=True, slots=True)
class Mail:
    """An e-mail or SMS that the demo sent to somebody."""

    recipient: str
    subject: str
    text: str
    received_at: datetime
    is_sms: bool


def newest_mails(directory: Path, *, count: int) -> list[Mail]:
    """The last mails received, newest first; none if nothing was ever received."""
    found = sorted(received(directory), reverse=True)[:count]
    return [read(path, datetime.fromtimestamp(at / 1e9, UTC)) for at, path in found]


def received(directory: Path) -> Iterator[tuple[int, Path]]:
    """Every mail with the moment it came, in nanoseconds."""
    for part in ("new", "cur"):
        for path in (directory / part).glob("*"):
            yield path.stat().st_mtime_ns, path


def read(path: Path, received_at: datetime) -> Mail:
    """One mail as a person reads it."""
    message: EmailMessage = BytesParser(EmailMessage, policy=policy.default).parsebytes(
        path.read_bytes()
    )
    recipient = str(message["To"] or "")
    body = message.get_body(("plain", "html"))
    return Mail(
        recipient=recipient.removesuffix(f"@{DOMAIN}"),
        subject=str(message["Subject"] or "").strip(),
        text=body.get_content().strip() if body else "",
        received_at=received_at,
        is_sms=recipient.endswith(f"@{DOMAIN}"),
    )
