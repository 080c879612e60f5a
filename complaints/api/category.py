"""Categories."""

from typing import Any, ClassVar
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_view
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from complaints.filters.category import CategoryFilter
from complaints.forms.category import ICONS, SEVERAL_DAYS
from complaints.models import Category, ComplaintClass, Kind, Urgency
from complaints.models.kinds import SPOKEN_CHOICES
from complaints.services.category import add_category, change_category
from tenancy.models import Department
from tenancy.permissions import Can
from tenancy.viewsets import ListAndRead, Need, Order, idempotent, number, operation
from tenancy.viewsets.named import named


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
    icon = serializers.CharField()
    position = serializers.IntegerField()
    is_active = serializers.BooleanField()


def known_icon(name: str) -> None:
    """Only what the portal can draw."""
    if name not in ICONS:
        raise serializers.ValidationError(_("There is no such icon."), code="invalid_choice")


class CategoryFactsSerializer(serializers.Serializer[Any]):
    """What may be said of a category at any time."""

    name_en = serializers.CharField(max_length=60, required=False, allow_blank=True)
    urgency = serializers.ChoiceField(choices=Urgency.choices, required=False)
    department = serializers.UUIDField(required=False, allow_null=True)
    usual_minutes = serializers.IntegerField(min_value=5, max_value=SEVERAL_DAYS, required=False)
    icon = serializers.CharField(
        max_length=30,
        required=False,
        validators=[known_icon],
        help_text="One of " + ", ".join(f"`{name}`" for name in ICONS) + ".",
    )


class NewCategorySerializer(CategoryFactsSerializer):
    """A category more, after those of its kind."""

    kind = serializers.ChoiceField(choices=SPOKEN_CHOICES)
    complaint_class = serializers.ChoiceField(
        choices=ComplaintClass.choices,
        default="",
        allow_blank=True,
        help_text="Complaints need one, other kinds have none.",
    )
    name = serializers.CharField(max_length=40)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if (attrs["kind"] == Kind.COMPLAINT) != bool(attrs["complaint_class"]):
            sentence = _("Complaints need a class, other kinds have none.")
            raise serializers.ValidationError({"complaint_class": sentence}, code="invalid")
        return attrs


class CategoryChangeSerializer(CategoryFactsSerializer):
    """What is to be changed; what is left out stays as it is."""

    name = serializers.CharField(max_length=40, required=False)
    position = serializers.IntegerField(min_value=0, max_value=999, required=False)
    is_active = serializers.BooleanField(
        required=False, help_text="False: it can no longer be chosen."
    )


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
        "create": Can.SET_PROMISES,
        "partial_update": Can.SET_PROMISES,
    }
    fields: ClassVar[dict[str, Any]] = {
        **{
            name: name
            for name in (
                "id", "kind", "complaint_class", "name", "name_en", "urgency",
                "usual_minutes", "icon", "position",
                "is_active",
            )
        },
        "department": "department_id",
    }  # fmt: skip
    orders: ClassVar[dict[str, Order]] = {"position": Order("position", number)}
    ordering = "position"

    def facts(self, asked: dict[str, Any]) -> dict[str, Any]:
        """What was sent, with a row for an id."""
        if "department" not in asked:
            return asked
        rows = Department.objects.visible_to(self.member).filter(is_active=True)
        return {**asked, "department": named(rows, asked, "department")}

    @operation(
        "Add a category",
        sends=NewCategorySerializer,
        answers=CategorySerializer,
        status=201,
        refusals=("name_taken",),
        sent={"kind": "repair", "name": "门禁", "usual_minutes": 45, "icon": "door"},
    )
    @idempotent
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        facts = {"icon": "complaint", **self.facts(self.sent(NewCategorySerializer))}
        row = add_category(**facts, by=self.actor, now=self.now)
        return Response(self.just(row.pk), status=201)

    @operation(
        "Change a category, or lay it aside",
        sends=CategoryChangeSerializer,
        answers=CategorySerializer,
        more="For new tickets; those that are there stay as they are.",
        refusals=("name_taken",),
    )
    def partial_update(self, request: Request, pk: UUID, *args: Any, **kwargs: Any) -> Response:
        row = self.one(self.rows(), pk)
        facts = self.facts(self.sent(CategoryChangeSerializer))
        change_category(category=row, **facts, by=self.actor, now=self.now)
        return Response(self.just(row.pk))
