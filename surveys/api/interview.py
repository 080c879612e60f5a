"""Interviews by telephone, for a telephone system that dials."""

from typing import Any, ClassVar
from uuid import UUID
from zoneinfo import ZoneInfo

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from owners.services.personal import mask_phone
from surveys.api.answer import SAID, AnswersSerializer, at_questions
from surveys.models import CallOutcome, Interview, Wave
from surveys.services.answering import FaultyAnswers
from surveys.services.interviewing import (
    answer_call,
    give_back,
    next_call,
    note_call,
    people_of,
)
from tenancy.permissions import Can
from tenancy.viewsets import Need, operation
from tenancy.viewsets.base import CompanyViewSet

REFUSALS = ("taken_by_another", "survey_not_open", "already_answered")


class PersonSerializer(serializers.Serializer[Any]):
    """Somebody who can be called there."""

    id = serializers.UUIDField(help_text="Of the owner; the number is revealed there, on record.")
    name = serializers.CharField()
    phone = serializers.CharField(help_text="Masked.")


class InterviewSerializer(serializers.Serializer[Any]):
    """A call to make."""

    id = serializers.UUIDField()
    wave = serializers.UUIDField()
    home = serializers.CharField(allow_blank=True)
    attempts = serializers.IntegerField()
    again_at = serializers.DateTimeField(allow_null=True)
    held_until = serializers.DateTimeField(allow_null=True)
    people = PersonSerializer(many=True)


class OutcomeSerializer(serializers.Serializer[Any]):
    """How a call ended that brought no answer."""

    outcome = serializers.ChoiceField(choices=CallOutcome.choices)
    again_at = serializers.DateTimeField(required=False, allow_null=True, default=None)
    owner = serializers.UUIDField(
        required=False, allow_null=True, default=None, help_text="Whose number was wrong."
    )


class InterviewViewSet(CompanyViewSet):
    """Calls that ask (电话访问)."""

    model = Interview
    pagination_class: Any = None
    needs: ClassVar[dict[str, Need]] = dict.fromkeys(
        ("take_next", "read", "answer", "outcome", "pause"), Can.INTERVIEW
    )

    @property
    def today(self) -> Any:
        zone = ZoneInfo(self.request.company.zone)  # type: ignore[attr-defined]
        return self.now.astimezone(zone).date()

    def found(self, pk: UUID) -> Interview:
        rows: Any = self.rows().filter(invitation__is_used=False)
        found: Interview = self.one(rows.select_related("invitation__unit", "wave__survey"), pk)
        return found

    @operation(
        "Take the next call of a wave",
        answers=InterviewSerializer,
        refusals=("nobody_to_call", "survey_not_open"),
        more="It is held for half an hour; nobody else gets it meanwhile. Whoever is still talking "
        "asks again before that: they are given the same call, held anew.",
    )
    def take_next(self, request: Request, pk: UUID, *args: Any, **kwargs: Any) -> Response:
        waves = Wave.objects.visible_to(self.member).select_related("survey")
        wave = self.one(waves, pk)
        found = next_call(wave=wave, by=self.member, now=self.now, today=self.today)
        return Response(shown(self.found(found.pk)))

    @operation("Read a call", answers=InterviewSerializer)
    def read(self, request: Request, pk: UUID, *args: Any, **kwargs: Any) -> Response:
        return Response(shown(self.found(pk)))

    @operation(
        "Send what was answered on the telephone",
        sends=AnswersSerializer,
        answers=None,
        status=204,
        refusals=(*REFUSALS, "quota_reached"),
        sent={"answers": SAID},
    )
    def answer(self, request: Request, pk: UUID, *args: Any, **kwargs: Any) -> Response:
        given = self.sent(AnswersSerializer)["answers"]
        facts: dict[str, Any] = {"by": self.member, "now": self.now, "today": self.today}
        try:
            answer_call(interview=self.found(pk), given=given, **facts)
        except FaultyAnswers as refusal:
            raise at_questions(refusal) from refusal
        return Response(status=204)

    @operation(
        "Say how a call ended that brought no answer",
        sends=OutcomeSerializer,
        answers=InterviewSerializer,
        refusals=(*REFUSALS, "wrong_moment"),
        sent={"outcome": "later", "again_at": "2026-11-30T19:00:00+08:00"},
    )
    def outcome(self, request: Request, pk: UUID, *args: Any, **kwargs: Any) -> Response:
        interview, sent = self.found(pk), self.sent(OutcomeSerializer)
        people = {each.pk: each for each in people_of(interview)}
        noted = note_call(
            interview=interview,
            outcome=sent["outcome"],
            again_at=sent["again_at"],
            owner=people.get(sent["owner"]),
            by=self.actor,
            now=self.now,
            today=self.today,
        )
        return Response(shown(self.found(noted.pk)))

    @operation("Give a call back", answers=None, status=204, refusals=("taken_by_another",))
    def pause(self, request: Request, pk: UUID, *args: Any, **kwargs: Any) -> Response:
        give_back(interview=self.found(pk), by=self.member, now=self.now)
        return Response(status=204)


def shown(interview: Interview) -> dict[str, Any]:
    """A call as the API says it."""
    unit = interview.invitation.unit
    return {
        "id": interview.pk,
        "wave": interview.wave_id,
        "home": unit.label if unit else "",
        "attempts": interview.attempts,
        "again_at": interview.again_at,
        "held_until": interview.claimed_until,
        "people": [
            {"id": each.pk, "name": each.name, "phone": mask_phone(each.phone)}
            for each in people_of(interview)
        ],
    }
