"""What lies in a member's inbox, read and unread."""

from datetime import datetime

from django.db import transaction

from notifications.models import Notification
from tenancy.models import Membership

# The bell shows no more than this; counting on would read rows that nobody sees counted.
MANY = 100


def unread_count(membership: Membership) -> int:
    """The number on the bell, at most MANY."""
    return int(Notification.objects.visible_to(membership).unread()[:MANY].count())


@transaction.atomic
def mark_read(*, notification: Notification, now: datetime) -> None:
    """Its recipient has read it; the first time counts."""
    Notification.objects.filter(id=notification.id).unread().update(read_at=now)


def mark_read_there(*, membership: Membership, path: str, now: datetime) -> None:
    """The member has opened what the messages lead to: nothing of them is news any more."""
    waiting = Notification.objects.visible_to(membership).unread()
    waiting.filter(path=path).update(read_at=now)  # served by `inbox_unread`


@transaction.atomic
def mark_all_read(*, membership: Membership, now: datetime) -> int:
    """The member has seen everything there is; how much was unread."""
    return int(Notification.objects.visible_to(membership).unread().update(read_at=now))
