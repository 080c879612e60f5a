"""What every channel carries, and the three ways in which it may fail to."""

from dataclasses import dataclass
from typing import Protocol, Self


class Addressee(Protocol):
    """Somebody who can be written to: a person with an account, or who a mailing is for."""

    @property
    def email(self) -> str: ...

    @property
    def phone(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Letter:
    """One message to one address. Its id is the same however often it is tried."""

    message_id: str
    sender: str
    address: str
    subject: str
    text: str
    html: str = ""


class Undeliverable(Exception):
    """It will never arrive: trying again is of no use."""


class Postponed(Exception):
    """It did not arrive this time."""


class Unreachable(Exception):
    """The gateway itself does not answer; the letter is not to blame."""


class Post(Protocol):
    """One way out of the house, open for as long as the `with` block: a gateway of a channel."""

    def __enter__(self) -> Self: ...

    def __exit__(self, *_: object) -> None: ...

    def address_of(self, person: Addressee) -> str:
        """Where a person is reached this way; empty if nowhere."""

    def send(self, letter: Letter) -> None:
        """Hand a letter over, or raise one of the three above."""
