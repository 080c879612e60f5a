"""What people of the demo world have been told lately: the last days of every inbox."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from complaints.models import Ticket
from complaints.services.enforcement_batch import Surroundings
from complaints.services.enforcement_rows import Taken, news_of
from notifications.models import Channel, Delivery, DeliveryState, Kind, Notification
from notifications.services.telling import Telling, plain
from tenancy.models import Membership

if TYPE_CHECKING:
    from reports.services.demo.life import Life

KEPT_FOR = timedelta(days=5)
READ_AFTER = timedelta(hours=20)
UNREACHABLE = 2  # so many e-mails could not be delivered


class Inbox:
    """Collects the news of tickets as they live."""

    def __init__(self, around: Surroundings, now: datetime) -> None:
        self.around, self.now = around, now
        self.lines: list[Notification] = []

    def received(self, life: "Life", at: datetime, promised: Mapping[str, str]) -> None:
        due_at = promised.get("callback") or promised.get("acceptance")
        message = "We have received %(number)s. You will hear from us by %(due_at)s."
        self._owner(life, at, message, "filed", due_at=due_at)

    def accepted(self, life: "Life", at: datetime) -> None:
        key = f"accepted:{life.ticket.cycle}"
        self._owner(life, at, "%(number)s is in hand.", key)

    def paused(self, life: "Life", at: datetime) -> None:
        message = "%(number)s has to wait; the reason is on its page."
        self._owner(life, at, message, f"paused:{at.isoformat()}")

    def resolved(self, life: "Life", at: datetime) -> None:
        message = "%(number)s is done. Please tell us whether it is fixed."
        self._owner(life, at, message, f"resolved:{life.ticket.cycle}")

    def assigned(self, life: "Life", at: datetime, assignee: Membership) -> None:
        message = "%(number)s was handed to you: %(title)s"
        key = f"assigned:{at.isoformat()}"
        self._tell(life.ticket, [assignee.id], Kind.ASSIGNED, message, key, at)

    def urged(self, life: "Life", at: datetime, told: Sequence[UUID]) -> None:
        message = "The owner urges %(number)s: %(title)s"
        self._tell(life.ticket, told, Kind.URGED, message, f"urged:{at.isoformat()}", at)

    def raised(self, life: "Life", at: datetime, told: Sequence[UUID], reason: str) -> None:
        message = "The owner of %(number)s is not content: %(reason)s"
        key = f"raised:{life.ticket.cycle}"
        self._tell(life.ticket, told, Kind.RATING, message, key, at, reason=reason)

    def escalated(self, at: datetime, item: Taken, level: int) -> None:
        path = self.around.path_of(item.deadline.ticket_id)
        self._put(news_of(item, level, path), at)

    def save(self) -> None:
        """Write the lines and what became of them on their way out."""
        Notification.objects.bulk_create(self.lines, batch_size=1000)
        Delivery.objects.bulk_create(
            [self._delivery(line, number) for number, line in enumerate(reversed(self.lines))],
            batch_size=1000,
        )

    def _delivery(self, line: Notification, number: int) -> Delivery:
        sent = Delivery(
            notification=line,
            channel=Channel.EMAIL,
            state=DeliveryState.SENT,
            attempts=1,
            created_at=line.created_at,
            sent_at=min(line.created_at + timedelta(seconds=7), self.now),
        )
        if number < UNREACHABLE:
            sent.state, sent.sent_at, sent.attempts = DeliveryState.DEAD, None, 8
            sent.last_error = "550 5.1.1 mailbox unavailable"
        return sent

    def _owner(self, life: "Life", at: datetime, message: str, key: str, **more: object) -> None:
        owner = life.ticket.owner
        if owner is not None and owner.membership_id is not None:
            self._tell(life.ticket, [owner.membership_id], Kind.PROGRESS, message, key, at, **more)

    def _tell(
        self,
        ticket: Ticket,
        told: Sequence[UUID],
        kind: Kind,
        message: str,
        key: str,
        at: datetime,
        **more: object,
    ) -> None:
        self._put(
            Telling(
                recipients=tuple(told),
                kind=kind,
                message=message,
                params={"number": ticket.number, "title": ticket.title, **more},
                path=self.around.path_of(ticket.pk),
                dedupe_key=f"{ticket.pk}:{key}",
            ),
            at,
        )

    def _put(self, telling: Telling, at: datetime) -> None:
        if at < self.now - KEPT_FOR:
            return
        read_at = at + READ_AFTER if at + READ_AFTER < self.now else None
        params = {name: plain(value) for name, value in telling.params.items()}
        self.lines += [
            Notification(
                recipient_id=recipient,
                kind=telling.kind,
                message=telling.message,
                params=params,
                path=telling.path,
                dedupe_key=telling.dedupe_key,
                created_at=at,
                read_at=read_at,
            )
            for recipient in dict.fromkeys(telling.recipients)
        ]
