"""Deadlines, as a part of their ticket."""

from datetime import datetime
from typing import Any

from django.db.models import (
    BooleanField,
    Case,
    DateTimeField,
    ExpressionWrapper,
    OuterRef,
    Q,
    Value,
    When,
)
from django.db.models.functions import Coalesce
from rest_framework import serializers

from complaints.models import Deadline, PromiseKind
from tenancy.viewsets import nested


class DeadlineSerializer(serializers.Serializer[Any]):
    """A promise made to one ticket, and whether it was kept."""

    promise = serializers.ChoiceField(choices=PromiseKind.choices)
    cycle = serializers.IntegerField(help_text="Of the ticket, when it was promised.")
    due_at = serializers.DateTimeField()
    met_at = serializers.DateTimeField(allow_null=True)
    breached_at = serializers.DateTimeField(
        allow_null=True, help_text="When the promise was broken, if it was. Computed."
    )
    paused = serializers.BooleanField(help_text="Whether the clock stands still.")
    dropped_at = serializers.DateTimeField(
        allow_null=True, help_text="Since when it is no longer owed."
    )
    retry_at = serializers.DateTimeField(
        allow_null=True, help_text="When to call again after nobody was reached."
    )


class ExplainedDeadlineSerializer(DeadlineSerializer):
    """A deadline, and how its time came about."""

    explanation = serializers.DictField(
        help_text="Every step of the counting: which hours were open, which days were holidays."
    )


def deadline_fields(now: datetime) -> dict[str, Any]:
    """What is shown of a deadline. `breached_at` says in SQL what `Deadline.breached_at` says."""
    end = Coalesce("met_at", "dropped_at", "paused_at", Value(now, DateTimeField()))
    return {
        "promise": "promise",
        "cycle": "cycle",
        "due_at": "due_at",
        "met_at": "met_at",
        "breached_at": Case(When(due_at__lt=end, then="due_at")),
        "paused": ExpressionWrapper(Q(paused_at__isnull=False), BooleanField()),
        "dropped_at": "dropped_at",
        "retry_at": "retry_at",
    }


def deadlines_of_ticket(now: datetime, *, explained: bool) -> Any:
    """The deadlines of the ticket of the outer query, oldest round first."""
    fields = deadline_fields(now)
    if explained:
        fields["explanation"] = "explanation"
    rows = Deadline.objects.filter(ticket_id=OuterRef("id"))
    return nested(rows.order_by("cycle", "due_at", "id"), fields)
