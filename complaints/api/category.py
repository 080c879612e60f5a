"""Categories."""

from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema_view
from rest_framework import serializers

from complaints.filters.category import CategoryFilter
from complaints.models import Category, ComplaintClass, Kind, Urgency
from tenancy.permissions import Can
from tenancy.viewsets import ListAndRead, Need, Order, number, operation


class CategorySerializer(serializers.Serializer[Any]):
    """What a ticket can be about (分类)."""

    id = serializers.UUIDField()
    kind = serializers.ChoiceField(choices=Kind.choices)
    complaint_class = serializers.ChoiceField(
        choices=ComplaintClass.choices, allow_blank=True, help_text="Of complaints only."
    )
    name = serializers.CharField()
    name_en = serializers.CharField()
    urgency = serializers.ChoiceField(
        choices=Urgency.choices, help_text="What a ticket gets unless it says otherwise."
    )
    department = serializers.UUIDField(allow_null=True, help_text="Who gets the ticket first.")
    usual_minutes = serializers.IntegerField(
        help_text="Working time that one such ticket usually takes; people's load is counted in it."
    )
    position = serializers.IntegerField()
    is_active = serializers.BooleanField()


@extend_schema_view(
    list=operation("List categories", answers=CategorySerializer(many=True)),
    retrieve=operation("Read a category", answers=CategorySerializer),
)
class CategoryViewSet(ListAndRead):
    """What tickets can be about in this company."""

    model = Category
    filterset_class = CategoryFilter
    needs: ClassVar[dict[str, Need]] = {
        "list": Can.READ_STRUCTURE,
        "retrieve": Can.READ_STRUCTURE,
    }
    fields: ClassVar[dict[str, Any]] = {
        **{
            name: name
            for name in (
                "id", "kind", "complaint_class", "name", "name_en", "urgency",
                "usual_minutes", "position",
                "is_active",
            )
        },
        "department": "department_id",
    }  # fmt: skip
    orders: ClassVar[dict[str, Order]] = {"position": Order("position", number)}
    ordering = "position"
