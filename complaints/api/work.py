"""Work on site: a technician's steps, what a job took, and putting that right."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, ClassVar
from uuid import UUID

from drf_spectacular.utils import extend_schema_view
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from complaints.api.parts import TicketPartViewSet
from complaints.models import Material, Payer, WorkRecord
from complaints.services import working, working_costs
from complaints.services.working import LONGEST_MINUTES
from complaints.services.working_moments import PhoneTime
from tenancy.permissions import Can
from tenancy.viewsets import Need, Order, idempotent, operation

MONEY: dict[str, Any] = {"max_digits": 10, "decimal_places": 2, "min_value": Decimal(0)}
REFUSALS = ("wrong_state", "not_your_job")


class StepSerializer(serializers.Serializer[Any]):
    """When a step was taken, as the telephone's clock showed it; empty means now."""

    said_at = serializers.DateTimeField(required=False, allow_null=True)
    sent_at = serializers.DateTimeField(
        required=False, allow_null=True, help_text="What the same clock shows while it is sent."
    )


class FinishSerializer(StepSerializer):
    """What was done, how long it took, and who pays."""

    solution = serializers.CharField(max_length=10_000)
    minutes = serializers.IntegerField(
        required=False, allow_null=True, min_value=0, max_value=LONGEST_MINUTES
    )
    labour_fee = serializers.DecimalField(**MONEY, default=Decimal(0), help_text="Yuan.")
    payer = serializers.ChoiceField(choices=Payer.choices, default=Payer.COMPANY)


class NewMaterialSerializer(serializers.Serializer[Any]):
    """Something that was used up."""

    name = serializers.CharField(max_length=80)
    quantity = serializers.DecimalField(
        max_digits=8, decimal_places=2, min_value=Decimal("0.01"), default=Decimal(1)
    )
    unit = serializers.CharField(max_length=12, allow_blank=True, default="")
    unit_price = serializers.DecimalField(**MONEY, help_text="Yuan.")


class MaterialSerializer(NewMaterialSerializer):
    """A line of what a job used up."""

    id = serializers.UUIDField()
    amount = serializers.DecimalField(**MONEY, help_text="Quantity times price, in whole cents.")
    by = serializers.UUIDField(allow_null=True)
    at = serializers.DateTimeField()


class WorkSerializer(serializers.Serializer[Any]):
    """A visit (上门记录): who went in one round of a ticket, when, and what it took."""

    cycle = serializers.IntegerField()
    by = serializers.UUIDField()
    set_off_at = serializers.DateTimeField(allow_null=True)
    arrived_at = serializers.DateTimeField(allow_null=True)
    done_at = serializers.DateTimeField(allow_null=True)
    is_time_corrected = serializers.BooleanField(
        help_text="The telephone's clock could not be believed."
    )
    minutes = serializers.IntegerField(allow_null=True)
    labour_fee = serializers.DecimalField(**MONEY, allow_null=True)
    payer = serializers.ChoiceField(choices=Payer.choices)
    total = serializers.DecimalField(
        **MONEY, allow_null=True, help_text="Empty for an owner who does not pay for it."
    )
    materials = MaterialSerializer(many=True)


class WorkCorrectionSerializer(serializers.Serializer[Any]):
    """The record as it should have been; what is left out stays."""

    set_off_at = serializers.DateTimeField(required=False, allow_null=True)
    arrived_at = serializers.DateTimeField(required=False, allow_null=True)
    done_at = serializers.DateTimeField(required=False, allow_null=True)
    minutes = serializers.IntegerField(
        required=False, allow_null=True, min_value=0, max_value=LONGEST_MINUTES
    )
    labour_fee = serializers.DecimalField(**MONEY, required=False)
    payer = serializers.ChoiceField(choices=Payer.choices, required=False)


@extend_schema_view(
    list=operation("List the work on a ticket", answers=WorkSerializer(many=True)),
)
class WorkViewSet(TicketPartViewSet):
    """What was done on site, one record for each round of a ticket."""

    model = WorkRecord
    needs: ClassVar[dict[str, Need]] = {
        "list": Can.READ_TICKETS,
        "take": Can.DO_JOBS,
        "set_off": Can.DO_JOBS,
        "arrive": Can.DO_JOBS,
        "finish": Can.DO_JOBS,
        "correct": Can.CORRECT_WORK,
        "add_material": (Can.DO_JOBS, Can.CORRECT_WORK),
        "remove_material": (Can.DO_JOBS, Can.CORRECT_WORK),
    }
    orders: ClassVar[dict[str, Order]] = {"cycle": Order("cycle")}
    ordering = "cycle"

    def listed(self, rows: Any) -> Any:
        return rows

    def place(self, row: WorkRecord) -> tuple[Any, Any]:
        return row.cycle, row.pk

    def presented(self, rows: Sequence[Any]) -> Sequence[Any]:
        """The records with their materials: one more query."""
        used: dict[UUID, list[Material]] = {}
        lines = Material.objects.visible_to(self.member)
        for line in lines.filter(record_id__in=[row.pk for row in rows]).order_by("at", "id"):
            used.setdefault(line.record_id, []).append(line)
        return [self.present(row, used.get(row.pk, [])) for row in rows]

    def present(self, row: WorkRecord, materials: list[Material]) -> dict[str, Any]:
        is_told = self.member.is_staff or row.payer == Payer.OWNER
        cost = working_costs.cost_of(row, materials)
        return {
            "cycle": row.cycle,
            "by": row.by_id,
            "set_off_at": row.set_off_at,
            "arrived_at": row.arrived_at,
            "done_at": row.done_at,
            "is_time_corrected": row.is_time_corrected,
            "minutes": row.minutes,
            "labour_fee": str(cost.labour) if is_told else None,
            "payer": row.payer,
            "total": str(cost.total) if is_told else None,
            "materials": [line_of(each) for each in materials],
        }

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return self.page(self.get_queryset())

    def newest(self) -> dict[str, Any]:
        """The record of the present round, as it is now."""
        found = WorkRecord.objects.visible_to(self.member).filter(ticket_id=self.ticket.pk)
        record: dict[str, Any] = self.presented([found.latest("cycle")])[0]
        return record

    def step(self, service: Any, sent: dict[str, Any]) -> Response:
        """A step, with what the telephone says of its moment."""
        phone = PhoneTime(sent.pop("said_at", None), sent.pop("sent_at", None))
        service(ticket=self.ticket, by=self.actor, now=self.now, phone=phone, **sent)
        return Response(self.newest())

    @operation(
        "Take a job",
        sends=None,
        answers=None,
        status=204,
        more="A job of one's department that nobody has, or one's own.",
        refusals=REFUSALS,
    )
    def take(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        working.take(ticket=self.ticket, by=self.actor, now=self.now)
        return Response(status=204)

    @operation(
        "Set off for a job",
        sends=StepSerializer,
        answers=WorkSerializer,
        more="A telephone without a signal says later when it was. Its clock is believed as far "
        "as it can be; whether a promise was kept is decided by the server's.",
        refusals=REFUSALS,
    )
    @idempotent
    def set_off(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return self.step(working.set_off, self.sent(StepSerializer))

    @operation("Arrive at a job", sends=StepSerializer, answers=WorkSerializer, refusals=REFUSALS)
    @idempotent
    def arrive(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return self.step(working.arrive, self.sent(StepSerializer))

    @operation(
        "Finish a job",
        sends=FinishSerializer,
        answers=WorkSerializer,
        more="Writes down what it took and resolves the ticket.",
        refusals=(*REFUSALS, "solution_missing", "implausible_minutes"),
        sent={"solution": "更换门机皮带，试运行正常", "minutes": 40, "payer": "company"},
    )
    @idempotent
    def finish(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return self.step(working.finish, self.sent(FinishSerializer))

    @operation(
        "Correct a work record",
        sends=WorkCorrectionSerializer,
        answers=WorkSerializer,
        more="The timeline says what it was before.",
        refusals=("no_work_record", "steps_out_of_order", "implausible_minutes"),
    )
    def correct(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        record = WorkRecord.objects.filter(
            ticket_id=self.ticket.pk, cycle=self.ticket.cycle
        ).first()
        if record is None:
            raise working_costs.NoRecord
        facts = {name: getattr(record, name) for name in working_costs.CORRECTED}
        facts |= self.sent(WorkCorrectionSerializer)
        working_costs.correct(ticket=self.ticket, by=self.actor, now=self.now, **facts)
        return Response(self.newest())

    @operation(
        "Add a material to a job",
        sends=NewMaterialSerializer,
        answers=WorkSerializer,
        status=201,
        refusals=(*REFUSALS, "material_incomplete", "too_many_materials"),
        sent={"name": "门机皮带", "quantity": "1", "unit": "条", "unit_price": "86.00"},
    )
    @idempotent
    def add_material(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        asked = self.sent(NewMaterialSerializer)
        working_costs.add_material(ticket=self.ticket, by=self.actor, now=self.now, **asked)
        return Response(self.newest(), status=201)

    @operation("Take a material out again", sends=None, answers=None, status=204, refusals=REFUSALS)
    def remove_material(
        self, request: Request, material: UUID, *args: Any, **kwargs: Any
    ) -> Response:
        lines = Material.objects.visible_to(self.member).filter(record__ticket_id=self.ticket.pk)
        working_costs.remove_material(
            ticket=self.ticket, material=self.one(lines, material), by=self.actor, now=self.now
        )
        return Response(status=204)


def line_of(row: Material) -> dict[str, Any]:
    """A material as it is shown."""
    return {
        "id": row.pk,
        "name": row.name,
        "quantity": str(row.quantity),
        "unit": row.unit,
        "unit_price": str(row.unit_price),
        "amount": str(working_costs.amount(row)),
        "by": row.by_id,
        "at": row.at,
    }
