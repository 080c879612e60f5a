"""A year of tickets of one company: told one by one, numbered in order, saved together."""

import io
import random
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.core.files.base import ContentFile
from PIL import Image, ImageDraw

from complaints.models import (
    Attachment,
    Callback,
    CallbackRating,
    Category,
    Deadline,
    Escalation,
    EventKind,
    Kind,
    Pause,
    Rating,
    Source,
    Ticket,
    TicketEvent,
    Urgency,
)
from complaints.services.attaching import prepare
from complaints.services.enforcement_batch import Surroundings
from owners.models import Owner, Unit
from owners.services.folding import fold
from reports.services.demo.company import CROWD_SEED, Blueprint
from reports.services.demo.estate import Houses
from reports.services.demo.inbox import Inbox
from reports.services.demo.life import Life
from reports.services.demo.scenes import Scene, Stage
from reports.services.demo.staff import Staff
from reports.services.demo.story import Habits, Story, draw
from reports.services.demo.texts import Matter, matters
from tenancy.calendar import is_open, next_opening
from tenancy.models import Counter, Membership
from tenancy.models.base import uuid7

KINDS = {
    Kind.COMPLAINT: 52,
    Kind.REPAIR: 30,
    Kind.ENQUIRY: 7,
    Kind.PRAISE: 6,
    Kind.SUGGESTION: 5,
}
# How many of a day's tickets come in each hour: morning and evening, few at night.
HOURS = (1, 0, 0, 0, 0, 1, 3, 7, 12, 14, 12, 8, 5, 6, 8, 8, 7, 7, 9, 11, 10, 7, 4, 2)
BATCH = 1000


@dataclass
class Opening:
    """A ticket about to be told."""

    ticket: Ticket
    habits: Habits
    solution: str
    photo: bool = False


class Chronicle:
    """Writes the history of one company."""

    def __init__(self, blueprint: Blueprint, houses: Houses, staff: Staff, now: datetime) -> None:
        self.blueprint, self.houses, self.staff, self.now = blueprint, houses, staff, now
        self.rng = random.Random(CROWD_SEED + blueprint.block)  # noqa: S311  the same every time
        # As of then: whoever is on leave today was at work when all this happened.
        self.around = Surroundings(now=now - timedelta(days=366))
        self.inbox = Inbox(self.around, now)
        self.zone = ZoneInfo(self.around.clockwork.times.zone)
        self.categories = list(
            Category.objects.select_related("department").order_by("position", "id")
        )
        self.attachments: list[Attachment] = []

    def write(self, account: Membership) -> int:
        """Tell everything and save it; how many tickets there are."""
        openings = [*self._ordinary(), *self._staged(), *self._of_account(account)]
        openings.sort(key=lambda each: each.ticket.created_at)
        self._number([each.ticket for each in openings])
        lives = [self._tell(each) for each in openings]
        self._save(lives)
        self.inbox.save()
        return len(lives)

    # --- what begins ---

    def _ordinary(self) -> Iterator[Opening]:
        """A year of ordinary days."""
        by_kind = {kind: [row for row in self.categories if row.kind == kind] for kind in KINDS}
        for _ in range(self.blueprint.tickets):
            kind = self.rng.choices(list(KINDS), list(KINDS.values()))[0]
            weights = [1 if row.urgency == Urgency.EMERGENCY else 4 for row in by_kind[kind]]
            category = self.rng.choices(by_kind[kind], weights)[0]
            urgency = category.urgency
            if urgency == Urgency.NORMAL and self.rng.random() < 0.06:
                urgency = Urgency.URGENT
            yield self._open(category, urgency, self._some_time(), draw(self.rng))

    def _some_time(self) -> datetime:
        """A moment of the past year, when people are awake."""
        local = (self.now - timedelta(days=self.rng.randrange(365))).astimezone(self.zone)
        hour = self.rng.choices(range(24), HOURS)[0]
        moment = local.replace(
            hour=hour, minute=self.rng.randrange(60), second=self.rng.randrange(60), microsecond=0
        )
        return moment if moment < self.now else moment - timedelta(days=1)

    def _staged(self) -> Iterator[Opening]:
        stage = Stage(self.around.clockwork, self.categories, self.now, self.rng)
        for scene in stage.all(self.blueprint.scenes):
            yield self._set(scene, None)

    def _of_account(self, account: Membership) -> Iterator[Opening]:
        stage = Stage(self.around.clockwork, self.categories, self.now, self.rng)
        speaker = next(pair for pair in self.houses.tenants if pair[0].membership == account)
        for scene in stage.of_the_account():
            yield self._set(scene, speaker)
        near = (pair for pair in self.houses.tenants if pair[1].building == speaker[1].building)
        for pair in [each for each in near if each[0] != speaker[0]][:1]:
            yield self._set(stage.of_the_neighbour(), pair)

    def _set(self, scene: Scene, speaker: tuple[Owner, Unit] | None) -> Opening:
        opening = self._open(
            scene.category, scene.category.urgency, scene.created_at, scene.habits, speaker, True
        )
        opening.photo = scene.photo
        return opening

    def _open(
        self,
        category: Category,
        urgency: str,
        at: datetime,
        habits: Habits,
        speaker: tuple[Owner, Unit] | None = None,
        exact: bool = False,
    ) -> Opening:
        """A ticket that somebody is about to file."""
        owner, unit = speaker or self.rng.choice(self.houses.tenants)
        matter: Matter = self.rng.choice(matters()[category.name])
        anonymous = not exact and self.rng.random() < 0.03
        at, source = self._source(at, owner, has_account=not anonymous, exact=exact)
        title = matter.title.format(place=unit.label.split("单元")[0] + "单元")
        ticket = Ticket(
            kind=category.kind,
            category=category,
            urgency=urgency,
            source=Source.PORTAL if speaker else source,
            title=title,
            description=matter.words,
            search_text=fold(f"{title}\n{matter.words}"),
            community=unit.community,
            unit=None if anonymous else unit,
            owner=None if anonymous else owner,
            department=category.department,
            created_at=at,
        )
        return Opening(ticket, habits, matter.solution)

    def _source(
        self, at: datetime, owner: Owner, *, has_account: bool, exact: bool
    ) -> tuple[datetime, Source]:
        """How it reached the company; without an account only while somebody is there."""
        calendar = self.around.clockwork.times.of(None)
        opened = is_open(calendar, at)
        if has_account and owner.membership is not None and (not opened or self.rng.random() < 0.7):
            return at, Source.PORTAL
        if not opened and not exact:
            at = next_opening(calendar, at) + timedelta(minutes=self.rng.randint(1, 150))
            at = at if at < self.now else self.now - timedelta(minutes=self.rng.randint(1, 50))
        if not opened and exact:
            return at, Source.WECHAT
        sources = [Source.PHONE, Source.VISIT, Source.WECHAT, Source.PAPER, Source.EMAIL]
        return at, self.rng.choices(sources, [55, 18, 17, 5, 5])[0]

    def _number(self, tickets: Sequence[Ticket]) -> None:
        """Number tickets by day, and leave the counters where the next one goes on."""
        counts: dict[str, int] = {}
        for ticket in tickets:
            day = ticket.created_at.astimezone(self.zone).strftime("%y%m%d")
            counts[day] = counts.get(day, 0) + 1
            ticket.number = f"{day}-{counts[day]:04d}"
        Counter.objects.bulk_create(
            Counter(name=f"ticket:{day}", value=value) for day, value in counts.items()
        )

    # --- what became of it ---

    def _tell(self, opening: Opening) -> Life:
        life = Life(opening.ticket, self.around, self.inbox, self.rng)
        story = Story(life, opening.habits, self.staff, opening.solution, self.now)
        told = story.tell()
        opening.ticket.filed_by_id = told.events[0].by_id
        if opening.photo:
            self._attach(told, story.speaker)
        return told

    def _attach(self, life: Life, by: Membership | None) -> None:
        """The owner's photo, added right after filing."""
        ticket, filed = life.ticket, life.events[0]
        prepared = prepare(Upload(photo()))
        attachment = Attachment(
            ticket=ticket,
            name="IMG_0001.jpg",
            content_type=prepared.content_type,
            size=len(prepared.content),
            width=prepared.width,
            height=prepared.height,
            by=by,
            at=filed.at + timedelta(seconds=20),
        )
        attachment.claim_for_company()
        ticket.claim_for_company()
        name = f"photo.{prepared.extension}"
        attachment.file.save(name, ContentFile(prepared.content), save=False)
        self.attachments.append(attachment)
        life.write(
            EventKind.ATTACHED,
            attachment.at,
            by,
            attachment=str(attachment.pk),
            name=attachment.name,
        )
        life.events.sort(key=lambda event: event.at)

    def _save(self, lives: Sequence[Life]) -> None:
        events = [event for life in lives for event in life.events]
        # The timeline sorts by moment, then id: ids of one millisecond have no order of their own.
        for event, key in zip(events, sorted(uuid7() for _ in events), strict=True):
            event.id = key
        save(Ticket, (life.ticket for life in lives))
        gather: dict[Any, Callable[[Life], Iterable[Any]]] = {
            Deadline: lambda life: life.deadlines,
            Pause: lambda life: life.pauses,
            Callback: lambda life: life.callbacks,
            CallbackRating: lambda life: life.call_ratings,
            Rating: lambda life: life.ratings,
            Escalation: lambda life: life.escalations,
        }
        for model, rows_of in gather.items():
            save(model, (row for life in lives for row in rows_of(life)))
        save(TicketEvent, events)
        save(Attachment, self.attachments)


def save(model: Any, rows: Iterable[Any]) -> None:
    model.objects.bulk_create(rows, batch_size=BATCH)


class Upload:
    """A photo as a browser would send it."""

    name = "IMG_0001.jpg"

    def __init__(self, content: bytes) -> None:
        self.content, self.size = content, len(content)

    def read(self) -> bytes:
        return self.content


def photo() -> bytes:
    """A drawing of a damp wall."""
    image = Image.new("RGB", (960, 720), "#d9d4c7")
    draw_on = ImageDraw.Draw(image)
    draw_on.rectangle((0, 560, 960, 720), fill="#8a6f52")
    for number in range(14):
        shade = 150 - number * 6
        box = (560 - number * 12, 60 - number * 3, 860 - number * 8, 330 - number * 14)
        draw_on.ellipse(box, fill=(shade + 40, shade + 30, shade))
    draw_on.line((640, 300, 610, 420, 650, 500), fill="#6d6350", width=6)
    out = io.BytesIO()
    image.save(out, "JPEG", quality=80)
    return out.getvalue()
