"""Members: who works here, and who is asking."""

from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from django.db.models import OuterRef
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_view
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.exceptions import ErrorDetail
from rest_framework.request import Request
from rest_framework.response import Response

from tenancy.filters.member import MemberFilter
from tenancy.models import Community, Department, DepartmentMember, Membership
from tenancy.models.token import TokenScope
from tenancy.permissions import Can, Role, allowed
from tenancy.services.phones import LONGEST_TYPED, normal_phone
from tenancy.services.staffing import (
    Duties,
    change_member,
    dismiss_member,
    invite_member,
    readmit_member,
)
from tenancy.viewsets import ListAndRead, Need, Order, idempotent, nested, operation, text
from tenancy.viewsets.named import NOT_THERE


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


class PhoneField(serializers.CharField):
    """A telephone number in any usual spelling; its value is E.164."""

    default_error_messages = {"invalid": _("This is not a valid telephone number.")}

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("help_text", "In any spelling.")
        super().__init__(required=False, allow_blank=True, max_length=LONGEST_TYPED, **kwargs)

    def to_internal_value(self, data: Any) -> str:
        typed = super().to_internal_value(data)
        phone = normal_phone(typed)
        if typed and not phone:
            self.fail("invalid")
        return phone


class DutiesSerializer(serializers.Serializer[Any]):
    """What somebody is in the company."""

    name = serializers.CharField(max_length=60)
    work_phone = PhoneField(
        help_text="Where colleagues reach them. What is not sent stays; empty takes it away."
    )
    roles = serializers.ListField(
        child=serializers.ChoiceField(choices=Role.choices), allow_empty=False, max_length=len(Role)
    )
    communities = serializers.ListField(
        child=serializers.UUIDField(),
        required=False,
        allow_null=True,
        max_length=500,
        help_text="Nothing, or null: all of them.",
    )
    departments = serializers.ListField(
        child=serializers.UUIDField(), required=False, default=list, max_length=100
    )
    supervises = serializers.ListField(
        child=serializers.UUIDField(),
        required=False,
        default=list,
        max_length=100,
        help_text="Departments for whose late work they answer.",
    )


class InvitationSerializer(DutiesSerializer):
    """Somebody who is to work here, and one way to reach them."""

    email = serializers.EmailField(required=False, default="", allow_blank=True, max_length=150)
    phone = PhoneField()


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
        "create": Can.SET_MEMBERS,
        "update": Can.SET_MEMBERS,
        "dismiss": Can.SET_MEMBERS,
        "readmit": Can.SET_MEMBERS,
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

    @operation(
        "Invite somebody to work here",
        sends=InvitationSerializer,
        answers=MemberSerializer,
        status=201,
        more="Exactly one of `email` and `phone`; the person is told by it how to sign in. Whoever "
        "has an account with it elsewhere gets no second one, and the answer does not tell.",
        refusals=(
            "one_address",
            "no_staff_role",
            "role_above_yours",
            "community_beyond_yours",
            "already_a_member",
            "account_closed",
        ),
        sent={"name": "李雷", "email": "li@example.com", "roles": ["desk"]},
    )
    @idempotent
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        asked = self.sent(InvitationSerializer)
        row = invite_member(
            name=asked["name"],
            email=asked["email"].lower(),
            phone=asked.get("phone", ""),
            work_phone=asked.get("work_phone", ""),
            duties=self.duties(asked),
            by=self.actor,
            now=self.now,
        )
        return Response(self.just(row.pk), status=201)

    @operation(
        "Change what a member is",
        sends=DutiesSerializer,
        answers=MemberSerializer,
        more="Everything at once: what is not sent is taken away, but for the work phone. The "
        "person is told.",
        refusals=("no_staff_role", "role_above_yours", "community_beyond_yours", "last_admin"),
    )
    def update(self, request: Request, pk: UUID, *args: Any, **kwargs: Any) -> Response:
        row = self.one(self.rows(), pk)
        asked = self.sent(DutiesSerializer)
        change_member(
            membership=row,
            name=asked["name"],
            work_phone=asked.get("work_phone"),
            duties=self.duties(asked),
            by=self.actor,
            now=self.now,
        )
        return Response(self.just(row.pk))

    @operation(
        "Let a member go",
        answers=MemberSerializer,
        more="They can no longer sign in, their tokens end, and their tickets go back to their "
        "departments. Somebody who is an owner as well stays owner.",
        refusals=("role_above_yours", "last_admin"),
    )
    @action(detail=True, methods=["post"], filter_backends=(), pagination_class=None)
    def dismiss(self, request: Request, pk: UUID, *args: Any, **kwargs: Any) -> Response:
        row = dismiss_member(membership=self.one(self.rows(), pk), by=self.actor, now=self.now)
        return Response(self.just(row.pk))

    @operation("Let a member in again", answers=MemberSerializer, refusals=("role_above_yours",))
    @action(detail=True, methods=["post"], filter_backends=(), pagination_class=None)
    def readmit(self, request: Request, pk: UUID, *args: Any, **kwargs: Any) -> Response:
        row = readmit_member(membership=self.one(self.rows(), pk), by=self.actor, now=self.now)
        return Response(self.just(row.pk))

    def duties(self, asked: dict[str, Any]) -> Duties:
        """What was sent, with rows for ids."""
        communities = asked.get("communities")
        return Duties(
            roles=[role for role in asked["roles"] if role != Role.OWNER],
            communities=self.named(Community, communities, "communities") if communities else None,
            departments=self.named(Department, asked["departments"], "departments"),
            supervises=self.named(Department, asked["supervises"], "supervises"),
        )

    def named(self, model: Any, ids: list[UUID], name: str) -> list[Any]:
        """The rows of these ids; one that is not there is a fault of the request."""
        wanted = set(ids)
        rows = list(model.objects.visible_to(self.member).filter(pk__in=wanted, is_active=True))
        if len(rows) != len(wanted):
            raise serializers.ValidationError(
                {name: [ErrorDetail(str(NOT_THERE), "does_not_exist")]}
            )
        return rows

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
