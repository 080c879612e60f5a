"""One company's turn in a pass of the relay: claim a few deliveries, send them, settle each."""

import logging
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from datetime import datetime, timedelta
from typing import Any

from django.db.models import F
from django.utils.translation import gettext_noop

from notifications.channels import POSTS, Post, Postponed, Undeliverable, Unreachable
from notifications.models import Channel, Delivery, DeliveryState
from notifications.services.letters import letter_for
from tenancy.models import Company
from tenancy.scope import company_scope

logger = logging.getLogger(__name__)

# How many deliveries were sent, postponed, dead and dropped.
Tally = Counter[str]

# After the first failure, the second …; the last of these is used for all that follow.
BACK_OFF = [timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 240)]
MAX_ATTEMPTS = 8
# A gateway that does not answer is asked again this soon, and costs no attempt.
GATEWAY_BACK_OFF = timedelta(minutes=1)
# News older than this is of no use outside the inbox any more.
TOO_LATE = timedelta(hours=48)
TOO_LATE_TEXT = gettext_noop("Not delivered within 48 hours.")
HIDDEN = "****"
BY_EMAIL_INSTEAD = gettext_noop("Sent by e-mail instead.")
# How long a claim holds, and how much of it may pass before another letter is begun.
CLAIM = timedelta(minutes=3)
PATIENCE = timedelta(minutes=1)


class Batch:
    """A company's turn. `shut` names the channels whose gateway does not answer in this pass."""

    def __init__(
        self,
        company: Company,
        clock: Callable[[], datetime],
        shut: set[str],
        stop: Callable[[], bool],
    ) -> None:
        self.company, self.clock, self.shut, self.stop = company, clock, shut, stop
        self.posts: dict[str, Post] = {}
        self.open_posts = ExitStack()

    def relay(self, size: int, tally: Tally) -> int:
        """Claim up to `size` deliveries and see to each of them; how many there were."""
        with company_scope(self.company.id):
            claimed_at = self.clock()
            claimed = claim(claimed_at, size, self.shut)
        with self.open_posts:
            for delivery in claimed:
                self._see_to(delivery, claimed_at, tally)
        return len(claimed)

    def _post(self, channel: str) -> Post:
        """The gateway of a channel, one connection for the whole turn."""
        if channel not in self.posts:
            self.posts[channel] = self.open_posts.enter_context(POSTS[channel]())
        return self.posts[channel]

    def _see_to(self, delivery: Delivery, claimed_at: datetime, tally: Tally) -> None:
        """Send one delivery if there still is the time to, and write down what came of it."""
        now = self.clock()
        if delivery.channel in self.shut:
            settle_in(self.company, delivery, put_back(claimed_at + GATEWAY_BACK_OFF))
            tally["postponed"] += 1
        elif self.stop() or now > claimed_at + PATIENCE:
            settle_in(self.company, delivery, put_back(now))
        else:
            what, changes = self._attempt(delivery, now)
            settle_in(self.company, delivery, changes)
            if what == "dead" and delivery.mailing_id is not None:
                send_by_email_instead(self.company, delivery, now)
            tally[what] += 1

    def _attempt(self, delivery: Delivery, now: datetime) -> tuple[str, dict[str, Any] | None]:
        """Send one delivery: what came of it, and what its row says from now on (None: gone)."""
        try:
            if now - delivery.created_at > TOO_LATE:
                raise Undeliverable(TOO_LATE_TEXT)
            if not self._send(delivery, now):
                return "dropped", None
        except Undeliverable as error:
            return "dead", given_up(error)
        except Unreachable as error:
            self.shut.add(delivery.channel)
            logger.warning("The gateway for %s does not answer: %s", delivery.channel, error)
            return "postponed", put_back(now + GATEWAY_BACK_OFF, error)
        except Exception as error:
            if not isinstance(error, Postponed):
                # A fault of ours about this one letter: it must not hold up the others.
                logger.exception("Delivery %s could not be sent", delivery.id)
            return postponed(delivery, error, now)
        return "sent", {"state": DeliveryState.SENT, "sent_at": now, **nothing_to_do("")}

    def _send(self, delivery: Delivery, now: datetime) -> bool:
        """Hand one delivery to its gateway; False if its recipient is not reached that way."""
        post = self._post(delivery.channel)
        address = address_for(delivery, post)
        if not address:
            return False
        letter = letter_for(delivery, company=self.company, address=address, now=now)
        try:
            post.send(letter)
        except (Undeliverable, Postponed) as refused:
            if delivery.mailing_id is None:
                raise
            # Gateways repeat the address, which of a mailing is nowhere else in clear.
            raise type(refused)(str(refused).replace(address, HIDDEN)) from None
        return True


def address_for(delivery: Delivery, post: Post) -> str:
    """Where a delivery goes; nowhere if its recipient has left or has no such address."""
    if delivery.mailing_id is not None:
        return post.address_of(delivery.mailing)
    recipient = delivery.notification.recipient
    if not (recipient.is_active and recipient.user.is_active):
        return ""
    return post.address_of(recipient.user)


def claim(now: datetime, size: int, shut: set[str]) -> list[Delivery]:
    """Take the deliveries that have waited longest, for as long as a claim holds."""
    due = Delivery.objects.due(now).exclude(channel__in=shut).order_by("next_attempt_at", "id")
    ids = list(due.select_for_update(skip_locked=True).values_list("id", flat=True)[:size])
    mine = Delivery.objects.filter(id__in=ids)
    mine.update(attempts=F("attempts") + 1, next_attempt_at=now + CLAIM)
    whole = mine.select_related("notification__recipient__user", "mailing")
    return list(whole.order_by("created_at", "id"))


def settle_in(company: Company, delivery: Delivery, changes: dict[str, Any] | None) -> None:
    """Write down what came of a claimed delivery, unless the claim ran out and it went on."""
    with company_scope(company.id):
        mine = Delivery.objects.filter(
            id=delivery.id, state=DeliveryState.WAITING, attempts=delivery.attempts
        )
        if changes is None:
            mine.delete()
        else:
            mine.update(**changes)


def send_by_email_instead(company: Company, delivery: Delivery, now: datetime) -> None:
    """A mailing to a dead number goes to the e-mail address, if there is one."""
    if delivery.channel != Channel.SMS or not delivery.mailing.email:
        return
    with company_scope(company.id):
        changes = {"state": DeliveryState.SETTLED, "settled_because": BY_EMAIL_INSTEAD}
        if not Delivery.objects.filter(id=delivery.id).dead().update(**changes):
            return
        again = Delivery(
            mailing_id=delivery.mailing_id,
            channel=Channel.EMAIL,
            next_attempt_at=now,
            created_at=now,
        )
        Delivery.objects.bulk_create([again], ignore_conflicts=True)


def postponed(delivery: Delivery, error: Exception, now: datetime) -> tuple[str, dict[str, Any]]:
    """It failed this time: later again, or never if that was the last attempt."""
    if delivery.attempts >= MAX_ATTEMPTS:
        return "dead", given_up(error)
    wait = BACK_OFF[min(delivery.attempts, len(BACK_OFF)) - 1]
    return "postponed", {"next_attempt_at": now + wait, "last_error": reason(error)}


def given_up(error: Exception) -> dict[str, Any]:
    return {"state": DeliveryState.DEAD, **nothing_to_do(reason(error))}


def nothing_to_do(last_error: str) -> dict[str, Any]:
    return {"next_attempt_at": None, "last_error": last_error}


def put_back(moment: datetime, error: Exception | None = None) -> dict[str, Any]:
    """Undo a claim: the attempt does not count."""
    changes: dict[str, Any] = {"attempts": F("attempts") - 1, "next_attempt_at": moment}
    return changes if error is None else {**changes, "last_error": reason(error)}


def reason(error: Exception) -> str:
    """What an admin reads on the dead-letter page."""
    text = str(error) or type(error).__name__
    return text.replace("\x00", "")[:300]
