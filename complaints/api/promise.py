"""What the company promises, and how hard the machine pushes."""

from typing import Any, ClassVar
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_view
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from complaints.api.calendar import MovedSerializer
from complaints.forms.rules import MOST, MOST_DAYS, MOST_POLICY
from complaints.models import Category, Kind, Promise, PromiseKind, ServicePolicy, Urgency
from complaints.models.kinds import SPOKEN_CHOICES
from complaints.models.promise import MeasureChoices
from complaints.services.rules import add_promise, set_policy, set_promise
from tenancy.permissions import Can
from tenancy.viewsets import CompanyViewSet, ListAndRead, Need, Order, idempotent, operation, text
from tenancy.viewsets.named import named

INTERVALS = ("warn_before", "manager_after", "admin_after", "call_again_after")


def sensible(amount: int, measure: str) -> None:
    """At most a year, whatever it is counted in."""
    if measure == MeasureChoices.WORKING_DAYS and amount > MOST_DAYS:
        sentence = _("Promise more than nothing, and less than a year.")
        raise serializers.ValidationError({"amount": sentence}, code="invalid")


class PromiseSerializer(serializers.Serializer[Any]):
    """How soon something is done for tickets of a kind, category or urgency (承诺)."""

    id = serializers.UUIDField()
    promise = serializers.ChoiceField(choices=PromiseKind.choices)
    kind = serializers.ChoiceField(
        choices=Kind.choices, allow_blank=True, help_text="Empty, here and below: any."
    )
    category = serializers.UUIDField(allow_null=True)
    urgency = serializers.ChoiceField(choices=Urgency.choices, allow_blank=True)
    amount = serializers.IntegerField()
    measure = serializers.ChoiceField(choices=MeasureChoices.choices)
    is_active = serializers.BooleanField()


class NewPromiseSerializer(serializers.Serializer[Any]):
    """What is promised for which case, and how soon."""

    promise = serializers.ChoiceField(choices=PromiseKind.choices)
    kind = serializers.ChoiceField(choices=SPOKEN_CHOICES, default="", allow_blank=True)
    category = serializers.UUIDField(required=False, allow_null=True)
    urgency = serializers.ChoiceField(choices=Urgency.choices, default="", allow_blank=True)
    amount = serializers.IntegerField(min_value=1, max_value=MOST)
    measure = serializers.ChoiceField(choices=MeasureChoices.choices)


class PromiseChangeSerializer(serializers.Serializer[Any]):
    """What is to be changed; what is left out stays as it is."""

    amount = serializers.IntegerField(min_value=1, max_value=MOST, required=False)
    measure = serializers.ChoiceField(choices=MeasureChoices.choices, required=False)
    is_active = serializers.BooleanField(required=False)


@extend_schema_view(
    list=operation("List promises", answers=PromiseSerializer(many=True)),
    retrieve=operation("Read a promise", answers=PromiseSerializer),
)
class PromiseViewSet(ListAndRead):
    """What is promised; for a ticket the most specific counts."""

    model = Promise
    needs: ClassVar[dict[str, Need]] = dict.fromkeys(
        ("list", "retrieve", "create", "partial_update"), Can.SET_PROMISES
    )
    fields: ClassVar[dict[str, Any]] = {
        **{
            name: name
            for name in ("id", "promise", "kind", "urgency", "amount", "measure", "is_active")
        },
        "category": "category_id",
    }
    orders: ClassVar[dict[str, Order]] = {"promise": Order("promise", text)}
    ordering = "promise"

    def rows(self) -> QuerySet[Any]:
        """All of them: whoever sets promises sets the whole company's."""
        rows: QuerySet[Any] = Promise.objects.all()
        return rows

    @operation(
        "Promise something for a case of its own",
        sends=NewPromiseSerializer,
        answers=MovedSerializer,
        more="Open deadlines move with it, and say so.",
        refusals=("promised_already", "never_open"),
        sent={"promise": "resolution", "urgency": "urgent", "amount": 1, "measure": "working_days"},
    )
    @idempotent
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        asked = self.sent(NewPromiseSerializer)
        sensible(asked["amount"], asked["measure"])
        categories = Category.objects.visible_to(self.member).active()
        facts = {**asked, "category": named(categories, asked, "category")}
        return Response({"moved": add_promise(**facts, by=self.actor, now=self.now)})

    @operation(
        "Change a promise, or let it lapse",
        sends=PromiseChangeSerializer,
        answers=MovedSerializer,
        more="Open deadlines move with it, and say so.",
        refusals=("never_open",),
    )
    def partial_update(self, request: Request, pk: UUID, *args: Any, **kwargs: Any) -> Response:
        # Locked: what is left out stays as it is then, whoever else changes it now.
        row: Promise = self.one(self.rows().select_for_update(of=("self",)), pk)
        facts = {name: getattr(row, name) for name in ("amount", "measure", "is_active")}
        facts |= self.sent(PromiseChangeSerializer)
        sensible(facts["amount"], facts["measure"])
        moved = set_promise(promise=row, **facts, by=self.actor, now=self.now)
        return Response({"moved": moved})


class PolicySerializer(serializers.Serializer[Any]):
    """The machine's intervals, in minutes of opening time."""

    warn_before = serializers.IntegerField(min_value=1, max_value=MOST_POLICY, required=False)
    manager_after = serializers.IntegerField(min_value=1, max_value=MOST_POLICY, required=False)
    admin_after = serializers.IntegerField(
        min_value=1, max_value=MOST_POLICY, required=False, help_text="After the manager's."
    )
    call_again_after = serializers.IntegerField(min_value=1, max_value=MOST_POLICY, required=False)


class PolicyViewSet(CompanyViewSet):
    """When it warns, and when it climbs."""

    needs: ClassVar[dict[str, Need]] = {"read": Can.SET_PROMISES, "change": Can.SET_PROMISES}

    def answer(self) -> Response:
        row: ServicePolicy = ServicePolicy.objects.get()
        return Response({name: getattr(row, name) for name in INTERVALS})

    @operation("Read the machine's intervals", answers=PolicySerializer)
    def read(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return self.answer()

    @operation(
        "Change the machine's intervals",
        sends=PolicySerializer,
        answers=PolicySerializer,
        more="What is left out stays. The next step of open deadlines moves with it.",
        refusals=("never_open",),
        sent={"warn_before": 120},
    )
    def change(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        set_policy(by=self.actor, now=self.now, **self.sent(PolicySerializer))
        return self.answer()
