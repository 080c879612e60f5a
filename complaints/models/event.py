"""The timeline."""

from typing import TYPE_CHECKING, Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from tenancy.fields import CompanyForeignKey
from tenancy.models import CompanyManager, CompanyModel, CompanyQuerySet

if TYPE_CHECKING:
    from tenancy.models import Membership


class EventKind(models.TextChoices):
    """What can happen to a ticket."""

    FILED = "filed", _("received")
    ACCEPTED = "accepted", _("accepted")
    ASSIGNED = "assigned", _("handed over")
    PAUSED = "paused", _("paused")
    RESUMED = "resumed", _("resumed")
    RESOLVED = "resolved", _("resolved")
    CLOSED = "closed", _("closed")
    REOPENED = "reopened", _("reopened")
    URGED = "urged", _("urged")
    CALLED_BACK = "called_back", _("callback")
    RATED = "rated", _("rated")
    COMMENTED = "commented", _("message")
    NOTED = "noted", _("internal note")
    ATTACHED = "attached", _("file added")
    WARNED = "warned", _("promise about to be late")
    BREACHED = "breached", _("promise late")
    ESCALATED = "escalated", _("escalated")
    DUE_CHANGED = "due_changed", _("promised time changed")
    SET_OFF = "set_off", _("on the way")
    ARRIVED = "arrived", _("on site")
    WORKED = "worked", _("work recorded")
    CORRECTED = "corrected", _("work record corrected")
    SEEN = "seen", _("escalation seen")
    CALL_RATED = "call_rated", _("call rated")


# Written among staff; the owner's timeline leaves them out.
INTERNAL = (
    EventKind.NOTED,
    EventKind.WARNED,
    EventKind.ESCALATED,
    EventKind.SEEN,
    EventKind.WORKED,
    EventKind.CORRECTED,
)


class TicketEventQuerySet(CompanyQuerySet):
    def for_owner(self) -> Self:
        return self.exclude(kind__in=INTERNAL)

    def visible_to(self, membership: "Membership") -> Self:
        """Of a ticket that they may see: owners see what concerns them, staff everything."""
        return self.all() if membership.is_staff else self.for_owner()


class TicketEvent(CompanyModel):
    """Something that happened to a ticket: who, when, what, from where. Append-only."""

    append_only = True

    ticket = CompanyForeignKey("complaints.Ticket", related_name="events")
    kind = models.CharField(_("what"), max_length=12, choices=EventKind.choices)
    at = models.DateTimeField(_("when"))
    by = CompanyForeignKey("tenancy.Membership", null=True, related_name="+")  # NULL: the machine
    via = models.CharField(_("from where"), max_length=8)  # see tenancy.services.actor.Via
    address = models.CharField(max_length=45, blank=True)
    data = models.JSONField(default=dict)

    objects = CompanyManager.from_queryset(TicketEventQuerySet)()

    class Meta(CompanyModel.Meta):
        verbose_name = _("event")
        indexes = [
            # Serves the timeline of a ticket.
            models.Index(fields=["company", "ticket", "at", "id"], name="event_timeline")
        ]

    def __str__(self) -> str:
        return f"{self.kind} at {self.at}"
