"""What a job took: materials, working time, fees, and who bears them; and putting it right."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from complaints.models import EventKind, Material, Payer, Status, Ticket, WorkRecord
from complaints.models.work import NOTHING
from complaints.services.lifecycle import WrongState, claim
from complaints.services.timeline import write
from complaints.services.working import begin, check_minutes
from tenancy.permissions import Can
from tenancy.services.actor import Actor
from tenancy.services.refusal import Refused

CENT = Decimal("0.01")
MOST_MATERIALS = 50
# Who goes before anybody has written it down does so on the same day, or the night before.
A_DAY_BEFORE = timedelta(days=1)
OPEN_STEPS = ("set_off_at", "arrived_at", "done_at")
CORRECTED = (*OPEN_STEPS, "minutes", "labour_fee", "payer")


class MaterialIncomplete(Refused):
    """A material without a name, a quantity or a price."""

    code = "material_incomplete"
    sentence = _("A material needs a name, a quantity above zero and a price.")


class TooManyMaterials(Refused):
    """More lines than one job can use up."""

    code = "too_many_materials"
    sentence = _("A job can have at most %(most)s materials.")


class NoRecord(Refused):
    """There is nothing to correct."""

    code = "no_work_record"
    sentence = _("Nobody has worked on this yet.")


class StepsOutOfOrder(Refused):
    """Arrived before setting off, or done before arriving."""

    code = "steps_out_of_order"
    sentence = _("The times must follow each other: set off, arrived, done; none in the future.")


@dataclass(frozen=True, slots=True)
class Cost:
    """What a job costs, in yuan."""

    materials: Decimal
    labour: Decimal

    @property
    def total(self) -> Decimal:
        return self.materials + self.labour


def amount(material: Material) -> Decimal:
    """What one line comes to, in whole cents."""
    product: Decimal = Decimal(material.quantity) * Decimal(material.unit_price)
    return product.quantize(CENT, ROUND_HALF_UP)


def cost_of(record: WorkRecord, materials: Iterable[Material]) -> Cost:
    """The cost of a job and its materials."""
    used = sum((amount(each) for each in materials), NOTHING)
    return Cost(used.quantize(CENT), Decimal(record.labour_fee).quantize(CENT))


@transaction.atomic
def add_material(
    *,
    ticket: Ticket,
    name: str,
    quantity: Decimal,
    unit_price: Decimal,
    by: Actor,
    now: datetime,
    unit: str = "",
) -> Material:
    """Write down something that was used up."""
    if not name.strip() or quantity <= 0 or unit_price < 0:
        raise MaterialIncomplete
    record = record_to_write(ticket, by, now)
    if Material.objects.filter(record_id=record.pk).count() >= MOST_MATERIALS:
        raise TooManyMaterials(most=MOST_MATERIALS)
    material = Material(
        record=record,
        name=name.strip(),
        quantity=quantity,
        unit=unit.strip(),
        unit_price=unit_price,
        by=by.membership,
        at=now,
    )
    material.save(force_insert=True)
    _written(record, material, by, now, removed=False)
    return material


@transaction.atomic
def remove_material(*, ticket: Ticket, material: Material, by: Actor, now: datetime) -> None:
    """Take a line out again; the timeline keeps it."""
    record = record_to_write(ticket, by, now)
    if material.record_id != record.pk:
        raise NoRecord
    _written(record, material, by, now, removed=True)
    material.delete()


def _written(
    record: WorkRecord, material: Material, by: Actor, now: datetime, *, removed: bool
) -> None:
    write(
        ticket=record.ticket,
        kind=EventKind.WORKED,
        by=by,
        now=now,
        material=material.name,
        quantity=str(material.quantity),
        unit=material.unit,
        unit_price=str(material.unit_price),
        removed=removed,
    )


def record_to_write(ticket: Ticket, by: Actor, now: datetime) -> WorkRecord:
    """The record of the present round: the worker's own, or anybody's for those who correct."""
    if by.membership is None or not by.membership.can(Can.CORRECT_WORK):
        return begin(ticket, by, now)[1]
    ticket = claim(ticket)
    if ticket.status == Status.CLOSED:
        raise WrongState(status=Status(ticket.status).label)
    record: WorkRecord | None = WorkRecord.objects.filter(
        ticket_id=ticket.pk, cycle=ticket.cycle
    ).first()
    return record or begin(ticket, by, now)[1]


def _check_steps(*steps: datetime | None, since: datetime, now: datetime) -> None:
    """The steps follow each other, and lie between the ticket's filing and now."""
    moments = [step for step in steps if step is not None]
    # Nobody set off in the year 1: clocks west of London could not even show it.
    earliest = since - A_DAY_BEFORE
    if moments != sorted(moments) or any(not earliest <= each <= now for each in moments):
        raise StepsOutOfOrder


@transaction.atomic
def correct(
    *,
    ticket: Ticket,
    by: Actor,
    now: datetime,
    set_off_at: datetime | None,
    arrived_at: datetime | None,
    done_at: datetime | None,
    minutes: int | None,
    labour_fee: Decimal,
    payer: str,
) -> WorkRecord:
    """Put a record right; the timeline says what it was before."""
    ticket = claim(ticket)
    record: WorkRecord | None = WorkRecord.objects.filter(
        ticket_id=ticket.pk, cycle=ticket.cycle
    ).first()
    if record is None:
        raise NoRecord
    check_minutes(minutes)
    _check_steps(set_off_at, arrived_at, done_at, since=ticket.created_at, now=now)
    before = _facts(record)
    record.set_off_at, record.arrived_at, record.done_at = set_off_at, arrived_at, done_at
    record.minutes, record.labour_fee, record.payer = minutes, labour_fee, Payer(payer)
    after = _facts(record)
    if after == before:
        return record
    record.save()
    changed = sorted(name for name in CORRECTED if before[name] != after[name])
    write(
        ticket=ticket,
        kind=EventKind.CORRECTED,
        by=by,
        now=now,
        changes=[[name, before[name], after[name]] for name in changed],
    )
    return record


def _facts(record: WorkRecord) -> dict[str, Any]:
    """What can be corrected, as the timeline keeps it."""
    facts: dict[str, Any] = {}
    for name in CORRECTED:
        value = getattr(record, name)
        facts[name] = value.astimezone(UTC).isoformat() if isinstance(value, datetime) else value
    facts["labour_fee"] = str(Decimal(facts["labour_fee"]).quantize(CENT))
    facts["payer"] = str(facts["payer"])
    return facts
