"""Whom to call, in the order in which they were promised to be called."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from complaints.models import Callback, CallbackOutcome, Deadline, Ticket
from complaints.views.rows import COLUMNS, Presenter, Row
from complaints.views.ticket import outcome_buttons
from owners.models import Owner
from owners.services.personal import mask_phone
from tenancy.pages import Page
from tenancy.permissions import Can

MOST = 50


@dataclass(slots=True)
class Call:
    """One person to call."""

    ticket: Row
    owner: Owner
    phone: str
    is_follow_up: bool
    retry_at: datetime | None
    attempts: list[tuple[str, datetime, str]] = field(default_factory=list)


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
            outcomes=outcome_buttons(),
            **more,
        )

    def described(self, rows: list[dict[str, Any]]) -> list[Call]:
        """The calls with their tickets, people and earlier attempts: four more queries."""
        ids = [row["ticket_id"] for row in rows]
        presenter = Presenter(self.request.company, self.me.pk, self.now)
        tickets = {row["id"]: row for row in Ticket.objects.filter(id__in=ids).values(*COLUMNS)}
        people = Owner.objects.in_bulk([row["ticket__owner_id"] for row in rows])
        attempts: dict[Any, list[tuple[str, datetime, str]]] = {}
        for ticket_id, outcome, at, note in (
            Callback.objects.filter(ticket_id__in=ids)
            .order_by("at")
            .values_list("ticket_id", "outcome", "at", "note")
        ):
            label = str(CallbackOutcome(outcome).label)
            attempts.setdefault(ticket_id, []).append((label, at, note))
        return [
            Call(
                ticket=presenter.row(tickets[row["ticket_id"]], running(row)),
                owner=people[row["ticket__owner_id"]],
                phone=mask_phone(people[row["ticket__owner_id"]].phone),
                is_follow_up=row["promise"] == "follow_up",
                retry_at=row["retry_at"],
                attempts=attempts.get(row["ticket_id"], []),
            )
            for row in rows
        ]


def calls(rows: QuerySet[Any]) -> QuerySet[Any]:
    """A bounded part of the owed calls, as plain values."""
    return rows.values(
        "ticket_id", "promise", "starts_at", "due_at", "retry_at", "ticket__owner_id"
    )[:MOST]


def running(row: dict[str, Any]) -> tuple[str, datetime, datetime]:
    """The promise of a call, from when until when it runs."""
    return row["promise"], row["starts_at"], row["due_at"]


def once(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Each ticket once, with the promise that falls due first: one call keeps both."""
    return list({row["ticket_id"]: row for row in reversed(rows)}.values())[::-1]
