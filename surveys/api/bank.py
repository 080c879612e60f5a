"""The bank of questions."""

from typing import Any, ClassVar
from uuid import UUID

from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from surveys.api.survey_parts import QUESTION, QuestionField, QuestionSerializer, pointed
from surveys.models import BankQuestion, Survey
from surveys.models.bank import LONGEST_TOPIC
from surveys.questionnaire import Dimension, examine, question_document
from surveys.services.bank import (
    Offer,
    bank,
    forget_question,
    keep_question,
    offer_of,
    take_from_bank,
)
from surveys.services.survey import FaultyQuestionnaire, company_language
from tenancy.permissions import Can
from tenancy.viewsets import CompanyViewSet, Need, bad_parameter, idempotent, operation


class BankQuestionSerializer(serializers.Serializer[Any]):
    """A question of the bank (题库), the company's own or of a template."""

    name = serializers.CharField(help_text="What `take` calls it; the company's own by their id.")
    topic = serializers.CharField(allow_blank=True)
    is_own = serializers.BooleanField()
    question = QuestionSerializer()
    translations: Any = serializers.DictField(
        child=serializers.DictField(child=serializers.CharField())
    )


class KeptQuestionSerializer(serializers.Serializer[Any]):
    """A question to be kept."""

    question = QuestionField()
    translations: Any = serializers.DictField(
        child=serializers.DictField(child=serializers.CharField(allow_blank=True)),
        default=dict,
        help_text="language → place (`q`, `q.help`, `q.c1`) → text",
    )
    topic = serializers.CharField(max_length=LONGEST_TOPIC, allow_blank=True, default="")


class TakenSerializer(serializers.Serializer[Any]):
    """Which questions go where."""

    names = serializers.ListField(
        child=serializers.CharField(max_length=100), min_length=1, max_length=100
    )
    section = serializers.CharField(
        max_length=30, allow_blank=True, default="", help_text="Its key; the last one if left out."
    )


def shown(offer: Offer) -> dict[str, Any]:
    return {
        "name": offer.name,
        "topic": offer.topic,
        "is_own": offer.row is not None,
        "question": question_document(offer.question),
        "translations": offer.words,
    }


class BankViewSet(CompanyViewSet):
    """Questions for later: those that the company keeps, and those of the templates."""

    needs: ClassVar[dict[str, Need]] = dict.fromkeys(
        ("read_all", "create", "destroy", "take"), Can.SET_SURVEYS
    )
    model = BankQuestion
    pagination_class: Any = None
    filter_backends: Any = ()

    @operation(
        "List the questions of the bank",
        answers=BankQuestionSerializer(many=True),
        parameters=[
            OpenApiParameter("search", str, description="Words in any language."),
            OpenApiParameter("dimension", str, enum=[each.value for each in Dimension]),
        ],
    )
    def read_all(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        dimension = request.query_params.get("dimension", "")
        if dimension and dimension not in list(Dimension):
            raise bad_parameter("dimension", _("There is no such dimension."), "invalid_choice")
        words = request.query_params.get("search", "")[:100].replace("\x00", "")
        offers = bank(self.rows(), language=company_language(), words=words, dimension=dimension)
        return Response([shown(each) for each in offers])

    @operation(
        "Keep a question in the bank",
        sends=KeptQuestionSerializer,
        answers=BankQuestionSerializer,
        status=201,
        refusals=("kept_already", "bank_full"),
        more="Without its conditions. Faults are refused (400).",
        sent={"question": {**QUESTION, "conditions": []}, "topic": "服务"},
    )
    @idempotent
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        asked = self.sent(KeptQuestionSerializer)
        alone = {"sections": [{"title": "s", "questions": [asked["question"]]}]}
        try:
            found, faults = examine(alone)
            if faults and any(each.code != "asks_nothing" for each in faults):
                raise FaultyQuestionnaire(faults, found)
            row = keep_question(
                question=next(iter(found)), words=asked["translations"], topic=asked["topic"],
                language=company_language(), by=self.actor, now=self.now,
            )  # fmt: skip
        except FaultyQuestionnaire as refusal:
            raise pointed(refusal, "question") from refusal
        return Response(shown(offer_of(row)), status=201)

    @operation("Take a question out of the bank", answers=None, status=204)
    def destroy(self, request: Request, pk: UUID, *args: Any, **kwargs: Any) -> Response:
        forget_question(row=self.one(self.rows(), pk), by=self.actor, now=self.now)
        return Response(status=204)

    @operation(
        "Take questions from the bank into a survey",
        sends=TakenSerializer,
        answers=QuestionSerializer(many=True),
        sent={"names": ["satisfaction.nps"], "section": "s1"},
        more="Copies at the end of a section, with their translations, under keys of their own.",
    )
    def take(self, request: Request, pk: UUID, *args: Any, **kwargs: Any) -> Response:
        survey = self.one(Survey.objects.visible_to(self.member), pk)
        taken = take_from_bank(
            survey=survey, **self.sent(TakenSerializer), rows=self.rows(), by=self.actor,
            now=self.now,
        )  # fmt: skip
        return Response([question_document(each) for each in taken])
