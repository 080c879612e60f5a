"""What is sent and shown of tickets."""

from datetime import datetime
from typing import Any

from django.db.models import BooleanField, Case, ExpressionWrapper, OuterRef, Value, When
from django.db.models.functions import Coalesce, NullIf
from django.utils.translation import get_language
from rest_framework import serializers

from complaints.api.deadline import (
    DeadlineSerializer,
    ExplainedDeadlineSerializer,
    deadlines_of_ticket,
)
from complaints.models import ComplaintClass, Kind, PauseReason, Rating, Source, Status, Urgency
from complaints.models.kinds import SPOKEN_CHOICES
from tenancy.viewsets import nested

LONGEST_TEXT = 10_000


class TicketSerializer(serializers.Serializer[Any]):
    """A ticket (工单), as a list shows it."""

    id = serializers.UUIDField()
    number = serializers.CharField(help_text="What people read out on the telephone.")
    status = serializers.ChoiceField(choices=Status.choices)
    kind = serializers.ChoiceField(choices=Kind.choices)
    complaint_class = serializers.ChoiceField(choices=ComplaintClass.choices, allow_blank=True)
    category = serializers.UUIDField()
    category_name = serializers.CharField()
    urgency = serializers.ChoiceField(choices=Urgency.choices)
    channel = serializers.ChoiceField(choices=Source.choices)
    title = serializers.CharField()
    community = serializers.UUIDField()
    unit = serializers.UUIDField(allow_null=True)
    unit_label = serializers.CharField(allow_null=True)
    owner = serializers.UUIDField(allow_null=True)
    owner_name = serializers.CharField(allow_null=True)
    department = serializers.UUIDField(allow_null=True)
    assignee = serializers.UUIDField(allow_null=True)
    assignee_name = serializers.CharField(allow_null=True)
    cycle = serializers.IntegerField(help_text="1, and one more for each reopening.")
    created_at = serializers.DateTimeField()
    accepted_at = serializers.DateTimeField(allow_null=True)
    resolved_at = serializers.DateTimeField(allow_null=True)
    closed_at = serializers.DateTimeField(allow_null=True)
    urged_at = serializers.DateTimeField(allow_null=True)
    next_due_at = serializers.DateTimeField(
        allow_null=True, help_text="The earliest promise that still runs."
    )
    late = serializers.BooleanField(help_text="Whether that moment has passed.")
    deadlines = DeadlineSerializer(many=True)


class GivenRatingSerializer(serializers.Serializer[Any]):
    """A verdict that the owner gave."""

    cycle = serializers.IntegerField()
    score = serializers.IntegerField(min_value=1, max_value=5)
    comment = serializers.CharField()
    fixed = serializers.BooleanField()
    at = serializers.DateTimeField()


class WholeTicketSerializer(TicketSerializer):
    """A ticket with everything that is known about it."""

    description = serializers.CharField()
    solution = serializers.CharField()
    filed_by = serializers.UUIDField(allow_null=True)
    deadlines = ExplainedDeadlineSerializer(many=True)
    ratings = GivenRatingSerializer(many=True)


class NewTicketSerializer(serializers.Serializer[Any]):
    """What somebody says."""

    unit = serializers.UUIDField(required=False, allow_null=True)
    community = serializers.UUIDField(
        required=False, allow_null=True, help_text="Where it is about no unit, e.g. the garden."
    )
    owner = serializers.UUIDField(
        required=False, allow_null=True, help_text="Unless given, the unit's only owner."
    )
    kind = serializers.ChoiceField(choices=SPOKEN_CHOICES)
    category = serializers.UUIDField(help_text="One of that kind: `GET …/categories/?kind=…`.")
    urgency = serializers.ChoiceField(
        choices=Urgency.choices, required=False, help_text="Unless given, the category's."
    )
    channel = serializers.ChoiceField(
        choices=Source.choices,
        default=Source.API,
        help_text="How it reached you; of owners it is always `api`.",
    )
    title = serializers.CharField(max_length=120)
    description = serializers.CharField(max_length=LONGEST_TEXT, allow_blank=True, default="")


class AssignSerializer(serializers.Serializer[Any]):
    """Who is to have it: a department, or a person (of it, when both are given)."""

    department = serializers.UUIDField(required=False, allow_null=True)
    assignee = serializers.UUIDField(required=False, allow_null=True)
    insist = serializers.BooleanField(
        default=False, help_text="Hand over even to somebody who is away."
    )


class PauseSerializer(serializers.Serializer[Any]):
    """Why nobody can go on."""

    reason = serializers.ChoiceField(choices=PauseReason.choices)
    note = serializers.CharField(max_length=500, allow_blank=True, default="")


class MoveDaySerializer(serializers.Serializer[Any]):
    """By which other day, and why."""

    due_on = serializers.DateField()
    reason = serializers.CharField(max_length=500)


class ResolveSerializer(serializers.Serializer[Any]):
    """What was done; the owner reads it."""

    solution = serializers.CharField(max_length=LONGEST_TEXT)


class ReopenSerializer(serializers.Serializer[Any]):
    """Why it was not done after all."""

    reason = serializers.CharField(max_length=1000)


SAME = (
    "id", "number", "status", "kind", "urgency", "title", "cycle", "created_at", "accepted_at",
    "resolved_at", "closed_at", "urged_at", "next_due_at",
)  # fmt: skip
KEYS = ("category", "community", "unit", "owner", "department", "assignee")


def ticket_fields(now: datetime) -> dict[str, Any]:
    """What a list shows of a ticket."""
    return {
        **{name: name for name in SAME},
        **{name: f"{name}_id" for name in KEYS},
        "channel": "source",
        "complaint_class": "category__complaint_class",
        "category_name": category_name(),
        "unit_label": "unit__label",
        "owner_name": "owner__name",
        "assignee_name": "assignee__name",
        "late": ExpressionWrapper(
            Case(When(next_due_at__lt=now, then=Value(True)), default=Value(False)),
            BooleanField(),
        ),
        "deadlines": deadlines_of_ticket(now, explained=False),
    }


def whole_ticket_fields(now: datetime) -> dict[str, Any]:
    """Everything about a ticket."""
    ratings = Rating.objects.filter(ticket_id=OuterRef("id")).order_by("cycle")
    names = ("cycle", "score", "comment", "fixed", "at")
    return {
        **ticket_fields(now),
        "description": "description",
        "solution": "solution",
        "filed_by": "filed_by_id",
        "deadlines": deadlines_of_ticket(now, explained=True),
        "ratings": nested(ratings, {name: name for name in names}),
    }


def category_name() -> Any:
    """The category's name in the language asked for."""
    if (get_language() or "").startswith("en"):
        return Coalesce(NullIf("category__name_en", Value("")), "category__name")
    return "category__name"
