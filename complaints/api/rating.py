"""Ratings: what the owner says afterwards."""

from typing import Any, ClassVar

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from complaints.api.parts import TicketPartViewSet
from complaints.api.ticket_fields import LONGEST_TEXT
from complaints.models import Rating, Status
from complaints.services.owner_voice import rate
from tenancy.permissions import Can
from tenancy.viewsets import Need, idempotent, operation


class NewRatingSerializer(serializers.Serializer[Any]):
    """The owner's verdict."""

    score = serializers.IntegerField(min_value=1, max_value=5)
    comment = serializers.CharField(max_length=LONGEST_TEXT, allow_blank=True, default="")
    fixed = serializers.BooleanField(default=True)


class RatingSerializer(serializers.Serializer[Any]):
    """A verdict, and what became of the ticket."""

    id = serializers.UUIDField()
    cycle = serializers.IntegerField()
    score = serializers.IntegerField(min_value=1, max_value=5)
    comment = serializers.CharField()
    fixed = serializers.BooleanField()
    at = serializers.DateTimeField()
    status = serializers.ChoiceField(choices=Status.choices, help_text="Of the ticket, now.")


class RatingViewSet(TicketPartViewSet):
    """The owner's verdict on one ticket. Nobody edits it."""

    model = Rating
    needs: ClassVar[dict[str, Need]] = {"create": Can.RATE}
    fields: ClassVar[dict[str, Any]] = {
        **{name: name for name in ("id", "cycle", "score", "comment", "fixed", "at")},
        "status": "ticket__status",
    }

    @operation(
        "Rate how a ticket was handled",
        sends=NewRatingSerializer,
        answers=RatingSerializer,
        status=201,
        more="Only the owner who spoke up. One or two stars, or not fixed, reopens the ticket and "
        "puts it before the supervisor; anything else closes it.",
        refusals=("wrong_state", "rated_already", "not_yours"),
        sent={"score": 5, "comment": "很快就修好了", "fixed": True},
    )
    @idempotent
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        asked = self.sent(NewRatingSerializer)
        rating = rate(ticket=self.ticket, by=self.actor, now=self.now, **asked)
        return Response(self.just(rating.pk), status=201)
