"""The ticket."""

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from complaints.models.kinds import ACTIVE, OPEN, Kind, Source, Status, Urgency
from owners.models import Owner
from tenancy.fields import CompanyForeignKey
from tenancy.models import CompanyManager, CompanyModel, CompanyQuerySet
from tenancy.permissions import Role

if TYPE_CHECKING:
    from tenancy.models import Membership

__all__ = ["ACTIVE", "OPEN", "Kind", "Source", "Status", "Ticket", "Urgency"]


class TicketQuerySet(CompanyQuerySet):
    def open(self) -> Self:
        """Tickets that somebody still has to solve."""
        return self.filter(status__in=OPEN)

    def active(self) -> Self:
        """Tickets that are not closed yet."""
        return self.filter(status__in=ACTIVE)

    def visible_to(self, membership: "Membership") -> Self:
        """Owners see their own; technicians their own work and their departments'; the desk,
        supervisors and managers their communities'; the admin everything."""
        if not membership.is_staff:
            mine = Owner.objects.filter(membership_id=membership.id).values("id")
            return self.filter(owner_id__in=mine)
        if not membership.all_communities:
            self = self.filter(community_id__in=membership.community_ids())
        if set(membership.roles) <= {Role.TECHNICIAN, Role.OWNER}:
            return self.filter(
                Q(assignee_id=membership.id)
                | Q(department_id__in=membership.department_ids())
                | Q(owner__membership_id=membership.id)  # who works here may live here too
            )
        return self.all()

    def by_due(self) -> Self:
        """The queue's order: what is due next comes first, what has no deadline last."""
        return self.order_by(models.F("next_due_at").asc(nulls_last=True), "id")


class Ticket(CompanyModel):
    """A ticket (工单): something an owner told the company, and what became of it."""

    # what
    number = models.CharField(_("number"), max_length=16)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices)
    category = CompanyForeignKey(
        "complaints.Category", related_name="+", verbose_name=_("category")
    )
    urgency = models.CharField(_("urgency"), max_length=10, choices=Urgency.choices)
    source = models.CharField(_("channel"), max_length=8, choices=Source.choices)
    title = models.CharField(_("title"), max_length=120)
    description = models.TextField(_("description"), blank=True)
    search_text = models.TextField(blank=True, editable=False)
    # where and who
    community = CompanyForeignKey(
        "tenancy.Community", related_name="+", verbose_name=_("community")
    )
    unit = CompanyForeignKey(
        "owners.Unit", null=True, blank=True, related_name="tickets", verbose_name=_("unit")
    )
    owner = CompanyForeignKey(
        "owners.Owner", null=True, blank=True, related_name="tickets", verbose_name=_("owner")
    )
    filed_by = CompanyForeignKey("tenancy.Membership", null=True, related_name="+")
    department = CompanyForeignKey(
        "tenancy.Department",
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("department"),
    )
    assignee = CompanyForeignKey(
        "tenancy.Membership", null=True, blank=True, related_name="+", verbose_name=_("handler")
    )
    # how far
    status = models.CharField(
        _("status"), max_length=10, choices=Status.choices, default=Status.NEW
    )
    cycle = models.PositiveSmallIntegerField(default=1)  # 1 + how often it was reopened
    solution = models.TextField(_("what was done"), blank=True)
    # when
    created_at = models.DateTimeField(_("received at"))
    accepted_at = models.DateTimeField(_("accepted at"), null=True)
    resolved_at = models.DateTimeField(_("resolved at"), null=True)
    closed_at = models.DateTimeField(_("closed at"), null=True)
    urged_at = models.DateTimeField(_("last urged at"), null=True)
    # The earliest unmet, unpaused deadline; kept by the services that touch deadlines.
    next_due_at = models.DateTimeField(_("due next"), null=True)

    objects = CompanyManager.from_queryset(TicketQuerySet)()

    class Meta(CompanyModel.Meta):
        verbose_name = _("ticket")
        verbose_name_plural = _("tickets")
        constraints = [
            models.UniqueConstraint(fields=["company", "number"], name="ticket_number_is_unique"),
            models.CheckConstraint(
                condition=Q(status=Status.CLOSED, closed_at__isnull=False)
                | (~Q(status=Status.CLOSED) & Q(closed_at=None)),
                name="closed_ticket_has_a_closing_time",
            ),
        ]
        indexes = [
            # Serves the desk's queue and the API's list of what is due next.
            models.Index(
                fields=["company", "next_due_at", "id"],
                condition=Q(status__in=ACTIVE),
                name="ticket_queue",
            ),
            # Serves the API's list in the order of deadlines, closed ones too.
            models.Index(fields=["company", "next_due_at", "id"], name="ticket_by_due"),
            # Serves "all tickets, newest first".
            models.Index(fields=["company", "-created_at", "-id"], name="ticket_newest"),
            # Serves an owner's own list and their history beside a ticket.
            models.Index(fields=["company", "owner", "-created_at"], name="ticket_of_owner"),
            # Serves "reported before in this unit".
            models.Index(fields=["company", "unit", "-created_at"], name="ticket_of_unit"),
            # Serves "is this known already", for a neighbour who is about to file.
            models.Index(
                fields=["company", "community", "category", "-created_at"],
                condition=Q(status__in=OPEN),
                name="ticket_near",
            ),
            # Serves a handler's own work.
            models.Index(
                fields=["company", "assignee", "next_due_at"],
                condition=Q(status__in=ACTIVE),
                name="ticket_of_handler",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"
