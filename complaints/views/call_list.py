"""Whom to call, in the order in which they were promised to be called."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _gettext, gettext_lazy as _

from complaints.models import Callback, CallbackOutcome, Deadline, Ticket
from complaints.models.callback import KEEPS_PROMISE
from complaints.services.calling import next_try
from complaints.services.promises import Clockwork
from complaints.views.rows import COLUMNS, Presenter, Row
from complaints.views.ticket import outcome_buttons
from owners.models import Owner
from owners.services.personal import mask_phone
from tenancy.pages import Page
from tenancy.permissions import Can
from tenancy.templatetags.moments import written_day

MOST = 50


@dataclass(frozen=True, slots=True)
class Attempt:
    """One call that was made."""

    outcome: str
    label: str
    at: datetime
    note: str


@dataclass(slots=True)
class Call:
    """One person to call. `again` is when they come back if they cannot be reached now."""

    ticket: Row
    owner: Owner
    phone: str
    is_follow_up: bool
    retry_at: datetime | None
    again: str
    attempts: list[Attempt] = field(default_factory=list)

    @property
    def has_wrong_number(self) -> bool:
        """Whether the last call reached somebody else."""
        return bool(self.attempts) and self.attempts[-1].outcome == CallbackOutcome.WRONG_NUMBER


class CallListPage(Page):
    """The calls that are owed: first those that can be made now, then those to try again later."""

    needs = Can.CALL_BACK
    title = _("Call list")
    template_name = "complaints/call_list.html"

    def owed(self) -> QuerySet[Any]:
        """The promises to call that still have to be kept, the earliest first."""
        return (
            Deadline.objects.unmet()
            .calls()
            .filter(ticket_id__in=Ticket.objects.visible_to(self.me).active().values("id"))
            .exclude(ticket__owner_id=None)
        )

    def context(self, **more: Any) -> dict[str, Any]:
        waits = Q(retry_at__gt=self.now)
        now = list(calls(self.owed().exclude(waits).order_by("due_at", "id")))
        later = list(calls(self.owed().filter(waits).order_by("retry_at", "id")))
        shown = {deadline["ticket_id"] for deadline in now}
        later = [deadline for deadline in later if deadline["ticket_id"] not in shown]
        found = self.described([*once(now), *once(later)])
        first = len(once(now))
        return super().context(
            to_call=found[:first],
            later=found[first:],
            has_more=len(now) >= MOST,
            outcomes=numbered(outcome_buttons()),
            **more,
        )

    def described(self, rows: list[dict[str, Any]]) -> list[Call]:
        """The calls with their tickets, people, earlier attempts and the next one."""
        ids = [row["ticket_id"] for row in rows]
        presenter = Presenter(self.request.company, self.me.pk, self.now)
        tickets = {row["id"]: row for row in Ticket.objects.filter(id__in=ids).values(*COLUMNS)}
        people = Owner.objects.in_bulk([row["ticket__owner_id"] for row in rows])
        attempts = attempts_of(ids)
        clockwork, zone = Clockwork(), ZoneInfo(self.request.company.zone)
        found = []
        for row in rows:
            owner = people[row["ticket__owner_id"]]
            again = next_try(
                measure=row["measure"],
                community=row["ticket__community_id"],
                now=self.now,
                clockwork=clockwork,
            )
            found.append(
                Call(
                    ticket=presenter.row(tickets[row["ticket_id"]], running(row)),
                    owner=owner,
                    phone=mask_phone(owner.phone),
                    is_follow_up=row["promise"] == "follow_up",
                    retry_at=row["retry_at"],
                    again=written(again.astimezone(zone), self.now),
                    attempts=attempts.get(row["ticket_id"], []),
                )
            )
        return found


def attempts_of(tickets: list[Any]) -> dict[Any, list[Attempt]]:
    """The calls that were made about each ticket, the first one first."""
    found: dict[Any, list[Attempt]] = {}
    for ticket_id, outcome, at, note in (
        Callback.objects.filter(ticket_id__in=tickets)
        .order_by("at")
        .values_list("ticket_id", "outcome", "at", "note")
    ):
        label = str(CallbackOutcome(outcome).label)
        found.setdefault(ticket_id, []).append(Attempt(outcome, label, at, note))
    return found


def written(moment: datetime, now: datetime) -> str:
    """The time of day; with its day, when that is not today."""
    time = f"{moment:%H:%M}"
    if moment.date() == now.astimezone(moment.tzinfo).date():
        return time
    return _gettext("%(day)s, %(time)s") % {"day": written_day(moment, now), "time": time}


def numbered(outcomes: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The outcomes with the keys that log them, and whether they put the call off."""
    return [
        {**each, "key": str(number), "puts_off": each["value"] not in KEEPS_PROMISE}
        for number, each in enumerate(outcomes, 1)
    ]


def calls(rows: QuerySet[Any]) -> QuerySet[Any]:
    """A bounded part of the owed calls, as plain values."""
    return rows.values(
        "ticket_id", "promise", "measure", "starts_at", "due_at", "retry_at", "ticket__owner_id",
        "ticket__community_id",
    )[:MOST]  # fmt: skip


def running(row: dict[str, Any]) -> tuple[str, datetime, datetime]:
    """The promise of a call, from when until when it runs."""
    return row["promise"], row["starts_at"], row["due_at"]


def once(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Each ticket once, with the promise that falls due first: one call keeps both."""
    return list({row["ticket_id"]: row for row in reversed(rows)}.values())[::-1]
