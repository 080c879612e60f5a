"""“Reported already – add me”: what is known near one's home, and waiting for it too."""

from typing import Any, ClassVar
from uuid import UUID

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema_view
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from complaints.api.ticket import NOT_THERE
from complaints.models import Category, Status, Supporter
from complaints.services.supporting import join, joinable, known_near, leave
from owners.models import Unit
from tenancy.models.token import TokenScope
from tenancy.permissions import Can
from tenancy.viewsets import ListAndRead, Need, Order, idempotent, operation


class NearSerializer(serializers.Serializer[Any]):
    """A matter that a neighbour has reported: what anybody in the stairwell could know."""

    id = serializers.UUIDField(help_text="To join it by; it opens nothing else.")
    category = serializers.UUIDField()
    building_name = serializers.CharField(allow_null=True, help_text="Null: of the community.")
    status = serializers.ChoiceField(choices=Status.choices)
    created_at = serializers.DateTimeField()
    promised_at = serializers.DateTimeField(allow_null=True, help_text="To be solved by.")
    others = serializers.IntegerField(help_text="How many wait for it too.")
    joined = serializers.BooleanField()


class WhereSerializer(serializers.Serializer[Any]):
    """What one is about to report, and about which home."""

    category = serializers.UUIDField()
    unit = serializers.UUIDField()


class JoinSerializer(serializers.Serializer[Any]):
    """Which matter."""

    ticket = serializers.UUIDField(help_text="The `id` of one that is known near one's home.")


class SupporterSerializer(serializers.Serializer[Any]):
    """A matter of somebody else that the owner waits for too."""

    id = serializers.UUIDField()
    category = serializers.UUIDField()
    building_name = serializers.CharField(allow_null=True)
    status = serializers.ChoiceField(choices=Status.choices)
    reported_at = serializers.DateTimeField()
    joined_at = serializers.DateTimeField()


@extend_schema_view(
    list=operation("List what one has joined", answers=SupporterSerializer(many=True)),
    retrieve=operation("Read what one has joined", answers=SupporterSerializer),
)
class SupporterViewSet(ListAndRead):
    """Waiting for what a neighbour has reported. Nothing of their words is shown."""

    model = Supporter
    needs: ClassVar[dict[str, Need]] = dict.fromkeys(
        ("list", "retrieve", "create", "destroy", "near"), Can.JOIN
    )
    scopes: ClassVar[dict[str, TokenScope]] = {"near": TokenScope.READ}
    fields: ClassVar[dict[str, Any]] = {
        "id": "id",
        "category": "ticket__category_id",
        "building_name": "ticket__unit__building__name",
        "status": "ticket__status",
        "reported_at": "ticket__created_at",
        "joined_at": "joined_at",
    }
    orders: ClassVar[dict[str, Order]] = {"-joined_at": Order("joined_at", descending=True)}
    ordering = "-joined_at"

    def rows(self) -> QuerySet[Any]:
        mine: QuerySet[Any] = Supporter.objects.filter(owner__membership_id=self.member.pk)
        return mine

    @operation(
        "Join a matter",
        sends=JoinSerializer,
        answers=SupporterSerializer,
        status=201,
        more="One is told when it is solved. Joining twice is joining once.",
        refusals=("not_near",),
    )
    @idempotent
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        asked = self.sent(JoinSerializer)
        for ticket in joinable(self.member, self.now).filter(pk=asked["ticket"])[:1]:
            row = join(ticket=ticket, by=self.actor, now=self.now)
            return Response(self.just(row.pk), status=201)
        raise nothing("ticket")

    @operation("Leave a matter", answers=None, status=204)
    def destroy(self, request: Request, pk: UUID, *args: Any, **kwargs: Any) -> Response:
        leave(supporter=self.one(self.rows(), pk), by=self.actor, now=self.now)
        return Response(status=204)

    @operation(
        "List what is known near a home",
        sends=WhereSerializer,
        answers=NearSerializer(many=True),
        more="What neighbours have reported of a category in the last days and what is still "
        "open, at most three. A question, sent as a body; nothing is changed.",
        filters=False,
    )
    @action(detail=False, methods=["post"], pagination_class=None)
    def near(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        asked = self.sent(WhereSerializer)
        category = Category.objects.visible_to(self.member).filter(pk=asked["category"]).first()
        unit = Unit.objects.lived_in_by(self.member).filter(pk=asked["unit"]).first()
        if category is None or unit is None:
            raise nothing("category" if category is None else "unit")
        rows = known_near(category=category, place=unit, me=self.member, now=self.now)
        return Response([shown(row) for row in rows])


def nothing(name: str) -> ValidationError:
    """A value that names nothing: unknown and not near are one fault."""
    sentence = str(NOT_THERE)
    return ValidationError({name: [ErrorDetail(sentence, "does_not_exist")]})


def shown(row: Any) -> dict[str, Any]:
    """As much of a neighbour's ticket as may be known."""
    return {
        "id": row.pk,
        "category": row.category_id,
        "building_name": row.unit.building.name if row.unit else None,
        "status": row.status,
        "created_at": row.created_at,
        "promised_at": row.promised_at,
        "others": row.others,
        "joined": row.is_joined,
    }
