"""What was done at the door."""

from decimal import Decimal
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tenancy.fields import CompanyForeignKey
from tenancy.models import CompanyManager, CompanyModel, CompanyQuerySet

if TYPE_CHECKING:
    from tenancy.models import Membership

NOTHING = Decimal(0)


class Payer(models.TextChoices):
    """Who bears what a job costs."""

    COMPANY = "company", _("the property company")
    OWNER = "owner", _("the owner")
    FUND = "fund", _("the maintenance fund")
    LIABLE = "liable", _("whoever caused it")


class WorkRecordQuerySet(CompanyQuerySet):
    def visible_to(self, membership: "Membership") -> Self:
        from complaints.models.ticket import Ticket  # noqa: PLC0415 - see Deadline

        return self.filter(ticket_id__in=Ticket.objects.visible_to(membership).values("id"))


class WorkRecord(CompanyModel):
    """A visit to do a job (上门记录): who went in one round of a ticket, when, and what it took."""

    ticket = CompanyForeignKey("complaints.Ticket", related_name="work_records")
    cycle = models.PositiveSmallIntegerField()
    by = CompanyForeignKey("tenancy.Membership", related_name="+", verbose_name=_("technician"))
    set_off_at = models.DateTimeField(_("set off at"), null=True)
    arrived_at = models.DateTimeField(_("arrived at"), null=True)
    done_at = models.DateTimeField(_("done at"), null=True)
    # The phone's clock could not be believed: a moment above is the nearest that could be.
    is_time_corrected = models.BooleanField(default=False)
    minutes = models.PositiveSmallIntegerField(_("working minutes"), null=True)
    labour_fee = models.DecimalField(
        _("labour fee"), max_digits=10, decimal_places=2, default=NOTHING
    )
    payer = models.CharField(
        _("who pays"), max_length=8, choices=Payer.choices, default=Payer.COMPANY
    )

    objects = CompanyManager.from_queryset(WorkRecordQuerySet)()

    class Meta(CompanyModel.Meta):
        verbose_name = _("work record")
        constraints = [
            # Its index serves the job's page and the ticket's.
            models.UniqueConstraint(
                fields=["company", "ticket", "cycle"], name="one_work_record_per_cycle"
            ),
            models.CheckConstraint(
                condition=Q(labour_fee__gte=0), name="labour_fee_is_not_negative"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.by} ({self.cycle})"


class MaterialQuerySet(CompanyQuerySet):
    def visible_to(self, membership: "Membership") -> Self:
        """Staff see what was used; owners what they are to pay for."""
        records = WorkRecord.objects.visible_to(membership)
        if not membership.is_staff:
            records = records.filter(payer=Payer.OWNER)
        return self.filter(record_id__in=records.values("id"))


class Material(CompanyModel):
    """A part or material that a job used up: how much of it, and what one unit costs in yuan."""

    record = CompanyForeignKey("complaints.WorkRecord", related_name="materials")
    name = models.CharField(_("material"), max_length=80)
    quantity = models.DecimalField(_("quantity"), max_digits=8, decimal_places=2)
    unit = models.CharField(_("unit of measure"), max_length=12, blank=True)
    unit_price = models.DecimalField(_("unit price"), max_digits=10, decimal_places=2)
    by = CompanyForeignKey("tenancy.Membership", null=True, related_name="+")
    at = models.DateTimeField(_("added at"))

    objects = CompanyManager.from_queryset(MaterialQuerySet)()

    class Meta(CompanyModel.Meta):
        verbose_name = _("material")
        constraints = [
            models.CheckConstraint(
                condition=Q(quantity__gt=0) & Q(unit_price__gte=0),
                name="material_has_quantity_and_price",
            ),
        ]
        indexes = [
            # Serves the job's page and the ticket's.
            models.Index(fields=["company", "record", "at"], name="material_of_record")
        ]

    def __str__(self) -> str:
        return self.name
