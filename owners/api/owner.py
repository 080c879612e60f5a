"""The owner archive. Numbers are masked; seeing one in clear is an act of its own, written down."""

from collections.abc import Sequence
from typing import Any, ClassVar
from uuid import UUID

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema_view
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from owners.filters.owner import OwnerFilter
from owners.models import Owner, Ownership, OwnershipRole
from owners.services.archive import mask_id_number, mask_phone, reveal, update_owner
from tenancy.models.token import TokenScope
from tenancy.permissions import Can
from tenancy.viewsets import ListAndRead, Need, Order, operation, text

TIE = ("unit", "label", "community", "role", "since", "until")
SECRET = [("phone", "mobile phone"), ("id_number", "identity number")]


class TieSerializer(serializers.Serializer[Any]):
    """A unit that an owner has to do with, now or formerly."""

    unit = serializers.UUIDField()
    label: Any = serializers.CharField()
    community = serializers.UUIDField()
    role = serializers.ChoiceField(choices=OwnershipRole.choices)
    since = serializers.DateField(allow_null=True)
    until = serializers.DateField(allow_null=True)


class OwnerSerializer(serializers.Serializer[Any]):
    """A person of the archive, as a list shows them."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    phone = serializers.CharField(help_text="Masked.")
    id_number = serializers.CharField(help_text="Masked.")
    email = serializers.CharField()
    has_account = serializers.BooleanField()
    created_at = serializers.DateTimeField()


class OwnerWithUnitsSerializer(OwnerSerializer):
    """A person of the archive and their units."""

    units = TieSerializer(many=True)


class CorrectionSerializer(serializers.Serializer[Any]):
    """What is to be corrected; what is left out stays as it is. An empty number withdraws it."""

    name = serializers.CharField(max_length=60, required=False)
    phone = serializers.CharField(max_length=40, required=False, allow_blank=True)
    id_number = serializers.CharField(max_length=40, required=False, allow_blank=True)
    email = serializers.EmailField(required=False, allow_blank=True)


class RevealSerializer(serializers.Serializer[Any]):
    """What is to be seen in clear."""

    field = serializers.ChoiceField(choices=SECRET)


class RevealedSerializer(serializers.Serializer[Any]):
    """It, in clear."""

    field = serializers.ChoiceField(choices=SECRET)
    value = serializers.CharField()


@extend_schema_view(
    list=operation("List owners", answers=OwnerSerializer(many=True)),
    retrieve=operation("Read an owner", answers=OwnerWithUnitsSerializer),
)
class OwnerViewSet(ListAndRead):
    """The people of the archive that the member may see."""

    model = Owner
    filterset_class = OwnerFilter
    needs: ClassVar[dict[str, Need]] = {
        "list": Can.READ_OWNERS,
        "retrieve": Can.READ_OWNERS,
        "partial_update": Can.EDIT_OWNERS,
        "reveal": Can.REVEAL_PERSONAL,
    }
    scopes: ClassVar[dict[str, TokenScope]] = {"reveal": TokenScope.PERSONAL}
    orders: ClassVar[dict[str, Order]] = {"name": Order("sort_key", text)}
    ordering = "name"

    # Numbers are decrypted to be masked, which the database cannot do.

    def listed(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        return rows.only(
            "company_id", "name", "phone", "id_number", "email", "membership_id", "created_at",
            "sort_key",
        )  # fmt: skip

    def place(self, row: Owner) -> tuple[Any, Any]:
        return row.sort_key, row.pk

    def presented(self, rows: Sequence[Any]) -> Sequence[Any]:
        return [self.present(row) for row in rows]

    def present(self, row: Owner) -> dict[str, Any]:
        return {
            "id": row.pk,
            "name": row.name,
            "phone": mask_phone(row.phone),
            "id_number": mask_id_number(row.id_number),
            "email": row.email,
            "has_account": row.membership_id is not None,
            "created_at": row.created_at,
        }

    def whole(self, pk: UUID) -> dict[str, Any]:
        row: Owner = self.one(self.rows(), pk)
        mine = Ownership.objects.visible_to(self.member)
        ties = mine.filter(owner_id=pk).order_by("unit__label", "id")
        columns = ("unit_id", "unit__label", "unit__community_id", "role", "since", "until")
        units = [dict(zip(TIE, facts, strict=True)) for facts in ties.values_list(*columns)]
        return {**self.present(row), "units": units}

    @operation(
        "Correct an owner",
        sends=CorrectionSerializer,
        answers=OwnerWithUnitsSerializer,
        more="Every correction is written into the audit log, without the numbers themselves.",
        refusals=("name_missing", "bad_phone", "bad_id_number"),
        sent={"phone": "13900000002"},
    )
    def partial_update(self, request: Request, pk: UUID, *args: Any, **kwargs: Any) -> Response:
        owner: Owner = self.one(self.rows(), pk)
        changes = self.sent(CorrectionSerializer)
        update_owner(owner=owner, by=self.actor, now=self.now, **changes)
        return Response(self.whole(pk))

    @operation(
        "Reveal a number",
        sends=RevealSerializer,
        answers=RevealedSerializer,
        more="Needs a token with the scope `personal`. Every reveal is written into the audit log.",
        refusals=("nothing_to_reveal",),
        sent={"field": "phone"},
        answered={"field": "phone", "value": "+8613800000001"},
    )
    @action(detail=True, methods=["post"])
    def reveal(self, request: Request, pk: UUID, *args: Any, **kwargs: Any) -> Response:
        owner: Owner = self.one(self.rows(), pk)
        field = self.sent(RevealSerializer)["field"]
        value = reveal(owner=owner, field=field, by=self.actor, now=self.now)
        return Response({"field": field, "value": value}, headers={"Cache-Control": "no-store"})
