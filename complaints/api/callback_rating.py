"""Ratings of calls: whether a call that reached the owner helped."""

from typing import Any, ClassVar
from uuid import UUID

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from complaints.api.parts import TicketPartViewSet
from complaints.api.ticket_fields import LONGEST_TEXT
from complaints.models import Callback, CallbackRating
from complaints.services.callback_rating import rate_call
from tenancy.permissions import Can
from tenancy.viewsets import Need, idempotent, operation


class NewCallbackRatingSerializer(serializers.Serializer[Any]):
    """The owner's verdict on a call."""

    score = serializers.IntegerField(min_value=1, max_value=5)
    comment = serializers.CharField(max_length=LONGEST_TEXT, allow_blank=True, default="")


class CallbackRatingSerializer(serializers.Serializer[Any]):
    """A verdict on a call. Nobody edits it."""

    id = serializers.UUIDField()
    callback = serializers.UUIDField()
    score = serializers.IntegerField(min_value=1, max_value=5)
    comment = serializers.CharField()
    called_at = serializers.DateTimeField()
    at = serializers.DateTimeField()


class CallbackRatingViewSet(TicketPartViewSet):
    """The owner's verdict on one call about a ticket."""

    model = CallbackRating
    needs: ClassVar[dict[str, Need]] = {"create": Can.RATE}
    fields: ClassVar[dict[str, Any]] = {
        **{name: name for name in ("id", "score", "comment", "called_at", "at")},
        "callback": "callback_id",
    }

    @operation(
        "Rate a call",
        sends=NewCallbackRatingSerializer,
        answers=CallbackRatingSerializer,
        status=201,
        more="Only the owner who was called, once, and only a call that reached them. One or two "
        "stars are put before the supervisor.",
        refusals=("not_asked", "rated_already", "not_yours"),
        sent={"score": 4, "comment": "解释得很清楚"},
    )
    @idempotent
    def create(self, request: Request, callback: UUID, *args: Any, **kwargs: Any) -> Response:
        asked = self.sent(NewCallbackRatingSerializer)
        call = self.one(Callback.objects.filter(ticket_id=self.ticket.pk), callback)
        rating = rate_call(callback=call, by=self.actor, now=self.now, **asked)
        return Response(self.just(rating.pk), status=201)

    def rows(self) -> Any:
        return self.model.objects.filter(callback__ticket_id=self.ticket.pk)
