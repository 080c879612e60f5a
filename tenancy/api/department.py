"""Departments."""

from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema_view
from rest_framework import serializers

from tenancy.models import Department
from tenancy.permissions import Can
from tenancy.viewsets import ListAndRead, Need, Order, number, operation


class DepartmentSerializer(serializers.Serializer[Any]):
    """A department (部门) that tickets are handed to."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    position = serializers.IntegerField()
    is_active = serializers.BooleanField()


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
    }
    fields: ClassVar[dict[str, Any]] = {
        name: name for name in ("id", "name", "position", "is_active")
    }
    orders: ClassVar[dict[str, Order]] = {"position": Order("position", number)}
    ordering = "position"
