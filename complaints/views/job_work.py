"""A work record as pages show it: to those who do it, to the desk, and to the owner."""

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from complaints.models import Attachment, Material, Payer, Stage, Ticket, WorkRecord
from complaints.services.working_costs import amount, cost_of
from tenancy.models import Membership


@dataclass(slots=True)
class Line:
    """A material with what it comes to."""

    pk: UUID
    name: str
    quantity: str
    unit_price: Decimal
    amount: Decimal


@dataclass(slots=True)
class Work:
    """What was done in the present round of a ticket."""

    who: str
    set_off_at: datetime | None
    arrived_at: datetime | None
    done_at: datetime | None
    is_time_corrected: bool
    minutes: int | None
    payer: str
    labour: Decimal
    materials: Decimal
    total: Decimal
    shows_cost: bool
    lines: list[Line] = field(default_factory=list)
    before: list[Attachment] = field(default_factory=list)
    after: list[Attachment] = field(default_factory=list)

    @property
    def has_before(self) -> bool:
        return bool(self.before)


def work_of(ticket: Ticket, me: Membership) -> Work | None:
    """The record of the present round as far as the reader is concerned; None before it begins.

    Owners see who came, when, and the photos; the cost only when it is theirs to pay.
    """
    record: WorkRecord | None = (
        WorkRecord.objects.filter(ticket_id=ticket.pk, cycle=ticket.cycle)
        .select_related("by")
        .first()
    )
    if record is None:
        return None
    used = Material.objects.visible_to(me).filter(record_id=record.pk).order_by("at", "id")
    materials = list(used)
    cost = cost_of(record, materials)
    photos = Attachment.objects.filter(ticket_id=ticket.pk).exclude(stage="").order_by("at", "id")
    work = Work(
        who=record.by.name,
        set_off_at=record.set_off_at,
        arrived_at=record.arrived_at,
        done_at=record.done_at,
        is_time_corrected=record.is_time_corrected,
        minutes=record.minutes,
        payer=str(Payer(record.payer).label),
        labour=cost.labour,
        materials=cost.materials,
        total=cost.total,
        shows_cost=me.is_staff or (record.payer == Payer.OWNER and record.done_at is not None),
        lines=[line_of(each) for each in materials],
    )
    for photo in photos:
        (work.before if photo.stage == Stage.BEFORE else work.after).append(photo)
    return work


def line_of(material: Material) -> Line:
    quantity = f"{material.quantity.normalize():f} {material.unit}".strip()
    return Line(
        pk=material.pk,
        name=material.name,
        quantity=quantity,
        unit_price=material.unit_price,
        amount=amount(material),
    )


def work_context(ticket: Ticket, me: Membership) -> dict[str, Any]:
    """What `complaints/work_result.html` needs, on the owner's page and on the staff's."""
    return {"work": work_of(ticket, me)}
