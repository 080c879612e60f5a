"""Messages: between owner and company, and notes among staff."""

from typing import Any, ClassVar

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from complaints.api.parts import TicketPartViewSet
from complaints.api.ticket_fields import LONGEST_TEXT
from complaints.models import EventKind, TicketEvent
from complaints.services.talking import comment, note
from tenancy.permissions import Can
from tenancy.viewsets import Need, idempotent, operation


class NewMessageSerializer(serializers.Serializer[Any]):
    """What is to be said."""

    text = serializers.CharField(max_length=LONGEST_TEXT)


class MessageSerializer(serializers.Serializer[Any]):
    """What was said; it stands in the timeline too."""

    id = serializers.UUIDField()
    kind = serializers.ChoiceField(choices=EventKind.choices)
    at = serializers.DateTimeField()
    text = serializers.CharField()


class MessageViewSet(TicketPartViewSet):
    """What is written on one ticket. To read it, read the events."""

    model = TicketEvent
    needs: ClassVar[dict[str, Need]] = {"create": Can.COMMENT, "note": Can.NOTE}

    @operation(
        "Write to the other side",
        sends=NewMessageSerializer,
        answers=MessageSerializer,
        status=201,
        more="The owner's words go to whoever handles the ticket, the staff's to the owner.",
        refusals=("wrong_state",),
        sent={"text": "师傅今天下午三点到"},
    )
    @idempotent
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return self.said(comment)

    @operation(
        "Write a note among staff",
        sends=NewMessageSerializer,
        answers=MessageSerializer,
        status=201,
        more="Owners never see it.",
        sent={"text": "业主情绪激动，注意语气"},
    )
    @idempotent
    def note(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return self.said(note)

    def said(self, service: Any) -> Response:
        text = self.sent(NewMessageSerializer)["text"]
        event = service(ticket=self.ticket, text=text, by=self.actor, now=self.now)
        shown = {"id": event.pk, "kind": event.kind, "at": event.at, "text": text}
        return Response(shown, status=201)
