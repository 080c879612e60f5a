"""Answering from the portal: what one is asked, and what one says."""

from datetime import date
from typing import Any, ClassVar
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils.translation import get_language
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from surveys.models import Invitation, Way
from surveys.services.answering import FaultyAnswers, answer
from surveys.services.asking_form import sentence_of
from surveys.services.asking_here import for_whom_one_may_speak, waiting_for
from surveys.services.inviting import secret_of
from surveys.services.titles import title_in
from tenancy.permissions import Can
from tenancy.viewsets import Need, operation
from tenancy.viewsets.base import CompanyViewSet

ANSWERS_HELP = (
    "Question key → a mark, the key of a choice or a list of them, a text, a number, a date; for a"
    " matrix, row key → mark; for a ranking, all choices in their order."
)
SAID = {"lift": 4, "wants": ["gym", "parking"], "care": {"clean": 5, "safe": 4}, "words": "谢谢"}


class AnswersSerializer(serializers.Serializer[Any]):
    """What somebody says."""

    answers = serializers.DictField(child=serializers.JSONField(), help_text=ANSWERS_HELP)


class WaitingSerializer(serializers.Serializer[Any]):
    """A survey that waits for one's home or for oneself."""

    id = serializers.UUIDField(help_text="Of the invitation.")
    survey = serializers.CharField()
    wave = serializers.CharField()
    closes_on = serializers.DateField()
    home = serializers.CharField(allow_blank=True)


class WaitingWholeSerializer(WaitingSerializer):
    """The same with what it asks."""

    document = serializers.JSONField(help_text="The questionnaire.")


class WaitingViewSet(CompanyViewSet):
    """Surveys that wait for whoever asks (我的问卷)."""

    model = Invitation
    pagination_class: Any = None
    needs: ClassVar[dict[str, Need]] = dict.fromkeys(("read_all", "read", "answer"), Can.BE_HERE)

    @property
    def today(self) -> date:
        zone = ZoneInfo(self.request.company.zone)  # type: ignore[attr-defined]
        return self.now.astimezone(zone).date()

    @operation("List the surveys that wait for me", answers=WaitingSerializer(many=True))
    def read_all(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return Response([shown(each) for each in waiting_for(self.member, self.today)])

    @operation("Read a survey that I am asked", answers=WaitingWholeSerializer)
    def read(self, request: Request, pk: UUID, *args: Any, **kwargs: Any) -> Response:
        found = self.one(self.mine(), pk)
        return Response({**shown(found), "document": found.wave.edition.document})

    @operation(
        "Answer a survey that I am asked",
        sends=AnswersSerializer,
        answers=None,
        status=204,
        refusals=("already_answered", "survey_not_open", "quota_reached"),
        more="Once. What was said can be neither read, changed nor taken back. No photograph can "
        "be sent, so none is required, and nothing is asked about one.",
        sent={"answers": SAID},
    )
    def answer(self, request: Request, pk: UUID, *args: Any, **kwargs: Any) -> Response:
        found = self.one(self.mine(), pk)
        given = self.sent(AnswersSerializer)["answers"]
        try:
            answer(
                secret=secret_of(found),
                given=given,
                way=Way.PORTAL,
                today=self.today,
                can_photograph=False,
            )
        except FaultyAnswers as refusal:
            raise at_questions(refusal) from refusal
        return Response(status=204)

    def mine(self) -> Any:
        rows = for_whom_one_may_speak(self.member)
        return rows.select_related("wave__survey", "wave__edition", "unit")


def shown(invitation: Invitation) -> dict[str, Any]:
    """An invitation as the API says it: without its secret."""
    wave = invitation.wave
    return {
        "id": invitation.pk,
        "survey": title_in(wave.survey, get_language() or wave.survey.language),
        "wave": wave.name,
        "closes_on": wave.closes_on,
        "home": invitation.unit.label if invitation.unit else "",
    }


def at_questions(refusal: FaultyAnswers) -> ValidationError:
    """Every fault with a pointer that ends with the key of its question."""
    found: dict[str, list[ErrorDetail]] = {}
    for fault in refusal.faults:
        detail = ErrorDetail(sentence_of(fault), fault.code)
        found.setdefault(fault.place, []).append(detail)
    return ValidationError({"answers": found})
