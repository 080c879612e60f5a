"""Members: who works here, and who is asking."""

from datetime import datetime
from typing import Any, ClassVar

from django.db.models import OuterRef
from drf_spectacular.utils import extend_schema_view
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from tenancy.filters.member import MemberFilter
from tenancy.models import DepartmentMember, Membership
from tenancy.models.token import TokenScope
from tenancy.permissions import Can, Role, allowed
from tenancy.viewsets import ListAndRead, Need, Order, nested, operation, text


class PlaceSerializer(serializers.Serializer[Any]):
    """A member's place in a department."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    is_supervisor = serializers.BooleanField()


class MemberSerializer(serializers.Serializer[Any]):
    """Somebody who works for the company; `id` is what tickets are assigned to."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    roles = serializers.ListField(child=serializers.ChoiceField(choices=Role.choices))
    all_communities = serializers.BooleanField()
    is_active = serializers.BooleanField()
    departments = PlaceSerializer(many=True)


class MeCompanySerializer(serializers.Serializer[Any]):
    """The company that is asked."""

    id = serializers.UUIDField()
    slug = serializers.CharField()
    name = serializers.CharField()
    zone = serializers.CharField()


class MeSerializer(serializers.Serializer[Any]):
    """Who is asking, and what they may do."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    company = MeCompanySerializer()
    roles = serializers.ListField(child=serializers.ChoiceField(choices=Role.choices))
    permissions = serializers.ListField(child=serializers.CharField())
    scopes = serializers.ListField(child=serializers.ChoiceField(choices=TokenScope.choices))


@extend_schema_view(
    list=operation("List members of staff", answers=MemberSerializer(many=True)),
    retrieve=operation("Read a member of staff", answers=MemberSerializer),
)
class MemberViewSet(ListAndRead):
    """The people who work for the company."""

    model = Membership
    filterset_class = MemberFilter
    needs: ClassVar[dict[str, Need]] = {
        "list": Can.READ_MEMBERS,
        "retrieve": Can.READ_MEMBERS,
        "me": Can.BE_HERE,
    }
    orders: ClassVar[dict[str, Order]] = {"name": Order("name", text)}
    ordering = "name"

    def shape(self, now: datetime, *, whole: bool) -> dict[str, Any]:
        places = DepartmentMember.objects.filter(membership_id=OuterRef("id"))
        return {
            **{name: name for name in ("id", "name", "roles", "all_communities", "is_active")},
            "departments": nested(
                places.order_by("department__position", "department_id"),
                {
                    "id": "department_id",
                    "name": "department__name",
                    "is_supervisor": "is_supervisor",
                },
            ),
        }

    @operation("Who am I", answers=MeSerializer, more="The member, the company and the rights.")
    @action(detail=False, pagination_class=None, filter_backends=())
    def me(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        member, company = self.member, request.company  # type: ignore[attr-defined]
        return Response(
            {
                "id": member.pk,
                "name": member.name,
                "company": {
                    "id": company.pk,
                    "slug": company.slug,
                    "name": company.name,
                    "zone": company.zone,
                },
                "roles": member.roles,
                "permissions": sorted(allowed(tuple(member.roles))),
                "scopes": self.token.scopes if self.token else TokenScope.values,
            }
        )
