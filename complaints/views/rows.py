"""Tickets as lists show them: plain values, read with few queries and quick to render."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext as _

from complaints.models import Deadline, Kind, PromiseKind, Source, Status, Urgency
from tenancy.models import Company
from tenancy.templatetags.icons import DRAWINGS, draw
from tenancy.templatetags.moments import Countdown, countdown, state_of, written_day

COLUMNS = (
    "id", "number", "title", "kind", "urgency", "source", "status", "cycle", "created_at",
    "urged_at", "next_due_at", "assignee_id", "category__name", "category__name_en",
    "unit__label", "community__name", "owner__name", "department__name", "assignee__name",
)  # fmt: skip

SOURCE_ICONS = {
    Source.PORTAL: "home",
    Source.PHONE: "phone",
    Source.VISIT: "user",
    Source.WECHAT: "comment",
    Source.EMAIL: "mail",
    Source.PAPER: "note",
    Source.API: "swap",
}
PROMISE_ICONS = {
    PromiseKind.ACCEPTANCE: "check",
    PromiseKind.CALLBACK: "phone",
    PromiseKind.RESOLUTION: "done",
    PromiseKind.FOLLOW_UP: "phone",
}

# A running promise: what, counted from when, until when.
Running = tuple[str, datetime, datetime]


@dataclass(slots=True)
class Due:
    """The promise of a ticket that falls due next."""

    promise: str
    icon: SafeString
    state: str
    left: str
    chip_icon: SafeString
    at: str
    iso: str
    minutes: int  # promised in all


@dataclass(slots=True)
class Row:
    """One ticket in a list."""

    pk: UUID
    url: str
    number: str
    title: str
    kind: str
    kind_icon: SafeString
    category: str
    urgency: str
    urgency_label: str
    source: str
    source_icon: SafeString
    status: str
    status_label: str
    place: str
    owner: str
    department: str
    handler: str
    is_mine: bool
    times_reopened: int
    was_urged: bool
    due: Due | None


@lru_cache(maxsize=256)
def picture(name: str) -> SafeString:
    """An icon, drawn once."""
    return draw(name if name in DRAWINGS else "info", "", "")


class Presenter:
    """Turns rows of `COLUMNS` into what the list templates show.

    The labels are translated once per page, not once per row.
    """

    def __init__(self, company: Company, me: UUID, now: datetime) -> None:
        self.company, self.me, self.now = company, me, now
        self.zone = ZoneInfo(company.zone)
        self.english = (get_language() or "").startswith("en")
        self.words = {
            key: str(label)
            for choices in (Kind, Urgency, Source, Status, PromiseKind)
            for key, label in choices.choices
        }
        self.icons = {key: picture(key) for key in Kind.values}
        self.icons |= {key.value: picture(name) for key, name in SOURCE_ICONS.items()}
        self.icons |= {key.value: picture(name) for key, name in PROMISE_ICONS.items()}
        self._days: dict[date, str] = {}
        self._chips: dict[tuple[str, int], tuple[Countdown, SafeString]] = {}
        # A moment is a day and a time of day in the reader's order, translated once.
        self._moment = _("%(day)s, %(time)s")
        nobody = UUID(int=0)
        path = reverse("complaints:ticket_detail", kwargs={"company": company.slug, "pk": nobody})
        self._before, self._after = path.split(str(nobody))

    def rows(self, found: Sequence[dict[str, Any]]) -> list[Row]:
        """The tickets with the promise of each that falls due next: one more query."""
        due = next_promises(row["id"] for row in found)
        return [self.row(each, due.get(each["id"])) for each in found]

    def row(self, row: dict[str, Any], due: Running | None) -> Row:
        words = self.words
        return Row(
            pk=row["id"],
            url=f"{self._before}{row['id']}{self._after}",
            number=row["number"],
            title=row["title"],
            kind=words[row["kind"]],
            kind_icon=self.icons[row["kind"]],
            category=(self.english and row["category__name_en"]) or row["category__name"],
            urgency=row["urgency"],
            urgency_label=words[row["urgency"]],
            source=words[row["source"]],
            source_icon=self.icons[row["source"]],
            status=row["status"],
            status_label=words[row["status"]],
            place=" · ".join(filter(None, (row["community__name"], row["unit__label"]))),
            owner=row["owner__name"] or "",
            department=row["department__name"] or "",
            handler=row["assignee__name"] or "",
            is_mine=row["assignee_id"] == self.me,
            times_reopened=row["cycle"] - 1,
            was_urged=row["urged_at"] is not None,
            due=self.due(due) if due else None,
        )

    def due(self, running: Running) -> Due:
        """A promise, its moment and the chip that ticks."""
        promise, starts_at, due_at = running
        chip, chip_icon = self.chip(due_at, due_at - starts_at)
        local = due_at.astimezone(self.zone)
        day = self._days.get(local.date())
        if day is None:
            day = self._days[local.date()] = written_day(local, self.now)
        return Due(
            promise=self.words[promise],
            icon=self.icons[promise],
            state=chip.state,
            left=chip.text,
            chip_icon=chip_icon,
            at=self._moment % {"day": day, "time": f"{local.hour:02}:{local.minute:02}"},
            iso=local.isoformat(timespec="seconds"),
            minutes=int((due_at - starts_at).total_seconds()) // 60,
        )

    def chip(self, due_at: datetime, promised: timedelta) -> tuple[Countdown, SafeString]:
        """What is left, or how late it is; whoever is as late has the same chip."""
        minutes = int(abs(due_at - self.now).total_seconds()) // 60
        # Beyond two hours a chip counts hours, beyond two days days: see `rough_length`.
        rough = minutes if minutes < 120 else minutes // 60 * 60
        key = (state_of(due_at, self.now, promised), rough)
        if key not in self._chips:
            chip = countdown(due_at, self.now, met_at=None, paused=False, promised=promised)
            self._chips[key] = (chip, picture(chip.icon))
        return self._chips[key]


def next_promises(tickets: Iterable[UUID]) -> dict[UUID, Running]:
    """Of each ticket the running promise that falls due first."""
    running = (
        Deadline.objects.unmet()
        .filter(ticket_id__in=list(tickets), paused_at=None)
        .order_by("-due_at")
        .values_list("ticket_id", "promise", "starts_at", "due_at")
    )
    return {ticket: (promise, starts, due) for ticket, promise, starts, due in running}


def plain(rows: QuerySet[Any]) -> QuerySet[Any]:
    """Tickets read as the plain values that a list shows."""
    return rows.values(*COLUMNS)
