"""A matter that somebody else has filed and the owner has joined: what any neighbour may know."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import OuterRef, QuerySet
from django.forms import Form
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from complaints.forms.action import EmptyForm
from complaints.models import Deadline, EventKind, PromiseKind, Status, Supporter, TicketEvent
from complaints.services.supporting import leave, supporters_of
from complaints.views.owner_tiles import icon_of
from tenancy.pages import ActionPage, DetailPage
from tenancy.permissions import Can

# What is told of somebody else's ticket: that it happened and when. No name, no words, no reason.
TOLD = {
    EventKind.FILED: ("complaint", _("Somebody near you reported it.")),
    EventKind.ACCEPTED: ("user", _("It has been taken on.")),
    EventKind.PAUSED: ("pause", _("It has to wait.")),
    EventKind.RESUMED: ("play", _("We are going on.")),
    EventKind.RESOLVED: ("done", _("It has been solved.")),
    EventKind.REOPENED: ("reopen", _("We have opened it again.")),
    EventKind.CLOSED: ("check", _("Closed.")),
}
STANDINGS = {
    Status.NEW: ("new", "clock", _("Waiting to be taken on")),
    Status.ACCEPTED: ("hand", "user", _("Being worked on")),
    Status.PAUSED: ("wait", "pause", _("It has to wait")),
    Status.RESOLVED: ("done", "done", _("It has been solved")),
    Status.CLOSED: ("closed", "check", _("Closed")),
}


@dataclass(frozen=True)
class Step:
    """One thing that happened to it."""

    at: datetime
    icon: str
    sentence: Any


class SupportedPage(DetailPage):
    """How a joined matter goes on. Its ticket itself stays closed to those who joined."""

    needs = Can.JOIN
    model = Supporter
    template_name = "complaints/owner_supported.html"

    def rows(self) -> QuerySet[Any]:
        # By hand, not by `visible_to`: staff see supporters on the ticket, not in their place.
        mine: QuerySet[Any] = (
            Supporter.objects.filter(owner__membership_id=self.me.pk)
            .select_related("ticket__category", "ticket__community", "ticket__unit__building")
            .annotate(others=supporters_of(OuterRef("ticket_id")))
        )
        return mine

    def context(self, **more: Any) -> dict[str, Any]:
        ticket = self.row.ticket
        tone, icon, heading = STANDINGS[Status(ticket.status)]
        return super().context(
            **{
                "title": str(ticket.category),
                "icon_name": icon_of(ticket.category),
                "tone": tone,
                "standing_icon": icon,
                "heading": heading,
                "deadline": self.deadline(),
                "steps": self.steps(),
                **more,
            }
        )

    def deadline(self) -> Deadline | None:
        """The promise to solve it."""
        found: Deadline | None = Deadline.objects.filter(
            ticket_id=self.row.ticket_id,
            cycle=self.row.ticket.cycle,
            promise=PromiseKind.RESOLUTION,
            dropped_at=None,
        ).first()
        return found

    def steps(self) -> list[Step]:
        """What has happened, the newest first."""
        events = TicketEvent.objects.filter(ticket_id=self.row.ticket_id, kind__in=list(TOLD))
        return [
            Step(at, *TOLD[EventKind(kind)])
            for kind, at in events.order_by("-at", "-id").values_list("kind", "at")
        ]


class LeavePage(ActionPage):
    """The owner waits for it no longer."""

    needs = Can.JOIN
    model = Supporter
    form_class = EmptyForm
    done = _("You are off the list.")

    def rows(self) -> QuerySet[Any]:
        mine: QuerySet[Any] = Supporter.objects.filter(owner__membership_id=self.me.pk)
        return mine.select_related("ticket")

    def do(self, form: Form) -> None:
        leave(supporter=self.row, by=self.actor, now=self.now)

    def back(self) -> str:
        return reverse("complaints:my_tickets", kwargs={"company": self.request.company.slug})
