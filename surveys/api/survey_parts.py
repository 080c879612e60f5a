"""A questionnaire as the API takes and shows it."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail, ValidationError

from surveys.questionnaire import Dimension, Kind, Test
from surveys.services.survey import FaultyQuestionnaire
from surveys.services.survey_faults import said

KINDS = [(each.value, each.value) for each in Kind]
CHOICES: list[dict[str, str]] = [{"key": "c1", "text": "大门"}, {"key": "c2", "text": "电梯"}]
QUESTION: dict[str, Any] = {
    "key": "where", "kind": "single", "text": "哪里需要改进？", "help": "", "required": False,
    "shuffled": False, "dimension": "", "choices": CHOICES, "rows": [],
    "conditions": [{"question": "speed", "test": "at_most", "choices": [], "amount": 2.0}],
}  # fmt: skip
DOCUMENT: dict[str, Any] = {
    "sections": [
        {
            "key": "service",
            "title": "服务",
            "intro": "",
            "questions": [
                {
                    "key": "speed", "kind": "rating", "text": "报修处理及时吗？", "help": "",
                    "required": True, "shuffled": False, "dimension": "reliability",
                    "choices": [], "rows": [], "conditions": [],
                },
                QUESTION,
            ],
        }
    ],
    "translations": {"en": {"service": "Service", "speed": "Are repairs done in time?"}},
}  # fmt: skip


class ChoiceSerializer(serializers.Serializer[Any]):
    """A choice, or a row of a matrix."""

    key = serializers.CharField()
    text = serializers.CharField(allow_blank=True)


class ConditionSerializer(serializers.Serializer[Any]):
    """What must have been answered before."""

    question = serializers.CharField(help_text="The key of an earlier question.")
    test = serializers.ChoiceField(choices=[each.value for each in Test])
    choices: Any = serializers.ListField(
        child=serializers.CharField(), help_text="For `any_of` and `none_of`: keys of its choices."
    )
    amount = serializers.FloatField(help_text="For `at_least` and `at_most`.")


class QuestionSerializer(serializers.Serializer[Any]):
    """One question. Its key stays the same in every edition, so that waves can be compared."""

    key = serializers.CharField()
    kind = serializers.ChoiceField(choices=KINDS)
    text = serializers.CharField(allow_blank=True)
    help: Any = serializers.CharField(allow_blank=True)
    required: Any = serializers.BooleanField()
    shuffled = serializers.BooleanField()
    dimension = serializers.ChoiceField(
        choices=[each.value for each in Dimension], allow_blank=True
    )
    choices = ChoiceSerializer(many=True)
    rows = ChoiceSerializer(many=True)
    conditions = ConditionSerializer(many=True)


class SectionSerializer(serializers.Serializer[Any]):
    """Questions under one heading."""

    key = serializers.CharField()
    title = serializers.CharField(allow_blank=True)
    intro = serializers.CharField(allow_blank=True)
    questions = QuestionSerializer(many=True)


class DocumentSerializer(serializers.Serializer[Any]):
    """Everything that is asked; `translations` is language → place (`q1`, `q1.c2`, `s1.intro`) →
    text."""

    sections = SectionSerializer(many=True)
    translations: Any = serializers.DictField(
        child=serializers.DictField(child=serializers.CharField())
    )
    stale: Any = serializers.DictField(
        child=serializers.ListField(child=serializers.CharField()),
        required=False,
        help_text="Language → places whose text has changed since they were translated: nobody "
        "reads these translations until somebody has looked them over.",
    )
    gone: Any = serializers.ListField(
        child=serializers.CharField(),
        required=False,
        help_text="Keys of what is not asked any more. They stand for nothing else, ever.",
    )


@extend_schema_field(DocumentSerializer)
class DocumentField(serializers.JSONField):
    """Checked by the questionnaire itself, so that everything wrong is said at once."""


@extend_schema_field(QuestionSerializer)
class QuestionField(serializers.JSONField):
    """One question, checked in the same way."""


def pointed(refusal: FaultyQuestionnaire, name: str = "document") -> ValidationError:
    """Every fault with a pointer that ends with the key of its section or question."""
    found: dict[str, list[ErrorDetail]] = {}
    for fault in refusal.faults:
        detail = ErrorDetail(said(fault, refusal.asked), fault.code)
        found.setdefault(fault.place or "non_field_errors", []).append(detail)
    return ValidationError({name: found})
