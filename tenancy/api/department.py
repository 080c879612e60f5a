"""Departments."""

from typing import Any, ClassVar
from uuid import UUID

from drf_spectacular.utils import extend_schema_view
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from tenancy.models import Department
from tenancy.permissions import Can
from tenancy.services.structure import add_department, change_department
from tenancy.viewsets import ListAndRead, Need, Order, idempotent, number, operation


class DepartmentSerializer(serializers.Serializer[Any]):
    """A department (部门) that tickets are handed to."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    position = serializers.IntegerField()
    is_active = serializers.BooleanField()


class NewDepartmentSerializer(serializers.Serializer[Any]):
    """A department more, after those there are."""

    name = serializers.CharField(max_length=40)


class DepartmentChangeSerializer(serializers.Serializer[Any]):
    """What is to be changed; what is left out stays as it is."""

    name = serializers.CharField(max_length=40, required=False)
    position = serializers.IntegerField(min_value=0, max_value=999, required=False)
    is_active = serializers.BooleanField(required=False)


@extend_schema_view(
    list=operation("List departments", answers=DepartmentSerializer(many=True)),
    retrieve=operation("Read a department", answers=DepartmentSerializer),
)
class DepartmentViewSet(ListAndRead):
    """The departments of the company."""

    model = Department
    needs: ClassVar[dict[str, Need]] = {
        "list": Can.READ_STRUCTURE,
        "retrieve": Can.READ_STRUCTURE,
        "create": Can.SET_STRUCTURE,
        "partial_update": Can.SET_STRUCTURE,
    }
    fields: ClassVar[dict[str, Any]] = {
        name: name for name in ("id", "name", "position", "is_active")
    }
    orders: ClassVar[dict[str, Order]] = {"position": Order("position", number)}
    ordering = "position"

    @operation(
        "Add a department",
        sends=NewDepartmentSerializer,
        answers=DepartmentSerializer,
        status=201,
        refusals=("name_taken",),
        sent={"name": "工程部"},
    )
    @idempotent
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        asked = self.sent(NewDepartmentSerializer)
        row = add_department(name=asked["name"], by=self.actor, now=self.now)
        return Response(self.just(row.pk), status=201)

    @operation(
        "Change a department, or close it",
        sends=DepartmentChangeSerializer,
        answers=DepartmentSerializer,
        more="It is closed once nobody is in it.",
        refusals=("name_taken", "department_in_use"),
    )
    def partial_update(self, request: Request, pk: UUID, *args: Any, **kwargs: Any) -> Response:
        row = self.one(self.rows(), pk)
        facts = self.sent(DepartmentChangeSerializer)
        change_department(department=row, **facts, by=self.actor, now=self.now)
        return Response(self.just(row.pk))
