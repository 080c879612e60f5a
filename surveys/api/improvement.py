"""Improvements: what is done about what is weak, and whether it helped."""

from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_view
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from complaints.api.ticket_fields import LONGEST_TEXT
from complaints.models import Status
from owners.models import Building
from surveys.filters.improvement import ImprovementFilter
from surveys.models import Effect, Improvement, Wave
from surveys.services.improving import improve
from surveys.services.improving_values import Item
from tenancy.models import Community, Membership
from tenancy.permissions import Can
from tenancy.viewsets import ListAndRead, Need, Order, idempotent, operation
from tenancy.viewsets.named import named

OF_100: dict[str, Any] = {"min_value": 0, "max_value": 100}


class NewImprovementSerializer(serializers.Serializer[Any]):
    """What is decided about a weak item of a counted wave."""

    wave = serializers.UUIDField()
    item = serializers.CharField(
        max_length=80,
        help_text="The key of a question, `question.row` of a matrix, `dimension:empathy`, or "
        "`index`.",
    )
    community = serializers.UUIDField(
        allow_null=True, default=None, help_text="Where; neither this nor a building: everywhere."
    )
    building = serializers.UUIDField(allow_null=True, default=None)
    title = serializers.CharField(max_length=120, help_text="What is done about it.")
    description = serializers.CharField(max_length=LONGEST_TEXT, allow_blank=True, default="")
    assignee = serializers.UUIDField(help_text="The member in charge.")
    due_on = serializers.DateField()
    expected = serializers.DecimalField(
        max_digits=5, decimal_places=2, **OF_100, help_text="What the next wave should find."
    )

    def validate_item(self, value: str) -> Item:
        found = Item.named(value)
        if found is None:
            raise serializers.ValidationError(_("There is no such item."), code="invalid")
        return found


class ImprovementSerializer(serializers.Serializer[Any]):
    """An improvement (改进): a ticket, and what it is to change. Values lie between 0 and 100."""

    id = serializers.UUIDField()
    ticket = serializers.UUIDField(help_text="It says who does it by when, and how far it is.")
    number = serializers.CharField()
    title = serializers.CharField()
    status = serializers.ChoiceField(choices=Status.choices)
    assignee = serializers.UUIDField(allow_null=True)
    due_at = serializers.DateTimeField(allow_null=True, help_text="Null once it is resolved.")
    wave = serializers.UUIDField()
    question = serializers.CharField(allow_blank=True)
    row = serializers.CharField(allow_blank=True)
    dimension = serializers.CharField(allow_blank=True)
    item = serializers.CharField(help_text="In words.")
    community = serializers.UUIDField(allow_null=True)
    building = serializers.UUIDField(allow_null=True)
    value_before = serializers.FloatField(**OF_100)
    answers_before = serializers.IntegerField()
    value_expected = serializers.FloatField(**OF_100)
    created_at = serializers.DateTimeField()
    wave_after = serializers.UUIDField(
        allow_null=True, help_text="The next counted wave of the same survey, once there is one."
    )
    value_after = serializers.FloatField(**OF_100, allow_null=True)
    answers_after = serializers.IntegerField(allow_null=True)
    change_low = serializers.FloatField(
        allow_null=True, help_text="Lower end of the 95 % interval of the change, by equal weights."
    )
    change_high = serializers.FloatField(allow_null=True)
    effect = serializers.ChoiceField(
        choices=Effect.choices,
        allow_blank=True,
        help_text="Empty until a wave can tell: one that asks the same of the same people, opened "
        "after the decision, and by whose last day it was done.",
    )


@extend_schema_view(
    list=operation("List improvements", answers=ImprovementSerializer(many=True)),
    retrieve=operation("Read an improvement", answers=ImprovementSerializer),
)
class ImprovementViewSet(ListAndRead):
    """What is done about what is weak."""

    model = Improvement
    filterset_class = ImprovementFilter
    needs: ClassVar[dict[str, Need]] = {
        **dict.fromkeys(("list", "retrieve"), Can.READ_SURVEYS),
        "create": Can.IMPROVE,
    }
    fields: ClassVar[dict[str, Any]] = {
        **{name: name for name in (
            "id", "question", "row", "dimension", "item", "value_before", "answers_before",
            "value_expected", "created_at", "value_after", "answers_after", "change_low",
            "change_high", "effect",
        )},
        **{name: f"{name}_id" for name in (
            "ticket", "wave", "community", "building", "wave_after",
        )},
        **{name: f"ticket__{name}" for name in ("number", "title", "status")},
        "assignee": "ticket__assignee_id",
        "due_at": "ticket__next_due_at",
    }  # fmt: skip
    orders: ClassVar[dict[str, Order]] = {
        "-created_at": Order("created_at", descending=True),
        "created_at": Order("created_at"),
    }
    ordering = "-created_at"

    @operation(
        "Decide on an improvement",
        sends=NewImprovementSerializer,
        answers=ImprovementSerializer,
        status=201,
        more="It becomes a ticket with one deadline, the end of the day named. The ticket is "
        "resolved only with a file or a link that shows it; the next wave of the survey is held "
        "against the value of today.",
        refusals=(
            "wave_not_counted", "no_such_item", "nothing_known", "expects_no_better",
            "nobody_there", "not_your_place", "day_is_past", "cannot_handle",
        ),
        sent={
            "item": "rel_promise", "title": "晚间增派维修值班", "due_on": "2027-01-15",
            "expected": "70",
        },
    )  # fmt: skip
    @idempotent
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        sent = self.sent(NewImprovementSerializer)
        seen = {
            "wave": Wave.objects.select_related("edition").visible_to(self.member),
            "community": Community.objects.visible_to(self.member),
            "building": Building.objects.select_related("community").visible_to(self.member),
            "assignee": Membership.objects.active().staff(),
        }
        found = {name: named(rows, sent, name) for name, rows in seen.items()}
        row = improve(**{**sent, **found}, by=self.actor, now=self.now)
        return Response(self.just(row.pk), status=201)
