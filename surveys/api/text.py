"""What people said in their own words."""

from typing import Any, ClassVar
from uuid import UUID

from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from surveys.api.result import AT, WaveResults
from surveys.models import ResponseMark, Wave
from surveys.services.coding import (
    categories,
    code_texts,
    codes_of,
    narrowed,
    text_questions,
    texts_of,
    uncode_texts,
)
from tenancy.permissions import Can
from tenancy.viewsets import Need, bad_parameter, operation
from tenancy.viewsets.named import named

PAGE = 100
LAST = 10_000


class TextSerializer(serializers.Serializer[Any]):
    """A text, without anything else that the same person answered."""

    id = serializers.UUIDField()
    question = serializers.CharField()
    text = serializers.CharField()
    categories = serializers.ListField(child=serializers.UUIDField())


class TextsSerializer(serializers.Serializer[Any]):
    """A page of texts, in an order that means nothing."""

    next = serializers.IntegerField(allow_null=True, help_text="The number of the next page.")
    results = TextSerializer(many=True)


class CodingSerializer(serializers.Serializer[Any]):
    """Texts, and what they are about."""

    texts = serializers.ListField(child=serializers.UUIDField(), allow_empty=False, max_length=500)
    category = serializers.UUIDField()
    away = serializers.BooleanField(default=False, help_text="Take them away from it.")


class CodedSerializer(serializers.Serializer[Any]):
    """What became of it."""

    changed = serializers.IntegerField(help_text="Texts that were not so before.")


PARAMETERS = [
    AT,
    OpenApiParameter("question", str, description="Only this question's."),
    OpenApiParameter("search", str, description="With these words."),
    OpenApiParameter("category", str, description="Put to this category; `none`: to none yet."),
    OpenApiParameter("page", OpenApiTypes.INT, description="From 1."),
]


class TextViewSet(WaveResults):
    """Own words, read and put to the company's categories."""

    needs: ClassVar[dict[str, Need]] = {"read": Can.READ_SURVEYS, "code": Can.IMPROVE}
    pagination_class: Any = None

    @operation(
        "Read the texts of a wave",
        answers=TextsSerializer,
        more="Only where five have written something, and nobody is left over elsewhere.",
        parameters=PARAMETERS,
    )
    def read(self, request: Request, pk: UUID, *args: Any, **kwargs: Any) -> Response:
        asked = request.query_params
        texts = self.texts(self.wave(pk))
        if key := asked.get("question", "").replace("\x00", ""):
            texts = texts.filter(question=key)
        found = narrowed(texts, search=asked.get("search", "")[:100], code=self.code_asked())
        number = self.number()
        rows = list(found[(number - 1) * PAGE : number * PAGE + 1])
        codes = codes_of(rows[:PAGE])
        return Response(
            {
                "next": number + 1 if len(rows) > PAGE else None,
                "results": [
                    {
                        "id": str(row.pk),
                        "question": row.question,
                        "text": row.text,
                        "categories": [str(each.pk) for each in codes[row.pk]],
                    }
                    for row in rows[:PAGE]
                ],
            }
        )

    @operation(
        "Put texts to a category",
        sends=CodingSerializer,
        answers=CodedSerializer,
        refusals=("text_not_told",),
        parameters=[AT],
    )
    def code(self, request: Request, pk: UUID, *args: Any, **kwargs: Any) -> Response:
        sent = self.sent(CodingSerializer)
        wave = self.wave(pk)
        service = uncode_texts if sent["away"] else code_texts
        changed = service(
            wave=wave, texts=self.texts(wave), ids=sent["texts"],
            category=named(categories(), sent, "category"), by=self.actor, now=self.now,
        )  # fmt: skip
        return Response({"changed": changed})

    def texts(self, wave: Wave) -> Any:
        """Of the place that was asked for, what may be read there."""
        place = self.place(self.places(wave))
        if place is None:
            return ResponseMark.objects.none()
        questions = text_questions(wave, place.scope, self.member)
        return texts_of(wave, place.scope, [each.key for each in questions])

    def code_asked(self) -> str:
        asked = self.request.query_params.get("category", "")
        if asked in ("", "none"):
            return asked
        try:
            return str(UUID(asked))
        except ValueError:
            raise bad_parameter("category", _("There is nothing here.")) from None

    def number(self) -> int:
        asked = self.request.query_params.get("page", "1")
        if asked.isdecimal() and len(asked) < 6 and 1 <= int(asked) <= LAST:
            return int(asked)
        raise bad_parameter("page", _("There is nothing here."))
