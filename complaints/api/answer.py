"""Prepared answers."""

from typing import Any, ClassVar
from uuid import UUID

from django.conf import settings
from drf_spectacular.utils import extend_schema_view
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from complaints.models import Answer, Category
from complaints.models.answer import LONGEST_ANSWER, LONGEST_TITLE
from complaints.services.answer import add_answer, change_answer, delete_answer
from tenancy.permissions import Can
from tenancy.viewsets import ListAndRead, Need, Order, idempotent, operation, text
from tenancy.viewsets.named import named

REFUSALS = ("name_taken", "nothing_said", "unknown_place")


class AnswerFactsSerializer(serializers.Serializer[Any]):
    """What is prepared."""

    title = serializers.CharField(max_length=LONGEST_TITLE, help_text="What it is for.")
    text = serializers.CharField(
        max_length=LONGEST_ANSWER,
        help_text="`{owner}`, `{number}`, `{company}` and `{me}` are filled in when it is used.",
    )
    category = serializers.UUIDField(
        allow_null=True, default=None, help_text="Where it is offered first; none: everywhere."
    )
    language = serializers.ChoiceField(
        choices=settings.LANGUAGES,
        allow_blank=True,
        default="",
        help_text="Of the text; empty: the company's own.",
    )


class AnswerSerializer(AnswerFactsSerializer):
    """A prepared answer (常用回复)."""

    id = serializers.UUIDField()


@extend_schema_view(
    list=operation("List prepared answers", answers=AnswerSerializer(many=True)),
    retrieve=operation("Read a prepared answer", answers=AnswerSerializer),
)
class AnswerViewSet(ListAndRead):
    """Words that the company stands by, to be put into messages and notes."""

    model = Answer
    needs: ClassVar[dict[str, Need]] = {
        **dict.fromkeys(("list", "retrieve"), Can.READ_ANSWERS),
        **dict.fromkeys(("create", "update", "destroy"), Can.SET_ANSWERS),
    }
    fields: ClassVar[dict[str, Any]] = {
        **{name: name for name in ("id", "title", "text", "language")},
        "category": "category_id",
    }
    orders: ClassVar[dict[str, Order]] = {"title": Order("title", text)}
    ordering = "title"

    def facts(self) -> dict[str, Any]:
        """What was sent, with the category itself."""
        sent = self.sent(AnswerFactsSerializer)
        return {
            **sent,
            "category": named(Category.objects.visible_to(self.member), sent, "category"),
        }

    @operation(
        "Prepare an answer",
        sends=AnswerFactsSerializer,
        answers=AnswerSerializer,
        status=201,
        refusals=(*REFUSALS, "too_many_answers"),
        sent={"title": "已收到", "text": "{业主}您好，{工单号}已收到。", "language": ""},
    )
    @idempotent
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        row = add_answer(**self.facts(), by=self.actor, now=self.now)
        return Response(self.just(row.pk), status=201)

    @operation(
        "Change a prepared answer",
        sends=AnswerFactsSerializer,
        answers=AnswerSerializer,
        refusals=REFUSALS,
    )
    def update(self, request: Request, pk: UUID, *args: Any, **kwargs: Any) -> Response:
        row = self.one(self.rows(), pk)
        change_answer(answer=row, **self.facts(), by=self.actor, now=self.now)
        return Response(self.just(row.pk))

    @operation("Delete a prepared answer", answers=None, status=204)
    def destroy(self, request: Request, pk: UUID, *args: Any, **kwargs: Any) -> Response:
        delete_answer(answer=self.one(self.rows(), pk), by=self.actor, now=self.now)
        return Response(status=204)
