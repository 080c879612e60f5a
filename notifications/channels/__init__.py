"""The ways out of the house, one file each.

A channel is a `Post` (see `letter`): it knows where a person is reached and hands over one
`Letter` at a time. It knows nothing of notifications, retries or companies.
"""

from collections.abc import Callable

from notifications.channels import sms
from notifications.channels.email import EmailPost
from notifications.channels.letter import (
    Addressee,
    Letter,
    Post,
    Postponed,
    Undeliverable,
    Unreachable,
)
from notifications.models import Channel

POSTS: dict[str, Callable[[], Post]] = {Channel.EMAIL: EmailPost, Channel.SMS: sms.sms_post}


def offered() -> list[Channel]:
    """The channels of this installation, for people to choose from."""
    return [channel for channel in Channel if channel != Channel.SMS or sms.is_offered()]


__all__ = [
    "POSTS",
    "Addressee",
    "Letter",
    "Post",
    "Postponed",
    "Undeliverable",
    "Unreachable",
    "offered",
]
