"""Views of the queue that members keep."""

from typing import Any, ClassVar
from uuid import UUID

from drf_spectacular.utils import extend_schema_view
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from complaints.filters.saved_view import normal
from complaints.models import SavedView
from complaints.services.saved_view import change_view, delete_view, save_view
from tenancy.permissions import Can
from tenancy.viewsets import ListAndRead, Need, Order, idempotent, number, operation


class NewViewSerializer(serializers.Serializer[Any]):
    """Filters and what to call them."""

    name = serializers.CharField(max_length=40)
    query = serializers.CharField(
        max_length=2000,
        allow_blank=True,
        default="",
        help_text="What stands behind the `?` of the list of tickets; `tab`: a part of the queue.",
    )
    is_shared = serializers.BooleanField(default=False)


class ChangedViewSerializer(serializers.Serializer[Any]):
    """What may be changed of a view."""

    name = serializers.CharField(max_length=40)
    is_shared = serializers.BooleanField()


class SavedViewSerializer(serializers.Serializer[Any]):
    """A view of the queue (视图)."""

    id = serializers.UUIDField()
    member = serializers.UUIDField(help_text="Who made it.")
    name = serializers.CharField()
    query = serializers.CharField()
    is_shared = serializers.BooleanField()
    position = serializers.IntegerField()


@extend_schema_view(
    list=operation("List the views of the queue", answers=SavedViewSerializer(many=True)),
    retrieve=operation("Read a view", answers=SavedViewSerializer),
)
class SavedViewViewSet(ListAndRead):
    """Filters of the queue under a name: one's own, and those shared with everybody."""

    model = SavedView
    needs: ClassVar[dict[str, Need]] = dict.fromkeys(
        ("list", "retrieve", "create", "update", "destroy"), Can.KEEP_VIEWS
    )
    fields: ClassVar[dict[str, Any]] = {
        **{name: name for name in ("id", "name", "query", "is_shared", "position")},
        "member": "membership_id",
    }
    orders: ClassVar[dict[str, Order]] = {"position": Order("position", number)}
    ordering = "position"

    @operation(
        "Keep a view",
        sends=NewViewSerializer,
        answers=SavedViewSerializer,
        status=201,
        refusals=("name_taken", "too_many_views", "not_your_view", "filters_too_long"),
        sent={"name": "电梯，超时", "query": "category=…&late=true", "is_shared": False},
    )
    @idempotent
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        asked = self.sent(NewViewSerializer)
        facts = {**asked, "query": normal(asked["query"])}
        view = save_view(**facts, by=self.actor, now=self.now)
        return Response(self.just(view.pk), status=201)

    @operation(
        "Change a view",
        sends=ChangedViewSerializer,
        answers=SavedViewSerializer,
        refusals=("name_taken", "not_your_view"),
    )
    def update(self, request: Request, pk: UUID, *args: Any, **kwargs: Any) -> Response:
        view = self.one(self.rows(), pk)
        change_view(view=view, **self.sent(ChangedViewSerializer), by=self.actor, now=self.now)
        return Response(self.just(view.pk))

    @operation("Delete a view", answers=None, status=204, refusals=("not_your_view",))
    def destroy(self, request: Request, pk: UUID, *args: Any, **kwargs: Any) -> Response:
        delete_view(view=self.one(self.rows(), pk), by=self.actor, now=self.now)
        return Response(status=204)
