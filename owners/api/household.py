"""Who belongs to one's own homes."""

from typing import Any, ClassVar
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_view
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from owners.models import Ownership, OwnershipRole, Unit
from owners.services.archive import NAME_LENGTH
from owners.services.household import (
    add_family_member,
    end_family_tie,
    household_of,
    owned_by,
)
from owners.services.personal import LONGEST_TYPED
from tenancy.permissions import Can
from tenancy.viewsets import ListAndRead, Need, Order, idempotent, operation

NOT_THERE = _("There is nothing with this id.")


class FamilyMemberSerializer(serializers.Serializer[Any]):
    """Somebody of the family, and of which home."""

    unit = serializers.UUIDField(help_text="One that the member owns.")
    name = serializers.CharField(max_length=NAME_LENGTH)
    phone = serializers.CharField(max_length=LONGEST_TYPED, help_text="They sign in with it.")


class HouseholdTieSerializer(serializers.Serializer[Any]):
    """Somebody's tie to a home. Their number is not told."""

    id = serializers.UUIDField()
    unit = serializers.UUIDField()
    name = serializers.CharField()
    role = serializers.ChoiceField(choices=OwnershipRole.choices)
    since = serializers.DateField(allow_null=True)


@extend_schema_view(
    list=operation("List who belongs to one's homes", answers=HouseholdTieSerializer(many=True)),
    retrieve=operation("Read one tie to a home", answers=HouseholdTieSerializer),
)
class HouseholdViewSet(ListAndRead):
    """The people of the homes that the member owns; of others, only the member."""

    model = Ownership
    needs: ClassVar[dict[str, Need]] = dict.fromkeys(
        ("list", "retrieve", "create", "destroy"), Can.KEEP_HOUSEHOLD
    )
    fields: ClassVar[dict[str, Any]] = {
        "id": "id",
        "unit": "unit_id",
        "name": "owner__name",
        "role": "role",
        "since": "since",
    }
    orders: ClassVar[dict[str, Order]] = {"id": Order("id")}
    ordering = "id"

    def rows(self) -> QuerySet[Any]:
        return household_of(self.member).order_by()

    @operation(
        "Add a family member",
        sends=FamilyMemberSerializer,
        answers=HouseholdTieSerializer,
        status=201,
        more="They can sign in with a code sent to that number.",
        refusals=(
            "belongs_already", "bad_phone", "household_full", "known_otherwise", "too_many_tries",
            "place_laid_aside",
        ),
    )  # fmt: skip
    @idempotent
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        asked = self.sent(FamilyMemberSerializer)
        mine = Unit.objects.filter(id__in=owned_by(self.member).values("unit_id"))
        for unit in mine.filter(pk=asked.pop("unit"))[:1]:
            tie = add_family_member(unit=unit, **asked, by=self.actor, now=self.now)
            return Response(self.just(tie.pk), status=201)
        sentence = str(NOT_THERE)
        raise ValidationError({"unit": [ErrorDetail(sentence, "does_not_exist")]})

    @operation(
        "Take a family member off a home",
        answers=None,
        status=204,
        refusals=("not_family", "not_your_home"),
    )
    def destroy(self, request: Request, pk: UUID, *args: Any, **kwargs: Any) -> Response:
        end_family_tie(tie=self.one(self.rows(), pk), by=self.actor, now=self.now)
        return Response(status=204)
